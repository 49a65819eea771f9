package origin_test

import (
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/mft/mfttest"
	"github.com/birthmark-dfir/birthmark/origin"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

// What the copy of a hive in RegBack has is said of an autostart, and an autostart that only
// the copy has was removed. Empty copies are said to be empty, and are not damaged.
func TestEarlierHives(t *testing.T) {
	const service = `ControlSet001\Services\`
	backup := noon.AddDate(0, 0, -9)
	hive := func(at time.Time, services ...string) *registrytest.Hive {
		h := named("TRAP")
		h.LastWrite = at
		h.Set("Select", at, registrytest.DWord("Current", 1))
		for _, s := range services {
			name, command, _ := strings.Cut(s, "=")
			h.Set(service+name, at, registrytest.ExpandSZ("ImagePath", command), registrytest.DWord("Start", 2), registrytest.DWord("Type", 0x10))
		}
		return h
	}
	kept := func(name string, h *registrytest.Hive) []mfttest.File {
		data := []byte{}
		if h != nil {
			var err error
			if data, err = h.Bytes(); err != nil {
				t.Fatal(err)
			}
		}
		return []mfttest.File{{Path: "Windows/System32/config/" + name, Data: data, Times: mfttest.AllAt(backup)}}
	}
	hosted := func(at time.Time, dll string) *registrytest.Hive {
		h := hive(at, `evil=C:\Windows\System32\svchost.exe -k netsvcs`)
		h.Set(service+`evil\Parameters`, at, registrytest.ExpandSZ("ServiceDll", dll))
		return h
	}
	started, other := "evil="+trapFile, `evil=C:\Windows\good.exe`
	const in = "the copy in RegBack of 2026-02-21T12:00:00.1234567Z "
	for _, tt := range []struct {
		name     string
		now      *registrytest.Hive
		files    []mfttest.File
		grade    origin.Grade
		state    string
		earlier  string
		coverage string // state and note
		records  int
	}{
		{"the copy does not have it", hive(noon, started), kept("RegBack/SYSTEM", hive(backup)), "recorded", "held", in + "does not have it", "parsed ", 2},
		{"the copy has another command", hive(noon, started), kept("RegBack/SYSTEM", hive(backup, other)), "recorded", "held", in + `has another command: C:\Windows\good.exe`, "parsed ", 2},
		{"the copy has it too", hive(noon, started), kept("regback/system", hive(backup, started)), "recorded", "held", in + "has it too", "parsed ", 2},
		{"the copy has another ServiceDll", hosted(noon, trapFile), kept("RegBack/SYSTEM", hosted(backup, `C:\good.dll`)), "recorded", "held",
			in + `has another command: C:\Windows\System32\svchost.exe -k netsvcs with C:\good.dll`, "parsed ", 2},
		{"only the copy has it", hive(noon), kept("RegBack/SYSTEM", hive(backup, started)), "recorded", "removed", in + "has it", "parsed ", 1},
		{"only the copy has it, with another command now", hive(noon, other), kept("RegBack/SYSTEM", hive(backup, started)), "unknown", "", "", "parsed ", 0},
		{"a copy beside the hive", hive(noon, started), kept("SYSTEM.SAV", hive(backup)), "recorded", "held", "SYSTEM.SAV of 2026-02-21T12:00:00.1234567Z does not have it", "parsed ", 2},
		{"an empty copy", hive(noon, started), kept("RegBack/SYSTEM", nil), "recorded", "held", "", "parsed empty, as Windows leaves it since version 10 1803", 1},
		{"a copy that is not a hive", hive(noon, started), []mfttest.File{{Path: "Windows/System32/config/RegBack/SYSTEM", Data: []byte("none")}}, "recorded", "held", "", "damaged ", 1},
		{"another hive's copy", hive(noon, started), kept("RegBack/SOFTWARE", hive(backup)), "recorded", "held", "", "parsed ", 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := world{files: append([]mfttest.File{file(noon)}, tt.files...), hive: tt.now}
			r, err := origin.Investigate(t.Context(), w.volume(t), trapFile)
			if err != nil {
				t.Fatal(err)
			}
			a := r.Answer(origin.Autostart)
			if a.Grade != tt.grade || a.Fact("state") != tt.state || a.Fact("earlier") != tt.earlier || len(a.Evidence) != tt.records || tt.earlier != "" && !strings.Contains(a.Answer, tt.earlier) {
				t.Errorf("%s, state %q, earlier %q, %d records: %s", a.Grade, a.Fact("state"), a.Fact("earlier"), len(a.Evidence), a.Answer)
			}
			coverage := ""
			for _, c := range r.Coverage {
				if strings.EqualFold(c.Artifact, tt.files[0].Path) {
					coverage = c.State + " " + c.Note
				}
			}
			if coverage != tt.coverage {
				t.Errorf("coverage %q, want %q", coverage, tt.coverage)
			}
		})
	}
}
