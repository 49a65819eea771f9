package registry_test

import (
	"encoding/json"
	"os/exec"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

// inventory has a file of each form.
func inventory() (*registrytest.Hive, []registry.AmcacheFile) {
	files := []registry.AmcacheFile{
		{
			Key: `Root\InventoryApplicationFile\up.exe|5d1b2c9f3a8e7d60`, LastWrite: when, Path: `c:\data\up.exe`, SHA1: strings.Repeat("a1", 20), Size: 70_000_000_000,
			Linked: time.Date(2019, 2, 21, 16, 0, 0, 0, time.UTC), Publisher: "contoso", Product: "updater", Version: "1.0", ProgramID: "0006x", Executable: true, System: true,
		},
		{
			Key: `Root\File\ccbe4c57-0000-0000-0000-100000000000\100001605a`, LastWrite: when, Path: `C:\data\Old.exe`, SHA1: strings.Repeat("0b", 20), Size: 4096,
			Linked: time.Date(2017, 3, 4, 5, 6, 7, 0, time.UTC), Created: when.AddDate(0, 0, -1), Modified: when.AddDate(0, 0, -2), Publisher: "Contoso", Product: "Old", Version: "2", ProgramID: "0006y",
		},
		{Key: `Root\File\ccbe4c57-0000-0000-0000-100000000000\2`, LastWrite: when},
	}
	h := &registrytest.Hive{Name: "Amcache.hve"}
	for _, f := range files {
		h.SetAmcache(f)
	}
	return h, files
}

func TestAmcacheFiles(t *testing.T) {
	h, want := inventory()
	r := read(t, write(t, *h))
	if r.Type() != registry.Amcache {
		t.Errorf("type %s", r.Type())
	}
	var got []registry.AmcacheFile
	for f, err := range registry.AmcacheFiles(r) {
		if err != nil {
			t.Error(err)
		}
		if f.Offset <= 0 {
			t.Errorf("offset %d", f.Offset)
		}
		f.Offset = 0
		got = append(got, f)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	for range registry.AmcacheFiles(r) {
		break
	}
	for f, err := range registry.AmcacheFiles(read(t, write(t, plain(5)))) {
		t.Errorf("in another hive: %+v, %v", f, err)
	}
}

// Drivers have their path, or in early versions their hash, in the name of the key.
func TestAmcacheDrivers(t *testing.T) {
	const sum = "00bfdc73947cd278ffacb926ca13d8a1e62aa93d"
	h := &registrytest.Hive{Name: "Amcache.hve"}
	h.Set(`Root\InventoryDriverBinary\0000`+sum, when, registrytest.SZ("DriverName", "old.sys"), registrytest.DWord("DriverTimeStamp", 1364333814), registrytest.SZ("DriverCompany", "Old Company"))
	h.Set(`Root\InventoryDriverBinary\c:/windows/system32/drivers/new.sys`, when, registrytest.SZ("DriverName", "new.sys"), registrytest.SZ("DriverId", "0000"+sum),
		registrytest.SZ("DriverLastWriteTime", "02/21/2019 16:00:00"), registrytest.SZ("Product", "New"), registrytest.SZ("DriverVersion", "1.2"), registrytest.SZ("Service", "newsvc"))
	var got []registry.AmcacheFile
	for f, err := range registry.AmcacheDrivers(read(t, write(t, *h))) {
		if err != nil {
			t.Error(err)
		}
		f.Offset = 0
		got = append(got, f)
	}
	want := []registry.AmcacheFile{
		{Key: `Root\InventoryDriverBinary\0000` + sum, LastWrite: when, Path: "old.sys", SHA1: sum, Linked: time.Unix(1364333814, 0).UTC(), Publisher: "Old Company"},
		{Key: `Root\InventoryDriverBinary\c:/windows/system32/drivers/new.sys`, LastWrite: when, Path: `c:\windows\system32\drivers\new.sys`, SHA1: sum,
			Modified: time.Date(2019, 2, 21, 16, 0, 0, 0, time.UTC), Product: "New", Version: "1.2", Service: "newsvc"},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

// A hash that is not one, and other values of another type, are left out.
func TestAmcacheFileWithOddValues(t *testing.T) {
	h := &registrytest.Hive{Name: "Amcache.hve"}
	h.Set(`Root\InventoryApplicationFile\x`, when, registrytest.SZ("FileId", "0000xyz"), registrytest.Binary("Size", []byte{1, 2, 3}),
		registrytest.SZ("LinkDate", "yesterday"), registrytest.DWord("LowerCaseLongPath", 7), registrytest.SZ("Publisher", "P"))
	h.Set(`Root\InventoryApplicationFile\y`, when, registrytest.SZ("Size", "0x7fab0"))
	var got []registry.AmcacheFile
	for f, err := range registry.AmcacheFiles(read(t, write(t, *h))) {
		if err != nil {
			t.Error(err)
		}
		f.Offset = 0
		got = append(got, f)
	}
	want := []registry.AmcacheFile{
		{Key: `Root\InventoryApplicationFile\x`, LastWrite: when, Publisher: "P"}, {Key: `Root\InventoryApplicationFile\y`, LastWrite: when, Size: 0x7fab0},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

// Regipy's plugin reads the same from real hives. Its times are of floating point, and off by up to a
// microsecond.
func TestRegipyReadsTheSameAmcache(t *testing.T) {
	python := testenv.Python(t, "regipy")
	const script = `
import sys, json, logging
logging.disable(50)
from regipy.registry import RegistryHive
from regipy.plugins.amcache.amcache import AmCachePlugin
p = AmCachePlugin(RegistryHive(sys.argv[1]), as_json=True)
p.run()
print(json.dumps([[e.get("full_path") or e.get("lower_case_long_path") or "", e.get("sha1") or "", e.get("timestamp")] for e in p.entries]))
`
	for _, name := range []string{testenv.Corpus(t, "registry/regipy_amcache.hve"), testenv.UnpackedSample(t, "traces/amcache/win10-Amcache.hve.zst"), testenv.UnpackedSample(t, "traces/amcache/plaso-Amcache.hve.zst")} {
		out, err := exec.Command(python, "-c", script, name).Output()
		if err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		var entries [][3]string
		if err := json.Unmarshal(out, &entries); err != nil {
			t.Fatal(err)
		}
		want := map[[3]string]int{}
		for _, e := range entries {
			at, err := time.Parse(time.RFC3339Nano, e[2])
			if err != nil {
				t.Fatal(err)
			}
			want[[3]string{e[0], e[1], at.UTC().Round(time.Second).String()}]++
		}
		r, err := registry.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for f, err := range registry.AmcacheFiles(r) {
			if err != nil {
				t.Error(err)
			}
			n++
			want[[3]string{f.Path, f.SHA1, f.LastWrite.Round(time.Second).String()}]--
		}
		for e, left := range want {
			if left != 0 {
				t.Errorf("%s: %v: %d more in regipy", name, e, left)
			}
		}
		t.Logf("%s: %d files", name, n)
		r.Close()
	}
}
