package evidence

import (
	"errors"
	"fmt"
	"io/fs"
	"path"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/fsfile"
	"github.com/birthmark-dfir/birthmark/registry"
)

// systemHive is the hive in which Windows records the drive letters of its volumes.
const systemHive = "Windows/System32/config/SYSTEM"

// The hive comes from the evidence, and Open, New and OpenFS all read it. These
// limits keep that quick.
const (
	maxSystemHive     = 64 << 20 // bytes read of the hive; a large one in practice has 30 MiB
	maxDevices        = 4096     // values of MountedDevices
	maxDeviceProblems = 16
)

// mountedDevices returns the values of the key MountedDevices of the Windows
// installed on a volume, by name, or nil. What cannot be read becomes a problem.
func (e *Evidence) mountedDevices(v *Volume) map[string][]byte {
	name := e.name + ": " + v.WindowsPath(systemHive)
	note := func(kind damage.Kind, err error) {
		e.problems = append(e.problems, damage.Note(kind, err, name, "MountedDevices"))
	}
	f, err := fsfile.Open(v.FS, systemHive)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			note(damage.Malformed, err)
		}
		return nil
	}
	defer f.Close()
	if f.Size > maxSystemHive {
		note(damage.Limit, damage.New("size of the hive", -1, f.Size,
			fmt.Sprintf("≤ %d; drive letters are read from its first %d MiB", maxSystemHive, maxSystemHive>>20)))
	}
	logs, closeLogs := logsOf(v.FS, systemHive)
	defer closeLogs()
	hive, err := registry.NewReader(f, min(f.Size, maxSystemHive), registry.WithName(name), registry.WithLogs(logs...))
	if err != nil {
		note(damage.Malformed, err)
		return nil
	}
	key, err := hive.OpenKey("MountedDevices")
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) || damage.Is(err) {
			note(damage.Malformed, err)
		}
		return nil
	}
	devices := map[string][]byte{}
	values, failed, size := 0, 0, 0
	for value, err := range key.Values() {
		var data []byte
		if err == nil {
			data, err = value.Data()
		}
		if err != nil {
			if failed++; failed <= maxDeviceProblems {
				note(damage.Malformed, err)
			}
			continue
		}
		values++
		size += len(data)
		if values > maxDevices || size > maxSystemHive {
			note(damage.Limit, damage.New("values", -1, "more", fmt.Sprintf("≤ %d values and %d bytes", maxDevices, maxSystemHive)))
			break
		}
		devices[value.Name] = data
	}
	if more := failed - maxDeviceProblems; more > 0 {
		note(damage.Malformed, damage.New("values", -1, fmt.Sprintf("%d more that cannot be read", more), nil))
	}
	return devices
}

// logsOf opens the transaction logs beside a hive, which may have its newest state. One
// that cannot be opened is left out: this is about drive letters, and whoever reads the
// hive itself reports its logs.
func logsOf(fsys fs.FS, hive string) (logs []registry.Log, closeAll func()) {
	var files []*fsfile.File
	entries, err := fs.ReadDir(fsys, path.Dir(hive))
	if err != nil {
		return nil, func() {}
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	for _, name := range registry.LogNames(path.Base(hive), names) {
		f, err := fsfile.Open(fsys, path.Join(path.Dir(hive), name))
		if err != nil {
			continue
		}
		files = append(files, f)
		logs = append(logs, registry.Log{Name: name, ReaderAt: f, Size: min(f.Size, maxSystemHive)})
	}
	return logs, func() {
		for _, f := range files {
			f.Close()
		}
	}
}
