package registry_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

// autostartsIn returns the autostarts of a hive file, as it is.
func autostartsIn(t *testing.T, file string) (list []registry.Autostart) {
	t.Helper()
	r, err := registry.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	for a, err := range registry.Autostarts(r) {
		if err == nil {
			list = append(list, a)
		}
	}
	return list
}

// Whatever dissect lists of real hives is listed here, at the same key.
func TestAutostartsBesideDissect(t *testing.T) {
	if testing.Short() {
		t.Skip("runs another tool")
	}
	tool := testenv.Tool(t, "target-query")
	system, user, classes := testenv.Corpus(t, "registry/regipy_SYSTEM_B"), testenv.Corpus(t, "registry/regipy_NTUSER.DAT"), testenv.Corpus(t, "registry/regipy_UsrClass.dat")
	software := registrytest.Hive{Name: "SOFTWARE"} // with what dissect needs
	const nt = `Microsoft\Windows NT\CurrentVersion`
	software.Set(nt, when, registrytest.SZ("CurrentVersion", "6.1"), registrytest.SZ("SystemRoot", `C:\Windows`), registrytest.SZ("ProductName", "Windows"))
	software.Set(nt+`\ProfileList\S-1-5-21-1-2-3-1001`, when, registrytest.SZ("ProfileImagePath", `C:\Users\x`))
	dir := t.TempDir()
	place := func(name string, data []byte) {
		name = filepath.Join(dir, "sysvol", filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var ours []registry.Autostart
	for name, file := range map[string]string{"windows/system32/config/system": system, "users/x/ntuser.dat": user, "users/x/appdata/local/microsoft/windows/usrclass.dat": classes} {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		place(name, data)
		ours = append(ours, autostartsIn(t, file)...)
	}
	place("windows/system32/config/software", write(t, software))
	out, err := exec.Command(tool, "-q", dir, "-j", "-f",
		"services,runkeys,clsid.user,knowndlls,sessionmanager,alternateshell,bootshell,filerenameop,winsocknamespaceprovider").Output()
	if err != nil && len(out) == 0 {
		t.Fatal(err)
	}
	n := map[string]int{}
	for line := range strings.Lines(string(out)) {
		var theirs struct {
			Type        string          `json:"_type"`
			Descriptor  []any           `json:"_recorddescriptor"`
			Key         string          `json:"regf_key_path"`
			Name        string          `json:"name"`
			Path        string          `json:"path"`
			Value       string          `json:"value"`
			LibraryPath string          `json:"librarypath"`
			Command     json.RawMessage `json:"command"`
			ServiceDll  string          `json:"servicedll"`
			ObjectName  string          `json:"objectname"`
		}
		if err := json.Unmarshal([]byte(line), &theirs); err != nil || theirs.Type != "record" {
			continue
		}
		kind := theirs.Descriptor[0].(string)
		n[kind]++
		var run struct{ Executable string }
		json.Unmarshal(theirs.Command, &run)
		want := strings.Join([]string{theirs.Path, theirs.Value, theirs.LibraryPath, run.Executable}, "")
		found := false
		for _, a := range ours {
			if kind == "windows/service" {
				dll := theirs.ServiceDll == "" || strings.EqualFold(a.ServiceDll, theirs.ServiceDll) || winpath.SameName(winpath.Base(a.ServiceDll), winpath.Base(theirs.ServiceDll))
				found = found || winpath.SameName(a.Name, theirs.Name) && dll && a.ObjectName == theirs.ObjectName
				continue
			}
			found = found || winpath.SameName(a.Location, theirs.Key) && strings.Contains(strings.ReplaceAll(winpath.FoldName(a.Command), `"`, ""), strings.ReplaceAll(winpath.FoldName(want), `"`, ""))
		}
		if !found {
			t.Errorf("only dissect lists %s", line)
		}
	}
	if n["windows/service"] < 600 || len(n) < 8 {
		t.Errorf("dissect lists %v, want more", n)
	}
	t.Logf("dissect's rows: %v; ours: %d", n, len(ours))
}

// Whatever regipy lists of the Run keys of real accounts is listed here, with the same
// command. (Of PendingFileRenameOperations it drops the empty strings, so that it takes
// two deletions for a rename.)
func TestAutostartsBesideRegipy(t *testing.T) {
	python := testenv.Python(t, "regipy")
	const script = `
import sys, json
from regipy.registry import RegistryHive
from regipy.plugins.ntuser.persistence import NTUserPersistencePlugin
p = NTUserPersistencePlugin(RegistryHive(sys.argv[1]), as_json=True)
p.run()
print(json.dumps(p.entries, default=str))`
	n := 0
	for _, file := range []string{testenv.Corpus(t, "registry/regipy_NTUSER.DAT"), testenv.Corpus(t, "registry/notatin_NTUSER.DAT"), testenv.Corpus(t, "registry/regipy_NTUSER_modified.DAT"),
		testenv.Corpus(t, "registry/regipy_transactions_NTUSER.DAT"), testenv.Sample(t, "hives/plaso_NTUSER-WIN7.DAT"), testenv.Sample(t, "hives/plaso_NTUSER-RunTests.DAT")} {
		out, err := exec.Command(python, "-c", script, file).Output()
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		var theirs map[string]struct {
			Values []struct{ Name, Value string }
		}
		if err := json.Unmarshal(out, &theirs); err != nil {
			t.Fatal(err)
		}
		ours := autostartsIn(t, file)
		for key, k := range theirs {
			for _, v := range k.Values {
				n++
				found := false
				for _, a := range ours {
					found = found || `\`+a.Location == key && a.Name == v.Name && a.Command == v.Value
				}
				if !found {
					t.Errorf("%s: only regipy lists %s %s = %s", filepath.Base(file), key, v.Name, v.Value)
				}
			}
		}
	}
	if n < 9 {
		t.Errorf("regipy lists %d values, want at least 9", n)
	}
}
