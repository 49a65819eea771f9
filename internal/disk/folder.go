package disk

import (
	"errors"
	"io"
	"os"
	"sync"

	"github.com/birthmark-dfir/birthmark/damage"
)

// NewFolder returns a directory of the analyst's disk. It must be closed.
func NewFolder(dir string) interface {
	Folder
	io.Closer
} {
	return &osFolder{dir: dir}
}

// osFolder is the directory on the analyst's disk that holds a container. Its files
// stay open until it is closed. Symbolic links that lead out of it are refused, because
// an attacker may have chosen the names of other parts.
type osFolder struct {
	dir string

	mu    sync.Mutex
	root  *os.Root // nil until the first file is opened
	files []*os.File
}

// maxBeside bounds how many files of a folder are opened for one container.
const maxBeside = 20000

// Open implements Folder.
func (d *osFolder) Open(name string) (File, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.files) == maxBeside {
		return File{}, damage.New("files of one container", -1, len(d.files)+1, "fewer")
	}
	if d.root == nil {
		root, err := os.OpenRoot(d.dir)
		if err != nil {
			return File{}, err
		}
		d.root = root
	}
	st, err := d.root.Stat(name)
	if err != nil {
		return File{}, err
	}
	if !st.Mode().IsRegular() {
		return File{}, &damage.Error{Artifact: name, Offset: -1, What: "file type", Got: st.Mode().String(), Want: "a regular file"}
	}
	f, err := d.root.Open(name)
	if err != nil {
		return File{}, err
	}
	d.files = append(d.files, f)
	size, err := f.Seek(0, io.SeekEnd)
	return File{Name: name, R: f, Size: size, Beside: d}, err
}

// Names implements Folder.
func (d *osFolder) Names() ([]string, error) {
	list, err := os.ReadDir(d.dir)
	names := make([]string, 0, len(list))
	for _, e := range list {
		if !e.IsDir() {
			names = append(names, e.Name())
		}
	}
	return names, err
}

// Close closes all files that were opened.
func (d *osFolder) Close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	var errs []error
	for _, f := range d.files {
		errs = append(errs, f.Close())
	}
	if d.root != nil {
		errs = append(errs, d.root.Close())
	}
	d.files, d.root = nil, nil
	return errors.Join(errs...)
}
