package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/birthmark-dfir/birthmark/internal/cli"
	"github.com/birthmark-dfir/birthmark/pe"
	"github.com/birthmark-dfir/birthmark/pe/petest"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

// A shell in the place of a program that the logon screen starts is listed, and the programs
// of Windows in their places are not.
func TestReplacedOnTheLogonScreen(t *testing.T) {
	dir := triage(t, map[string]registrytest.Hive{"C/Windows/System32/config/SOFTWARE": {}})
	for name, original := range map[string]string{"sethc.exe": "Cmd.Exe", "Utilman.exe": "utilman2.exe", "osk.exe": "osk.exe", "cmd.exe": "Cmd.Exe"} {
		data, err := petest.Image{Version: pe.VersionInfo{CompanyName: "Microsoft Corporation", OriginalFilename: original}}.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "C", "Windows", "System32", name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "C", "Windows", "System32", "magnify.exe"), []byte("not a program"), 0o600); err != nil {
		t.Fatal(err)
	}
	out, problems := autoruns(t, cli.Done, "-format", "jsonl", "-verify", dir)
	rows := rowsOf(t, out)
	r := rows["sethc.exe"]
	if len(rows) != 1 || problems != noCatalogs || r.Category != "logon-screen" || r.Path != `C:\Windows\System32\sethc.exe` || r.Triggers != "pressing Shift five times" ||
		r.Shadows != "sethc.exe of Windows, and it claims to have been built as Cmd.Exe" || r.SHA256 == "" || r.Verdict != "unsigned" {
		t.Errorf("%s\n%s", out, problems)
	}
}
