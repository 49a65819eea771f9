package mfttest

import (
	"bytes"

	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/mft"
)

// writer collects the content of the volume. It allocates clusters in ascending
// order, so the size of the volume is known only at the end.
type writer struct {
	Volume
	tree    *tree
	secure  *secure
	next    int64            // the first free cluster
	pieces  map[int64][]byte // by first cluster
	free    []mft.Run        // clusters of deleted files
	records map[uint64][]byte
	inUse   map[uint64]bool // by entry
	objects []*node         // files with an object identifier
}

const bootSize = 8192

func newWriter(v Volume) (*writer, error) {
	v, err := v.withDefaults()
	if err != nil {
		return nil, err
	}
	w := &writer{
		Volume:  v,
		tree:    newTree(),
		secure:  newSecure(),
		pieces:  map[int64][]byte{},
		records: map[uint64][]byte{},
		inUse:   map[uint64]bool{},
	}
	w.next = w.clusters(bootSize)
	return w, nil
}

// clusters returns how many clusters n bytes take.
func (w *writer) clusters(n int) int64 {
	return (int64(n) + int64(w.ClusterSize) - 1) / int64(w.ClusterSize)
}

// alloc puts data into newly allocated clusters.
func (w *writer) alloc(data []byte) mft.Run {
	run := mft.Run{LCN: w.next, Length: uint64(w.clusters(len(data)))}
	w.pieces[run.LCN] = data
	w.next += int64(run.Length)
	return run
}

// stored returns an attribute whose content is in newly allocated clusters.
func (w *writer) stored(typ mft.AttributeType, name string, data []byte) *attribute {
	a := &attribute{typ: typ, name: name, nonResident: true, size: uint64(len(data))}
	a.initialized = a.size
	if len(data) > 0 {
		run := w.alloc(data)
		a.runs, a.clusters = []mft.Run{run}, run.Length
	}
	a.allocated = a.clusters * uint64(w.ClusterSize)
	return a
}

// scattered is like stored but uses many runs, the last one first: of one cluster each, or
// of as many as a record has. The first part of the $MFT must have the records of its other
// parts, so a table that begins with runs of half a record could not be read.
func (w *writer) scattered(typ mft.AttributeType, name string, data []byte) *attribute {
	a := w.stored(typ, name, data)
	whole := a.runs[0]
	delete(w.pieces, whole.LCN)
	a.runs = nil
	each := int64(max(1, w.RecordSize/w.ClusterSize))
	for end := whole.LCN + int64(whole.Length); end > whole.LCN; end -= each {
		lcn := max(whole.LCN, end-each)
		n := min(int(end-lcn)*w.ClusterSize, len(data))
		w.pieces[lcn], data = data[:n], data[n:]
		a.runs = append(a.runs, mft.Run{LCN: lcn, Length: uint64(end - lcn)})
	}
	return a
}

// behindHole returns an attribute that begins with a hole.
func (w *writer) behindHole(s Stream) *attribute {
	a := w.stored(mft.AttrData, s.Name, s.Data)
	a.flags, a.stored = mft.AttributeSparse, a.allocated
	hole := mft.Run{LCN: mft.LCNSparse, Length: uint64(s.Hole) / uint64(w.ClusterSize)}
	a.runs = append([]mft.Run{hole}, a.runs...)
	a.clusters += hole.Length
	a.size += uint64(s.Hole)
	a.initialized = a.size
	a.allocated += uint64(s.Hole)
	return a
}

// sparse returns a stored attribute in which clusters of zeros are holes.
func (w *writer) sparse(typ mft.AttributeType, name string, data []byte) *attribute {
	a := &attribute{typ: typ, name: name, nonResident: true, flags: mft.AttributeSparse, size: uint64(len(data))}
	a.initialized = a.size
	zeros := make([]byte, w.ClusterSize)
	for off := 0; off < len(data); {
		end := off
		isZero := func(at int) bool {
			c := data[at:min(at+w.ClusterSize, len(data))]
			return bytes.Equal(c, zeros[:len(c)])
		}
		hole := isZero(off)
		for end < len(data) && isZero(end) == hole {
			end += w.ClusterSize
		}
		run := mft.Run{LCN: mft.LCNSparse, Length: uint64((end - off) / w.ClusterSize)}
		if !hole {
			run = w.alloc(data[off:min(end, len(data))])
			a.stored += run.Length * uint64(w.ClusterSize)
		}
		a.runs = append(a.runs, run)
		off = end
	}
	a.clusters = length(a.runs)
	a.allocated = a.clusters * uint64(w.ClusterSize)
	return a
}

func times(t Times, fallback Times) [4]uint64 {
	if t == (Times{}) {
		t = fallback
	}
	return [4]uint64{filetime.Ticks(t.Created), filetime.Ticks(t.Modified), filetime.Ticks(t.Changed), filetime.Ticks(t.Accessed)}
}

func (w *writer) standardInformation(f *File) *attribute {
	b := make([]byte, 0x48)
	for i, t := range times(f.Times, AllAt(w.Created)) {
		le.PutUint64(b[8*i:], t)
	}
	le.PutUint32(b[0x20:], f.attributes())
	le.PutUint64(b[0x40:], f.USN)
	return &attribute{typ: mft.AttrStandardInformation, value: b}
}

// attributes returns the FILE_ATTRIBUTE_ flags, including those that are
// implied.
func (f *File) attributes() uint32 {
	flags := f.Attributes
	if flags == 0 && !f.Dir {
		flags = uint32(mft.FileArchive)
	}
	if f.Sparse {
		flags |= uint32(mft.FileSparse)
	}
	if f.Compressed {
		flags |= uint32(mft.FileCompressed)
	}
	if len(f.Reparse) > 0 {
		flags |= uint32(mft.FileReparsePoint)
	}
	return flags
}

// fileName returns a $FILE_NAME with the given times.
func (n *node) fileName(nm name, t [4]uint64, allocated, size uint64) []byte {
	units := wtf8.Encode(nm.text)
	b := make([]byte, 0x42, 0x42+len(units))
	le.PutUint64(b, nm.dir.ref.Uint64())
	for i, t := range t {
		le.PutUint64(b[8+8*i:], t)
	}
	le.PutUint64(b[0x28:], allocated)
	le.PutUint64(b[0x30:], size)
	flags := n.attributes()
	if n.Dir {
		flags |= uint32(mft.FileHasI30Index)
	}
	le.PutUint32(b[0x38:], flags)
	copy(b[0x3c:0x40], n.Reparse) // the tag
	for _, ea := range n.EAs {
		le.PutUint16(b[0x3c:], le.Uint16(b[0x3c:])+uint16(5+len(ea.Name)+len(ea.Value)))
	}
	b[0x40], b[0x41] = byte(len(units)/2), byte(nm.space)
	return append(b, units...)
}
