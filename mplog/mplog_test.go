package mplog_test

import (
	"bytes"
	"errors"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/mplog"
	"github.com/birthmark-dfir/birthmark/mplog/mplogtest"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 123_000_000, time.UTC)

// all has an entry of each kind.
var all = []mplog.Entry{
	{Time: noon, Kind: mplog.Impact, Process: "tool, v2.exe", PID: 4312, Path: `\Device\HarddiskVolume3\Data\a.db`},
	{Time: noon, Kind: mplog.Query, Path: `C:\Data\tool (1).exe`, SHA1: strings.Repeat("ab", 20), SHA256: strings.Repeat("cd", 32)},
	{Time: noon, Kind: mplog.Detection, Path: `C:\Data\tool ü.exe`, Threat: "Trojan:Win64/Example!MTB"},
	{Time: noon, Kind: mplog.Blocked, Path: `\Device\HarddiskVolume3\Data\tool.exe`, Process: `\Device\HarddiskVolume3\Windows\explorer.exe`},
	{Time: noon, Kind: mplog.Behavior, Process: `\Device\HarddiskVolume3\Data\tool.exe`, PID: 4400, Started: noon.Add(-time.Minute)},
	{Time: noon, Kind: mplog.Command, CommandLine: `C:\Data\tool.exe -a "b c"`},
	{Time: noon, Kind: mplog.OriginalName, Path: `C:\Data\tool.exe`, OriginalName: "nc.exe"},
}

func entries(t testing.TB, raw []byte) (list []mplog.Entry, errs []error) {
	t.Helper()
	r, err := mplog.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	for e, err := range r.Entries() {
		if err != nil {
			errs = append(errs, err)
			continue
		}
		list = append(list, e)
	}
	return list, errs
}

// plain returns an entry without its place.
func plain(e mplog.Entry) mplog.Entry {
	e.Line, e.Offset, e.Text = 0, 0, ""
	return e
}

func TestRoundTrip(t *testing.T) {
	raw := mplogtest.Log(all...)
	list, errs := entries(t, raw)
	if len(errs) > 0 || len(list) != len(all) {
		t.Fatalf("%d entries of %d: %v", len(list), len(all), errs)
	}
	for i, e := range list {
		if got := plain(e); !reflect.DeepEqual(got, all[i]) {
			t.Errorf("%s:\n got %+v\nwant %+v", all[i].Kind, got, all[i])
		}
		if at := raw[e.Offset:]; !bytes.HasPrefix(at, wtf8.Encode("2026-03-02T12:00:00.123Z")) {
			t.Errorf("%s: its offset %#x is not that of the line", e.Kind, e.Offset)
		}
	}
}

func TestForms(t *testing.T) {
	const at = "2026-03-02T12:00:00.123Z "
	for _, tt := range []struct {
		name, line string
		want       mplog.Entry
	}{
		{"a time with a zone", "2026-03-02T13:00:00.123+01:00 Engine:command line reported as lowfi: x.exe", mplog.Entry{Kind: mplog.Command, CommandLine: "x.exe"}},
		{"a detection that was added", at + `DETECTION_ADD#1 HackTool:Win32/X file:C:\a.exe`, mplog.Entry{Kind: mplog.Detection, Threat: "HackTool:Win32/X", Path: `C:\a.exe`}},
		{"a detection that was cleaned", at + `DETECTION_CLEANEVENT MPSOURCE_REALTIME MP_THREAT_ACTION_QUARANTINE 0x80508023 Backdoor:Win64/X!dha file:\\DC01\ADMIN$\a.exe`,
			mplog.Entry{Kind: mplog.Detection, Threat: "Backdoor:Win64/X!dha", Path: `\\DC01\ADMIN$\a.exe`}},
		{"in an archive", at + `DETECTIONEVENT MPSOURCE_USER Trojan:X containerfile:C:\a.zip->b.exe;file:C:\c`, mplog.Entry{Kind: mplog.Detection, Threat: "Trojan:X", Path: `C:\a.zip`}},
		{"from the web", at + `DETECTIONEVENT MPSOURCE_REALTIME Trojan:X webfile:C:\a.exe|http://192.0.2.1/a|pid:1,Process:x`, mplog.Entry{Kind: mplog.Detection, Threat: "Trojan:X", Path: `C:\a.exe`}},
	} {
		list, errs := entries(t, []byte(tt.line+"\n"))
		tt.want.Time = noon
		if len(errs) > 0 || len(list) != 1 || !reflect.DeepEqual(plain(list[0]), tt.want) {
			t.Errorf("%s:\n got %+v, %v\nwant %+v", tt.name, list, errs, tt.want)
		}
	}
}

func TestOtherLines(t *testing.T) {
	for _, line := range []string{"2026-03-02T12:00:00.123Z Service started", "2026-03-02T12:00:00Z BEGIN BM telemetry\nProcessID:1\n2026-03-02T12:00:00Z other"} {
		if list, errs := entries(t, []byte(line)); len(list) != 0 || len(errs) != 0 {
			t.Errorf("%q: %v, %v", line, list, errs)
		}
	}
}

func TestDamage(t *testing.T) {
	const query = `2026-03-02T12:00:00.123Z Engine:command line reported as lowfi: x.exe`
	for _, wide := range []bool{false, true} {
		text := query + "\r\n2026-03-02T12:00:00.123Z " + strings.Repeat("x", 70_000) + "\r\n" + query
		raw := []byte(text)
		if wide {
			raw = wtf8.Encode("\ufeff" + text)
		}
		list, errs := entries(t, raw)
		if len(list) != 2 || len(errs) != 1 || !damage.Is(errs[0]) || !strings.Contains(errs[0].Error(), "mplog: line 2: length of the line") {
			t.Errorf("UTF-16 %v: %d entries, %v", wide, len(list), errs)
		}
	}
	raw := []byte(query + "\n2026-03-02T12:00:00.123Z " + strings.Repeat("x", 70_000) + "\n")
	r, err := mplog.NewReader(bytes.NewReader(raw), int64(len(raw)), mplog.WithName("a.log"))
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for p := range r.Problems() {
		if n++; p.Kind != damage.Limit || p.Err.Artifact != "a.log" {
			t.Errorf("problem %v: %v", p.Kind, p.Err)
		}
	}
	if n != 1 {
		t.Errorf("%d problems", n)
	}
	for _, raw := range []string{"", "text", "\xff\xfe", "MZ\x90\x00", strings.Repeat("-", 20_000) + "\n" + query} {
		_, err := mplog.NewReader(strings.NewReader(raw), int64(len(raw)))
		if !errors.Is(err, mplog.ErrNotLog) {
			t.Errorf("%.20q: %v", raw, err)
		}
	}
}

func TestOpen(t *testing.T) {
	fsys := fstest.MapFS{"Support/MPLog-1.log": {Data: mplogtest.Log(all...)}}
	r, err := mplog.OpenFS(fsys, "Support/MPLog-1.log")
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(r.Close(), r.Close()); err != nil {
		t.Error(err)
	}
	if _, err := mplog.Open("absent.log"); err == nil {
		t.Error("a file that does not exist was opened")
	}
	var none *mplog.Reader
	for range none.Entries() {
		t.Error("a nil Reader has an entry")
	}
	if err := none.Close(); err != nil {
		t.Error(err)
	}
}

func FuzzEntries(f *testing.F) {
	f.Add(mplogtest.Log(all...))
	f.Add([]byte("2026-03-02T12:00:00.123Z DETECTION X file:y\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := mplog.NewReader(bytes.NewReader(raw), int64(len(raw)))
		if err != nil {
			return
		}
		last := int64(-1)
		for e, err := range r.Entries() {
			if err != nil {
				continue
			}
			if e.Kind == "" || e.Time.IsZero() || e.Offset < last || e.Offset >= int64(len(raw)) {
				t.Fatalf("%+v after an entry at %#x", e, last)
			}
			last = e.Offset
		}
	})
}
