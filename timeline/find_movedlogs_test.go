package timeline

import (
	"testing"
	"testing/fstest"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/evtx/evtxtest"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

// An event log that the registry has in another folder is read there, and one on another
// volume is in the coverage.
func TestMovedLogs(t *testing.T) {
	at := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	log := func(channel string) []byte {
		data, err := evtxtest.Bytes(&evtx.System7045{System: evtx.System{Channel: channel, TimeCreated: at}, ServiceName: "x"})
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	system := registrytest.Hive{Name: "SYSTEM"}
	system.Set("Select", at, registrytest.DWord("Current", 1))
	const logs = `ControlSet001\Services\EventLog\`
	system.Set(logs+"Security", at, registrytest.ExpandSZ("File", `%SystemRoot%\Elsewhere\Security.evtx`))
	system.Set(logs+"System", at, registrytest.ExpandSZ("File", `%SystemRoot%\System32\winevt\Logs\System.evtx`))
	system.Set(logs+"Application", at, registrytest.SZ("File", `D:\Logs\Application.evtx`))
	system.Set(logs+"Gone", at, registrytest.SZ("File", `C:\Logs\Gone.evtx`))
	system.Set(logs+"Odd", at, registrytest.SZ("File", `C:\Logs\odd.txt`))
	software := registrytest.Hive{Name: "SOFTWARE"}
	software.Set(`Microsoft\Windows\CurrentVersion\WINEVT\Channels\Microsoft-Windows-Sysmon/Operational`, at, registrytest.SZ("File", `C:\Logs\sysmon.evtx`))
	vol := fstest.MapFS{
		"Windows/Elsewhere/Security.evtx":          {Data: log("Security")},
		"Windows/System32/winevt/Logs/System.evtx": {Data: log("System")},
		"Logs/sysmon.evtx":                         {Data: log("Sysmon")},
		"Logs/odd.txt":                             {Data: log("Odd")},
		"Logs/other.evtx":                          {Data: log("Other")},
	}
	for name, h := range map[string]registrytest.Hive{"SYSTEM": system, "SOFTWARE": software} {
		data, err := h.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		vol["Windows/System32/config/"+name] = &fstest.MapFile{Data: data}
	}
	tl := collect(t, vol)
	got := map[string]State{}
	for _, c := range tl.Coverage() {
		if c.State != Absent && (c.Type == TypeEVTX || c.Type == TypeUnread) {
			got[c.Artifact] = c.State
		}
	}
	want := map[string]State{
		"Windows/Elsewhere/Security.evtx": Parsed, "Windows/System32/winevt/Logs/System.evtx": Parsed, "Logs/sysmon.evtx": Parsed, `D:\Logs\Application.evtx`: Unread,
	}
	for name, state := range want {
		if got[name] != state {
			t.Errorf("%s is %q, want %q", name, got[name], state)
		}
	}
	if len(got) != len(want) {
		t.Errorf("got %v", got)
	}
}
