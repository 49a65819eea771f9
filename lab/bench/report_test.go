package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/testenv"
)

const benchOutput = `goos: linux
BenchmarkEVTX_to_JSON/birthmark-2         	     100	   2000000 ns/op	1000.00 MB/s	      2000 records/op	   40000 B/op	    4000 allocs/op
BenchmarkEVTX_to_JSON/birthmark-2         	     100	   4000000 ns/op	 500.00 MB/s	      2000 records/op	   40000 B/op	    4000 allocs/op
BenchmarkEVTX_to_JSON/birthmark-2         	     100	   3000000 ns/op	 600.00 MB/s	      2000 records/op	   40000 B/op	    4000 allocs/op
BenchmarkEVTX_to_JSON/golang-evtx-2       	       2	 600000000 ns/op	   3.00 MB/s	      2000 records/op	80000000 B/op	  400000 allocs/op
BenchmarkNothing
--- FAIL: BenchmarkMFT
PASS
`

func sample() report {
	ms := time.Millisecond
	return report{
		Machine: "2 cores of a test, linux, go1.26", Version: "v1", Date: "2026-01-02", Rounds: 5, Remark: "The machine was busy",
		Rivals: []string{installed{rival: rivals[0], path: "/bin/evtx_dump", stamp: "EVTX Parser 0.15.1"}.String(), installed{rival: rivals[1]}.String()},
		Contests: []outcome{
			{
				Name: "evtx to JSON lines, sysmon", Input: "30 MiB", Inputs: []string{"7.5 MiB", "30 MiB", "120 MiB"},
				Notes: []string{"made of the real log's chunks", "golang-evtx: others | too"},
				Rows: []row{
					{Program: "evtxdump", Records: 1000, summary: summary{5, 40 * ms, 38 * ms, 48 * ms, 9 << 20}, Growth: 1.01, Times: []time.Duration{9 * ms, 38 * ms, 150 * ms}},
					{Program: "evtx_dump", Records: 1000, summary: summary{5, 30 * ms, 29 * ms, 32 * ms, 4 << 20}, Ratio: 0.75, Growth: 0.98, Times: []time.Duration{8 * ms, 29 * ms, 120 * ms}},
					{Program: "golang-evtx", Records: -1, summary: summary{1, 2970 * ms, 2970 * ms, 2970 * ms, 0}},
					{Program: "dying", Records: -1, Failed: "dies: exit status 2: <b>\x1b[31m|\npanic"},
					{Program: "absent one", Records: -1, Failed: "absent"},
				},
			},
			{Name: "$MFT to CSV", NotHeld: "no corpus", Notes: []string{"made of the real log's chunks"}},
		},
		InProcess: append(parseBenchmarks(benchOutput), benchmark{Work: "in process, bench", Package: "go test", Failed: "dies: exit status 2"}),
	}
}

func TestReport(t *testing.T) {
	var b bytes.Buffer
	if err := sample().markdown(&b); err != nil {
		t.Fatal(err)
	}
	testenv.Golden(t, filepath.Join("testdata", "report.md"), b.Bytes())
	if strings.ContainsAny(b.String(), "\x1b\r") {
		t.Error("a control character reached the report")
	}
	columns := 0 // of the current table
	for line := range strings.Lines(b.String()) {
		n := strings.Count(strings.ReplaceAll(line, `\|`, ""), "|")
		if columns > 0 && n > 0 && n != columns {
			t.Errorf("%d columns in a table of %d: %s", n, columns, line)
		}
		columns = n
	}
	b.Reset()
	if err := sample().json(&b); err != nil {
		t.Fatal(err)
	}
	testenv.Golden(t, filepath.Join("testdata", "report.json"), b.Bytes())
	var back report
	if err := json.Unmarshal(b.Bytes(), &back); err != nil {
		t.Error(err)
	}
}

func TestParseBenchmarks(t *testing.T) {
	got := parseBenchmarks(benchOutput)
	if len(got) != 2 {
		t.Fatalf("got %+v", got)
	}
	ours := benchmark{Work: "EVTX to JSON", Package: "birthmark", Records: 2000, Time: 3 * time.Millisecond, MBs: 600, Bytes: 40000, Allocs: 4000}
	if got[0] != ours {
		t.Errorf("got %+v, want %+v", got[0], ours)
	}
	if got[1].Package != "golang-evtx" || got[1].Ratio != 200 {
		t.Errorf("got %+v, want a ratio of 200", got[1])
	}
}

// A rival is looked up in $PATH first, then in $BIRTHMARK_PEERS, then below ~/peers.
func TestCandidates(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("HOME", dir)
	t.Setenv("USERPROFILE", dir)
	var want []string
	for _, sub := range []string{"path", "listed", filepath.Join("peers", "some", "bin")} {
		program := filepath.Join(dir, sub, "rival"+exe)
		if err := os.MkdirAll(filepath.Dir(program), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(program, nil, 0o700); err != nil {
			t.Fatal(err)
		}
		want = append(want, program)
	}
	t.Setenv("PATH", filepath.Join(dir, "path"))
	t.Setenv("BIRTHMARK_PEERS", filepath.Join(dir, "listed"))
	got := candidates("rival")
	if strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := candidates("another"); len(got) > 0 {
		t.Errorf("found %q, which does not exist", got)
	}
	in := rival{name: "rival", install: "Debian rival 1"}.find(t.Context(), candidates("another"))
	if in.path != "" || in.String() != "rival: absent (Debian rival 1)" {
		t.Errorf("got %q", in)
	}
}

// Every contender is either ours, or a rival that the report lists.
func TestContestsNameKnownRivals(t *testing.T) {
	ours := map[string]bool{"evtxdump": true, "mftdump": true, "registry": true, "sigcheck": true, "supertimeline": true, "autoruns": true, "origin": true}
	known := map[string]bool{}
	for _, r := range rivals {
		known[r.name] = true
	}
	raced := map[string]bool{}
	for _, c := range contests(programs{}, newInputs("", "", "", 1)) {
		if !ours[c.ours.name] || c.ours.counter == nil && len(c.rivals) > 0 {
			t.Errorf("%s: ours is %q", c.name, c.ours.name)
		}
		for _, r := range c.rivals {
			raced[r.name] = true
			if !known[r.name] {
				t.Errorf("%s: %q is not among the rivals", c.name, r.name)
			}
			if r.counter == nil && r.differs == "" {
				t.Errorf("%s: %s is not counted, without a reason", c.name, r.name)
			}
		}
	}
	for name := range known {
		if !raced[name] {
			t.Errorf("%s is not in any contest", name)
		}
	}
}
