// Package vmdk reads the disks of VMware: sparse ones, the compressed streams in which
// clouds export disks, flat ones, disks in several files, and snapshots with their
// parents.
package vmdk

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
	"github.com/birthmark-dfir/birthmark/internal/disk"
)

// The beginnings of the files of a disk.
const (
	SparseMagic     = "KDMV"
	COWDMagic       = "COWD"
	DescriptorMagic = descriptorMark
)

// Open opens a disk by its descriptor, or by a file that has the descriptor in it.
func Open(f disk.File) (disk.Image, error) {
	img, err := open(f, 0)
	return img.Image, damage.In(err, f.Name, "")
}

// opened is a disk, with the identifier that it has while nobody writes to it.
type opened struct {
	disk.Image
	cid string // "" if the descriptor has none
}

func open(f disk.File, depth int) (opened, error) {
	if depth == disk.MaxChain {
		return opened{}, damage.New("parents", -1, depth+1, fmt.Sprintf("≤ %d", disk.MaxChain))
	}
	var mark [len(descriptorMark)]byte
	n, err := f.R.ReadAt(mark[:], 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return opened{}, err
	}
	if strings.EqualFold(string(mark[:n]), descriptorMark) {
		text, err := bin.ReadAt(f.R, f.Size, 0, min(f.Size, maxDescriptor), "descriptor")
		if err != nil {
			return opened{}, err
		}
		return openDescriptor(f, text, nil, depth)
	}
	if strings.HasPrefix(string(mark[:n]), SESparseMagic) {
		s, err := openSESparse(f)
		if err != nil {
			return opened{}, err
		}
		return opened{Image: withoutDescriptor(s.image(), f.Name)}, nil
	}
	s, err := openSparse(f)
	if err != nil {
		return opened{}, err
	}
	if len(bytes.TrimLeft(s.text, "\x00")) > 0 { // an extent may have only room for one
		return openDescriptor(f, s.text, s, depth)
	}
	img := s.image()
	if string(mark[:4]) == SparseMagic {
		img = withoutDescriptor(img, f.Name)
	}
	return opened{Image: img}, nil
}

// withoutDescriptor adds the problem that an extent was opened alone.
func withoutDescriptor(img disk.Image, name string) disk.Image {
	img.Problems = append(img.Problems, damage.Note(damage.Gap, damage.New("file", -1, "one extent of a disk", "its descriptor, the .vmdk without a number"), name, ""))
	return img
}

// image returns a sparse extent as a disk.
func (s *sparse) image() disk.Image {
	img := disk.Image{R: &disk.Blocks{Size: s.size, BlockSize: s.grain, Find: s.find}, Size: s.size}
	if s.stream != nil {
		img.Problems = append(img.Problems, damage.Note(damage.Truncation, damage.New("footer", -1, "nothing", "the directory of the stream; its grains were found by their markers"), s.f.Name, ""))
	}
	if s.unclean {
		img.Problems = append(img.Problems, damage.Note(damage.Malformed, damage.New("header", 0x48, "a disk that was not closed", nil), s.f.Name, ""))
	}
	return img
}

// openDescriptor opens the extents of a disk. Own is the extent that has the descriptor
// in it, if there is one.
func openDescriptor(f disk.File, text []byte, own *sparse, depth int) (opened, error) {
	d, err := parseDescriptor(text)
	if err != nil {
		return opened{}, err
	}
	if len(d.extents) > 1 {
		own = nil // each has a file
	}
	img := opened{cid: d.values["cid"]}
	var below opened
	if name, cid, has := d.parent(); has {
		p, err := f.Sibling(name)
		if err != nil {
			return opened{}, &damage.Error{Offset: -1, What: "parent of the disk", Got: name, Want: "beside it", Err: err}
		}
		if below, err = open(p, depth+1); err != nil {
			return opened{}, damage.In(err, p.Name, "")
		}
		img.Problems = append(img.Problems, below.Problems...)
		if !strings.EqualFold(below.cid, cid) {
			img.Problems = append(img.Problems, damage.Note(damage.Malformed, damage.New("identifier of the parent", -1, below.cid,
				cid+"; the parent was changed after the snapshot, so parts of the disk may be wrong"), p.Name, ""))
		}
	}
	var parts []disk.Part
	found := 0
	for _, line := range d.extents {
		size := line.sectors * sector
		part := disk.Part{Name: line.name, Size: size}
		r, problems, err := openExtent(f, line, own, below.Image, img.Size)
		switch {
		case err == nil:
			part.R = r
			found++
			img.Problems = append(img.Problems, problems...)
		case errors.Is(err, fs.ErrNotExist), damage.Is(err):
			img.Problems = append(img.Problems, damage.Note(damage.Gap, damage.In(err, line.name, ""), f.Name, ""))
		default:
			return opened{}, err
		}
		parts = append(parts, part)
		img.Size += size
	}
	if found == 0 {
		return opened{}, img.Problems[len(img.Problems)-1].Err
	}
	img.R = disk.Join(parts)
	return img, nil
}

// openExtent opens an extent, which begins at base in the disk.
func openExtent(f disk.File, line extentLine, own *sparse, below disk.Image, base int64) (io.ReaderAt, []damage.Problem, error) {
	if line.kind == "ZERO" {
		return disk.Zeros{}, nil, nil
	}
	s := own
	if own == nil {
		p, err := f.Sibling(line.name)
		if err != nil {
			return nil, nil, &damage.Error{Offset: -1, What: "extent", Got: line.name, Want: "beside the descriptor", Err: err}
		}
		switch line.kind {
		case "FLAT", "VMFS":
			off := line.offset * sector
			if size := line.sectors * sector; off+size > p.Size {
				return io.NewSectionReader(p.R, off, size), []damage.Problem{damage.Note(damage.Truncation, damage.New("size of the extent", -1, max(p.Size-off, 0), size), p.Name, "")}, nil
			}
			return io.NewSectionReader(p.R, off, line.sectors*sector), nil, nil
		case "SPARSE", "VMFSSPARSE":
			if s, err = openSparse(p); err != nil {
				return nil, nil, damage.In(err, p.Name, "")
			}
		case "SESPARSE":
			se, err := openSESparse(p)
			if err != nil {
				return nil, nil, damage.In(err, p.Name, "")
			}
			img := se.on(below, base)
			return img.R, img.Problems, nil
		default:
			return nil, nil, damage.New("type of the extent "+line.name, -1, line.kind, "FLAT, SPARSE, ZERO, VMFS, VMFSSPARSE or SESPARSE")
		}
	}
	s.below, s.base = below, base
	img := s.image()
	return img.R, img.Problems, nil
}
