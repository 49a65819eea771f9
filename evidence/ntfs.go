package evidence

import (
	"io"
	"io/fs"
)

func openNTFS(r io.ReaderAt, size int64) (fs.FS, error) { return nil, ErrUnsupported }
