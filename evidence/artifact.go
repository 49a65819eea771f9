package evidence

import (
	"errors"
	"io"
	"io/fs"
	"slices"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// emptyFS is the file system of a volume that cannot be read: an empty directory.
type emptyFS struct{}

func (emptyFS) Open(name string) (fs.File, error) {
	if name == "." && fs.ValidPath(name) {
		return &listing{info: fileInfo{name: ".", mode: fs.ModeDir | 0o555}}, nil
	}
	return nil, notExist("open", name)
}

func notExist(op, name string) error {
	if !fs.ValidPath(name) {
		return &fs.PathError{Op: op, Path: name, Err: fs.ErrInvalid}
	}
	return &fs.PathError{Op: op, Path: name, Err: fs.ErrNotExist}
}

// artifactFS holds an artifact, which is its first file, and the files that belong to
// it: the transaction logs of a hive.
type artifactFS []artifactFile

type artifactFile struct {
	img  image
	info fileInfo
}

func newArtifactFile(name string, img image) artifactFile {
	return artifactFile{img, fileInfo{name: name, size: img.size, mode: 0o444}}
}

// artifactVolume returns a volume that holds the artifact and what belongs to it.
func artifactVolume(files artifactFS) *Volume {
	first := files[0]
	return &Volume{Name: first.info.name, Kind: Artifact, Size: first.img.size, FS: files}
}

func (f artifactFS) Open(name string) (fs.File, error) {
	if name == "." {
		l := &listing{info: fileInfo{name: ".", mode: fs.ModeDir | 0o555}}
		for _, file := range f {
			l.entries = append(l.entries, fs.FileInfoToDirEntry(file.info))
		}
		return l, nil
	}
	for _, file := range f {
		if fs.ValidPath(name) && winpath.Same(name, file.info.name) {
			return &openFile{io.NewSectionReader(file.img.r, 0, file.img.size), file.info, nil}, nil
		}
	}
	return nil, notExist("open", name)
}

// openFile is an open file; it reads, seeks and reads at offsets.
type openFile struct {
	*io.SectionReader
	info   fileInfo
	closer io.Closer // nil if the file is not owned
}

func (f *openFile) Stat() (fs.FileInfo, error) { return f.info, nil }

func (f *openFile) Close() error {
	if f.closer == nil {
		return nil
	}
	return f.closer.Close()
}

// listing is an open directory of a file system of this package.
type listing struct {
	info    fileInfo
	entries []fs.DirEntry
	next    int
}

func (d *listing) Stat() (fs.FileInfo, error) { return d.info, nil }
func (d *listing) Close() error               { return nil }

func (d *listing) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: d.info.name, Err: errors.New("is a directory")}
}

func (d *listing) ReadDir(n int) ([]fs.DirEntry, error) {
	rest := d.entries[d.next:]
	if n > 0 {
		if len(rest) == 0 {
			return nil, io.EOF
		}
		rest = rest[:min(n, len(rest))]
	}
	d.next += len(rest)
	return slices.Clone(rest), nil
}
