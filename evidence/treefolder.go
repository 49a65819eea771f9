package evidence

import (
	"io"
	"io/fs"
	"path"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/archive"
	"github.com/birthmark-dfir/birthmark/internal/disk"
)

// treeFolder is a folder of an archive as the folder that holds a container.
type treeFolder struct {
	tree *archive.FS
	dir  string
}

// Open implements disk.Folder.
func (d treeFolder) Open(name string) (disk.File, error) {
	full := path.Join(d.dir, name)
	if !fs.ValidPath(name) || strings.Contains(name, "/") {
		return disk.File{}, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	f, err := d.tree.Open(full)
	if err != nil {
		return disk.File{}, err
	}
	st, err := f.Stat()
	if err != nil {
		return disk.File{}, err
	}
	r, ok := f.(io.ReaderAt)
	if !ok || st.IsDir() {
		return disk.File{}, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	return disk.File{Name: name, R: r, Size: st.Size(), Beside: d}, nil
}

// Names implements disk.Folder.
func (d treeFolder) Names() ([]string, error) {
	list, err := d.tree.ReadDir(d.dir)
	var names []string
	for _, e := range list {
		if !e.IsDir() {
			names = append(names, e.Name())
		}
	}
	return names, err
}
