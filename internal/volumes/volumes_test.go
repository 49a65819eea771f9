package volumes

import (
	"encoding/binary"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/mft/mfttest"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

// disk writes a disk with a volume for data and one that holds Windows, whose
// registry calls them by these letters; "" leaves the registry out.
func disk(t *testing.T, data, windows string) string {
	t.Helper()
	const mib = 1 << 20
	first, err := mfttest.Volume{Files: []mfttest.File{{Path: "data.txt", Data: []byte("data")}}}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	second := mib + (len(first)+mib-1)/mib*mib
	files := []mfttest.File{{Path: "Windows/System32/cmd.exe", Data: []byte("MZ")}}
	if windows != "" {
		device := func(start int) []byte {
			const signature = 0x4b524d42 // of mfttest.Disk
			return binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint32(nil, signature), uint64(start))
		}
		var hive registrytest.Hive
		hive.Set("MountedDevices", time.Time{},
			registrytest.Binary(`\DosDevices\`+data+`:`, device(mib)),
			registrytest.Binary(`\DosDevices\`+windows+`:`, device(second)))
		system, err := hive.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, mfttest.File{Path: "Windows/System32/config/SYSTEM", Data: system})
	}
	system, err := mfttest.Volume{Files: files}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	image, err := mfttest.Disk(mfttest.Partition{Data: first}, mfttest.Partition{Data: system})
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "disk.raw")
	if err := os.WriteFile(name, image, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestLetters(t *testing.T) {
	for _, tt := range []struct {
		name, data, windows string // letters in the registry
		path, volume        string // a path, and where it leads
	}{
		{"as the registry says", "C", "E", `E:\Windows\System32\cmd.exe`, "partition 2"},
		{"as the registry says, data on C:", "C", "E", `C:\data.txt`, "partition 1"},
		{"without a registry, Windows is on C:", "", "", `C:\Windows\System32\cmd.exe`, "partition 2"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			ev, err := Open(disk(t, tt.data, tt.windows))
			if err != nil {
				t.Fatal(err)
			}
			defer ev.Close()
			vol, name, err := ev.Resolve(tt.path)
			if err != nil {
				t.Fatal(err)
			}
			if got := vol.WindowsPath(name); vol.Name != tt.volume || got != tt.path {
				t.Errorf("%s on %s, want %s on %s", got, vol.Name, tt.path, tt.volume)
			}
		})
	}
	if _, err := Open(filepath.Join(t.TempDir(), "absent")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("absent evidence: %v", err)
	}
}
