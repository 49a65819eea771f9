package main

import (
	"os"
	"path/filepath"
)

// programs names the paths of all contenders.
type programs struct {
	self   string // this program, which prints hives
	ours   string // the folder with the programs of examples
	rivals map[string]installed
}

func (p programs) example(name string, args ...string) contender {
	return contender{name: name, path: filepath.Join(p.ours, name+exe), args: before(args)}
}

func (p programs) rival(name string, args ...string) contender {
	return contender{name: name, path: p.rivals[name].path, args: before(args)}
}

func (p programs) python(name, script string) contender {
	return p.rival(name, "-c", script).counts(number)
}

// before returns a function that puts arguments before the input.
func before(args []string) func(string) []string {
	return func(input string) []string { return append(append([]string(nil), args...), input) }
}

func (c contender) counts(f func() counter) contender {
	c.counter = f
	return c
}

func (c contender) because(differs string) contender {
	c.differs = differs
	return c
}

// contests returns all contests of the table.
func contests(p programs, in *inputs) []contest {
	var all []contest
	for _, log := range []struct{ name, corpus, testdata string }{
		{"security", "evtx/evtx-rs/security.evtx", "C/Windows/System32/winevt/Logs/Security.evtx"},
		{"sysmon", "evtx/evtx-rs/sysmon.evtx", "C/Windows/System32/winevt/Logs/Microsoft-Windows-Sysmon%4Operational.evtx"},
		{"system", "evtx/evtx-rs/system.evtx", "C/Windows/System32/winevt/Logs/System.evtx"},
	} {
		all = append(all, p.logs(log.name, in.log(log.corpus, log.testdata))...)
	}
	all = append(all, p.mfts(in)...)
	all = append(all, p.hives(in)...)
	all = append(all, p.executables(in)...)
	return append(all, p.images(in)...)
}

func (p programs) logs(name string, inputs made) []contest {
	const same = "the chunks of a real log, repeated"
	events := each("</Event>")
	return []contest{
		{
			name: "evtx to JSON lines, " + name, inputs: inputs, note: same,
			ours:   p.example("evtxdump", "-q", "-format", "jsonl", "-workers", "1").counts(lines(0)),
			rivals: []contender{p.rival("evtx_dump", "-t", "1", "-o", "jsonl").counts(lines(0))},
		}, {
			name: "evtx to JSON lines on all processors, " + name, inputs: inputs, note: same,
			ours:   p.example("evtxdump", "-q", "-format", "jsonl", "-workers", "0").counts(lines(0)),
			rivals: []contender{p.rival("evtx_dump", "-t", "0", "-o", "jsonl").counts(lines(0))},
		}, {
			name: "evtx to XML, " + name, inputs: inputs, note: same,
			ours: p.example("evtxdump", "-q", "-format", "xml", "-workers", "1").counts(events),
			rivals: []contender{
				p.rival("evtx_dump", "-t", "1", "-o", "xml").counts(events),
				p.rival("evtxexport", "-f", "xml").counts(events),
			},
		}, {
			name: "evtx to XML on all processors, " + name, inputs: inputs, note: same,
			ours:   p.example("evtxdump", "-q", "-format", "xml", "-workers", "0").counts(events),
			rivals: []contender{p.rival("evtx_dump", "-t", "0", "-o", "xml").counts(events)},
		},
	}
}

func (p programs) mfts(in *inputs) []contest {
	// Ours joins an extension record with its file, as the file system does.
	const extensions = "prints a row for each extension record; ours prints one for each file"
	var all []contest
	for _, of := range []struct {
		name   string
		inputs made
		note   string
	}{
		{"$MFT", in.mft(), "the file records of a real $MFT, repeated"},
		{"$MFT of 205,344 records", in.realMFT(), ""},
	} {
		all = append(all,
			contest{
				name: of.name + " to CSV", inputs: of.inputs, note: of.note,
				ours: p.example("mftdump", "-q", "-format", "csv").counts(lines(1)),
				rivals: []contender{
					p.rival("mft_dump", "-o", "csv", "--hard-link-rows", "--stream-rows").counts(lines(1)).
						because(extensions + ", and also has the owner, the zone and the reasons of the timestomp score"),
				},
			},
			contest{
				name: of.name + " to JSON lines", inputs: of.inputs, note: of.note,
				ours: p.example("mftdump", "-q", "-format", "jsonl").counts(lines(0)),
				rivals: []contender{
					p.rival("mft_dump", "-o", "jsonl").counts(lines(0)).
						because("prints the attributes of each record; ours prints a row for each name and stream"),
				},
			},
			contest{
				name: of.name + " to bodyfile", inputs: of.inputs, note: of.note,
				ours: p.example("mftdump", "-q", "-format", "bodyfile").counts(lines(0)),
				rivals: []contender{
					p.rival("mft_dump", "-o", "bodyfile").counts(lines(0)).
						because("lists other streams and deleted names than fls, whose output ours follows"),
				},
			})
	}
	return all
}

func (p programs) hives(in *inputs) []contest {
	ours := contender{name: "registry", path: p.self, args: before([]string{"-print-hive"})}.counts(lines(0))
	rivals := []contender{
		p.rival("hivexml").counts(each("<node ", "<value ")),
		p.rival("reglookup", "-i").counts(lines(1)),
	}
	const note = "ours is a walk with package registry that prints a line for each key and value"
	const prints = "prints all of it"
	return []contest{
		{name: "hive, every key and value", inputs: in.hives(), note: note + "; the hive is generated, with plain keys", ours: ours, rivals: rivals},
		{name: "SYSTEM hive, every key and value", inputs: in.copied("registry/regipy_SYSTEM_B", "C/Windows/System32/config/SYSTEM"),
			note: note, ours: ours, rivals: append(rivals, p.python("regipy", regipyCount).
				because("finds fewer values here than all others"))},
		{name: "SYSTEM hive, every key and value read, nothing printed", inputs: in.copied("registry/regipy_SYSTEM_B", "C/Windows/System32/config/SYSTEM"),
			note: "ours is a walk with package registry that touches all data",
			ours: contender{name: "registry", path: p.self, args: before([]string{"-count-hive"})}.counts(number),
			rivals: []contender{
				p.rival("nthive").counts(number).because("does not notice loops or cells that are used twice"),
				p.rival("hivexml").counts(each("<node ", "<value ")).because(prints),
				p.rival("reglookup", "-i").counts(lines(1)).because(prints),
			}},
	}
}

func (p programs) executables(in *inputs) []contest {
	signed := p.rival("osslsigncode", "verify", "-ignore-crl", "-in").counts(each("Number of verified signatures:"))
	signed.exit = 1 // no authority is trusted here
	return []contest{
		{
			name: "executables, hashes, version and signers", inputs: in.executables(),
			note: "the executables of the corpus, once, four times and sixteen times",
			ours: p.example("sigcheck", "-q", "-format", "jsonl").counts(lines(0)),
			rivals: []contender{
				p.python("pefile", pefileCount).because("only hashes, imphash and version strings"),
				p.python("signify", signifyCount).because("only the signature, with its whole chain"),
			},
		}, {
			name: "one signed executable of 2 MB", inputs: in.copied("pe/brave.exe", ""),
			ours: p.example("sigcheck", "-q", "-format", "jsonl").counts(lines(0)),
			rivals: []contender{
				signed.because("only the signature, with its chain as far as possible without roots"),
			},
		},
	}
}

func (p programs) images(in *inputs) []contest {
	const corpusImage = "cases/winlogon-shell/disk.raw.zst"
	image := in.unpacked(corpusImage, "disk.raw.gz")
	subject := `C:\Users\IEUser\AppData\Roaming\9QxTsAU9w8gyPj4w\BRE6BgE2JubB.exe`
	if name, err := in.given(corpusImage, "disk.raw.gz"); err == nil && filepath.Ext(name) == ".gz" {
		subject = `C:\ProgramData\USOShared\sqlserver.exe`
	}
	store := filepath.Join(in.dir, "plaso.sqlite")
	plaso := p.rival("plaso", "-q", "--unattended", "--logfile", os.DevNull, "--partitions", "all", "--storage_file", store).
		because("stores its results in a file and prints nothing; reads other kinds of artifact too, but not the $MFT")
	plaso.before = without(store)
	origin := p.example("origin", "-q", "-format", "json")
	origin.args = func(input string) []string { return []string{"-q", "-format", "json", input, subject} }
	return []contest{
		{
			name: "disk image to bodyfile", inputs: in.unpacked(corpusImage, ""),
			ours: p.example("mftdump", "-q", "-format", "bodyfile").counts(lines(0)),
			rivals: []contender{
				p.rival("fls", "-r", "-m", "C:", "-o", "2048").counts(lines(0)).
					because("leaves out unused records without a name, and reads directories; ours reads the $MFT"),
			},
		}, {
			name: "disk image to timeline", inputs: image,
			ours: p.example("supertimeline", "-q", "-format", "timesketch").counts(lines(0)),
			rivals: []contender{
				plaso,
				p.rival("dissect", "-q", "-f", "mft", "-j").counts(lines(2)).because("only the $MFT"),
			},
		}, {
			name: "disk image to autostarts", inputs: image,
			ours: p.example("autoruns", "-q", "-format", "jsonl").counts(lines(0)),
			rivals: []contender{
				p.rival("dissect", "-q", "-f", "services,runkeys", "-j").counts(lines(1)).
					because("only services and the Run keys that it finds; ours also reads other locations"),
			},
		}, {
			name: "disk image to origin report", inputs: image, note: "no rival answers this question",
			ours: origin,
		},
	}
}
