package birthmark_test

import (
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark"
	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/evtx/evtxtest"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
	"github.com/birthmark-dfir/birthmark/origin"
)

// A disk with two installations of Windows. Each was on C: when it ran, so its logs name its
// files so, and the records of one are not about the files of the other.
func TestTwoInstallationsOfWindows(t *testing.T) {
	written := time.Date(2026, 3, 2, 13, 42, 9, 213456700, time.UTC)
	const sysmon = "Microsoft-Windows-Sysmon"
	windows := func(computer, writer string) []mfttest.File {
		log, err := evtxtest.Bytes(&evtx.Sysmon11{
			System:  evtx.System{Provider: sysmon, EventID: 11, Channel: sysmon + "/Operational", TimeCreated: written, RecordID: 7, Computer: computer},
			UtcTime: written, ProcessId: 5532, Image: `C:\Windows\System32\` + writer,
			TargetFilename: `C:\Users\b\evil.exe`, CreationUtcTime: written, User: computer + `\admin`,
		})
		if err != nil {
			t.Fatal(err)
		}
		return []mfttest.File{
			{Path: "Users/b/evil.exe", Data: []byte("MZ " + computer), Times: mfttest.AllAt(written)},
			{Path: "Windows/System32/winevt/Logs/Microsoft-Windows-Sysmon%4Operational.evtx", Data: log},
		}
	}
	ev := opened(t, disk(t, windows("OLD", "old.exe"), windows("NEW", "certutil.exe")))
	for path, want := range map[string]string{
		`C:\Users\b\evil.exe`:          `C:\Windows\System32\old.exe`,
		`partition 2/Users/b/evil.exe`: `C:\Windows\System32\certutil.exe`,
	} {
		r, err := birthmark.Investigate(t.Context(), ev, path)
		if err != nil {
			t.Fatal(err)
		}
		if a := r.Answer(origin.Writer); a.Fact("image") != want {
			t.Errorf("%s: %s (%s)", path, a.Answer, a.Grade)
			t.Log(r.Machine, r.Coverage)
		}
	}
}
