package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/evtx/evtxtest"
)

// folder holds two logs, one under a name that hides it, and a file that is none.
func folder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	created := time.Date(2026, 3, 4, 5, 6, 7, 123456700, time.UTC)
	write := func(name string, events ...any) {
		log, err := evtxtest.Bytes(events...)
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, name), log, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	write("Security.evtx", &evtx.Security4688{
		System:         evtx.System{TimeCreated: created, Computer: "WEB01", Level: 4},
		SubjectUserSid: "S-1-5-18", SubjectLogonId: 0x3e7, NewProcessId: 0x1f4, NewProcessName: `C:\Temp\sqlserver.exe`,
	})
	write("notes.txt", &evtx.Event{
		System: evtx.System{Provider: "Demo", EventID: 7, Channel: "Application", TimeCreated: created}, Element: "EventData",
		Fields: []evtx.Field{{Value: evtx.StringValue("a")}, {Name: "Again", Value: evtx.StringValue("\x1b[2J\u009b\u202e")}, {Name: "Again", Value: evtx.NewValue(evtx.BinaryType, []byte{0xca, 0xfe})}},
	})
	if err := os.WriteFile(filepath.Join(dir, "no.evtx"), []byte("no log"), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// evtxdump runs the program in a folder.
func evtxdump(t *testing.T, dir string, args ...string) (out, problems string, code int) {
	t.Helper()
	t.Chdir(dir)
	var stdout, stderr bytes.Buffer
	code = run(args, &stdout, &stderr)
	return stdout.String(), stderr.String(), code
}

func TestTyped(t *testing.T) {
	out, problems, code := evtxdump(t, folder(t), "-format", "typed", ".")
	want := `{"kind":"security-4688","log":"Security.evtx","record_id":1,"offset":4608,"time":"2026-03-04T05:06:07.1234567Z",` +
		`"system":{"Provider":"Microsoft-Windows-Security-Auditing","EventID":4688,"Version":0,"Level":4,"Task":0,"Opcode":0,"Keywords":"0x0","Channel":"Security","Computer":"WEB01"},` +
		`"SubjectUserSid":"S-1-5-18","SubjectUserName":"","SubjectDomainName":"","SubjectLogonId":"0x3e7","NewProcessId":"0x1f4","NewProcessName":"C:\\Temp\\sqlserver.exe",` +
		`"TokenElevationType":"","ProcessId":"0x0","CommandLine":"","TargetUserSid":"","TargetUserName":"","TargetDomainName":"","TargetLogonId":"0x0","ParentProcessName":"","MandatoryLabel":""}` + "\n" +
		`{"kind":"event","log":"notes.txt","record_id":1,"offset":4608,"time":"2026-03-04T05:06:07.1234567Z",` +
		`"system":{"Provider":"Demo","EventID":7,"Version":0,"Level":0,"Task":0,"Opcode":0,"Keywords":"0x0","Channel":"Application","Computer":""},` +
		`"element":"EventData","data":[{"name":"","value":"a"},{"name":"Again","value":"\u001b[2J\u009b\u202e"},{"name":"Again","value":"cafe"}]}` + "\n"
	if out != want || problems != "" || code != 0 {
		t.Errorf("code %d, stderr %q\n got  %s\n want %s", code, problems, out, want)
	}
	for line := range strings.Lines(out) {
		if !json.Valid([]byte(line)) {
			t.Errorf("no JSON: %s", line)
		}
	}
}

func TestExitCodes(t *testing.T) {
	for _, tt := range []struct {
		name   string
		args   []string
		code   int
		stderr string
	}{
		{"no argument", nil, 2, "evtxdump: want at least one LOG, FOLDER or EVIDENCE\n"},
		{"format", []string{"-format", "csv", "."}, 2, `evtxdump: format "csv": want one of jsonl, xml, typed`},
		{"workers", []string{"-workers", "0", "."}, 2, "evtxdump: workers 0: want 1 to 1024"},
		{"no log", []string{"no.evtx"}, 1, "evtxdump: no.evtx: "},
		{"absent", []string{"absent"}, 1, "evtxdump: stat absent: "},
		{"absent and present", []string{"absent", "."}, 0, "evtxdump: stat absent: "},
		{"quiet", []string{"-q", "absent"}, 1, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, stderr, code := evtxdump(t, folder(t), tt.args...)
			if code != tt.code || !strings.HasPrefix(stderr, tt.stderr) || tt.stderr == "" && stderr != "" {
				t.Errorf("code %d, stderr %q; want %d, %q", code, stderr, tt.code, tt.stderr)
			}
		})
	}
}
