package velociraptor

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"sort"

	"github.com/birthmark-dfir/birthmark/damage"
)

// IndexExt is what the name of an index has behind that of its file.
const IndexExt = ".idx"

// maxIndexSize bounds an index: one range is some 70 bytes.
const maxIndexSize = 16 << 20

// An Index has the ranges of a sparse file in order of their offsets. Velociraptor leaves
// out the holes of such a file. Beside the copy it writes the index: a JSON object with
// "ranges".
type Index []Range

// Range is a range of a sparse file. A range without a length in the copy is a hole.
type Range struct {
	FileOffset     int64 `json:"file_offset"`     // in the copy
	OriginalOffset int64 `json:"original_offset"` // in the file on its volume
	FileLength     int64 `json:"file_length"`     // bytes in the copy
	Length         int64 `json:"length"`          // bytes in the file
}

// end returns the offset behind the range in the file.
func (r Range) end() int64 { return r.OriginalOffset + r.Length }

// ReadIndex reads the index of a sparse file.
func ReadIndex(fsys fs.FS, name string) (Index, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxIndexSize))
	if err != nil {
		return nil, err
	}
	var index struct{ Ranges Index }
	if err := json.Unmarshal(b, &index); err != nil {
		return nil, &damage.Error{Offset: -1, What: "index of a sparse file", Err: err}
	}
	var end, stored int64
	for i, r := range index.Ranges {
		if r.OriginalOffset < end || r.Length < 0 || r.end() < r.OriginalOffset || r.FileLength < 0 || r.FileLength > r.Length || r.FileOffset < 0 {
			return nil, damage.New("index of a sparse file", -1, fmt.Sprintf("range %d: %+v", i, r), "ranges in order of their offsets")
		}
		if r.FileOffset == 0 {
			index.Ranges[i].FileOffset = stored // left out if the ranges follow each other
		}
		stored = index.Ranges[i].FileOffset + r.FileLength
		end = r.end()
	}
	if len(index.Ranges) == 0 {
		return nil, damage.New("index of a sparse file", -1, "no ranges", "at least one")
	}
	return index.Ranges, nil
}

// Size returns the size of the file on its volume.
func (x Index) Size() int64 {
	if len(x) == 0 {
		return 0
	}
	return x[len(x)-1].end()
}

// at returns the number of the first range that ends behind an offset.
func (x Index) at(off int64) int {
	return sort.Search(len(x), func(i int) bool { return x[i].end() > off })
}

// NextData returns the first offset at or behind off that is not in a hole, at most the
// size of the file.
func (x Index) NextData(off int64) int64 {
	for i := x.at(max(off, 0)); i < len(x); i++ {
		if r := x[i]; r.FileLength > 0 {
			return max(off, r.OriginalOffset)
		}
	}
	return x.Size()
}

// Sparse reads a sparse file from a copy without its holes. What the copy does not have
// is an error, holes are zeros.
type Sparse struct {
	R     io.ReaderAt // the copy
	Size  int64       // of the copy
	Index Index
}

// ReadAt implements io.ReaderAt.
func (s *Sparse) ReadAt(b []byte, off int64) (int, error) {
	if off < 0 {
		return 0, errors.New("negative offset")
	}
	done := 0
	for i := s.Index.at(off); done < len(b) && i < len(s.Index); {
		r := s.Index[i]
		into := off - r.OriginalOffset
		have := min(r.FileLength, max(s.Size-r.FileOffset, 0))
		part := b[done:]
		switch {
		case into < 0:
			return done, missing(off)
		case into >= r.Length:
			i++
			continue
		case r.FileLength == 0:
			part = part[:min(int64(len(part)), r.Length-into)]
			clear(part)
		case into >= have:
			return done, missing(off)
		default:
			part = part[:min(int64(len(part)), have-into)]
			if n, err := s.R.ReadAt(part, r.FileOffset+into); n < len(part) {
				return done + n, err
			}
		}
		done += len(part)
		off += int64(len(part))
	}
	if done < len(b) {
		return done, io.EOF
	}
	return done, nil
}

func missing(off int64) error {
	return &damage.Error{Offset: off, What: "content of a sparse file", Got: "nothing", Want: "bytes that were not collected", Err: io.ErrUnexpectedEOF}
}
