package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// A contender is one program with its arguments for one input.
type contender struct {
	name string
	argv func(input string) []string
	// count counts the records in what it prints; nil where its output cannot
	// be compared, and the contest says so.
	count func(out []byte) int
}

// A contest is the same work for ours and for the rivals.
type contest struct {
	name   string
	inputs []input // by size; the largest is what the table shows
	ours   contender
	rivals []contender
	note   string // where the work is not quite the same
}

// An input is a file or folder and the measure of its size.
type input struct {
	path string
	size float64
	unit string
}

// lines counts lines, less a header of n.
func lines(header int) func([]byte) int {
	return func(out []byte) int { return bytes.Count(out, []byte{'\n'}) - header }
}

func matches(s string) func([]byte) int {
	return func(out []byte) int { return bytes.Count(out, []byte(s)) }
}

// number reads a count that the program prints itself.
func number(out []byte) int {
	n, err := strconv.Atoi(strings.TrimSpace(string(out)))
	if err != nil {
		return -1
	}
	return n
}

// contests are all the table holds. Ours are the programs of examples, built
// into bin; a rival that is absent competes with an empty path and is named.
func contests(bin string, found map[string]installed, in inputs) []contest {
	prog := func(name string, args ...string) func(string) []string {
		return func(input string) []string {
			return append(append([]string{filepath.Join(bin, name+exe)}, args...), input)
		}
	}
	theirs := func(name string, args ...string) func(string) []string {
		path := found[name].path
		return func(input string) []string { return append(append([]string{path}, args...), input) }
	}
	script := func(name, code string) func(string) []string { return theirs(name, "-c", code) }
	self := func(what string) func(string) []string {
		return func(input string) []string { return []string{in.self, "-count", what, input} }
	}

	hives := func(name string, of []input) contest {
		return contest{
			name: name, inputs: of,
			ours: contender{"registry", self("hive"), number},
			rivals: []contender{
				{"hivexml", theirs("hivexml"), func(out []byte) int { return matches("<node ")(out) + matches("<value ")(out) }},
				{"reglookup", theirs("reglookup", "-i"), lines(1)},
				{"regipy", script("regipy", regipyCount), number},
			},
			note: "ours reads every value's data and prints the number; the rivals print what they read",
		}
	}

	var all []contest
	for _, log := range in.logs {
		all = append(all,
			contest{
				name: "evtx → JSON lines, " + log.name, inputs: log.inputs,
				ours: contender{"evtxdump", prog("evtxdump", "-q", "-format", "jsonl"), lines(0)},
				rivals: []contender{
					{"evtx_dump", theirs("evtx_dump", "-t", "1", "-o", "jsonl"), lines(0)},
				},
			},
			contest{
				name: "evtx → JSON lines, two workers, " + log.name, inputs: log.inputs[len(log.inputs)-1:],
				ours: contender{"evtxdump", prog("evtxdump", "-q", "-format", "jsonl", "-workers", "2"), lines(0)},
				rivals: []contender{
					{"evtx_dump", theirs("evtx_dump", "-t", "2", "-o", "jsonl"), lines(0)},
				},
			},
			contest{
				name: "evtx → XML, " + log.name, inputs: log.inputs,
				ours: contender{"evtxdump", prog("evtxdump", "-q", "-format", "xml"), matches("</Event>")},
				rivals: []contender{
					{"evtx_dump", theirs("evtx_dump", "-t", "1", "-o", "xml"), matches("</Event>")},
					{"evtxexport", theirs("evtxexport", "-f", "xml"), matches("</Event>")},
				},
			})
	}
	all = append(all,
		contest{
			name: "$MFT → CSV", inputs: in.mft,
			ours:   contender{"mftdump", prog("mftdump", "-q", "-format", "csv"), nil},
			rivals: []contender{{"mft_dump", theirs("mft_dump", "-o", "csv"), nil}},
			note:   "not the same rows: mft_dump prints one a record, ours one a name and stream, with owner and timestomp reasons",
		},
		hives("hive of plain keys, every key and value", in.hives),
		hives("SYSTEM hive, every key and value", []input{{in.hive, fileSize(in.hive) / (1 << 20), "MiB"}}),
		contest{
			name: "executables: hashes, version strings, stated signers", inputs: in.pes,
			ours: contender{"sigcheck", prog("sigcheck", "-q", "-format", "jsonl"), lines(0)},
			rivals: []contender{
				{"pefile", script("pefile", pefileCount), number},
				{"signify", script("signify", signifyCount), number},
			},
			note: "pefile: version strings and imphash only; signify: the signature only, and it verifies",
		})
	if in.image != "" {
		image := []input{{in.image, fileSize(in.image) / (1 << 20), "MiB"}}
		all = append(all,
			contest{
				name: "disk image → bodyfile", inputs: image,
				ours:   contender{"mftdump", prog("mftdump", "-q", "-format", "bodyfile"), lines(0)},
				rivals: []contender{{"fls", theirs("fls", "-r", "-m", "C:", "-o", "2048"), lines(0)}},
			},
			contest{
				name: "disk image → timeline", inputs: image,
				ours: contender{"supertimeline", prog("supertimeline", "-q", "-format", "timesketch"), nil},
				rivals: []contender{
					{"plaso", theirs("plaso", "-q", "--unattended", "--logfile", os.DevNull, "--partitions", "all",
						"--storage-file", filepath.Join(in.dir, "plaso.sqlite")), nil},
					{"dissect", theirs("dissect", "-q", "-f", "mft", "-j"), nil},
				},
				note: "plaso parses and stores more kinds of artifact; dissect walks the $MFT only",
			},
			contest{
				name: "disk image → origin report", inputs: image,
				ours: contender{"origin", func(input string) []string {
					return []string{filepath.Join(bin, "origin"+exe), "-q", "-format", "json", input, in.subject}
				}, nil},
				note: "no rival answers the question",
			})
	}
	return all
}

const (
	regipyCount = `
import sys
from regipy.registry import RegistryHive
n = 0
for key in RegistryHive(sys.argv[1]).recurse_subkeys(fetch_values=True):
    n += 1 + len(key.values or [])
print(n + 1)`

	pefileCount = `
import os, sys, pefile
n = 0
for d, _, names in os.walk(sys.argv[1]):
    for name in names:
        try:
            pe = pefile.PE(os.path.join(d, name))
            pe.get_imphash()
        except pefile.PEFormatError:
            pass
        n += 1
print(n)`

	signifyCount = `
import os, sys
from signify.authenticode import AuthenticodeFile
n = 0
for d, _, names in os.walk(sys.argv[1]):
    for name in names:
        with open(os.path.join(d, name), "rb") as f:
            try:
                AuthenticodeFile.from_stream(f).explain_verify()
            except Exception:
                pass
        n += 1
print(n)`
)
