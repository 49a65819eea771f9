package registry_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

// What registrytest writes is read back, but for what a version does not have.
func TestShimCache(t *testing.T) {
	entries := []registry.ShimCacheEntry{
		{Path: `C:\Windows\a.exe`, Modified: when, Updated: when.AddDate(0, 0, 1), Size: 40_960, Executed: registry.ExecutedYes},
		{Path: `\??\C:\ü.exe`, Modified: when.AddDate(1, 0, 0), Size: 4_096, Executed: registry.ExecutedNo},
	}
	for _, version := range registrytest.ShimCacheVersions {
		data, err := registrytest.ShimCache(version, entries...)
		if err != nil {
			t.Fatal(err)
		}
		got, err := registry.ShimCache(data)
		if err != nil || len(got) != len(entries) {
			t.Errorf("%s: %d entries, %v", version, len(got), err)
			continue
		}
		for i, e := range entries {
			if version != "XP" {
				e.Updated = got[i].Updated.UTC()
			}
			if version != "XP" && !strings.HasPrefix(version, "2003") {
				e.Size = 0
			}
			if version == "XP" || strings.HasPrefix(version, "2003") || strings.HasPrefix(version, "10") {
				e.Executed = registry.ExecutedUnknown
			}
			if e.Offset = got[i].Offset; !reflect.DeepEqual(got[i], e) {
				t.Errorf("%s: entry %d\ngot  %+v\nwant %+v", version, i, got[i], e)
			}
		}
		if data, _ = registrytest.ShimCache(version); version != "8" && version != "8.1" {
			if list, err := registry.ShimCache(data); err != nil || len(list) > 0 {
				t.Errorf("%s, empty: %v, %v", version, list, err)
			}
		}
	}
	if _, err := registrytest.ShimCache("95"); err == nil {
		t.Error("a cache of Windows 95 was written")
	}
}

// Entries of Windows 8 are read with and without the name of a package.
func TestShimCacheOfWindows8(t *testing.T) {
	entries := []registry.ShimCacheEntry{{Path: `C:\a.exe`, Modified: when, Executed: registry.ExecutedYes}, {Path: `C:\b.exe`, Modified: when}}
	packaged, err := registrytest.ShimCache("8.1", entries...)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := registrytest.ShimCache("8", entries...)
	if err != nil {
		t.Fatal(err)
	}
	packaged = bytes.ReplaceAll(packaged, []byte("10ts"), []byte("00ts"))
	if len(packaged) != len(plain)+4 {
		t.Errorf("%d bytes with the names, %d without", len(packaged), len(plain))
	}
	for _, data := range [][]byte{packaged, plain} {
		got, err := registry.ShimCache(data)
		if err != nil || len(got) != 2 || !got[1].Modified.Equal(when) || got[0].Executed != registry.ExecutedYes || got[1].Executed != registry.ExecutedNo {
			t.Errorf("%+v, %v", got, err)
		}
	}
}

// Entries up to the damaged one are read.
func TestShimCacheDamaged(t *testing.T) {
	a, b := registry.ShimCacheEntry{Path: `C:\Windows\a.exe`}, registry.ShimCacheEntry{Path: `C:\b.exe`}
	of := func(version string, change func(b []byte) []byte) []byte {
		data, err := registrytest.ShimCache(version, a, b)
		if err != nil {
			t.Fatal(err)
		}
		return change(data)
	}
	long, err := registrytest.ShimCache("7 x64", make([]registry.ShimCacheEntry, 2000)...)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 2000 { // all entries have the same path
		binary.LittleEndian.PutUint16(long[128+48*i:], 60_000)
		binary.LittleEndian.PutUint32(long[128+48*i+8:], 100)
	}
	for _, tt := range []struct {
		name  string
		data  []byte
		paths int
		err   string
	}{
		{"cut off", of("10 1703", func(b []byte) []byte { return b[:len(b)-5] }), 1, "size of the entry at 0x"},
		{"another mark", of("10", func(b []byte) []byte { b[len(b)-30] = 'x'; return b }), 1, ""},
		{"a path outside", of("7 x64", func(b []byte) []byte { binary.LittleEndian.PutUint32(b[128+48+8:], 1<<31); return b }), 1, "offset of the path at 0xb8"},
		{"too many", of("7", func(b []byte) []byte { return b[:128+40] }), 0, "offset of the path at 0x84"},
		{"too many of XP", of("XP", func(b []byte) []byte { return b[:400+552] }), 1, "number of entries at 0x8"},
		{"entries that share a path", long, 1, "size of the path at 0xb0"},
		{"nothing", nil, 0, "cache at 0x0"},
		{"another version", []byte{1, 2, 3, 4, 5, 6, 7, 8}, 0, "unknown version"},
	} {
		list, err := registry.ShimCache(tt.data)
		if len(list) != tt.paths && tt.name != "another mark" || (err == nil) != (tt.err == "") && tt.name != "another mark" || err != nil && !strings.Contains(err.Error(), tt.err) {
			t.Errorf("%s: %d entries, %v", tt.name, len(list), err)
		}
	}
	if _, err := registry.ShimCache([]byte{1, 2, 3, 4, 5, 6, 7, 8}); !errors.Is(err, registry.ErrShimCacheVersion) {
		t.Error(err)
	}
}

// The caches of AppCompatCacheParser's tests, with what these expect. Only some of them are
// among the samples; the others are in the folder that BIRTHMARK_SHIMCACHE names.
func TestShimCacheOfAppCompatCacheParser(t *testing.T) {
	type expected struct {
		entry    int
		path     string
		executed registry.Executed
	}
	for name, tt := range map[string]struct {
		count int
		some  []expected
	}{
		"WinXPx86":       {17, []expected{{0, "msoobe.exe", ""}, {2, "agentsvr.exe", ""}, {8, "NETSHELL.dll", ""}}},
		"Win2k8Standard": {873, []expected{{0, "raw_agent_svc.exe", "yes"}, {2, "mmc.exe", "yes"}, {5, "SCW.exe", "no"}, {337, "MSExchangeTransport.exe", "yes"}}},
		"win7x86":        {91, []expected{{0, "LogonUI.exe", "yes"}, {8, "wmplayer.exe", "no"}, {89, "reg.exe", "yes"}, {90, "SETUPUGC.EXE", "yes"}}},
		"win7x64":        {304, []expected{{0, "wuauclt.exe", "yes"}, {7, "chrome.exe", "no"}, {300, "chrmstp.exe", "yes"}}},
		"Win80":          {104, []expected{{0, "LogonUI.exe", "yes"}, {2, "EditPadLite7.exe", "yes"}, {101, "WWAHost.exe", "no"}}},
		"Win81":          {1024, []expected{{0, "java.exe", "yes"}, {2, "SpotifyHelper.exe", "yes"}, {1023, "setup.exe", "yes"}}},
		"Win10":          {350, []expected{{0, "vds.exe", ""}, {337, "Ngen.exe", ""}, {349, "services.exe", ""}}},
		"Win10Creators":  {506, []expected{{0, "nvstreg.exe", ""}, {7, "ISBEW64.exe", ""}, {349, "SLUI.exe", ""}}},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(os.Getenv("BIRTHMARK_SHIMCACHE"), name+".bin")
			if os.Getenv("BIRTHMARK_SHIMCACHE") == "" {
				file = testenv.Sample(t, "traces/shimcache/"+name+".bin")
			}
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			list, err := registry.ShimCache(data)
			if err != nil || len(list) != tt.count {
				t.Fatalf("%d entries, %v, want %d", len(list), err, tt.count)
			}
			for _, want := range tt.some {
				if e := list[want.entry]; !strings.HasSuffix(e.Path, want.path) || e.Executed != want.executed {
					t.Errorf("entry %d: %+v, want %+v", want.entry, e, want)
				}
			}
		})
	}
}

func FuzzShimCache(f *testing.F) {
	for _, version := range registrytest.ShimCacheVersions {
		data, err := registrytest.ShimCache(version, registry.ShimCacheEntry{Path: "a"}, registry.ShimCacheEntry{Path: "b"})
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		list, _ := registry.ShimCache(data)
		size := 0
		for _, e := range list {
			size += len(e.Path)
		}
		if size > 3*len(data)+64 {
			t.Fatalf("%d bytes of paths from %d", size, len(data))
		}
	})
}
