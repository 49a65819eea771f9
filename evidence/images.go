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
)

// openImages opens a folder of disk images, or of archives: one machine each. The result
// is nil if the folder holds anything else that is evidence, or no image.
func openImages(dir string, fsys fs.FS, open func(name string) (*Evidence, error)) (*Evidence, error) {
	if drives, _ := findDrives(fsys); drives != nil {
		return nil, nil
	}
	names := imagesOf(dir, fsys)
	if names == nil {
		return nil, nil
	}
	e := &Evidence{name: dir, kind: "folder of images"}
	var list []opened
	for _, name := range names {
		one, err := open(filepath.Join(dir, name))
		list = append(list, opened{name, one, err})
	}
	several := e.addImages(list)
	if err := e.anyImage(); err != nil {
		return nil, errors.Join(err, e.Close())
	}
	if several && isMachine(fsys) {
		e.mergeMachines()
		e.assignLetters()
	}
	return e, nil
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
	for _, o := range used {
		e.addImage(o.name, len(used) > 1, o.Evidence, o.err)
	}
	return len(used) > 1
}

// mergeMachines makes several images the disks of one machine.
func (e *Evidence) mergeMachines() {
	for _, v := range e.volumes {
		v.Machine, v.Letter = "", ""
	}
}

// openSeveral opens the images in an archive: one machine each, or the disks of one if
// the archive is an OVA.
func (e *Evidence) openSeveral(tree fs.FS, images []disk.File, open func(disk.File) (*Evidence, error)) error {
	e.kind = "archive of images"
	var list []opened
	for _, f := range images {
		one, err := open(f)
		list = append(list, opened{f.Name, one, err})
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

// addImage adds what is in one of several images, or why it does not open.
func (e *Evidence) addImage(name string, several bool, one *Evidence, err error) {
	if err != nil {
		e.note(damage.Unsupported, &damage.Error{Artifact: name, Offset: -1, What: "image", Err: err}, "")
		return
	}
	e.closers = append(e.closers, one)
	e.problems = append(e.problems, one.problems...)
	e.verifiable = append(e.verifiable, one.verifiable...)
	e.trees = append(e.trees, one.trees...)
	for _, v := range one.volumes {
		if v.Machine == "" && several {
			v.Machine, v.Name = stem(name), stem(name)+"/"+v.Name
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

// imagesOf returns the images in a folder: of those in several files, the file that begins
// or names the others.
func imagesOf(dir string, fsys fs.FS) (names []string) {
	list, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return nil
	}
	var kinds []string
	for _, d := range list {
		if !d.Type().IsRegular() {
			continue
		}
		kind := kindOfFile(filepath.Join(dir, d.Name()))
		if isArtifact(fsys, d.Name()) {
			kind = kindArtifact
		}
		if kind != "" {
			names, kinds = append(names, d.Name()), append(kinds, kind)
		}
	}
	names, kinds = firstsOf(names, kinds)
	if slices.Contains(kinds, kindArtifact) {
		return nil
	}
	return names[:min(len(names), maxImages)]
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
