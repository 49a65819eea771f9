package main

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/cli"
	"github.com/birthmark-dfir/birthmark/pe"
	"github.com/birthmark-dfir/birthmark/pe/petest"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

const noCatalogs = `autoruns: C:\Windows\System32\CatRoot has no catalogs: files of Windows that only a catalog signs are unsigned here` + "\n"

// A file without a signature of its own is signed if a catalog lists it. A catalog proves
// nothing if its signature does not match it, or if its certificate issued itself.
func TestVerifyCatalogs(t *testing.T) {
	windows := petest.Signature{Signer: petest.NewCA("Test Root").Issue("Test Windows"), SigningTime: when}
	own := petest.Signature{Signer: &petest.NewCA("Microsoft Windows").Signer, SigningTime: when}
	image := func(i petest.Image) []byte {
		b, err := i.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	called := func(name string) petest.Image { return petest.Image{Version: pe.VersionInfo{ProductName: name}} }
	catalog := func(s petest.Signature, version int, files ...[]byte) []byte {
		c := petest.Catalog{Made: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Version: version, Signature: s}
		for _, f := range files {
			c.Members = append(c.Members, petest.Member{Content: f})
		}
		b, err := c.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	signed := called("signed")
	signed.Signature = petest.Signature{Signer: petest.NewCA("Other Root").Issue("Stranger"), SigningTime: when}
	files := map[string][]byte{
		"new.exe": image(called("new")), "old.exe": image(called("old")), "own.exe": image(called("own")), "changed.exe": image(called("changed")),
		"unsigned.exe": image(called("unsigned")), "both.exe": image(signed), "nowhere.exe": image(called("nowhere")), "s.vbs": []byte("a script"),
	}
	var software registrytest.Hive
	for name := range files {
		command := `C:\` + name
		if name == "s.vbs" {
			command = "wscript " + command
		}
		software.Set(current+`Run`, when, registrytest.SZ(name, command))
	}
	dir := triage(t, map[string]registrytest.Hive{"C/Windows/System32/config/SOFTWARE": software})
	for name, data := range files {
		put(t, filepath.Join(dir, "C", name), data)
	}
	changed := catalog(windows, 2, files["changed.exe"], []byte("a text"))
	for name, data := range map[string][]byte{
		"new.cat": catalog(windows, 2, files["new.exe"], files["s.vbs"], image(called("signed"))), "old.cat": catalog(windows, 1, files["old.exe"]),
		"a-own.cat": catalog(own, 2, files["new.exe"], files["own.exe"]), "unsigned.cat": catalog(petest.Signature{}, 2, files["unsigned.exe"]),
		"changed.cat": []byte(strings.Replace(string(changed), "260101000000Z", "250101000000Z", 1)),
	} {
		put(t, filepath.Join(dir, "C", "Windows", "System32", "CatRoot", "{F750E6C3-38EE-11D1-85E5-00C04FC295EE}", name), data)
	}
	out, problems := autoruns(t, cli.Done, "-format", "jsonl", "-verify", dir)
	rows := rowsOf(t, out)
	const folder = "Windows/System32/CatRoot/{F750E6C3-38EE-11D1-85E5-00C04FC295EE}/"
	const signer = "CN=Test Windows,O=Test Windows,C=US"
	for _, tt := range []struct{ name, verdict, signer, catalog string }{
		{"new.exe", "cataloged", signer, folder + "new.cat"},
		{"old.exe", "cataloged", signer, folder + "old.cat"},
		{"s.vbs", "cataloged", signer, folder + "new.cat"},
		{"own.exe", "cataloged", "CN=Microsoft Windows,O=Microsoft Windows,C=US (by its own certificate)", folder + "a-own.cat"},
		{"both.exe", "unverified", "CN=Stranger,O=Stranger,C=US", folder + "new.cat"},
		{"changed.exe", "unsigned", "", ""},
		{"unsigned.exe", "unsigned", "", ""},
		{"nowhere.exe", "unsigned", "", ""},
	} {
		if r := rows[tt.name]; r.Verdict != tt.verdict || r.Signer != tt.signer || r.Catalog != tt.catalog {
			t.Errorf("%s: %q by %q in %q, want %+v", tt.name, r.Verdict, r.Signer, r.Catalog, tt)
		}
	}
	if !strings.Contains(problems, "changed.cat: content digest at ") || strings.Count(problems, "\n") != 1 {
		t.Errorf("problems: %s", problems)
	}

	out, _ = autoruns(t, cli.Done, "-format", "jsonl", "-unsigned", dir)
	rows = rowsOf(t, out)
	for name := range files {
		_, kept := rows[name]
		if left := name == "new.exe" || name == "old.exe" || name == "both.exe"; left == kept { // the host of the script is not in the evidence
			t.Errorf("-unsigned: %s is kept: %v", name, kept)
		}
	}
}
