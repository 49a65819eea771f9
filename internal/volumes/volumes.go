// Package volumes opens evidence for the programs, with the drive letters that
// Windows itself gave the volumes.
package volumes

import (
	"io/fs"

	"github.com/birthmark-dfir/birthmark/evidence"
	"github.com/birthmark-dfir/birthmark/registry"
)

// Open opens evidence and assigns drive letters as the MountedDevices key of the
// first SYSTEM hive says. Without such a hive the letters stay as evidence.Open
// assigned them: what cannot be read here, the program reports when it reads the
// hive for its own purpose.
func Open(name string) (*evidence.Evidence, error) {
	ev, err := evidence.Open(name)
	if err != nil {
		return nil, err
	}
	for _, vol := range ev.Volumes() {
		if devices := mountedDevices(vol.FS); len(devices) > 0 {
			ev.AssignLetters(devices)
			break
		}
	}
	return ev, nil
}

// mountedDevices returns the values of MountedDevices by name, nil when there
// are none.
func mountedDevices(vol fs.FS) map[string][]byte {
	hive, err := registry.OpenFS(vol, "Windows/System32/config/SYSTEM")
	if err != nil {
		return nil
	}
	key, err := hive.OpenKey("MountedDevices")
	if err != nil {
		return nil
	}
	devices := map[string][]byte{}
	for v, err := range key.Values() {
		if err != nil {
			continue
		}
		if data, err := v.Data(); err == nil {
			devices[v.Name] = data
		}
	}
	return devices
}
