package jumplist

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/ole"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/lnk"
	"github.com/birthmark-dfir/birthmark/lnk/shellitem"
	"github.com/birthmark-dfir/birthmark/winid"
)

// decoder reads one file.
type decoder struct {
	name     string // what errors call the file
	raw      []byte
	list     List
	problems []Problem
}

func (d *decoder) note(kind damage.Kind, err error, path string) {
	d.problems = append(d.problems, damage.Note(kind, err, d.name, path))
}

// decode reads the file. The error is that of a file that is something else. The shell
// leaves empty files behind, which are lists without entries.
func (d *decoder) decode() error {
	if bytes.HasPrefix(d.raw, []byte(ole.Magic)) {
		return d.automatic()
	}
	return d.custom()
}

// destList is the name of the stream with the entries.
const destList = "DestList"

// automatic reads a list of the shell.
func (d *decoder) automatic() error {
	streams, problems, err := ole.Streams(d.raw)
	if err != nil {
		return &FormatError{Offset: 0, What: "compound file", Got: err.Error(), Want: "a header", Err: ErrNotJumpList}
	}
	for _, p := range problems {
		d.note(damage.Malformed, p, "")
	}
	links := map[uint32]*ole.Stream{}
	var order []uint32
	var list *ole.Stream
	for i := range streams {
		s := &streams[i]
		if s.Err != nil {
			d.note(damage.Malformed, s.Err, s.Name)
		}
		if s.Name == destList && list == nil {
			list = s
		} else if n, err := strconv.ParseUint(s.Name, 16, 32); err == nil && links[uint32(n)] == nil {
			links[uint32(n)] = s
			order = append(order, uint32(n))
		}
	}
	if list == nil && len(order) == 0 {
		return &FormatError{Offset: -1, What: "streams", Got: fmt.Sprint(len(streams)), Want: destList, Err: ErrNotJumpList}
	}
	if list == nil {
		d.note(damage.Malformed, damage.New("stream "+destList, -1, "no such stream", "one"), "")
	} else {
		d.destList(list, links)
	}
	for _, n := range order {
		if s := links[n]; s != nil { // not taken by an entry
			e := Entry{Record: s.Name, Offset: s.Offset, Number: n}
			e.Link = d.link(s.Data, s.Name)
			d.list.Entries = append(d.list.Entries, e)
		}
	}
	return nil
}

// The sizes of the header of DestList, and of what an entry has before its path, in bytes.
const (
	destHeader = 32
	entrySize1 = 112 // version 1; the path with its length follows
	entrySize2 = 128 // since version 2
)

// destList reads the stream DestList, and takes the links that it names.
//
//	 0  4  version: 1 Windows 7 and 8, 3 and 4 Windows 10, up to 6 Windows 11
//	 4  4  number of entries
//	 8  4  number of pinned entries
//	12  4  unknown, a floating point number
//	16  8  number of the last entry
//	24  8  number of changes
func (d *decoder) destList(s *ole.Stream, links map[uint32]*ole.Stream) {
	c := bin.NewCursor(s.Data, 0)
	if len(s.Data) == 0 {
		return // the list is empty
	}
	d.list.Version = c.U32("version")
	count := c.U32("number of entries")
	c.Skip("header", destHeader-8)
	var n uint32
	for ; n < count && c.Err() == nil && c.Len() > 0; n++ {
		e, ok := d.entry(&c, s.Offset)
		if !ok {
			break
		}
		if stream := links[e.Number]; stream != nil {
			delete(links, e.Number)
			e.Record, e.Offset = stream.Name, stream.Offset
			e.Link = d.link(stream.Data, stream.Name)
		} else {
			d.note(damage.Malformed, damage.New("stream of an entry", -1, "no such stream", strconv.FormatUint(uint64(e.Number), 16)), destList)
		}
		d.list.Entries = append(d.list.Entries, e)
	}
	if err := c.Err(); err != nil {
		d.note(damage.Truncation, err, destList)
	} else if n < count {
		d.note(damage.Malformed, damage.New("number of entries", 4, fmt.Sprint(count), fmt.Sprint(n)), destList)
	}
}

// entry reads an entry of DestList.
//
//	 0   8  unknown
//	 8  32  droid: volume, file
//	40  32  droid at birth
//	72  16  name of the machine, ends with a NUL
//	88   4  number, which names the stream
//	92   4  unknown
//	96   4  unknown, a floating point number
//
// 100   8  FILETIME of the last access
// 108   4  place among the pinned entries; -1 if it is not pinned
//
// Since version 2:
//
// 112   4  unknown
// 116   4  number of accesses
// 120   8  unknown
//
// Then the number of characters of the path in two bytes, the path and, since version 2,
// four bytes with the size of a property store, and that.
func (d *decoder) entry(c *bin.Cursor, offset int64) (Entry, bool) {
	e := Entry{Listed: true, Offset: offset}
	c.Skip("checksum", 8)
	e.Droid = lnk.Droid{Volume: guid(c), File: guid(c)}
	e.DroidBirth = lnk.Droid{Volume: guid(c), File: guid(c)}
	host, _, _ := bytes.Cut(c.Bytes("host", 16), []byte{0})
	e.Host = latin(host)
	e.Number = c.U32("number of the entry")
	c.Skip("unknown", 8)
	e.LastAccess = filetime.Time(c.U64("last access"))
	e.Pinned = c.U32("pin status") != 0xffffffff
	if d.list.Version >= 2 {
		c.Skip("unknown", entrySize2-entrySize1-12)
		e.Accesses = c.U32("number of accesses")
		c.Skip("unknown", 8)
	}
	n := int(c.U16("length of the path"))
	e.Path = wtf8.String(c.Bytes("path", 2*n))
	ok := c.Err() == nil
	if d.list.Version >= 2 && c.Len() > 0 {
		size := int(c.U32("size of the property store"))
		at := c.Offset()
		var err error
		if e.Properties, err = shellitem.ReadProperties(c.Bytes("property store", size), at); err != nil {
			d.note(damage.Malformed, err, destList)
		}
	}
	e.Record = strconv.FormatUint(uint64(e.Number), 16)
	return e, ok
}

func guid(c *bin.Cursor) (g winid.GUID) {
	copy(g[:], c.Bytes("droid", len(g)))
	return g
}

// latin decodes a name of the machine, which is ASCII.
func latin(b []byte) string {
	r := make([]rune, len(b))
	for i, c := range b {
		r[i] = rune(c)
	}
	return string(r)
}

// link reads the link in a stream or in a part of the file.
func (d *decoder) link(raw []byte, record string) *lnk.Link {
	r, err := lnk.NewReader(bytes.NewReader(raw), int64(len(raw)), lnk.WithName(d.name))
	if err != nil {
		if bad, ok := errors.AsType[*damage.Error](err); ok {
			d.note(damage.Malformed, bad, record)
		}
		return nil
	}
	for p := range r.Problems() {
		p.Err.Path = strings.TrimSuffix(record+"/"+p.Err.Path, "/")
		d.problems = append(d.problems, p)
	}
	return r.Link()
}

// What a list of a program consists of.
var (
	footer  = []byte{0xab, 0xfb, 0xbf, 0xba}
	classID = []byte("\x01\x14\x02\x00\x00\x00\x00\x00\xc0\x00\x00\x00\x00\x00\x00\x46")
	begin   = slices.Concat(classID, []byte{0x4c, 0, 0, 0}, classID) // of a link, behind its class
)

const customHeader = 12

// The types of categories of a list of a program.
const (
	ofProgram = 0
	known     = 1
	tasks     = 2
)

// custom reads a list of a program. Its links have no size, so they are found by how they
// begin.
//
//	 0  4  version, 2
//	 4  4  number of categories
//	 8  4  unknown
//	12  -  categories
//
// A category:
//
//	0  4  type: 0 of the program, 1 known to the shell, 2 tasks
//	4  2  type 0: number of characters of the name; the name follows
//	-  4  type 0 and 2: number of entries; these follow, each begins with its class identifier
//	4  4  type 1: 1 frequent, 2 recent
//	-  4  footer
func (d *decoder) custom() error {
	c := bin.NewCursor(d.raw, 0)
	version, count := c.U32("version"), c.U32("number of categories")
	c.Skip("header", customHeader-8)
	if c.Err() != nil || version != 2 {
		return &FormatError{Offset: 0, What: "version", Got: fmt.Sprintf("%#x in %d bytes", version, len(d.raw)), Want: "2 or a compound file", Err: ErrNotJumpList}
	}
	d.list.Custom, d.list.Version = true, version
	var n uint32
	for ; n < count && c.Err() == nil && c.Len() > 0; n++ {
		d.category(&c)
	}
	if err := c.Err(); err != nil {
		d.note(damage.Truncation, err, "category "+strconv.Itoa(int(n)))
	} else if n < count {
		d.note(damage.Malformed, damage.New("number of categories", 4, fmt.Sprint(count), fmt.Sprint(n)), "")
	}
	// What is behind the categories, or behind damage, has links all the same.
	d.links(c.Pos(), len(d.raw), "", false)
	return nil
}

// category reads a category.
func (d *decoder) category(c *bin.Cursor) {
	name := ""
	switch kind := c.U32("type of the category"); kind {
	case ofProgram:
		name = wtf8.String(c.Bytes("name of the category", 2*int(c.U16("length of the name"))))
	case known:
		c.Skip("identifier of the category", 4)
		c.Skip("footer", len(footer))
		return
	case tasks:
		name = "tasks"
	default:
		d.note(damage.Malformed, damage.New("type of the category", c.Offset()-4, fmt.Sprint(kind), "0, 1 or 2"), "")
	}
	count := c.U32("number of entries")
	at := c.Pos()
	if c.Err() != nil {
		return
	}
	end := len(d.raw)
	if i := d.footerAfter(at); i >= 0 {
		end = i
	}
	found := d.links(at, end, name, true)
	if found != int(count) {
		d.note(damage.Malformed, damage.New("number of entries", int64(at-4), fmt.Sprint(count), fmt.Sprint(found)), name)
	}
	c.Seek("footer", end)
	c.Skip("footer", len(footer))
}

// footerAfter returns where the category ends whose links begin at an offset: at the first
// footer behind its last link, which is not in a link. It returns -1 if the file has no such footer.
func (d *decoder) footerAfter(at int) int {
	for {
		i := bytes.Index(d.raw[at:], footer)
		if i < 0 {
			return -1
		}
		end := at + i
		// Behind a footer is the end of the file or the next category.
		if rest := d.raw[end+len(footer):]; len(rest) == 0 || len(rest) >= 4 && rest[0] <= tasks && rest[1] == 0 && rest[2] == 0 && rest[3] == 0 {
			return end
		}
		at = end + 1
	}
}

// links reads the links between two offsets, and returns how many there are.
func (d *decoder) links(from, to int, category string, listed bool) int {
	n := 0
	for from < to {
		i := bytes.Index(d.raw[from:to], begin)
		if i < 0 {
			break
		}
		from += i + len(classID)
		end := to
		if next := bytes.Index(d.raw[from+1:to], begin); next >= 0 {
			end = from + 1 + next
		}
		e := Entry{Record: strconv.Itoa(len(d.list.Entries)), Offset: int64(from), Listed: listed, Category: category}
		e.Link = d.link(d.raw[from:end], "link "+e.Record)
		d.list.Entries = append(d.list.Entries, e)
		from = end
		n++
	}
	return n
}
