package timeline_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/evidence"
	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/timeline"
)

// winlogonShell opens the volume of the case winlogon-shell.
func winlogonShell(t *testing.T) *timeline.Timeline {
	t.Helper()
	ev, err := evidence.Open(testenv.Unpacked(t, "cases/winlogon-shell/disk.raw.zst"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ev.Close() })
	vol, _, err := ev.Resolve(`C:\Users`)
	if err != nil {
		t.Fatal(err)
	}
	tl, err := timeline.Collect(context.Background(), vol.FS)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tl.Close() })
	return tl
}

// What the truth of the case names is in the timeline, at its time.
func TestCorpusWinlogonShell(t *testing.T) {
	tl := winlogonShell(t)
	const (
		payload = `C:\Users\IEUser\AppData\Roaming\9QxTsAU9w8gyPj4w\BRE6BgE2JubB.exe`
		dropper = `C:\Users\IEUser\Downloads\a.exe`
		account = "S-1-5-21-3583694148-1414552638-2922671848-1000"
	)
	for _, want := range []struct {
		kind     timeline.Kind
		at       string // to the precision of the truth
		path     string
		sid      string
		contains []string // in the message
	}{
		{timeline.FileCreated, "22:22:21.503125", payload, account, []string{"$STANDARD_INFORMATION"}},
		{timeline.FileCreated, "22:22:21.503125", payload, account, []string{"$FILE_NAME"}},
		{timeline.FileCreatedByProcess, "22:22:21.503", payload, "", []string{dropper}},
		{timeline.FileMarked, "22:21:58.3125001", dropper, account, []string{"zone 3", "http://203.0.113.77/a.exe"}},
		{timeline.ProcessStarted, "22:22:17.957", dropper, "", []string{"explorer.exe", `IEWIN7\IEUser`, "0x1336d"}},
		{timeline.RegistryValueSet, "22:22:21.519", "", "", []string{dropper, `Winlogon\Shell`}},
		{timeline.AutostartWritten, "22:22:21.519", payload, "", []string{"winlogon", "Shell"}},
		{timeline.ProcessStarted, "22:23:13.925", payload, "", []string{"userinit.exe", "0xbc013"}},
		{timeline.ProcessStarted, "22:23:16.577", payload, "", nil},
	} {
		at, err := time.Parse("2006-01-02T15:04:05.9999999", "2019-06-14T"+want.at)
		if err != nil {
			t.Fatal(err)
		}
		var near []string
		found := false
		for e := range tl.Around(at, time.Second) {
			if e.Kind != want.kind {
				continue
			}
			near = append(near, fmt.Sprint(e.Time, " ", e.Path, " ", e.SID, " ", e.Message))
			ok := strings.HasPrefix(e.Time.Format("15:04:05.0000000"), want.at) &&
				(want.path == "" || winpath.Same(e.Path, want.path)) && (want.sid == "" || e.SID == want.sid)
			for _, s := range want.contains {
				ok = ok && strings.Contains(e.Message, s)
			}
			if ok {
				found = true
				if e.Source.Artifact == "" || e.Source.Record == "" || e.Source.Offset < 0 && e.Kind != timeline.FileMarked {
					t.Errorf("%s: no provenance: %+v", e.Message, e.Source)
				}
			}
		}
		if !found {
			t.Errorf("no %s %+v; near it:\n%s", want.kind, want, strings.Join(near, "\n"))
		}
	}
}

// The second reading of a large $MFT finds every time that the first one finds.
func TestCorpusLargeMFT(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long; not run with -short")
	}
	name := testenv.Unpacked(t, "mft/ntfs3g-205k-records.mft.zst")
	ev, err := evidence.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer ev.Close()
	tl, err := timeline.Collect(context.Background(), ev.Volumes()[0].FS)
	if err != nil {
		t.Fatal(err)
	}
	defer tl.Close()
	n := 0
	var last time.Time
	for e := range tl.Events() {
		if e.Data == nil || e.Time.Before(last) {
			t.Fatalf("%v after %v: %s", e.Time, last, e.Message)
		}
		last = e.Time
		n++
	}
	if n < 8*200_000 {
		t.Errorf("%d events, want 8 for each of 200,000 files", n)
	}
}
