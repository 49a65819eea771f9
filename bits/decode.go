package bits

import (
	"encoding/binary"
	"fmt"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/winid"
)

var le = binary.LittleEndian

// decoder reads one file.
type decoder struct {
	name     string // what errors call the file
	raw      []byte
	jobs     []item
	rows     map[winid.GUID]*File // of qmgr.db
	carved   []*File
	problems []Problem
}

func (d *decoder) note(kind damage.Kind, err error, path string) {
	d.problems = append(d.problems, damage.Note(kind, err, d.name, path))
}

// lost notes that a job was not read.
func (d *decoder) lost(err error, path string) {
	err = damage.In(err, d.name, path)
	d.jobs = append(d.jobs, item{err: err})
	d.note(damage.Malformed, err, path)
}

// decode reads a file: its queue, then what is left from before.
func decode(name string, raw []byte, _ int64) (content, []Problem, error) {
	d := decoder{name: name, raw: raw, rows: map[winid.GUID]*File{}}
	var err error
	if isDatabase(raw) {
		err = d.database()
	} else {
		err = d.queue()
	}
	if err != nil {
		return content{}, nil, err
	}
	d.carve()
	return content{d.jobs, d.join()}, d.problems, nil
}

// A form is what differs between the two kinds of files.
type form struct {
	inline bool // the files are in their job, in qmgr0.dat and qmgr1.dat
	limit  int  // how far the mark of the files may be from the texts of a job, in bytes
}

// job reads the job that b begins with, at an offset of the file. Err is that of a job that
// cannot be read, rest that of one whose texts were read. N is how much of b was read.
func (d *decoder) job(b []byte, offset int64, f form) (j *Job, n int, err, rest error) {
	body, ok := bodyOf(b)
	if !ok {
		return nil, 0, damage.New("job", offset, fmt.Sprintf("% x", b[:min(len(b), 48)]), "the numbers of a job"), nil
	}
	c := bin.NewCursor(b, offset)
	j = head(&c, body)
	j.Offset = offset
	if err := c.Err(); err != nil {
		return nil, 0, err, nil
	}
	if _, err := winid.ParseSID(j.Owner); err != nil {
		return nil, 0, damage.New("SID of the owner", offset, fmt.Sprintf("%.60q", j.Owner), "a SID"), nil
	}
	n = c.Pos()
	if rest = toMark(&c, b, f.limit); rest != nil {
		return j, n, nil, rest
	}
	if rest = d.files(&c, j, b, f); rest != nil && toMark(&c, b, f.limit) != nil {
		return j, n, nil, rest
	}
	if err := tail(&c, j, b); rest == nil {
		rest = err
	}
	return j, min(c.Pos(), len(b)), nil, rest
}

// maxFiles limits how many files of a job are kept.
const maxFiles = 1 << 16

// files reads the files of a job, or their GUIDs, up to behind the second mark.
func (d *decoder) files(c *bin.Cursor, j *Job, b []byte, f form) error {
	count := c.U32("number of files")
	if !f.inline {
		if uint64(count)*markSize > uint64(c.Len()) {
			return damage.New("number of files", c.Offset()-4, count, fmt.Sprintf("≤ %d", c.Len()/markSize))
		}
		for range min(count, maxFiles) {
			var id winid.GUID
			copy(id[:], c.Bytes("GUID of a file", len(id)))
			j.FileIDs = append(j.FileIDs, id)
		}
		return toMark(c, b, markSize)
	}
	for i := range min(count, maxFiles) {
		at := *c
		file, err, rest := decodeFile(&at, j.Type != Download)
		if err != nil {
			return err
		}
		file.Record, file.Recovery = fmt.Sprintf("file %d", i+1), InQueue
		j.Files = append(j.Files, file)
		if rest != nil {
			return rest
		}
		*c = at
		if i+1 < count && !toFile(c, b, j.Type != Download) {
			return damage.New("file of the job", c.Offset(), "none", fmt.Sprintf("file %d of %d", i+2, count))
		}
	}
	return toMark(c, b, maxGap)
}

// maxGap is how far the next file or the mark behind the last one may be, in bytes.
const maxGap = 4 << 10

// toFile moves to the next file, which usually is unknownTail bytes away.
func toFile(c *bin.Cursor, b []byte, upload bool) bool {
	start, past := c.Pos(), 0
	if upload {
		past = 8
	}
	if at := start + unknownTail; at+past < len(b) && beginsFile(b[at+past:]) {
		c.Skip("unknown", unknownTail)
		return true
	}
	for at := start; at < min(start+maxGap, len(b)-past); at++ {
		if beginsFile(b[at+past:]) {
			c.Skip("unknown", at-start)
			return true
		}
	}
	return false
}

// beginsFile reports whether b may begin with the texts of a file, without reading them.
func beginsFile(b []byte) bool {
	path, rest, ok := cutText(b)
	if !ok || !isLocal(path) {
		return false
	}
	url, _, ok := cutText(rest)
	return ok && isRemote(url)
}

// cutText returns the first characters of a text that ends with a NUL, and what follows it.
func cutText(b []byte) (first string, rest []byte, ok bool) {
	if len(b) < 4 {
		return "", nil, false
	}
	n := uint64(le.Uint32(b)) * 2
	if n < 8 || n > uint64(len(b)-4) {
		return "", nil, false
	}
	t := b[4 : 4+int(n)]
	return wtf8.String(t[:min(len(t), 64)]), b[4+int(n):], le.Uint16(t[len(t)-2:]) == 0
}
