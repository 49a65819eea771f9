package main

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/lab/internal/child"
)

// asProgram is the environment variable that makes the test binary run as the program.
const asProgram = "BIRTHMARK_CROSSCHECK"

// The test binary is also the child process and, in some tests, the program. Besides
// the real parsers it serves some that fail.
func TestMain(m *testing.M) {
	for _, bad := range badParsers {
		parsers[bad.name] = parser{"of the test", map[string]child.Parser{"pe": bad.parse}}
	}
	if len(os.Args) == 3 && os.Args[1] == "-child" || os.Getenv(asProgram) != "" {
		if name := os.Getenv(asProgram); name != "" {
			rivals["pe"] = name
		}
		main()
		return
	}
	os.Exit(m.Run())
}

var badParsers = []struct {
	name  string
	parse child.Parser
}{
	{"panics", func(_ string, emit func(child.Record)) (int, error) {
		emit(sizeRecord)
		panic("of its own")
	}},
	{"hangs", func(string, func(child.Record)) (int, error) {
		if name := os.Getenv("BIRTHMARK_PID"); name != "" {
			os.WriteFile(name, fmt.Append(nil, os.Getpid()), 0o600)
		}
		time.Sleep(time.Hour)
		return 0, nil
	}},
	{"swells", func(string, func(child.Record)) (int, error) {
		var all [][]byte
		for {
			all = append(all, bytes.Repeat([]byte{byte(len(all))}, 16<<20))
		}
	}},
	{"babbles", func(string, func(child.Record)) (int, error) {
		fmt.Println("hello \x1b[31mworld")
		return 0, nil
	}},
	{"fails", func(string, func(child.Record)) (int, error) { return 0, os.ErrInvalid }},
}

// sizeRecord is the beginning of the record of an executable.
var sizeRecord = child.Record{Key: "file", Offset: 0, Fields: []child.Field{{Name: "size", Value: "2048"}}}

// save writes a file into a new directory.
func save(t *testing.T, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// crosscheck runs the program in this process.
func crosscheck(t *testing.T, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(t.Context(), args, &out, &errs)
	return out.String(), errs.String(), code
}

func lines(t *testing.T, jsonl string) (found []map[string]any) {
	t.Helper()
	for line := range strings.Lines(jsonl) {
		var m map[string]any
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			t.Fatalf("%v in %s", err, line)
		}
		found = append(found, m)
	}
	return found
}

// A rival that crashes, hangs, uses too much memory, prints invalid output, fails or is
// absent has a line in the report. The records before the failure count, and the next
// artifact is read.
func TestFates(t *testing.T) {
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	a := artifact{"a.exe", "pe", save(t, "a.exe", executable())}
	for _, tt := range []struct {
		rival  string
		limits child.Limits
		fate   string
		both   int // records that both have
	}{
		{"panics", child.Limits{}, "panics died: panic: of its own, after 1 records", 1},
		{"hangs", child.Limits{Time: time.Second}, "hangs hung: stopped after 1s, after 0 records", 0},
		{"swells", child.Limits{Memory: 256 << 20}, "swells used too much memory:", 0},
		{"babbles", child.Limits{}, `babbles printed invalid output: "hello \x1b[31mworld\n", after 0 records`, 0},
		{"fails", child.Limits{}, "fails gave up: invalid argument, after 0 records", 0},
		{"unheard of", child.Limits{}, `unheard of died: crosscheck: no parser "unheard of", after 0 records`, 0},
		{"absent", child.Limits{}, "absent is absent: ", 0},
	} {
		t.Run(tt.rival, func(t *testing.T) {
			if tt.rival == "swells" && !linux {
				t.Skip("memory is limited only on Linux")
			}
			check := newChecker(tt.limits, func(parser string) []string {
				if parser == "absent" {
					return []string{"/no/such/program"}
				}
				return []string{exe, "-child", parser}
			})
			defer check.close()
			check.rivals = map[string]string{"pe": tt.rival}
			for range 2 { // the second time after a failure
				if err := check.artifact(t.Context(), a); err != nil {
					t.Fatal(err)
				}
			}
			for _, r := range check.rows {
				if len(r.Fates) != 1 || !strings.HasPrefix(r.Fates[0], tt.fate) || r.Records != tt.both {
					t.Errorf("fates %q, want %q; %d records in both, want %d", r.Fates, tt.fate, r.Records, tt.both)
				}
			}
			var b bytes.Buffer
			if err := check.text(&b); err != nil || strings.Contains(b.String(), "\x1b") || !strings.Contains(b.String(), "failures: 2\n") {
				t.Errorf("%v\n%s", err, b.String())
			}
		})
	}
}

// If one event crashes golang-evtx, the events around it are still compared.
func TestReadAgainRecordByRecord(t *testing.T) {
	log := eventLog()
	// The second of three records has an impossible size, on which golang-evtx
	// panics.
	second := bytes.Index(log[4096+512+4:], []byte("**\x00\x00")) + 4096 + 512 + 4
	binary.LittleEndian.PutUint32(log[second+4:], 3)
	out, stderr, code := crosscheck(t, "-format", "jsonl", save(t, "a.evtx", log))
	if code != 0 {
		t.Fatalf("exit %d: %s", code, stderr)
	}
	var fates []string
	for _, l := range lines(t, out) {
		switch l["class"] {
		case fate:
			fates = append(fates, l["text"].(string))
		case "sum":
			if l["records"] != 1. || l["only_ours"] != 2. {
				t.Errorf("want the first record of both, and two of ours: %v", l)
			}
		}
	}
	want := []string{"golang-evtx died: panic: Too small event, after 0 records", "golang-evtx, read record by record, refused 1 parts"}
	if !slices.Equal(fates, want) {
		t.Errorf("got %q, want %q", fates, want)
	}
}

func TestUsage(t *testing.T) {
	exe := save(t, "a.exe", executable())
	for _, tt := range []struct {
		args []string
		code int
		says string
	}{
		{nil, 2, "want at least one EVIDENCE"},
		{[]string{"-format", "yaml", exe}, 2, `format "yaml": want text or jsonl`},
		{[]string{"-time", "0s", exe}, 2, "want limits above 0"},
		{[]string{"-o", exe, exe}, 2, "would overwrite the evidence"},
		{[]string{"/no/such/file"}, 1, "no such file"},
		{[]string{save(t, "text.txt", []byte("not evidence, only text"))}, 1, "no $MFT, event log, hive or executable found"},
		{[]string{"/no/such/file", exe}, 0, "no such file"}, // the evidence that exists is compared
		{[]string{"-h"}, 0, "usage: crosscheck"},
	} {
		if _, stderr, code := crosscheck(t, tt.args...); code != tt.code || !strings.Contains(stderr, tt.says) {
			t.Errorf("%q: exit %d, want %d; want %q in\n%s", tt.args, code, tt.code, tt.says, stderr)
		}
	}
}
