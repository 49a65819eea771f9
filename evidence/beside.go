package evidence

import (
	"cmp"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/artifact"
	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/weblog"
)

// besideName is the name of the volume of artifacts that a collection holds beside the
// drives of its machine.
const besideName = "beside"

// maxBeside limits how many files beside the drives are looked at, and maxBesideDepth how
// deep their folders are.
const (
	maxBeside      = 20_000
	maxBesideDepth = 16
)

// loose are the artifacts of a machine that are in none of its drives, such as event logs that
// were exported into a folder beside them.
type loose struct {
	machine string
	dir     string // folder that they are below
	files   subset
}

// name returns the name of the volume.
func (l loose) name() string { return path.Join(l.machine, besideName) }

// besides returns what is beside the drives of each machine that has any.
func besides(fsys fs.FS, drives []*drive) []loose {
	var list []loose
	inDrive, machines := map[string]bool{}, map[string]string{} // the folders of machines
	for _, d := range drives {
		for _, l := range d.layers {
			inDrive[l.dir] = true
			machines[d.machine] = cmp.Or(d.home, ".") // the root if there is only one machine
		}
	}
	for _, machine := range slices.Sorted(maps.Keys(machines)) {
		if files := beside(fsys, machines[machine], inDrive); len(files.files) > 0 {
			list = append(list, loose{machine, machines[machine], files})
		}
	}
	return list
}

// beside returns the artifacts below a folder that are in no drive. Programs are left out:
// they are those of the collector.
func beside(fsys fs.FS, dir string, inDrive map[string]bool) subset {
	kept := subset{fsys: fsys, files: map[string]bool{}, dirs: map[string]bool{}}
	if inDrive[dir] {
		return kept
	}
	seen := 0
	fs.WalkDir(fsys, dir, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return nil // what cannot be listed hides only what is in it
		case d.IsDir():
			if inDrive[name] || strings.Count(name, "/") > maxBesideDepth {
				return fs.SkipDir
			}
			return nil
		case !d.Type().IsRegular():
			return nil
		}
		if seen++; seen > maxBeside {
			return fs.SkipAll
		}
		if isLoose(fsys, name) {
			kept.add(name)
		}
		return nil
	})
	return kept
}

// isLoose reports whether a file is an artifact, and not a program.
func isLoose(fsys fs.FS, name string) bool {
	f, err := fsys.Open(name)
	if err != nil {
		return false
	}
	defer f.Close()
	var head [artifact.HeadSize]byte
	n, _ := io.ReadFull(f, head[:])
	kind := artifact.Of(name, head[:n])
	return kind != "" && kind != artifact.PE || weblog.FormatOf(head[:n]) != ""
}

// subset is a file system of which only some files are there.
type subset struct {
	fsys  fs.FS
	files map[string]bool // and the folders that hold them
	dirs  map[string]bool
}

// add adds a file, with the transaction logs beside it if it is a hive.
func (s subset) add(name string) {
	dir := path.Dir(name)
	for parent := dir; !s.dirs[parent]; parent = path.Dir(parent) {
		s.dirs[parent] = true
	}
	s.files[name] = true
	list, err := fs.ReadDir(s.fsys, dir)
	if err != nil {
		return
	}
	names := make([]string, len(list))
	for i, d := range list {
		names[i] = d.Name()
	}
	for _, of := range registry.LogNames(path.Base(name), names) {
		s.files[path.Join(dir, of)] = true
	}
}

func (s subset) Open(name string) (fs.File, error) {
	if !s.files[name] && !s.dirs[name] {
		return nil, notExist("open", name)
	}
	return s.fsys.Open(name)
}

// ReadDir implements fs.ReadDirFS.
func (s subset) ReadDir(name string) ([]fs.DirEntry, error) {
	if !s.dirs[name] {
		return nil, notExist("readdir", name)
	}
	list, err := fs.ReadDir(s.fsys, name)
	return slices.DeleteFunc(list, func(d fs.DirEntry) bool {
		full := path.Join(name, d.Name())
		return !s.files[full] && !s.dirs[full]
	}), err
}
