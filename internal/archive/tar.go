package archive

import (
	"fmt"
	"io"
	"maps"
	"strconv"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
)

// maxTarRecords bounds the records for one member: a long name, or a map of holes.
const maxTarRecords = 16 << 20

// tarFile reads a tar file.
type tarFile struct {
	r    io.ReaderAt
	size int64
	b    *builder

	next    tarRecords // for the next member
	modTime string     // for all members that follow
	links   []tarHardLink
	found   int // headers
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
	t := &tarFile{r: r, size: size, b: newBuilder(o.Limits), next: tarRecords{}}
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

// records reads the data of a header that describes the next member, and returns the
// offset behind it.
func (t *tarFile) records(h *tarHeader, data int64) (int64, error) {
	next := data + h.padded(t.size-data)
	if h.size > min(maxTarRecords, t.size-data) {
		t.b.fs.note(damage.Limit, limited("records of a member", strconv.FormatInt(h.size, 10), "≤ 16 MiB and what the file holds; they were skipped", shorten(h.name)))
		return next, nil
	}
	b, err := bin.ReadAt(t.r, t.size, data, h.size, "records of a member")
	if err != nil {
		return 0, err
	}
	switch h.kind {
	case tarLongName:
		t.next["path"] = tarString(b)
	case tarLongLink:
		t.next["linkpath"] = tarString(b)
	default:
		r, ok := parseTarRecords(string(b))
		if !ok {
			t.b.fs.note(damage.Malformed, damage.New("records of pax", data, "a record of another length", "LENGTH KEYWORD=VALUE"))
		}
		if h.kind == tarGlobal {
			t.modTime = r["mtime"] // the others make sense for one member only
		} else {
			maps.Copy(t.next, r)
		}
	}
	return next, nil
}

// member adds the member of a header, and returns the offset of the next header.
func (t *tarFile) member(h *tarHeader) (int64, error) {
	data := h.offset + tarBlock
	switch h.kind {
	case tarPAX, tarGlobal, tarLongName, tarLongLink:
		return t.records(h, data)
	}
	rec := t.next
	t.next = tarRecords{}
	if _, ok := rec["mtime"]; !ok && t.modTime != "" {
		rec["mtime"] = t.modTime
	}
	if err := h.apply(rec); err != nil {
		t.b.fs.note(damage.Malformed, err)
	}
	m := &tarMember{r: t.r, end: t.size, packed: h.size, size: h.size, name: h.name}
	var err *damage.Error
	switch {
	case h.kind == tarSparse:
		data, err = m.oldSparse(h, data)
	case rec["GNU.sparse.major"] == "1":
		err = m.sparseInData(rec, data)
	case rec["GNU.sparse.map"] != "" || rec["GNU.sparse.size"] != "":
		err = m.sparseInRecords(rec)
	}
	if m.data == 0 {
		m.data = data
	}
	if h.size > t.size-data {
		t.b.fs.note(damage.Truncation, damage.In(damage.Truncated("data of a member", data, h.size, t.size-data), "", h.name).(*damage.Error))
		if !m.sparse {
			// A reader may make room for as much as the size says. One block more than
			// there is remains, so that its end is an error.
			m.size = max(t.size-data, 0) + tarBlock
		}
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
		parts, _, fault := splitName(l.of[:min(len(l.of), maxName)])
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
