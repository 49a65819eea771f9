package timeline

import (
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/birthmark-dfir/birthmark/evidence"
	"github.com/birthmark-dfir/birthmark/evidence/evidencetest"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

// dirtyMachine is a volume with Windows, whose hive SYSTEM has its service in its
// transaction logs only.
func dirtyMachine(t *testing.T) fstest.MapFS {
	before := registrytest.Hive{Name: "SYSTEM", LastWrite: day(12, 0, 0)}
	before.Set("Select", day(2, 0, 0), registrytest.DWord("Current", 1))
	first := hiveBytes(t, before)
	before.Set(`ControlSet001\Services\other`, day(2, 0, 0), registrytest.DWord("Start", 3))
	second := hiveBytes(t, before)
	folder := "Windows/System32/config/"
	return fstest.MapFS{
		folder + "SYSTEM":                {Data: registrytest.Interrupted(first, 8)},
		folder + "SYSTEM.LOG1":           {Data: registrytest.NewLog(7, first, second)},
		folder + "SYSTEM.LOG2":           {Data: registrytest.NewLog(8, second, systemHive(t))},
		"Windows/System32/winevt/Logs/x": {Data: []byte{1}},
	}
}

// services returns the names of the services in the hives of a volume, and what the
// coverage says about the logs.
func services(t *testing.T, vol fs.FS, opts ...Option) (names, logs []string, dirty bool) {
	tl := collect(t, vol, opts...)
	for _, h := range tl.Hives() {
		for _, a := range h.Autostarts {
			names = append(names, a.Name)
		}
	}
	for _, c := range tl.Coverage() {
		if c.Name == "SYSTEM" && c.Type == TypeRegistry {
			dirty = c.Dirty
			for _, u := range c.Replayed {
				logs = append(logs, u.String())
			}
		}
	}
	return names, logs, dirty
}

// Hives are completed by the logs beside them: on a volume, in a folder of hives, and in
// what tools collect.
func TestHivesAreCompletedByTheirLogs(t *testing.T) {
	machine := dirtyMachine(t)
	bare := fstest.MapFS{}
	for name, file := range machine {
		bare["case/"+strings.ToLower(name[strings.LastIndex(name, "/")+1:])] = file
	}
	triage := []string{"Windows/System32/config/", "Windows/System32/winevt/Logs/"}
	for name, vol := range map[string]fs.FS{
		"a volume":          machine,
		"a folder of hives": bare,
		"KAPE":              collected(t, evidencetest.KAPE(t, machine, triage...)),
		"Velociraptor":      collected(t, evidencetest.Velociraptor(t, machine, triage...)),
		"zip":               collected(t, evidencetest.Zip(t, evidencetest.KAPE(t, machine, triage...), "")),
	} {
		t.Run(name, func(t *testing.T) {
			names, logs, dirty := services(t, vol)
			if strings.Join(names, " ") != "sqlsrv" || dirty {
				t.Errorf("services %q, dirty is %v", names, dirty)
			}
			if len(logs) != 2 || !strings.Contains(strings.ToUpper(logs[0]), "SYSTEM.LOG1: 1 PAGE OF 1 WRITE REPLAYED, UP TO SEQUENCE NUMBER 7") ||
				!strings.Contains(strings.ToUpper(logs[1]), "SYSTEM.LOG2: 1 PAGE OF 1 WRITE REPLAYED, UP TO SEQUENCE NUMBER 8") {
				t.Errorf("logs: %q", logs)
			}
			if names, logs, dirty = services(t, vol, WithoutReplay()); len(names)+len(logs) > 0 || !dirty {
				t.Errorf("as it is: services %q, logs %q, dirty is %v", names, logs, dirty)
			}
		})
	}
}

// collected returns the volume of what a tool collected.
func collected(t *testing.T, name string) fs.FS {
	t.Helper()
	ev, err := evidence.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ev.Close() })
	return ev.Volumes()[0].FS
}

// A hive whose logs are missing is read, and said to be incomplete.
func TestDirtyHiveWithoutLogs(t *testing.T) {
	vol := dirtyMachine(t)
	for _, name := range []string{"Windows/System32/config/SYSTEM.LOG1", "Windows/System32/config/SYSTEM.LOG2"} {
		delete(vol, name)
	}
	if names, logs, dirty := services(t, vol); len(names)+len(logs) > 0 || !dirty {
		t.Errorf("services %q, logs %q, dirty is %v", names, logs, dirty)
	}
}

// Logs that are gone when they are read are a problem of the hive.
func TestLogThatCannotBeOpened(t *testing.T) {
	vol := deniedFS{dirtyMachine(t), "SYSTEM.LOG2"}
	names, logs, _ := services(t, vol)
	if len(names) != 0 || len(logs) != 2 || logs[1] != "Windows/System32/config/SYSTEM.LOG2: not replayed: it cannot be read" {
		t.Errorf("services %q, logs %q", names, logs)
	}
	for _, c := range collect(t, vol).Coverage() {
		if c.Name == "SYSTEM" && c.Type == TypeRegistry && c.ProblemCount == 0 {
			t.Error("the hive has no problem")
		}
	}
}

// deniedFS does not let files of a name be opened.
type deniedFS struct {
	fstest.MapFS
	name string
}

func (f deniedFS) Open(name string) (fs.File, error) {
	if strings.HasSuffix(name, f.name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: os.ErrPermission}
	}
	return f.MapFS.Open(name)
}
