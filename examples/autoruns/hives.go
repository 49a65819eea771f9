package main

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/birthmark-dfir/birthmark/evidence"
	"github.com/birthmark-dfir/birthmark/internal/artifact"
	"github.com/birthmark-dfir/birthmark/internal/cli"
	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/timeline"
)

// hive is a hive in a volume.
type hive struct {
	vol  *evidence.Volume
	path string // in the volume's FS
	name string // for people
	user string // whose it is, or "" if its place does not name a user

	profile  string           // folder of its account, if its place does not show it
	packaged bool             // of a package of the Store: Windows starts nothing because of it, only the programs of the package see it
	reader   *registry.Reader // nil if it cannot be read
	opts     []registry.AutostartOption
}

const (
	configFolder  = "Windows/System32/config"
	classesOfUser = "/AppData/Local/Microsoft/Windows/UsrClass.dat"
	ofPackages    = "/AppData/Local/Packages/*/SystemAppData/Helium/"
)

// places are the paths of the hives from which Windows starts programs. A * matches
// the name of a folder; the first is that of an account, which becomes the user. Of a
// profile with an NTUSER.MAN Windows does not load the NTUSER.DAT.
var places = []hivePlace{
	{"Windows/System32/config/SYSTEM", ""},
	{"Windows/System32/config/SOFTWARE", ""},
	{"Windows/System32/config/DEFAULT", "S-1-5-18"},
	{"Windows/System32/config/systemprofile/NTUSER.DAT", "S-1-5-18"},
	{"Windows/System32/config/systemprofile" + classesOfUser, "S-1-5-18"},
	{"Windows/SysWOW64/config/systemprofile/NTUSER.DAT", "S-1-5-18"},
	{"Windows/SysWOW64/config/systemprofile" + classesOfUser, "S-1-5-18"},
	{"Windows/ServiceProfiles/*/NTUSER.DAT", "*"},
	{"Windows/ServiceProfiles/*" + classesOfUser, "*"},
	{"Users/*/NTUSER.MAN", "*"},
	{"Users/*/NTUSER.DAT", "*"},
	{"Users/*" + classesOfUser, "*"},
	{"Users/*" + ofPackages + "User.dat", "*"},
	{"Users/*" + ofPackages + "UserClasses.dat", "*"},
	{"Documents and Settings/*/NTUSER.MAN", "*"},
	{"Documents and Settings/*/NTUSER.DAT", "*"},
	{"Documents and Settings/*/Local Settings/Application Data/Microsoft/Windows/UsrClass.dat", "*"},
}

// hivePlace is where hives are, and whose they are: "*" is the account of the folder.
type hivePlace struct{ pattern, user string }

// placesElsewhere returns the places of the profiles that are not in the usual folders.
func placesElsewhere(vol fs.FS) (list []hivePlace) {
	for _, folder := range timeline.ProfilesElsewhere(vol) {
		for _, p := range places {
			if below, ok := strings.CutPrefix(p.pattern, "Users/*"); ok && !strings.ContainsAny(folder, `*?[\`) {
				list = append(list, hivePlace{folder + below, path.Base(folder)})
			}
		}
	}
	return list
}

// findHives returns the hives of a volume. On a volume with Windows these are the
// hives in their places; on any other, such as a folder of hives, all files that
// are hives.
func findHives(p *cli.Program, vol *evidence.Volume) ([]hive, error) {
	if _, err := fs.Stat(vol.FS, configFolder); err != nil {
		return searchHives(vol)
	}
	var hives []hive
	for _, place := range append(places[:len(places):len(places)], placesElsewhere(vol.FS)...) {
		for _, name := range expand(vol.FS, place.pattern) {
			h := hive{vol: vol, path: name, name: vol.WindowsPath(name), user: place.user, packaged: strings.Contains(place.pattern, ofPackages)}
			if h.user == "*" {
				h.user = strings.Split(name, "/")[strings.Count(place.pattern[:strings.Index(place.pattern, "*")], "/")]
			}
			if i := slices.IndexFunc(hives, func(other hive) bool { return other.replaces(h) }); i >= 0 {
				p.Problem(fmt.Sprintf("%s: Windows does not load it, because of %s beside it: not read", h.name, path.Base(hives[i].path)))
				continue
			}
			hives = append(hives, h)
		}
	}
	return hives, nil
}

// replaces reports whether h is the mandatory hive of the profile that another is in.
func (h hive) replaces(other hive) bool {
	return path.Base(h.path) == "NTUSER.MAN" && path.Base(other.path) == "NTUSER.DAT" && path.Dir(h.path) == path.Dir(other.path)
}

// options returns how the autostarts of h are read, as one of the hives of a volume: COM
// classes are looked up in the hives of the same account, then in that of the machine.
func (h hive) options(hives []hive, all bool) []registry.AutostartOption {
	var opts []registry.AutostartOption
	if h.user != "" {
		opts = append(opts, registry.ForUser(h.user))
	}
	if all {
		opts = append(opts, registry.WithAllLocations())
	}
	var ofUser, ofMachine []*registry.Reader
	for _, other := range hives {
		switch {
		case other.reader == nil || other.reader == h.reader || other.packaged != h.packaged && other.user != "":
		case other.reader.Type() == registry.Software:
			ofMachine = append(ofMachine, other.reader)
		case other.user != "" && other.user == h.user:
			ofUser = append(ofUser, other.reader)
		}
	}
	if len(ofMachine) > 1 { // a folder with hives of several machines
		ofMachine = nil
	}
	return append(opts, registry.WithClassesOf(append(ofUser, ofMachine...)...), registry.WithMachine(machineOf(hives)...))
}

// machineOf returns the hives of a volume that may turn autostarts of the others off: none
// if it has hives of several machines, as a folder may.
func machineOf(hives []hive) (list []registry.HiveOf) {
	number := map[registry.HiveType]int{}
	for _, h := range hives {
		if h.reader == nil || h.packaged {
			continue
		}
		t := h.reader.Type()
		if number[t]++; t == registry.Software || t == registry.System || t == registry.User {
			list = append(list, registry.HiveOf{Reader: h.reader, User: h.user})
		}
	}
	if number[registry.Software] > 1 || number[registry.System] > 1 {
		return nil
	}
	return list
}

// areOfSeveral reports whether the hives of a volume without Windows contradict that they
// are of one machine, and says so.
func areOfSeveral(p *cli.Program, vol *evidence.Volume, hives []hive) bool {
	if _, err := fs.Stat(vol.FS, configFolder); err == nil {
		return false
	}
	var list []*registry.Reader
	for _, h := range hives {
		if h.reader != nil {
			list = append(list, h.reader)
		}
	}
	why := registry.Contradiction(list...)
	if why != "" {
		p.Problem(why + ": the hives are not of one machine, and each is read by itself")
	}
	return why != ""
}

// source returns where the rows of h are from. The profile is the folder that its path
// begins with.
func (h *hive) source() source {
	s := source{vol: h.vol}
	folder := path.Dir(h.path)
	for _, below := range []string{"/AppData/", "/Local Settings/"} {
		folder, _, _ = strings.Cut(folder, below)
	}
	switch {
	case h.profile != "":
		s.profile = h.profile
	case h.vol.Kind == evidence.Artifact: // it is in no profile
	case strings.EqualFold(path.Base(h.path), "DEFAULT"):
		s.profile = "Windows/System32/config/systemprofile"
	case h.user != "":
		s.profile = folder
	}
	return s
}

// shownIn returns the path of a file of a volume for people. What was given by itself has
// its name only.
func shownIn(vol *evidence.Volume, name string) string {
	if vol.Kind == evidence.Artifact {
		return strings.ReplaceAll(name, "/", `\`)
	}
	return vol.WindowsPath(name)
}

// expand returns the files that a pattern matches.
func expand(vol fs.FS, pattern string) []string {
	folder, rest, ok := strings.Cut(pattern, "/*/")
	if !ok {
		if _, err := fs.Stat(vol, pattern); err != nil {
			return nil
		}
		return []string{pattern}
	}
	entries, err := fs.ReadDir(vol, folder)
	if err != nil {
		return nil // not on every machine
	}
	var list []string
	for _, e := range entries {
		if e.IsDir() { // old names of folders are links, and would repeat hives
			list = append(list, expand(vol, path.Join(folder, e.Name(), rest))...)
		}
	}
	return list
}

// searchHives returns every file that looks like a hive: by its content, or by its
// name. So a hive that cannot be read is reported.
func searchHives(vol *evidence.Volume) ([]hive, error) {
	var hives []hive
	err := fs.WalkDir(vol.FS, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || !artifact.Is(artifact.Registry, vol.FS, name) {
			return nil // the evidence's problems have what cannot be listed
		}
		hives = append(hives, hive{vol: vol, path: name, name: shownIn(vol, name)})
		return nil
	})
	return hives, err
}
