package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/evtx/evtxtest"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
)

// folder writes two logs, one of them under a misleading name, and a file that is
// not a log.
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
		`"system":{"Provider":"Microsoft-Windows-Security-Auditing","ProviderGuid":"{54849625-5478-4994-a5ba-3e3b0328c30d}","EventID":4688,"Version":2,"Level":4,"Task":13312,"Opcode":0,"Keywords":"0x8020000000000000","Channel":"Security","Computer":"WEB01"},` +
		`"SubjectUserSid":"S-1-5-18","SubjectUserName":"","SubjectDomainName":"","SubjectLogonId":"0x3e7","NewProcessId":"0x1f4","NewProcessName":"C:\\Temp\\sqlserver.exe",` +
		`"TokenElevationType":"","ProcessId":"0x0","CommandLine":"","TargetUserSid":"S-1-0-0","TargetUserName":"-","TargetDomainName":"-","TargetLogonId":"0x0","ParentProcessName":"","MandatoryLabel":null}` + "\n" +
		`{"kind":"event","log":"notes.txt","record_id":1,"offset":4608,"time":"2026-03-04T05:06:07.1234567Z",` +
		`"system":{"Provider":"Demo","EventID":7,"Version":0,"Level":0,"Task":0,"Opcode":0,"Keywords":"0x0","Channel":"Application","Computer":""},` +
		`"element":"EventData","data":[{"name":"","value":"a"},{"name":"Again","value":"\u001b[2J\u009b\u202e"},{"name":"Again","value":"cafe"}]}` + "\n"
	const unread = "evtxdump: no.evtx: file header at 0x0: got 6 bytes, want 128 bytes: not a Windows XML event log\n"
	if out != want || problems != unread || code != 0 {
		t.Errorf("code %d, stderr %q\n got  %s\n want %s", code, problems, out, want)
	}
	for line := range strings.Lines(out) {
		if !json.Valid([]byte(line)) {
			t.Errorf("not JSON: %s", line)
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
		{"format", []string{"-format", "csv", "."}, 2, `evtxdump: format "csv": want one of jsonl, xml, typed, splunk-xml`},
		{"code page", []string{"-ansi", "1", "."}, 2, "evtxdump: ansi 1: want one of [874 932 "},
		{"identifier", []string{"-id", "4624,x", "."}, 2, `invalid value "4624,x" for flag -id: want a number or a range from 1 to 65535`},
		{"identifiers", []string{"-id", "5-4", "."}, 2, `invalid value "5-4" for flag -id: `},
		{"no record", []string{"-records", "-", "."}, 2, `invalid value "-" for flag -records: `},
		{"channel", []string{"-channel", "a,,b", "."}, 2, `invalid value "a,,b" for flag -channel: want a channel`},
		{"kind", []string{"-kind", "4624", "."}, 2, `invalid value "4624" for flag -kind: want a kind such as security-4688`},
		{"time", []string{"-from", "yesterday", "."}, 2, `invalid value "yesterday" for flag -from: want a time such as 2026-03-02`},
		{"workers", []string{"-workers", "-1", "."}, 2, "evtxdump: workers -1: want 0 to 1024"},
		{"not a log", []string{"no.evtx"}, 1, "evtxdump: no.evtx: "},
		{"absent", []string{"absent"}, 1, "evtxdump: "},
		{"absent and present", []string{"absent", "."}, 0, "evtxdump: "},
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

func TestXMLAndJSON(t *testing.T) {
	dir := folder(t)
	out, _, _ := evtxdump(t, dir, "-format", "xml", "notes.txt")
	want := "Record 1\n<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<Event xmlns=\"http://schemas.microsoft.com/win/2004/08/events/event\">\n  <System>\n    <Provider Name=\"Demo\"/>\n"
	if !strings.HasPrefix(out, want) || !strings.HasSuffix(out, "<Data Name=\"Again\">_[2J&#x9b;&#x202e;</Data>\n    <Data Name=\"Again\">CAFE</Data>\n  </EventData>\n</Event>\n\n") {
		t.Errorf("got %s", out)
	}
	out, _, _ = evtxdump(t, dir, "-format", "jsonl", "notes.txt")
	want = `"EventData":{"Data":{"#text":"a"},"Again":["\u001b[2J\u009b\u202e","CAFE"]}}}` + "\n"
	if !strings.HasPrefix(out, `{"Event":{"#attributes":{"xmlns":`) || !strings.HasSuffix(out, want) {
		t.Errorf("got %s, want …%s", out, want)
	}
}

// -ansi names the code page of text without Unicode.
func TestCodePage(t *testing.T) {
	log, err := evtxtest.Bytes(&evtx.Event{System: evtx.System{Provider: "Demo", Channel: "Application", TimeCreated: time.Unix(0, 0)}, Element: "EventData",
		Fields: []evtx.Field{{Name: "V", Value: evtx.NewValue(evtx.AnsiType, []byte("\xcf\xf0\xe8"))}}})
	dir := t.TempDir()
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "a.evtx"), log, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	for flag, want := range map[string]string{"": "Ïðè", "-ansi=1251": "При", "-ansi=1252": "Ïðè", "-ansi=65001": "\ufffd"} {
		args := []string{"a.evtx"}
		if flag != "" {
			args = append(args, flag)
		}
		if out, _, _ := evtxdump(t, dir, args...); !strings.Contains(out, `"V":"`+want) {
			t.Errorf("%q: got %s, want %s", flag, out, want)
		}
	}
}

// Fields that the struct of a kind does not have are not lost.
func TestTypedLosesNothing(t *testing.T) {
	at := evtx.System{TimeCreated: time.Unix(1, 0)}
	e, err := evtx.EventOf(&evtx.RDP23{System: at, User: "admin", SessionID: 2})
	if err != nil {
		t.Fatal(err)
	}
	e.Fields = append(e.Fields, evtx.Field{Name: "User", Value: evtx.StringValue("again")}, evtx.Field{Name: "New", Value: evtx.NewValue(evtx.UInt16Type|evtx.ArrayFlag, []byte{1, 0, 2, 0})})
	log, err := evtxtest.Bytes(e, &evtx.Sysmon5{System: at, Image: "a.exe"})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a"), log, 0o600); err != nil {
		t.Fatal(err)
	}
	out, _, _ := evtxdump(t, dir, "-format", "typed", "a")
	want := []string{
		`"User":"admin","SessionID":2,"other":[{"name":"User","value":"again"},{"name":"New","value":[1,2]}]}`,
		`"RuleName":"-","UtcTime":"1970-01-01T00:00:01.0000000Z","ProcessGuid":"{00000000-0000-0000-0000-000000000000}","ProcessId":0,"Image":"a.exe","User":"-"}`,
	}
	for i, line := range strings.Split(strings.TrimSpace(out), "\n") {
		if !strings.HasSuffix(line, want[i]) {
			t.Errorf("got %s, want …%s", line, want[i])
		}
	}
}

// On a volume, logs are recognized by content, and damage is reported with log and
// offset.
func TestEvidence(t *testing.T) {
	dir := folder(t)
	read := func(name string) []byte {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	broken := read("Security.evtx")
	broken[4096+512+24] = 0xff
	image, err := mfttest.Volume{Files: []mfttest.File{
		{Path: "Users/a/odd.dat", Data: read("notes.txt")},
		{Path: "Users/a/no.evtx", Data: read("no.evtx")},
		{Path: "Windows/System32/winevt/Logs/Security.evtx", Data: broken},
		{Path: "Windows/System32/winevt/Logs/System.evtx", Data: read("Security.evtx")},
	}}.Bytes()
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "c.raw"), image, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	out, problems, code := evtxdump(t, dir, "-format", "typed", "c.raw")
	var logs []string
	for line := range strings.Lines(out) {
		var r struct{ Kind, Log string }
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatal(err)
		}
		logs = append(logs, r.Kind+" "+r.Log)
	}
	if want := []string{`event C:\Users\a\odd.dat`, `security-4688 C:\Windows\System32\winevt\Logs\System.evtx`}; code != 0 || !slices.Equal(logs, want) {
		t.Errorf("code %d, logs %q, want %q", code, logs, want)
	}
	want := "evtxdump: C:\\Users\\a\\no.evtx: file header at 0x0: got 6 bytes, want 128 bytes: not a Windows XML event log\n" +
		"evtxdump: checksum: C:\\Windows\\System32\\winevt\\Logs\\Security.evtx: chunk 0: records checksum at 0x1034: "
	if !strings.HasPrefix(problems, want) || !strings.Contains(problems, "evtxdump: C:\\Windows\\System32\\winevt\\Logs\\Security.evtx: chunk 0 record 1: token at 0x1218: got 0xff, want a token of binary XML\n") {
		t.Errorf("stderr %s, want %s…", problems, want)
	}
}
