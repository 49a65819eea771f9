package timeline

import (
	"testing"
	"testing/fstest"
	"time"

	"github.com/birthmark-dfir/birthmark/prefetch"
	"github.com/birthmark-dfir/birthmark/prefetch/prefetchtest"
)

// The runs that a prefetch file has are events of the path that its hash confirms.
func TestPrefetch(t *testing.T) {
	at := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	volume := prefetch.Volume{Device: `\DEVICE\HARDDISKVOLUME3`, Serial: 0x1a2b3c4d}
	f := prefetchtest.Program(30, volume.Device+`\DATA\A.EXE`, volume, []time.Time{at.Add(time.Hour), at})
	f.RunCount = 9
	raw, err := prefetchtest.Bytes(f)
	if err != nil {
		t.Fatal(err)
	}
	name := prefetchtest.Name(f)
	for _, artifact := range []string{"Windows/Prefetch/" + name, "collected/" + name} {
		vol := fstest.MapFS{artifact: {Data: raw}}
		if artifact[0] == 'W' {
			vol["Windows/System32/x"] = &fstest.MapFile{}
			vol["Windows/Prefetch/Layout.ini"] = &fstest.MapFile{}
		}
		tl := collect(t, vol)
		var got []string
		for e := range tl.Events() {
			if e.Source.Type == TypePrefetch {
				got = append(got, e.Time.Format("15:04 ")+e.Desc+": "+e.Message)
				if e.Path != `C:\DATA\A.EXE` || e.Kind != ProgramRan || e.Field("PathConfirmedByHash") != "true" || e.Field("VolumeSerial") != "1A2B3C4D" {
					t.Errorf("%s: %+v", artifact, e)
				}
			}
		}
		if len(got) != 2 ||
			got[0] != `12:00 Previous Last Time Executed: C:\DATA\A.EXE was started as the run 1 before the last, 9 times in all` ||
			got[1] != `13:00 Last Time Executed: C:\DATA\A.EXE was started for the last time, 9 times in all` {
			t.Errorf("%s: %q", artifact, got)
		}
		if c := covered(t, tl, artifact); c.Type != TypePrefetch || c.State != Parsed || c.Records != 1 || c.ProblemCount != 0 {
			t.Errorf("%s: %+v", artifact, c)
		}
	}
	for what, data := range map[string][]byte{"a file that is not a prefetch file": []byte("no"), "a cut one": raw[:len(raw)-8]} {
		if c := covered(t, collect(t, fstest.MapFS{name: {Data: data}}), name); c.State != Damaged || c.ProblemCount != 1 {
			t.Errorf("%s: %+v", what, c)
		}
	}
	// A program that is not among the files that it opened keeps its name.
	f.Files = nil
	if raw, err = prefetchtest.Bytes(f); err != nil {
		t.Fatal(err)
	}
	for e := range collect(t, fstest.MapFS{name: {Data: raw}}).Events() {
		if e.Path != "" || e.Message != "A.EXE was started for the last time, 9 times in all" && e.Desc == "Last Time Executed" {
			t.Errorf("without its path: %+v", e)
		}
	}
}
