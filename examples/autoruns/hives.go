package main

import (
	"io/fs"
	"path"
	"strings"

	"github.com/birthmark-dfir/birthmark/evidence"
	"github.com/birthmark-dfir/birthmark/internal/artifact"
)

// hive is a hive in a volume.
type hive struct {
	path string // in the volume's FS
	name string // for people
	user string // whose it is, or "" if its place does not name a user
}

// places are the paths of the hives from which Windows starts programs. A * matches
// the name of an account's folder, which becomes the user.
var places = []struct{ pattern, user string }{
	{"Windows/System32/config/SYSTEM", ""},
	{"Windows/System32/config/SOFTWARE", ""},
	{"Windows/System32/config/DEFAULT", "S-1-5-18"},
	{"Windows/ServiceProfiles/*/NTUSER.DAT", "*"},
	{"Users/*/NTUSER.DAT", "*"},
	{"Documents and Settings/*/NTUSER.DAT", "*"},
}

// findHives returns the hives of a volume. On a volume with Windows these are the
// hives in their places; on any other, such as a folder of hives, all files that
// are hives.
func findHives(vol *evidence.Volume) ([]hive, error) {
	if _, err := fs.Stat(vol.FS, "Windows/System32/config"); err != nil {
		return searchHives(vol)
	}
	var hives []hive
	for _, place := range places {
		folder, file, _ := strings.Cut(place.pattern, "/*/")
		if file == "" {
			hives = appendHive(hives, vol, folder, place.user)
			continue
		}
		entries, err := fs.ReadDir(vol.FS, folder)
		if err != nil {
			continue // not on every machine
		}
		for _, e := range entries {
			if e.IsDir() { // old names of folders are links, and would repeat hives
				hives = appendHive(hives, vol, path.Join(folder, e.Name(), file), e.Name())
			}
		}
	}
	return hives, nil
}

func appendHive(hives []hive, vol *evidence.Volume, name, user string) []hive {
	if _, err := fs.Stat(vol.FS, name); err != nil {
		return hives
	}
	return append(hives, hive{name, vol.WindowsPath(name), user})
}

// searchHives returns every file that looks like a hive: by its content, or by its
// name. So a hive that cannot be read is reported.
func searchHives(vol *evidence.Volume) ([]hive, error) {
	var hives []hive
	err := fs.WalkDir(vol.FS, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || !artifact.Is(artifact.Registry, vol.FS, name) {
			return nil // the evidence's problems have what cannot be listed
		}
		shown := name
		if vol.Kind != evidence.Artifact {
			shown = vol.WindowsPath(name)
		}
		hives = append(hives, hive{path: name, name: shown})
		return nil
	})
	return hives, err
}
