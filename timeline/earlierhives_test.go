package timeline_test

import (
	"encoding/binary"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
	"github.com/birthmark-dfir/birthmark/timeline"
)

// A key of an earlier version is an event if the hive in use does not have it with that time,
// and once, whatever versions have it. The coverage names each version.
func TestEarlierHives(t *testing.T) {
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	day := func(n int) time.Time { return now.AddDate(0, 0, n) }
	hive := func(at time.Time, keys map[string]time.Time, services ...string) []byte {
		h := registrytest.Hive{Name: "SYSTEM", LastWrite: at}
		h.Set("Select", day(-99), registrytest.DWord("Current", 1))
		for key, at := range keys {
			h.Set(key, at)
		}
		for _, s := range services {
			name, command, _ := strings.Cut(s, "=")
			h.Set(`ControlSet001\Services\`+name, day(-5), registrytest.ExpandSZ("ImagePath", command), registrytest.DWord("Start", 2), registrytest.DWord("Type", 0x10))
		}
		h.Set(`ControlSet001\Control\Windows`, day(-98), registrytest.Binary("ShutdownTime", binary.LittleEndian.AppendUint64(nil, filetime.Ticks(at))))
		b, err := h.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	const config = "Windows/System32/config/"
	vol := fstest.MapFS{
		config + "SYSTEM":           {Data: hive(now, map[string]time.Time{"Same": day(-50), "Changed": day(-1)})},
		config + "RegBack/SYSTEM":   {Data: hive(day(-9), map[string]time.Time{"Same": day(-50), "Changed": day(-20), "Gone": day(-40)}, "evil=C:\\evil.exe")},
		config + "SYSTEM.OLD":       {Data: hive(day(-30), map[string]time.Time{"Same": day(-50), "Changed": day(-60), "Gone": day(-40)})},
		config + "RegBack/SOFTWARE": {},
		config + "SAM.BAK":          {Data: []byte("not a hive")},
	}
	collect := func(opts ...timeline.Option) *timeline.Timeline {
		tl, err := timeline.Collect(t.Context(), vol, append(opts, timeline.WithTypes(timeline.TypeRegistry))...)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { tl.Close() })
		return tl
	}
	has := func(tl *timeline.Timeline) (list []string) {
		for e := range tl.Events() {
			name := strings.TrimPrefix(e.Source.Artifact, config)
			for _, key := range []string{"Same", "Changed", "Gone", `ControlSet001\Services\evil`, `ControlSet001\Control\Windows`} {
				if e.Source.Record == key && (key != `ControlSet001\Control\Windows` || e.Kind == timeline.MachineStopped) {
					list = append(list, name+" "+key+" "+e.Time.Format(time.DateOnly))
				}
			}
			if marked := strings.Contains(e.Message, ", according to the version of the hive of 2026-"); marked != (name != "SYSTEM") {
				t.Errorf("%s: %s", name, e.Message)
			}
		}
		return list
	}
	plain := []string{"SYSTEM Same 2026-01-11", "SYSTEM Changed 2026-03-01", `SYSTEM ControlSet001\Control\Windows 2026-03-02`}
	all := []string{
		"SYSTEM.OLD Changed 2026-01-01", "SYSTEM Same 2026-01-11", "RegBack/SYSTEM Gone 2026-01-21", `SYSTEM.OLD ControlSet001\Control\Windows 2026-01-31`, "RegBack/SYSTEM Changed 2026-02-10",
		`RegBack/SYSTEM ControlSet001\Control\Windows 2026-02-21`, `RegBack/SYSTEM ControlSet001\Services\evil 2026-02-25`, "SYSTEM Changed 2026-03-01", `SYSTEM ControlSet001\Control\Windows 2026-03-02`,
	}
	if got := has(collect()); !slices.Equal(got, plain) {
		t.Errorf("without earlier hives: %q", got)
	}
	tl := collect(timeline.WithEarlierHives())
	if got := has(tl); !slices.Equal(got, all) {
		t.Errorf("got %q\nwant %q", got, all)
	}
	var covered []string
	for _, c := range tl.Coverage() {
		if c.Name == timeline.EarlierHiveName {
			covered = append(covered, strings.TrimPrefix(c.Artifact, config)+" "+string(c.State))
		}
	}
	if want := []string{"RegBack/SOFTWARE parsed", "RegBack/SYSTEM parsed", "SAM.BAK damaged", "SYSTEM.OLD parsed"}; !slices.Equal(covered, want) {
		t.Errorf("coverage %q, want %q", covered, want)
	}
}
