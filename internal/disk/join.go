package disk

import (
	"errors"
	"io"
	"io/fs"
	"sort"

	"github.com/birthmark-dfir/birthmark/damage"
)

// A Part is a part of a disk. If R is nil the part is missing.
type Part struct {
	Name string // of the file that holds it
	R    io.ReaderAt
	Size int64 // in bytes
}

// Join returns a reader of the parts one after the other. What a missing part held is an
// error.
func Join(parts []Part) io.ReaderAt {
	j := joined{parts: parts, ends: make([]int64, len(parts))}
	end := int64(0)
	for i, p := range parts {
		end += p.Size
		j.ends[i] = end
	}
	return j
}

type joined struct {
	parts []Part
	ends  []int64
}

// ReadAt implements io.ReaderAt.
func (j joined) ReadAt(b []byte, off int64) (n int, err error) {
	if off < 0 {
		return 0, errors.New("negative offset")
	}
	i := sort.Search(len(j.ends), func(i int) bool { return j.ends[i] > off })
	for ; n < len(b); i++ {
		if i >= len(j.parts) {
			return n, io.EOF
		}
		p := &j.parts[i]
		in := off + int64(n) - (j.ends[i] - p.Size)
		want := b[n:min(int64(len(b)), int64(n)+p.Size-in)]
		if p.R == nil {
			return n, &damage.Error{Artifact: p.Name, Offset: in, What: "part of the image", Err: fs.ErrNotExist}
		}
		got, err := p.R.ReadAt(want, in)
		if n += got; got < len(want) {
			if err == nil || errors.Is(err, io.EOF) {
				err = damage.In(damage.Truncated("part of the image", in, int64(len(want)), int64(got)), p.Name, "")
			}
			return n, err
		}
	}
	return n, nil
}

// Zeros is a reader of zeros without end.
type Zeros struct{}

// ReadAt implements io.ReaderAt.
func (Zeros) ReadAt(b []byte, _ int64) (int, error) {
	clear(b)
	return len(b), nil
}
