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

// Option changes how evidence is opened.
type Option func(*config)

type config struct {
	sectorSize int64
	password   func() (string, error)
	inSeveral  bool // the evidence is one of several images in an archive
}

// WithSectorSize sets the size of a sector in bytes for partition tables. It must be
// 512 or 4096. By default, or with 0, the size is detected.
func WithSectorSize(n int64) Option { return func(c *config) { c.sectorSize = n } }

// WithPassword sets what is asked for the password of encrypted evidence, which is called
// at most once for each archive, and only if one is needed. Without it, and with the
// password "", the error for what is encrypted has the cause ErrEncrypted. A password
// belongs in no argument of a program, because others see those.
func WithPassword(ask func() (string, error)) Option { return func(c *config) { c.password = ask } }

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
	e := &Evidence{name: name, size: max(size, 0), file: r, beside: beside}
	if err := e.openFile(image{r, e.size}, c); err != nil {
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
	if e, err := openImages(name, root.FS(), func(image string) (*Evidence, error) { return Open(image, opts...) }); e != nil || err != nil {
		return e, errors.Join(err, root.Close())
	}
	e, err := OpenFS(name, root.FS(), opts...)
	if err != nil {
		return nil, errors.Join(err, root.Close())
	}
	e.closers = append(e.closers, root)
	return e, nil
}
