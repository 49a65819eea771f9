package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/evtx/evtxtest"
)

// Recovered records are printed only if they are asked for, after those of the log, and
// each says that it is one.
func TestRecovered(t *testing.T) {
	var events []any
	for i := range 3 {
		events = append(events, &evtx.Security4634{
			System: evtx.System{TimeCreated: time.Date(2026, 3, 4, 5, 6, i, 0, time.UTC)}, TargetUserName: "user", LogonType: 3,
		})
	}
	log, err := evtxtest.Bytes(events...)
	if err != nil {
		t.Fatal(err)
	}
	hidden, err := evtxtest.Hide(log, 2)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, data := range map[string][]byte{"log.evtx": hidden, "memory.raw": append(make([]byte, 1001), log[4096:]...)} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	const mark = `{"grade":"whole","reason":"inside another record","offset":`
	for _, tt := range []struct {
		args   string
		events int
		marks  []string // of the recovered ones, at the end of their lines
	}{
		{"log.evtx", 2, nil},
		{"-recovered log.evtx", 3, []string{`,"Recovered":` + mark}},
		{"-recovered -format typed log.evtx", 3, []string{`,"recovered":` + mark}},
		{"-recovered -format xml log.evtx", 3, []string{"<!-- recovered: whole, inside another record, offset "}},
		{"-recovered -format splunk-xml log.evtx", 3, []string{"</Event><!-- recovered: whole, inside another record, offset "}},
		{"-recovered -id 1 log.evtx", 0, nil},
		{"-carve memory.raw", 3, []string{`"reason":"stray"`, `"reason":"stray"`, `"reason":"stray"`}},
	} {
		t.Run(tt.args, func(t *testing.T) {
			out, problems, code := evtxdump(t, dir, append([]string{"-q"}, strings.Fields(tt.args)...)...)
			if n := strings.Count(out, "user"); code != 0 || n != tt.events {
				t.Errorf("exit %d, %d events, want %d: %s%s", code, n, tt.events, problems, out)
			}
			n := 0
			for line := range strings.Lines(out) {
				if strings.HasPrefix(line, "{") && !json.Valid([]byte(line)) {
					t.Errorf("not JSON: %s", line)
				}
				if strings.Contains(line, "ecovered") {
					if n >= len(tt.marks) || !strings.Contains(line, tt.marks[n]) {
						t.Errorf("recovered: %s", line)
					}
					n++
				}
			}
			if n != len(tt.marks) {
				t.Errorf("%d recovered, want %d", n, len(tt.marks))
			}
		})
	}
	if _, problems, code := evtxdump(t, dir, "-carve", "absent"); code != 1 || !strings.Contains(problems, "absent") {
		t.Errorf("exit %d: %s", code, problems)
	}
}
