package evidence

import (
	"cmp"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/fsfile"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/registry"
)

// maxMachines bounds how many folders of machines are opened.
const maxMachines = 256

// parts are names of folders that are not named after a machine, in lower case: the files that
// KAPE copied and what its modules made of them. Those in one folder are of one machine. A file
// that several of them have is that of the first.
var parts = []string{"target", "targets", "tout", "tdest", "module", "modules", "mout", "mdest"}

// holder is a folder with drives, or several that are parts of one machine.
type holder struct {
	name   string // of the folder
	home   string
	drives []*drive
}

// findMachines returns the drives in the folders of machines, if several folders of a
// directory hold drives. One with drives among others is that of the only machine, such as the
// targets of KAPE beside what its modules made of them, if no file beside them is evidence.
// Left are the folders of drives that are of no machine. A nested directory is in one of
// those folders.
func findMachines(fsys fs.FS, dir string, nested bool) (drives []*drive, left []string) {
	list, err := fs.ReadDir(fsys, dir)
	if err != nil {
		return nil, nil
	}
	var machines []*holder
	for _, d := range list {
		if !d.IsDir() || len(machines) == maxMachines {
			continue
		}
		home := path.Join(dir, d.Name())
		drives, inner := drivesIn(fsys, home)
		if drives == nil && !nested && hasParts(fsys, inner) {
			if drives, _ = findMachines(fsys, inner, true); len(drives) > 0 && drives[0].machine != "" {
				drives = nil // several machines: which of them is meant is unknown
			}
		}
		if len(drives) > 0 {
			machines = append(machines, &holder{d.Name(), home, drives})
		}
	}
	machines, left = withContent(fsys, machines)
	machines = joinParts(fsys, machines)
	switch {
	case len(machines) == 0, len(machines) == 1 && hasArtifact(fsys, dir, list):
		return nil, nil
	case len(machines) == 1:
		return machines[0].drives, left
	}
	named := map[string]bool{}
	for _, m := range machines {
		if host := clientOf(fsys, m.drives); host != "" && !named[host] { // a hunt of Velociraptor has folders of clients
			m.name = host
		}
		named[m.name] = true
		for _, found := range m.drives {
			if found.letter == "" && len(m.drives) == 1 {
				found.letter = "C"
			}
			found.machine, found.name, found.home = m.name, m.name+"/"+found.name, m.home
		}
		drives = append(drives, m.drives...)
	}
	return drives, left
}

// hasParts reports whether a directory holds folders that are parts of one machine.
func hasParts(fsys fs.FS, dir string) bool {
	list, err := fs.ReadDir(fsys, cmp.Or(dir, "."))
	return err == nil && dir != "" && slices.ContainsFunc(list, func(d fs.DirEntry) bool {
		return d.IsDir() && slices.Contains(parts, strings.ToLower(d.Name()))
	})
}

// withContent leaves out the folders whose drives have nothing of Windows, if others have it:
// what modules made of a drive C is not the drive of a second machine.
func withContent(fsys fs.FS, machines []*holder) (kept []*holder, left []string) {
	if len(machines) < 2 {
		return machines, nil
	}
	for _, m := range machines {
		if slices.ContainsFunc(m.drives, func(d *drive) bool { return hasContent(fsys, d) }) {
			kept = append(kept, m)
			continue
		}
		for _, d := range m.drives {
			left = append(left, d.layers[0].dir)
		}
	}
	if len(kept) == 0 {
		return machines, nil
	}
	return kept, left
}

// hasContent reports whether a folder of a drive has the folders of Windows, or an artifact.
func hasContent(fsys fs.FS, d *drive) bool {
	seen, found := 0, false
	for _, l := range d.layers {
		if list, err := fs.ReadDir(fsys, l.dir); err == nil && isDrive(list) {
			return true
		}
		fs.WalkDir(fsys, l.dir, func(name string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return nil // what cannot be listed hides only what is in it
			case d.IsDir() && strings.Count(name, "/") > maxBesideDepth:
				return fs.SkipDir
			case d.IsDir() || !d.Type().IsRegular():
				return nil
			}
			if seen++; seen > maxBeside {
				return fs.SkipAll
			}
			if found = isArtifact(fsys, name); found {
				return fs.SkipAll
			}
			return nil
		})
		if found || seen > maxBeside {
			return true
		}
	}
	return false
}

// joinParts makes one machine of the parts of one, unless their registries name two.
func joinParts(fsys fs.FS, machines []*holder) []*holder {
	rank := func(m *holder) int { return slices.Index(parts, strings.ToLower(m.name)) }
	var first *holder
	for _, m := range slices.SortedStableFunc(slices.Values(machines), func(a, b *holder) int { return rank(a) - rank(b) }) {
		switch {
		case rank(m) < 0:
		case first == nil:
			first = m
		case sameComputer(computerOf(fsys, first), computerOf(fsys, m)):
			first.join(m)
			machines = slices.DeleteFunc(machines, func(other *holder) bool { return other == m })
		}
	}
	return machines
}

// join adds the drives of another part.
func (m *holder) join(other *holder) {
	for _, d := range other.drives {
		for i := range d.layers {
			d.layers[i].joined = true
		}
		if i := slices.IndexFunc(m.drives, func(old *drive) bool { return winpath.Same(old.name, d.name) }); i >= 0 {
			m.drives[i].layers = append(m.drives[i].layers, d.layers...)
			continue
		}
		m.drives = append(m.drives, d)
	}
}

// sameComputer reports whether two names may be those of one computer. An empty one is unknown.
func sameComputer(a, b string) bool { return a == "" || b == "" || winpath.SameName(a, b) }

// computerOf returns the name of the computer according to the SYSTEM hive of its drives, or "".
func computerOf(fsys fs.FS, m *holder) string {
	for _, d := range m.drives {
		f, err := fsfile.Open(newFolderFS(fsys, d.layers), systemHive)
		if err != nil {
			continue
		}
		name, err := computerIn(f)
		if errors.Join(err, f.Close()) == nil && name != "" {
			return name
		}
	}
	return ""
}

// computerIn returns the name of the computer that a SYSTEM hive records.
func computerIn(f *fsfile.File) (string, error) {
	hive, err := registry.NewReader(f, min(f.Size, maxSystemHive))
	if err != nil {
		return "", err
	}
	c, err := registry.ComputerOf(hive)
	return cmp.Or(c.Name.Text, c.ActiveName.Text), err
}

// addShadows adds the shadow copies of the drives of a directory, as KAPE names them: VSS1, and
// so on. They have no letter. Some collections have the letters of the drives below.
func addShadows(drives []*drive, fsys fs.FS, dir string, list []fs.DirEntry) []*drive {
	for _, d := range list {
		number, ok := winpath.CutPrefix(d.Name(), "VSS")
		if !d.IsDir() || !ok || number == "" || strings.Trim(number, "0123456789") != "" {
			continue
		}
		shadow := path.Join(dir, d.Name())
		in, err := fs.ReadDir(fsys, shadow)
		if err != nil {
			continue
		}
		var inside []*drive
		for _, of := range in {
			if of.IsDir() && !isDrive(in) {
				inside = addDrive(inside, shadow, of.Name())
			}
		}
		for _, of := range inside {
			of.name, of.letter = path.Join(d.Name(), of.name), ""
		}
		if inside == nil {
			inside = []*drive{{name: d.Name(), layers: []layer{{dir: shadow}}}}
		}
		drives = append(drives, inside...)
	}
	return drives
}
