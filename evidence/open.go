package evidence

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/disk"
)

// Open opens an image, an archive, a folder or a single artifact. The caller must close the
// result. For a file of another kind the error is a *FormatError with the cause
// ErrUnknown. For a container that is recognized but cannot be read the cause is
// ErrUnsupported.
func Open(name string, opts ...Option) (*Evidence, error) {
	st, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if st.IsDir() {
		return openDirectory(name, opts)
	}
	if st.Mode().Type()&^fs.ModeDevice != 0 {
		return nil, &damage.Error{Artifact: name, Offset: -1, What: "file type", Got: typeName(st.Mode()),
			Want: "a folder, a regular file or a block device", Err: ErrUnknown}
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	size, err := f.Seek(0, io.SeekEnd) // also the size of a block device
	if err == nil {
		beside := disk.NewFolder(filepath.Dir(name))
		var e *Evidence
		if e, err = openImage(name, f, size, beside, opts); err == nil {
			e.closers = append(e.closers, f, beside)
			return e, nil
		}
		err = errors.Join(err, beside.Close())
	}
	return nil, errors.Join(err, f.Close())
}

// New opens the image or artifact of the given size in r. Name is what errors and the
// file system of an artifact call it. Closing the result does not close r.
//
// A container with parts in other files, such as the segments of an EnCase image, can
// only be opened with Open.
func New(name string, r io.ReaderAt, size int64, opts ...Option) (*Evidence, error) {
	return openImage(name, r, size, nil, opts)
}

func openImage(name string, r io.ReaderAt, size int64, beside disk.Folder, opts []Option) (*Evidence, error) {
	var c config
	for _, o := range opts {
		o(&c)
	}
	switch c.sectorSize {
	case 0, sector512, sector4Kn:
	default:
		return nil, damage.In(damage.New("WithSectorSize", -1, c.sectorSize, "0, 512 or 4096"), name, "")
	}
	return openWith(name, r, size, beside, c)
}

func openWith(name string, r io.ReaderAt, size int64, beside disk.Folder, c config) (*Evidence, error) {
	e := &Evidence{name: name, size: max(size, 0), file: r}
	if beside != nil {
		e.parts = disk.Record(beside)
		e.beside = e.parts
	}
	found, err := e.unwrap(image{r, e.size}, e.base(), c)
	switch {
	case err != nil:
	case len(found.images) > 0:
		c.inSeveral = true
		err = e.openSeveral(found.tree, found.images, func(f disk.File) (*Evidence, error) { return openWith(f.Name, f.R, f.Size, f.Beside, c) })
	case found.tree != nil:
		err = e.openTree(found.tree, found.name)
	default:
		err = e.openContent(found.image, found.name, c)
	}
	if err != nil {
		return nil, err
	}
	e.assignLetters()
	return e, nil
}

// OpenFS opens the root of fsys as a folder. Name is what errors call it.
func OpenFS(name string, fsys fs.FS, opts ...Option) (*Evidence, error) {
	e := &Evidence{name: name}
	if err := e.openFolder(fsys, e.folderName()); err != nil {
		return nil, err
	}
	e.assignLetters()
	return e, nil
}

// folderName returns the base name of a folder.
func (e *Evidence) folderName() string {
	if abs, err := filepath.Abs(e.name); err == nil {
		return filepath.Base(abs)
	}
	return filepath.Base(e.name)
}

func openDirectory(name string, opts []Option) (*Evidence, error) {
	root, err := os.OpenRoot(name)
	if err != nil {
		return nil, err
	}
	e, left, err := openImages(name, root.FS(), func(image string) (*Evidence, error) { return Open(image, opts...) })
	if e != nil || err != nil {
		return e, errors.Join(err, root.Close())
	}
	if e, err = OpenFS(name, root.FS(), opts...); err != nil {
		return nil, errors.Join(err, root.Close())
	}
	for _, image := range left {
		e.note(damage.Unsupported, &damage.Error{Artifact: image, Offset: -1, What: "image", Got: "one among artifacts", Want: "it alone; it was not opened", Err: ErrUnsupported}, "")
	}
	e.closers = append(e.closers, root)
	return e, nil
}
