package examples_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/evtx/evtxtest"
	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
	"github.com/birthmark-dfir/birthmark/pe/petest"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

// A folder of sound artifacts also holds one that is damaged beyond reading: the
// programs that would read it say so, and go on.
func TestNothingThatLooksLikeEvidenceIsPassedOver(t *testing.T) {
	exe, err1 := petest.Image{}.Bytes()
	log, err2 := evtxtest.Bytes(&evtx.Security4624{System: evtx.System{TimeCreated: time.Unix(0, 0)}, IpAddress: "203.0.113.9"})
	var software registrytest.Hive
	software.Set(`Microsoft\Windows\CurrentVersion\Run`, time.Unix(0, 0), registrytest.SZ("Updater", "u.exe"))
	hive, err3 := software.Bytes()
	volume, err4 := mfttest.Volume{}.Bytes()
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		t.Fatal(err)
	}
	v, err := mft.NewVolume(bytes.NewReader(volume), int64(len(volume)))
	if err != nil {
		t.Fatal(err)
	}
	table, err := fs.ReadFile(v, "$MFT")
	if err != nil {
		t.Fatal(err)
	}
	sound := map[string][]byte{"sound/a.bin": exe, "sound/b.bin": log, "sound/c.bin": hive, "sound/d.bin": table}
	for name, programs := range map[string]string{
		"Security.evtx":  "evtxdump supertimeline",
		"SecEvent.Evt":   "evtxdump supertimeline",
		"NTUSER.DAT":     "autoruns supertimeline",
		"system":         "autoruns supertimeline",
		"$MFT":           "mftdump supertimeline",
		"c.mft":          "mftdump supertimeline",
		"u_ex260302.log": "supertimeline",
		"tool.exe":       "sigcheck",
		"driver.SYS":     "sigcheck",
	} {
		dir := t.TempDir()
		for file, content := range sound {
			put(t, filepath.Join(dir, filepath.FromSlash(file)), content)
		}
		put(t, filepath.Join(dir, "lost", name), make([]byte, 8192))
		for _, program := range []string{"autoruns", "evtxdump", "mftdump", "sigcheck", "supertimeline"} {
			code, out, stderr := run(t, dir, program, ".")
			reads := strings.Contains(" "+programs+" ", " "+program+" ")
			if code != 0 || out == "" || strings.Contains(stderr, name) != reads {
				t.Errorf("%s of a folder with a lost %s: exit code %d, %d bytes; says so: %v, want %v: %s", program, name, code, len(out), !reads, reads, stderr)
			}
		}
	}
}

func put(t *testing.T, name string, content []byte) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, content, 0o600)); err != nil {
		t.Fatal(err)
	}
}
