package recyclebin

import (
	"fmt"
	"path"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
)

// Info is what is known of a deleted file or folder.
type Info struct {
	Version uint64    // 1 since Windows Vista, 2 since Windows 10
	Size    uint64    // in bytes; of a folder with all that was in it
	Deleted time.Time // when it was moved into the bin
	Path    string    // where it was
}

// ContentName returns the name of the file with the content, of the same folder, or "" if
// name is not that of a $I file.
func ContentName(name string) string {
	if !Named(name) {
		return ""
	}
	base := path.Base(name)
	return path.Join(path.Dir(name), base[:1]+"R"+base[2:])
}

// Named reports whether a file has a name that Windows gives information files: $I, six
// letters or digits, and any extension.
func Named(name string) bool {
	base := path.Base(name)
	if len(base) < 8 || base[0] != '$' || base[1] != 'I' && base[1] != 'i' || len(base) > 8 && base[8] != '.' {
		return false
	}
	return strings.Trim(base[2:8], "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") == ""
}

// The fields: offsets from the beginning of the file, and sizes, in bytes.
//
//	 0    8  version
//	 8    8  size
//	16    8  FILETIME of the deletion
//	24  520  version 1: the path, ends with a NUL
//	24    4  version 2: number of characters of the path with its NUL
//	28    -  the path
const (
	headerSize = 24
	pathSize1  = 520
)

// decoder reads one file.
type decoder struct {
	name     string // what errors call the file
	raw      []byte
	content  Info
	problems []Problem
}

func (d *decoder) note(kind damage.Kind, err error) {
	d.problems = append(d.problems, damage.Note(kind, err, d.name, ""))
}

// decode reads a file. The error is that of a file that is something else.
func (d *decoder) decode() error {
	c := bin.NewCursor(d.raw, 0)
	d.content.Version, d.content.Size = c.U64("version"), c.U64("size")
	ticks := c.U64("time of the deletion")
	if err := c.Err(); err != nil {
		return &FormatError{Offset: 0, What: "header", Got: fmt.Sprintf("%d bytes", len(d.raw)), Want: fmt.Sprintf("≥ %d bytes", headerSize), Err: ErrNotInfo}
	}
	if v := d.content.Version; v != 1 && v != 2 {
		return &FormatError{Offset: 0, What: "version", Got: fmt.Sprintf("%#x", v), Want: "1 or 2", Err: ErrNotInfo}
	}
	d.content.Deleted = filetime.Time(ticks)
	n := pathSize1
	if d.content.Version == 2 {
		n = 2 * int(min(c.U32("length of the path"), maxSize))
	}
	if have := c.Len(); have < n || c.Err() != nil {
		d.note(damage.Truncation, damage.Truncated("path", c.Offset(), int64(n), int64(have)))
		n = max(0, have)
	}
	d.content.Path = wtf8.String(wtf8.Trim(c.Bytes("path", n)))
	return nil
}
