package evidence

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/disk"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// openImages opens a folder of disk images, or of archives: one machine each. The result
// is nil if the folder holds anything else that is evidence, or no image; left are the images
// that are not opened then.
func openImages(dir string, fsys fs.FS, open func(name string) (*Evidence, error)) (e *Evidence, left []string, err error) {
	if drives, _ := findDrives(fsys); drives != nil {
		return nil, nil, nil
	}
	names, artifacts := imagesOf(dir, fsys)
	if names == nil || artifacts {
		return nil, names, nil
	}
	e = &Evidence{name: dir, kind: "folder of images"}
	var list []opened
	for _, name := range names {
		one, err := open(filepath.Join(dir, filepath.FromSlash(name)))
		list = append(list, opened{name, one, err})
	}
	several := e.addImages(list)
	if err := e.anyImage(); err != nil {
		return nil, nil, errors.Join(err, e.Close())
	}
	if several && isMachine(fsys) {
		e.mergeMachines()
		e.assignLetters()
	}
	return e, nil, nil
}

// An opened is one of several images, or why it does not open.
type opened struct {
	name string
	*Evidence
	err error
}

// isParentOf reports whether another image has read an image, as its parent.
func (o opened) isParentOf(other opened) bool {
	return other.Evidence != nil && other.name != o.name && path.Dir(other.name) == path.Dir(o.name) &&
		slices.Contains(other.parts.Opened(), path.Base(o.name))
}

// addImages adds images, and reports whether there are several. One that is the parent of another
// one, as in the folder of a virtual machine with a snapshot, is not another machine: it is what
// the machine once was.
func (e *Evidence) addImages(list []opened) (several bool) {
	var used []opened
	for _, o := range list {
		if i := slices.IndexFunc(list, o.isParentOf); i >= 0 && !list[i].isParentOf(o) {
			e.note(damage.Conflict, &damage.Error{Artifact: o.name, Offset: -1, What: "image", Got: "the parent of " + list[i].name,
				Want: "the newest image of its machine; open it by itself for what it was before"}, "")
			if o.Evidence != nil {
				e.closers = append(e.closers, o.Evidence)
			}
			continue
		}
		used = append(used, o)
	}
	machines := machinesOf(used)
	for i, o := range used {
		e.addImage(o.name, machines[i], o.Evidence, o.err)
	}
	return len(used) > 1
}

// machinesOf returns a name for the machine of each of several images: the name of the file
// without its extension, or, if two images have the same, that of the folder, or the whole path.
// The only image needs none.
func machinesOf(list []opened) []string {
	names := make([]string, len(list))
	if len(list) < 2 {
		return names
	}
	for _, of := range []func(name string) string{
		func(name string) string { return path.Base(stem(name)) },
		func(name string) string { return strings.TrimPrefix(path.Dir(name), ".") },
		stem,
		func(name string) string { return name },
	} {
		known := map[string]bool{"": true}
		different := true
		for i, o := range list {
			names[i] = of(o.name)
			key := winpath.Fold(names[i])
			different = different && !known[key]
			known[key] = true
		}
		if different {
			break
		}
	}
	return names
}

// mergeMachines makes several images the disks of one machine.
func (e *Evidence) mergeMachines() {
	for _, v := range e.volumes {
		v.Machine, v.Letter = "", ""
	}
}

// openSeveral opens the images in an archive: one machine each, or the disks of one if
// the archive is an OVA.
func (e *Evidence) openSeveral(tree fs.FS, images []treeImage, open func(disk.File) (*Evidence, error)) error {
	e.kind = "archive of images"
	var list []opened
	for _, f := range images {
		one, err := open(f.File)
		list = append(list, opened{f.path, one, err})
	}
	if several := e.addImages(list); several && isMachine(tree) {
		e.mergeMachines()
	}
	return e.anyImage()
}

// isMachine reports whether a folder or an archive has the description of one virtual machine at
// its top: of an OVA, VMware or VirtualBox.
func isMachine(tree fs.FS) bool {
	list, err := fs.ReadDir(tree, ".")
	n := 0
	for _, d := range list {
		if slices.Contains([]string{".ovf", ".vmx", ".vbox"}, strings.ToLower(path.Ext(d.Name()))) {
			n++
		}
	}
	return err == nil && n == 1
}

// addImage adds what is in one of several images, or why it does not open. Machine is "" if it
// is the only one.
func (e *Evidence) addImage(name, machine string, one *Evidence, err error) {
	if err != nil {
		e.note(damage.Unsupported, &damage.Error{Artifact: name, Offset: -1, What: "image", Err: err}, "")
		return
	}
	e.closers = append(e.closers, one)
	e.problems = append(e.problems, one.problems...)
	e.verifiable = append(e.verifiable, one.verifiable...)
	e.trees = append(e.trees, one.trees...)
	for _, v := range one.volumes {
		if v.Machine == "" && machine != "" {
			v.Machine, v.Name = machine, machine+"/"+v.Name
		}
		e.volumes = append(e.volumes, v)
	}
	for id, v := range one.guids {
		if e.guids == nil {
			e.guids = map[GUID]*Volume{}
		}
		e.guids[id] = v
	}
}

// anyImage returns an error if none of several images opened.
func (e *Evidence) anyImage() error {
	if len(e.volumes) > 0 {
		return nil
	}
	err := error(damage.New(e.kind, -1, "no image that opens", "one"))
	for _, p := range e.problems {
		err = errors.Join(err, p.Err)
	}
	return err
}

// imagesOf returns the images in a folder, and whether there are artifacts too: of images in
// several files, the file that begins or names the others. If there is neither in the folder
// itself, those in the folders below are returned, such as one for each machine of a case.
func imagesOf(dir string, fsys fs.FS) (names []string, artifacts bool) {
	for _, depth := range []int{0, maxInsideDepth} {
		var kinds []string
		looked := 0
		fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return nil // what cannot be listed hides only what is in it
			case d.IsDir() && name != "." && strings.Count(name, "/") >= depth:
				return fs.SkipDir
			case !d.Type().IsRegular():
				return nil
			}
			if looked++; looked > maxInside && depth > 0 {
				return fs.SkipAll
			}
			kind := kindOfFile(filepath.Join(dir, filepath.FromSlash(name)))
			if isArtifact(fsys, name) {
				kind = kindArtifact
			}
			if kind != "" {
				names, kinds = append(names, name), append(kinds, kind)
			}
			return nil
		})
		if names, kinds = firstsOf(names, kinds); names != nil {
			n := 0
			for i, kind := range kinds {
				if kind == kindArtifact {
					artifacts = true
				} else {
					names[n], n = names[i], n+1
				}
			}
			names = names[:n]
			break
		}
	}
	if len(names) == 0 {
		return nil, artifacts
	}
	return names[:min(len(names), maxImages)], artifacts
}

// kindOfFile returns what kind of image a file is, or "".
func kindOfFile(name string) string {
	f, err := os.Open(name)
	if err != nil {
		return ""
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return ""
	}
	img := image{f, st.Size()}
	switch found := containerOf(img); {
	case found != nil && found.open != nil && found.ext == "", found != nil && archives[found.name] != nil:
		return found.name
	case found != nil:
		return ""
	}
	if head := readHead(img, 0, img.size); img.size >= minImage && (match(fileSystems, head) != "" || readTable(img, 0) != nil) {
		return "disk image"
	}
	return ""
}
