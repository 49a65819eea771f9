package main

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/evtx/evtxtest"
	"github.com/birthmark-dfir/birthmark/internal/testenv"
)

// The lines of every log of the corpus are a fixed point: the log that is made of them has
// the same lines. What cannot be kept is counted by its reason.
func TestCorpusIsAFixedPoint(t *testing.T) {
	root := testenv.Corpus(t, "evtx")
	events, lost := 0, map[string]int{}
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(name) != ".evtx" {
			return err
		}
		r, err := evtx.Open(name)
		if err != nil {
			return nil // not a log
		}
		defer r.Close()
		var want [][]byte
		log := evtxtest.Log{Exported: true} // many logs are
		for rec, err := range r.Records() {
			if err != nil {
				continue
			}
			js, err := rec.AppendJSON(nil)
			if err != nil {
				continue
			}
			events++
			e, err := evtx.ParseJSON(js)
			if err == nil {
				err = log.Add(e)
			}
			switch {
			case err != nil:
				lost[reason(err)]++
			default:
				want = append(want, js)
			}
		}
		compare(t, name, log.Bytes(), want, lost)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d events, of which cannot be kept: %v", events, lost)
	if want := map[string]int{"a time in text, with nine decimal places": 2, "no time, or one that is zero": 2}; events != 23116 || !maps.Equal(lost, want) {
		t.Errorf("%d events, lost %v; want 23116, %v", events, lost, want)
	}
}

// reason returns the end of an error.
func reason(err error) string {
	text := err.Error()
	return text[strings.LastIndex(text, ": ")+2:]
}

// compare compares the lines of a log with those that it was made of.
func compare(t *testing.T, name string, log []byte, want [][]byte, lost map[string]int) {
	t.Helper()
	r, err := evtx.NewReader(bytes.NewReader(log), int64(len(log)))
	if err != nil {
		t.Fatal(err)
	}
	i := 0
	for rec, err := range r.Records() {
		if err != nil {
			t.Fatal(err)
		}
		js, err := rec.AppendJSON(nil)
		if err != nil || i >= len(want) {
			t.Fatalf("%s: record %d: %v", name, rec.ID, err)
		}
		if !bytes.Equal(js, want[i]) {
			if digits(want[i]) > 7 {
				lost["a time in text, with nine decimal places"]++
			} else {
				t.Errorf("%s: record %d:\n got  %s\n want %s", filepath.Base(name), rec.ID, js, want[i])
			}
		}
		i++
	}
	if i != len(want) {
		t.Errorf("%s: %d records, want %d", name, i, len(want))
	}
}

// digits returns how many decimal places the time of an event has.
func digits(js []byte) int {
	_, after, _ := bytes.Cut(js, []byte(`"SystemTime":"`))
	text, _, _ := bytes.Cut(after, []byte(`Z"`))
	return len(text) - bytes.IndexByte(text, '.') - 1
}

// Lines as others write them, for rules: few members in System, no number of a record. The
// log has them all, and Rust's evtx_dump prints the same values.
func TestOthersReadTheLog(t *testing.T) {
	var js bytes.Buffer
	var want []any
	for _, data := range []string{
		`{"Image":"C:\\Windows\\certutil.exe","OriginalFileName":"-","CommandLine":"certutil -urlcache \"é\"","ProcessId":7}`,
		`{"TargetFilename":"a \\Users\\b","UtcTime":"2026-03-02 13:42:09.000"}`, `{"Initiated":"true","DestinationPort":443}`, `null`,
		`{"Data":{"#text":["a","b"]},"Binary":"CAFE"}`,
	} {
		line := `{"Event": {"System": {"Provider": {"#attributes": {"Name": "Microsoft-Windows-Sysmon"}}, "EventID": 1, "Level": 4,` +
			` "TimeCreated": {"#attributes": {"SystemTime": "2026-03-02T13:42:09.0000000Z"}}, "Channel": "Microsoft-Windows-Sysmon/Operational", "Computer": "WEB01"}, "EventData": ` + data + "}}\n"
		js.WriteString(strings.Repeat(line, 100))
		var v any
		if err := json.Unmarshal([]byte(line), &v); err != nil {
			t.Fatal(err)
		}
		for range 100 {
			want = append(want, v)
		}
	}
	code, log, problems := evtxmake(t, js.String())
	if code != 0 {
		t.Fatal(problems)
	}
	name := filepath.Join(t.TempDir(), "made.evtx")
	if err := os.WriteFile(name, log, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Run("evtx_dump", func(t *testing.T) {
		out, err := exec.Command(testenv.Tool(t, "evtx_dump"), "-t", "1", "-o", "jsonl", name).Output()
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for line := range bytes.Lines(out) {
			var v map[string]map[string]any
			if err := json.Unmarshal(line, &v); err != nil {
				t.Fatal(err)
			}
			system, _ := v["Event"]["System"].(map[string]any)
			if delete(system, "EventRecordID"); n < len(want) && !equalJSON(v, want[n]) {
				t.Fatalf("record %d: %s, want %v", n+1, line, want[n])
			}
			n++
		}
		if n != len(want) {
			t.Errorf("%d records, want %d", n, len(want))
		}
	})
	t.Run("evtxexport", func(t *testing.T) {
		out, err := exec.Command(testenv.Tool(t, "evtxexport"), name).CombinedOutput()
		if n := bytes.Count(out, []byte("Event number\t\t\t:")); err != nil || n != len(want) || bytes.Contains(out, []byte("nable")) || bytes.Contains(out, []byte("orrupt")) {
			t.Errorf("%d records, want %d: %v: %.500s", n, len(want), err, out)
		}
	})
	t.Run("python-evtx", func(t *testing.T) {
		python(t, "Evtx.Evtx", name, len(want), `
with Evtx.Evtx.Evtx(name) as log:
    assert log.get_file_header().verify() and all(c.verify() for c in log.chunks())
    print(len([r.xml() for r in log.records()]))
`)
	})
	t.Run("libevtx", func(t *testing.T) {
		python(t, "pyevtx", name, len(want), `
f = pyevtx.file()
f.open(name)
assert f.number_of_recovered_records == 0 and not f.is_corrupted()
print(len([r.get_xml_string() for r in (f.get_record(i) for i in range(f.number_of_records)) if r.number_of_strings >= 0]))
`)
	})
}

func equalJSON(a, b any) bool {
	x, err1 := json.Marshal(a)
	y, err2 := json.Marshal(b)
	return err1 == nil && err2 == nil && bytes.Equal(x, y)
}

// python runs a script that prints the number of records in a log.
func python(t *testing.T, module, name string, want int, script string) {
	t.Helper()
	script = "import sys, " + module + "\nname = sys.argv[1]\n" + script
	out, err := exec.Command(testenv.Python(t, module), "-c", script, name).CombinedOutput()
	if got := strings.TrimSpace(string(out)); err != nil || got != strconv.Itoa(want) {
		t.Errorf("%v: %s, want %d", err, got, want)
	}
}
