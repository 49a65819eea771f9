package archive

import (
	"fmt"
	"io"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
)

const tarBlock = 512

// The types of members.
const (
	tarRegular    = '0'
	tarOld        = 0 // a regular file, before POSIX
	tarLink       = '1'
	tarSymlink    = '2'
	tarCharacter  = '3'
	tarBlockDev   = '4'
	tarFolder     = '5'
	tarPipe       = '6'
	tarContiguous = '7'
	tarPAX        = 'x' // records for the next member
	tarGlobal     = 'g' // records for all members that follow
	tarLongName   = 'L' // GNU: the name of the next member
	tarLongLink   = 'K'
	tarSparse     = 'S' // GNU: with holes
	tarLabel      = 'V'
)

var tarTypes = map[byte]string{
	tarSymlink: "symbolic link", tarCharacter: "device", tarBlockDev: "device", tarPipe: "pipe",
}

// maxTarRecords bounds the records for one member: a long name, or a map of holes.
const maxTarRecords = 16 << 20

// tarFile reads a tar file.
type tarFile struct {
	r    io.ReaderAt
	size int64
	b    *builder

	next   tarRecords // for the next member
	global tarRecords
	links  []tarHardLink
	found  int // headers
}

// tarHardLink is a second name of a member.
type tarHardLink struct {
	name, of string
	modTime  time.Time
	offset   int64
}

// OpenTar opens a tar file that is not compressed. If it is damaged the tree has the
// members whose headers can be read. There must be one at least.
func OpenTar(r io.ReaderAt, size int64, o Options) (*FS, error) {
	t := &tarFile{r: r, size: size, b: newBuilder(o.Limits), next: tarRecords{}, global: tarRecords{}}
	if err := t.index(); err != nil {
		return nil, err
	}
	t.resolveLinks()
	return t.b.finish(), nil
}

// index reads all headers.
func (t *tarFile) index() error {
	zeros := 0
	var lost int64 = -1 // where the headers became unreadable
	for off := int64(0); off <= t.size-tarBlock && zeros < 2; {
		raw, err := bin.ReadAt(t.r, t.size, off, tarBlock, "tar header")
		if err != nil {
			return err
		}
		if bin.AllZero(raw) {
			zeros++
			off += tarBlock
			continue
		}
		h, ok := parseTarHeader(raw, off)
		if !ok {
			if t.found == 0 {
				return damage.New("checksum of a tar header", off+0x94, "another one", "the sum of the bytes of the header")
			}
			if zeros = 0; lost < 0 {
				lost = off
			}
			off += tarBlock
			continue
		}
		if zeros = 0; lost >= 0 {
			t.b.fs.note(damage.Malformed, damage.New("tar header", lost, "other data", fmt.Sprintf("a header; the next one is at %#x", off)))
			lost = -1
		}
		t.found++
		if off, err = t.member(h); err != nil {
			return err
		}
	}
	switch {
	case t.found == 0:
		return damage.New("tar header", 0, "nothing", "a member")
	case lost >= 0:
		t.b.fs.note(damage.Malformed, damage.New("tar header", lost, "other data", "a header, or two blocks of zeros at the end"))
	case zeros == 0:
		t.b.fs.note(damage.Truncation, damage.New("end of a tar file", t.size, "nothing", "two blocks of zeros"))
	}
	return nil
}

// member adds the member of a header, and returns the offset of the next header.
func (t *tarFile) member(h *tarHeader) (int64, error) {
	data := h.offset + tarBlock
	switch h.kind {
	case tarPAX, tarGlobal, tarLongName, tarLongLink:
		return t.records(h, data)
	}
	rec := t.next.over(t.global)
	t.next = tarRecords{}
	if err := h.apply(rec); err != nil {
		t.b.fs.note(damage.Malformed, err)
	}
	m := &tarMember{r: t.r, end: t.size, packed: h.size, size: h.size, name: h.name}
	var err *damage.Error
	switch {
	case h.kind == tarSparse:
		data, err = t.oldSparse(m, h, data)
	case rec["GNU.sparse.major"] == "1":
		err = t.sparseInData(m, rec, data)
	case rec["GNU.sparse.map"] != "" || rec["GNU.sparse.size"] != "":
		err = t.sparseInRecords(m, rec)
	}
	if m.data == 0 {
		m.data = data
	}
	if h.size > t.size-data {
		t.b.fs.note(damage.Truncation, damage.In(damage.Truncated("data of a member", data, h.size, t.size-data), "", h.name).(*damage.Error))
	}
	next := data + h.padded(t.size-data)
	if err != nil {
		err.Path = h.name
		t.b.fs.note(damage.Malformed, err)
		m.fault = err
	}
	switch h.kind {
	case tarRegular, tarOld, tarContiguous, tarSparse:
		if h.kind == tarOld && len(h.name) > 0 && h.name[len(h.name)-1] == '/' {
			t.b.add(h.name, nil, 0, h.modTime)
			return next, nil
		}
		t.b.add(h.name, m, m.size, h.modTime)
	case tarFolder:
		t.b.add(h.name+"/", nil, 0, h.modTime)
		next = data
	case tarLink:
		t.links = append(t.links, tarHardLink{h.name, h.link, h.modTime, h.offset})
		next = data
	case tarLabel:
	default:
		what := tarTypes[h.kind]
		if what == "" {
			what = fmt.Sprintf("%q", h.kind)
		} else {
			next = data
		}
		t.b.fs.note(damage.Unsupported, &damage.Error{Path: h.name, Offset: h.offset + 0x9c, What: "file type", Got: what,
			Want: "a file or a folder; it was skipped"})
	}
	return next, nil
}

// resolveLinks adds the second names of members. Only a member that is in the archive
// can have one.
func (t *tarFile) resolveLinks() {
	for _, l := range t.links {
		parts, _, fault := splitName(l.of)
		var of *node
		if parts != nil && fault == "" {
			of = t.b.find(parts)
		}
		if of == nil || of.dir {
			t.b.fs.note(damage.Unsupported, &damage.Error{Path: l.name, Offset: l.offset, What: "hard link", Got: "to " + shorten(l.of), Want: "to a file of the archive; it was skipped"})
			continue
		}
		t.b.add(l.name, of.content, of.size, l.modTime)
	}
}

// tarMember is the content of a member.
type tarMember struct {
	r            io.ReaderAt
	end          int64 // of the archive
	data, packed int64 // where the data is
	size         int64
	name         string
	fault        error
	segments     []tarSegment // of a sparse file, in order; else nil
	sparse       bool
}

// ready implements content.
func (m *tarMember) ready() error { return m.fault }

// ReadAt implements io.ReaderAt.
func (m *tarMember) ReadAt(b []byte, off int64) (int, error) {
	switch {
	case off < 0:
		return 0, errNegative
	case off >= m.size:
		return 0, io.EOF
	}
	var end error
	if int64(len(b)) > m.size-off {
		b = b[:m.size-off]
		end = io.EOF
	}
	if m.sparse {
		n, err := m.readSparse(b, off)
		if err == nil {
			err = end
		}
		return n, err
	}
	n, err := m.readData(b, off)
	if err == nil {
		err = end
	}
	return n, err
}

// readData reads at an offset of the data in the archive.
func (m *tarMember) readData(b []byte, off int64) (int, error) {
	have := max(0, min(int64(len(b)), m.end-m.data-off))
	n, err := m.r.ReadAt(b[:have], m.data+off)
	switch {
	case int64(n) < have && err != nil && err != io.EOF:
		return n, err
	case n < len(b):
		return n, &damage.Error{Path: m.name, Offset: m.data + off + int64(n), What: "data of a member", Err: io.ErrUnexpectedEOF}
	}
	return n, nil
}
