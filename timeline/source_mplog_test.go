package timeline

import (
	"testing"
	"testing/fstest"
	"time"

	"github.com/birthmark-dfir/birthmark/mplog"
	"github.com/birthmark-dfir/birthmark/mplog/mplogtest"
)

func TestProtectionLog(t *testing.T) {
	at := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	log := mplogtest.Log(
		mplog.Entry{Time: at, Kind: mplog.Query, Path: `C:\Data\a.exe`, SHA1: "0123456789abcdef0123456789abcdef01234567", SHA256: "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"},
		mplog.Entry{Time: at.Add(time.Second), Kind: mplog.Detection, Path: `C:\Data\a.exe`, Threat: "Trojan:Win32/X"},
		mplog.Entry{Time: at.Add(2 * time.Second), Kind: mplog.Blocked, Path: `C:\Data\a.exe`, Process: `C:\Windows\explorer.exe`},
		mplog.Entry{Time: at.Add(9 * time.Second), Kind: mplog.Behavior, Process: `C:\Data\a.exe`, PID: 44, Started: at.Add(3 * time.Second)},
		mplog.Entry{Time: at.Add(4 * time.Second), Kind: mplog.Impact, Process: "a.exe", PID: 44, Path: `C:\Data\x`},
		mplog.Entry{Time: at.Add(5 * time.Second), Kind: mplog.Command, CommandLine: "a.exe -x"},
		mplog.Entry{Time: at.Add(6 * time.Second), Kind: mplog.OriginalName, Path: `C:\Data\a.exe`, OriginalName: "nc.exe"},
	)
	want := []struct {
		kind    Kind
		path    string
		message string
	}{
		{FileScanned, `C:\Data\a.exe`, `Defender asked its cloud about C:\Data\a.exe, SHA-1 0123456789abcdef0123456789abcdef01234567, SHA-256 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef`},
		{MalwareDetected, `C:\Data\a.exe`, `Defender found Trojan:Win32/X in C:\Data\a.exe`},
		{MalwareActed, `C:\Data\a.exe`, `Defender kept C:\Windows\explorer.exe from C:\Data\a.exe`},
		{ProgramRan, `C:\Data\a.exe`, `C:\Data\a.exe ran as process 44, and Defender reported its behavior`},
		{ProgramRan, `a.exe`, `a.exe (process 44) was running, and opened C:\Data\x, among others`},
		{CommandReported, "", "Defender reported the command line a.exe -x"},
		{FileScanned, `C:\Data\a.exe`, `the version information of C:\Data\a.exe has the name nc.exe`},
	}
	for _, name := range []string{"ProgramData/Microsoft/Windows Defender/Support/MPLog-20260302-120000.log", "collected/MPLog-1.log"} {
		vol := fstest.MapFS{name: {Data: log}}
		if name[0] == 'P' {
			vol["Windows/System32/x"] = &fstest.MapFile{}
			vol["ProgramData/Microsoft/Windows Defender/Support/other.log"] = &fstest.MapFile{Data: log}
		}
		tl := collect(t, vol)
		n := 0
		for e := range tl.Events() {
			if e.Source.Type != TypeMPLog {
				continue
			}
			if n < len(want) && (e.Kind != want[n].kind || e.Path != want[n].path || e.Message != want[n].message || e.Time != at.Add(time.Duration(n)*time.Second)) {
				t.Errorf("event %d: %s %q %q %v; want %v", n, e.Kind, e.Path, e.Message, e.Time, want[n])
			}
			n++
		}
		if n != len(want) {
			t.Errorf("%s: %d events", name, n)
		}
		if c := covered(t, tl, name); c.Type != TypeMPLog || c.State != Parsed || c.Records != 7 {
			t.Errorf("%s: %+v", name, c)
		}
	}
	vol := fstest.MapFS{"MPLog-1.log": {Data: []byte("not a log")}}
	if c := covered(t, collect(t, vol), "MPLog-1.log"); c.State != Damaged || c.ProblemCount != 1 {
		t.Errorf("a file that is not a log: %+v", c)
	}
}
