package timeline

import (
	"bytes"
	"io"
	"io/fs"
)

// file is an open file of the volume with random access.
type file struct {
	io.ReaderAt
	io.Closer
	size int64
}

// openFile opens a file of the volume. One without random access, such as a
// file in a zip, is read into memory.
func openFile(vol fs.FS, name string) (*file, error) {
	f, err := vol.Open(name)
	if err != nil {
		return nil, err
	}
	if r, ok := f.(io.ReaderAt); ok {
		info, err := f.Stat()
		if err != nil {
			f.Close()
			return nil, err
		}
		return &file{r, f, info.Size()}, nil
	}
	content, err := io.ReadAll(f)
	if err != nil {
		f.Close()
		return nil, err
	}
	return &file{bytes.NewReader(content), f, int64(len(content))}, nil
}
