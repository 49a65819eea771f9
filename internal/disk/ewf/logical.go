package ewf

import (
	"fmt"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/disk"
)

// Logical is an image of files, .L01 or .Lx01.
type Logical struct {
	Files    []File // folders before what is in them
	Problems []damage.Problem
}

// OpenLogical opens an image of files from any of its segments.
func OpenLogical(f disk.File) (*Logical, error) {
	l, err := openLogical(f)
	return l, damage.In(err, f.Name, "")
}

func openLogical(f disk.File) (*Logical, error) {
	e, err := openSegments(f)
	if err != nil {
		return nil, err
	}
	if e.treeIn == nil {
		if len(e.problems) > 0 { // such as a lost segment
			return nil, e.problems[0].Err
		}
		return nil, damage.New("section with the tree of files", -1, "nothing", "in the last segment, "+f.Name+" or one that follows it")
	}
	t, err := e.readTree()
	if err != nil {
		return nil, damage.In(err, e.treeIn.Name, "")
	}
	// The volume section has neither the number of chunks nor the size.
	chunks := int64(0)
	for _, t := range e.tables {
		chunks = max(chunks, t.first+t.count)
	}
	size := chunks * e.chunk
	if t.total > 0 && t.total <= size && t.total > size-e.chunk {
		size = t.total
	}
	e.setSize(e.chunk, size)
	img := e.disk(f)
	l := &Logical{Problems: img.Problems}
	for _, p := range t.problems {
		l.Problems = append(l.Problems, damage.Note(p.Kind, p.Err, e.treeIn.Name, ""))
	}
	for i := range t.files {
		l.Files = append(l.Files, t.files[i].in(img))
	}
	return l, nil
}

// in returns a file with its content in the data of the image.
func (r *treeFile) in(img disk.Image) File {
	f := r.File
	if f.Folder {
		return f
	}
	fail := func(got, want string) File {
		f.Err = damage.New("content of the file", -1, got, want)
		return f
	}
	if r.fault != nil {
		f.Err = r.fault
		return f
	}
	extents, held := r.extents, int64(0)
	if r.sparse && r.duplicate >= 0 {
		extents = []extent{{r.duplicate, f.Size}}
	}
	var parts []disk.Part
	for _, x := range extents {
		if held >= f.Size && held > 0 {
			break
		}
		if x.off > img.Size || x.size > img.Size-x.off {
			return fail(fmt.Sprintf("an extent of %d bytes at %#x", x.size, x.off), fmt.Sprintf("inside the %d bytes of the image", img.Size))
		}
		held += x.size
		parts = append(parts, disk.Part{R: behind{img.R, x.off}, Size: x.size})
	}
	switch {
	case f.Size == 0: // one byte is stored
	case r.sparse && r.duplicate < 0 && held == 1 && f.Size > 1:
		f.R = repeated{disk.Join(parts)}
	case held < f.Size:
		return fail(fmt.Sprintf("%d bytes", held), fmt.Sprint(f.Size))
	default:
		f.R = disk.Join(parts)
	}
	return f
}
