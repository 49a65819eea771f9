package evidence

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"sort"
	"strings"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// Velociraptor leaves out the holes of a sparse file. Beside the copy is an index with
// the same name and ".idx": a JSON object with "ranges" in order of their offsets.
const (
	indexExt     = ".idx"
	maxIndexSize = 16 << 20
)

// fileRange is a range of a sparse file. A range without a length in the copy is a hole.
type fileRange struct {
	FileOffset     int64 `json:"file_offset"`     // in the copy
	OriginalOffset int64 `json:"original_offset"` // in the file on its volume
	FileLength     int64 `json:"file_length"`     // bytes in the copy
	Length         int64 `json:"length"`          // bytes in the file
}

// end returns the offset behind the range in the file.
func (r fileRange) end() int64 { return r.OriginalOffset + r.Length }

// attachIndexes finds the indexes of sparse files in a directory of Velociraptor. They
// are files of the collector, not of the volume.
func (f *folderFS) attachIndexes(dir *entry) {
	rest := dir.children[:0]
	for _, c := range dir.children {
		of := dir.byFold[winpath.Fold(strings.TrimSuffix(c.name, indexExt))]
		if c.dir || !c.places[0].encoded || !strings.HasSuffix(c.name, indexExt) || of == nil || of.dir || of.places[0].layer != c.places[0].layer {
			rest = append(rest, c)
			continue
		}
		ranges, err := f.readIndex(c.places[0].path)
		if err != nil {
			f.addProblem(c.places[0].path, damage.Note(damage.Malformed, err, "", c.places[0].path))
			rest = append(rest, c)
			continue
		}
		of.ranges = ranges
		delete(dir.byName, c.name)
		delete(dir.byFold, winpath.Fold(c.name))
	}
	dir.children = rest
}

// readIndex reads the index of a sparse file.
func (f *folderFS) readIndex(name string) ([]fileRange, error) {
	file, err := f.fsys.Open(name)
	if err != nil {
		return nil, cause(err)
	}
	defer file.Close()
	b, err := io.ReadAll(io.LimitReader(file, maxIndexSize))
	if err != nil {
		return nil, err
	}
	var index struct{ Ranges []fileRange }
	if err := json.Unmarshal(b, &index); err != nil {
		return nil, &damage.Error{Offset: -1, What: "index of a sparse file", Err: err}
	}
	var end, stored int64
	for i, r := range index.Ranges {
		if r.OriginalOffset < end || r.Length < 0 || r.end() < r.OriginalOffset || r.FileLength < 0 || r.FileLength > r.Length {
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

// sparseFile reads a sparse file from a copy without its holes. What the copy does not
// have is an error, holes are zeros.
type sparseFile struct {
	r      io.ReaderAt
	size   int64 // of the copy
	ranges []fileRange
}

func (s *sparseFile) fileSize() int64 { return s.ranges[len(s.ranges)-1].end() }

// at returns the number of the first range that ends behind an offset.
func (s *sparseFile) at(off int64) int {
	return sort.Search(len(s.ranges), func(i int) bool { return s.ranges[i].end() > off })
}

// ReadAt implements io.ReaderAt.
func (s *sparseFile) ReadAt(b []byte, off int64) (int, error) {
	if off < 0 {
		return 0, errors.New("negative offset")
	}
	done := 0
	for i := s.at(off); done < len(b) && i < len(s.ranges); {
		r := s.ranges[i]
		into := off - r.OriginalOffset
		if into < 0 {
			return done, missing(off)
		}
		part := b[done:]
		switch {
		case into >= r.Length:
			i++
			continue
		case r.FileLength == 0:
			part = part[:min(int64(len(part)), r.Length-into)]
			clear(part)
		case into >= min(r.FileLength, s.size-r.FileOffset):
			return done, missing(off)
		default:
			part = part[:min(int64(len(part)), min(r.FileLength, s.size-r.FileOffset)-into)]
			if n, err := s.r.ReadAt(part, r.FileOffset+into); n < len(part) {
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
	return &damage.Error{Offset: off, What: "content of a sparse file", Want: "bytes that were not collected", Err: io.ErrUnexpectedEOF}
}

// nextData returns the first offset at or behind off that is not in a hole, at most the
// size of the file.
func (s *sparseFile) nextData(off int64) int64 {
	for i := s.at(max(off, 0)); i < len(s.ranges); i++ {
		if r := s.ranges[i]; r.FileLength > 0 {
			return max(off, r.OriginalOffset)
		}
	}
	return s.fileSize()
}

// sparseOpen is an open sparse file of a folder.
type sparseOpen struct {
	openFile
	file *sparseFile
}

// NextData returns the first offset at or behind off that is not in a hole, at most the
// size of the file.
func (f *sparseOpen) NextData(off int64) int64 { return f.file.nextData(off) }

// openSparse presents a copy as the file that it was made of.
func openSparse(file fs.File, copySize int64, e *entry, i fileInfo) (fs.File, error) {
	r, ok := file.(io.ReaderAt)
	if !ok {
		file.Close()
		return nil, &damage.Error{Offset: -1, What: e.name, Want: "a file that can be read at offsets", Err: ErrUnsupported}
	}
	s := &sparseFile{r, copySize, e.ranges}
	return &sparseOpen{openFile{io.NewSectionReader(s, 0, s.fileSize()), i, file}, s}, nil
}
