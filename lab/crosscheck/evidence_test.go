package main

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/evtx/evtxtest"
	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
	"github.com/birthmark-dfir/birthmark/pe"
	"github.com/birthmark-dfir/birthmark/pe/petest"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

var when = time.Date(2024, 3, 4, 5, 6, 7, 123456700, time.UTC)

// must panics if a writer fails, which none does on the input of these tests.
func must(b []byte, err error) []byte {
	if err != nil {
		panic(err)
	}
	return b
}

func eventLog() []byte {
	return must(evtxtest.Bytes(
		&evtx.Security4688{System: evtx.System{TimeCreated: when, Computer: "WS1", ProviderGUID: evtx.GUID{1, 2, 3}}, NewProcessName: `C:\a.exe`, SubjectUserSid: "S-1-5-18", SubjectLogonId: 0x3e7},
		&evtx.RDP1149{System: evtx.System{TimeCreated: when.Truncate(time.Second), Computer: "WS1"}, User: "admin", Address: "203.0.113.9"},
		&evtx.Event{System: evtx.System{Provider: "Demo", Channel: "Application", TimeCreated: when}, Element: "EventData", Fields: []evtx.Field{
			{Name: "Text", Value: evtx.StringValue("two\r\nlines, \u00fc and \U0001F600")},
			{Name: "Bytes", Value: evtx.NewValue(evtx.BinaryType, []byte{0xab, 0xcd})},
			{Value: evtx.NewValue(evtx.StringType|evtx.ArrayFlag, []byte("a\x00\x00\x00\x00\x00b\x00\x00\x00"))},
		}},
	))
}

func hive() []byte {
	var h registrytest.Hive
	h.Set(`A key\below`, when, registrytest.SZ("Text", "some words of text"), registrytest.DWord("Number", 7),
		registrytest.Binary("Big", bytes.Repeat([]byte{0xab}, 40000)), registrytest.Binary("Two", []byte{1, 2}))
	h.Set(`Größe`, when, registrytest.SZ("Ωmega", "x"))
	return must(h.Bytes())
}

func executable() []byte {
	return must(petest.Image{
		LinkTime:   when,
		Imports:    []petest.Import{{DLL: "KERNEL32.dll", Functions: []string{"ExitProcess", "#5"}}},
		ExportName: "a.dll",
		PDBPath:    `C:\a.pdb`,
		Version:    pe.VersionInfo{CompanyName: "Example", OriginalFilename: "a.exe", FixedFileVersion: "1.2.3.4"},
		Signature:  petest.Signature{Signer: petest.NewCA("Root").Issue("Example"), SigningTime: when},
	}.Bytes())
}

func volume(files ...mfttest.File) []byte {
	// go-ntfs takes the number of sectors for a number of bytes, and refuses a volume
	// that is small by this measure.
	return must(mfttest.Volume{Label: "System", Size: 4 << 20, Files: append([]mfttest.File{
		{Path: "Users/alice/small.txt", Data: []byte("resident"), Times: mfttest.AllAt(when), Streams: []mfttest.Stream{
			{Name: "Zone.Identifier", Data: []byte("[ZoneTransfer]\r\nZoneId=3\r\n")}}},
		{Path: "Users/alice/a long name.txt", ShortName: "ALONGN~1.TXT", Data: bytes.Repeat([]byte("clusters"), 9000), Links: []string{"Users/other link.txt"}},
		{Path: "empty.txt", Streams: []mfttest.Stream{{Name: "hidden", Data: []byte("in a stream")}}},
		{Path: "old/gone.txt", Deleted: true},
		{Path: "old", Dir: true, Deleted: true},
	}, files...)}.Bytes())
}

func masterFileTable() []byte {
	image := volume()
	v, err := mft.NewVolume(bytes.NewReader(image), int64(len(image)))
	if err != nil {
		panic(err)
	}
	return must(v.ReadFile("$MFT"))
}

// Both sides read what our writers write in the same way, except for known faults of
// the rivals.
func TestWhatOurWritersWrite(t *testing.T) {
	for _, tt := range []struct {
		format string
		data   []byte
		both   float64
		want   []string // class, record, field and their value
		rules  []string
	}{
		{"evtx", eventLog(), 3, []string{
			"field only ours: record 3: EventData/Data: ",       // the empty element of an array is left out
			"field only ours: record 3: System/Provider/Name: ", // lost if the provider has no GUID
		}, []string{
			"GUIDs without braces, in lower case", "empty values as missing", "hexadecimal numbers without leading zeros",
			"times without trailing zeros",
		}},
		{"registry", hive(), 9, []string{
			`different value: \: last write: 60056-05-28T05:36:10.0000000Z`, // a time of 0
			`different value: A key\below [Two]: data: 01020000`,            // always reads four bytes of data in the value itself
			"different value: Größe: name: Gr\uFFFD\uFFFDe",                 // reads Latin-1 as UTF-8
			"different value: Größe [Ωmega]: value name: \uFFFD\x03m\x00e\x00g\x00a\x00",
		}, []string{"times cut to whole seconds"}},
		{"mft", masterFileTable(), 24, []string{
			// go-ntfs gives the size of the first stream that is not empty as that of
			// the file, and the size of an attribute's header as that of a named stream.
			"different value: 8-8: size: 4190208", "different value: 8-8:$Bad: stream size: 64",
			"different value: 9-9: size: 262240", "different value: 9-9:$SDS: stream size: 64",
			"different value: 66-1:Zone.Identifier: stream size: 64",
			"different value: 68-1: size: 11", "different value: 68-1:hidden: stream size: 64",
		}, nil},
		{"ntfs", volume(), 26, nil, nil},
		{"pe", executable(), 1, nil, nil},
	} {
		t.Run(tt.format, func(t *testing.T) {
			out, stderr, code := crosscheck(t, "-format", "jsonl", save(t, "artifact", tt.data))
			if code != 0 {
				t.Fatalf("exit %d: %s", code, stderr)
			}
			var got, rules []string
			for _, l := range lines(t, out) {
				if l["format"] != tt.format { // the $MFT of the volume
					continue
				}
				switch l["class"] {
				case "sum":
					if l["records"] != tt.both || l["fates"] != nil {
						t.Errorf("%v, want %v records in both", l, tt.both)
					}
				case "rule":
					rules = append(rules, l["rule"].(string))
				default:
					field, _ := l["field"].(string)
					theirs, _ := l["theirs"].(string)
					if strings.HasPrefix(theirs, "Unknown value") { // followed by an offset
						theirs = "Unknown value"
					}
					got = append(got, strings.Join([]string{l["class"].(string), l["record"].(string), field, theirs}, ": "))
				}
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("disagreements:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
			}
			if !slices.Equal(rules, tt.rules) {
				t.Errorf("rules %q, want %q", rules, tt.rules)
			}
		})
	}
}

// Artifacts are recognized by content everywhere: alone, compressed, in a folder, in an
// image, in an alternate data stream. No temporary file is left behind.
func TestArtifactsAreFound(t *testing.T) {
	tmp := t.TempDir()
	t.Setenv("TMPDIR", tmp)
	t.Setenv("TMP", tmp) // Windows
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	z.Write(executable())
	z.Close()
	image := must(mfttest.Disk(mfttest.Partition{Data: volume(
		mfttest.File{Path: "Windows/System32/config/SYSTEM", Data: hive()},
		mfttest.File{Path: "logs/odd name", Data: eventLog()},
		mfttest.File{Path: "carrier.txt", Data: []byte("text"), Streams: []mfttest.Stream{{Name: "payload", Data: executable()}}},
	)}))
	folder := t.TempDir()
	for name, data := range map[string][]byte{"C/Windows/x.exe": executable(), "C/logs/x.evtx": eventLog(), "C/x.txt": []byte("text")} {
		path := filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	log := hive()
	log[28] = 6 // a transaction log
	for _, tt := range []struct {
		evidence string
		want     []string
	}{
		{save(t, "x", eventLog()), []string{"evtx "}},
		{save(t, "x.gz", packed.Bytes()), []string{"pe "}},
		{folder, []string{`pe : C:\Windows\x.exe`, `evtx : C:\logs\x.evtx`}},
		{save(t, "disk.raw", image), []string{
			"ntfs : partition 1", `mft : C:\$MFT`, `mft : C:\$MFTMirr`, `registry : C:\Windows\System32\config\SYSTEM`, `pe : C:\carrier.txt:payload`,
			`evtx : C:\logs\odd name`}},
		{save(t, "SYSTEM.LOG1", log), nil},
	} {
		out, _, code := crosscheck(t, "-format", "jsonl", tt.evidence)
		if want := 0; code != want && tt.want != nil {
			t.Errorf("%s: exit %d", tt.evidence, code)
		}
		var got []string
		for _, l := range lines(t, out) {
			if l["class"] == "sum" {
				got = append(got, l["format"].(string)+" "+strings.TrimPrefix(l["artifact"].(string), tt.evidence))
				if l["records"] == 0. || l["fates"] != nil { // both must read it
					t.Errorf("%v", l)
				}
			}
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: found %q, want %q", tt.evidence, got, tt.want)
		}
	}
	if left, err := os.ReadDir(tmp); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

// A file that claims to be larger than any disk is not copied.
func TestNothingLargeIsCopied(t *testing.T) {
	image := volume(mfttest.File{Path: "holes.exe", Sparse: true, Data: append([]byte("MZ"), make([]byte, 2<<20)...)})
	out, stderr, code := crosscheck(t, "-copy", "1", "-format", "jsonl", save(t, "disk.raw", must(mfttest.Disk(mfttest.Partition{Data: image}))))
	if code != 0 || strings.Contains(out, "holes.exe") {
		t.Errorf("exit %d:\n%s", code, out)
	}
	for _, want := range []string{`C:\holes.exe: not compared: larger than -copy allows`, "partition 1: its streams are not compared: larger than -copy allows"} {
		if !strings.Contains(stderr, want) {
			t.Errorf("want %q in\n%s", want, stderr)
		}
	}
}
