package evidence

import (
	"errors"
	"io/fs"
	"os"
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
	for _, name := range names {
		one, err := open(filepath.Join(dir, name))
		e.addImage(name, len(names) > 1, one, err)
	}
	if err := e.anyImage(); err != nil {
		return nil, errors.Join(err, e.Close())
	}
	return e, nil
}

// openSeveral opens the images in an archive: one machine each, or the disks of one if
// the archive is an OVA.
func (e *Evidence) openSeveral(tree fs.FS, images []disk.File, open func(disk.File) (*Evidence, error)) error {
	e.kind = "archive of images"
	for _, f := range images {
		one, err := open(f)
		e.addImage(f.Name, true, one, err)
	}
	if isOVA(tree) { // the disks of one machine
		for _, v := range e.volumes {
			v.Machine, v.Letter = "", ""
		}
	}
	return e.anyImage()
}

// isOVA reports whether an archive has the description of a virtual machine at its top.
func isOVA(tree fs.FS) bool {
	list, err := fs.ReadDir(tree, ".")
	return err == nil && slices.ContainsFunc(list, func(d fs.DirEntry) bool { return strings.EqualFold(filepath.Ext(d.Name()), ".ovf") })
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
