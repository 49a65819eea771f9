package evidence

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/disk/split"
)

// maxImages bounds how many images of a folder are opened.
const maxImages = 256

// openImages opens a folder of disk images, or of archives: one machine each. The result
// is nil if the folder holds anything else that is evidence, or no image.
func openImages(dir string, fsys fs.FS, open func(name string) (*Evidence, error)) (*Evidence, error) {
	if findDrives(fsys) != nil {
		return nil, nil
	}
	names := imagesOf(dir, fsys)
	if names == nil {
		return nil, nil
	}
	e := &Evidence{name: dir, kind: "folder of images"}
	for _, name := range names {
		one, err := open(filepath.Join(dir, name))
		if err != nil {
			e.note(damage.Unsupported, &damage.Error{Artifact: name, Offset: -1, What: "image", Err: err}, "")
			continue
		}
		e.closers = append(e.closers, one)
		e.problems = append(e.problems, one.problems...)
		e.verifiable = append(e.verifiable, one.verifiable...)
		for _, v := range one.volumes {
			if v.Machine == "" && len(names) > 1 {
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
	if len(e.volumes) == 0 {
		err := error(damage.New("folder of images", -1, "no image that opens", "one"))
		for _, p := range e.problems {
			err = errors.Join(err, p.Err)
		}
		return nil, errors.Join(err, e.Close())
	}
	return e, nil
}

// imagesOf returns the images in a folder: of those in several files, the file that begins
// or names the others.
func imagesOf(dir string, fsys fs.FS) (names []string) {
	list, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return nil
	}
	first := map[string]bool{} // stems of images in several files
	var descriptors []string
	kinds := map[string]string{}
	for _, d := range list {
		if !d.Type().IsRegular() {
			continue
		}
		if isArtifact(fsys, d.Name()) {
			return nil
		}
		kind := kindOfFile(filepath.Join(dir, d.Name()))
		kinds[d.Name()] = kind
		if kind == vmdkDescriptor {
			descriptors = append(descriptors, stem(d.Name())+"-")
		}
	}
	for _, d := range list {
		name := d.Name()
		kind := kinds[name]
		key := kind + stem(name)
		switch {
		case kind == "", first[key]:
			continue
		case kind != vmdkDescriptor && hasAnyPrefix(name, descriptors):
			continue // an extent
		case split.IsPart(name) || strings.HasPrefix(kind, "EnCase"):
			first[key] = true
		}
		if names = append(names, name); len(names) == maxImages {
			break
		}
	}
	return names
}

func hasAnyPrefix(s string, prefixes []string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return false
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
