package origintest_test

import (
	"bytes"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/origin/origintest"
)

// ask runs an independent tool and returns what it prints.
func ask(t *testing.T, tool string, args ...string) string {
	t.Helper()
	var problems bytes.Buffer
	cmd := exec.Command(testenv.Tool(t, tool), args...)
	cmd.Stderr = &problems
	out, err := cmd.Output()
	if err != nil {
		t.Errorf("%s %q: %v: %s", tool, args, err, &problems)
	}
	return string(out)
}

// Other tools read the machine as this module does: they find the partition, the
// files and their streams, the records of the logs, the keys of the hives.
func TestOtherToolsReadTheScenario(t *testing.T) {
	s := origintest.SQLServer()
	image, err := s.Image()
	if err != nil {
		t.Fatal(err)
	}
	volume, err := s.Volume()
	if err != nil {
		t.Fatal(err)
	}
	artifacts, err := s.Artifacts()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	save := func(name string, data []byte) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	says := func(t *testing.T, out string, want ...string) {
		t.Helper()
		for _, w := range want {
			if !strings.Contains(out, w) {
				t.Errorf("does not say %q:\n%s", w, out)
			}
		}
	}

	t.Run("fls", func(t *testing.T) {
		out := ask(t, "mmls", save("disk.raw", image))
		var start string
		for line := range strings.SplitSeq(out, "\n") {
			if f := strings.Fields(line); len(f) > 5 && strings.Contains(line, "NTFS") {
				start = f[2] // of the last one, which is C:
			}
		}
		out = ask(t, "fls", "-o", start, "-r", "-p", filepath.Join(dir, "disk.raw"))
		says(t, out, "ProgramData/USOShared/sqlserver.exe\n", "ProgramData/USOShared/sqlserver.exe:Zone.Identifier", "ProgramData/USOShared/sqlhelper.dll",
			"MSSQL/Binn/sqlservr.exe", "Users/svcadmin/Downloads/7z2409-x64.exe:Zone.Identifier")
		for name := range artifacts {
			says(t, out, name)
		}
	})
	t.Run("ntfsfix", func(t *testing.T) { ask(t, "ntfsfix", "-n", save("c.raw", volume)) })
	t.Run("evtxexport", func(t *testing.T) {
		for name, want := range map[string][]string{
			"Security": {"4624", "4688", "4697", "certutil.exe"}, "System": {"7045"}, "Microsoft-Windows-Sysmon%4Operational": {"certutil.exe"},
			"Microsoft-Windows-TerminalServices-RemoteConnectionManager%4Operational": {"1149", "203.0.113.77"},
		} {
			log := artifacts["Windows/System32/winevt/Logs/"+name+".evtx"]
			says(t, ask(t, "evtxexport", "-f", "xml", save("log.evtx", log)), want...)
			if out := ask(t, "evtxexport", filepath.Join(dir, "log.evtx")); strings.Contains(out, "Unable to export") {
				t.Errorf("%s: as text:\n%s", name, out)
			}
		}
	})
	t.Run("reglookup", func(t *testing.T) {
		for name, data := range artifacts {
			if !strings.Contains(name, "/config/") && path.Base(name) != "NTUSER.DAT" {
				continue
			}
			out := ask(t, "reglookup", save("hive", data))
			switch path.Base(name) {
			case "SYSTEM":
				says(t, out, "/ControlSet001/Services/SQLServerSvc/ImagePath,EXPAND_SZ", "/MountedDevices/")
			case "SAM":
				says(t, out, "/SAM/Domains/Account/Users/Names/portaladmin")
			case "SOFTWARE":
				says(t, out, "/Microsoft/Windows/CurrentVersion/Run/SQLServerUpdate,SZ")
			}
		}
	})
}
