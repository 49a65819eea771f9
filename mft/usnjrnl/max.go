package usnjrnl

import (
	"encoding/binary"
	"io"
	"io/fs"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/fsfile"
)

// Max is the stream $Max of $Extend\$UsnJrnl: what NTFS keeps about the journal as a whole.
// In bytes from its beginning:
//
//	0x00  8  maximum size of the journal, in bytes
//	0x08  8  allocation delta, in bytes: how much is allocated and freed at once
//	0x10  8  identifier of the journal: the FILETIME at which it was created
//	0x18  8  lowest valid USN: lower ones are those of a journal before this one
//
// A journal that is deleted and created anew gets another identifier. Windows also gives a
// new one to a journal that it cannot trust any more, such as after another system has
// written to the volume; then the journal has older records.
type Max struct {
	MaximumSize     uint64
	AllocationDelta uint64
	ID              uint64
	LowestValidUSN  int64
}

// MaxSize is the size of the stream $Max, in bytes.
const MaxSize = 0x20

// Created returns when the journal was created, or zero if its identifier is not a time of
// the years from 1980 on.
func (m Max) Created() time.Time {
	if t := filetime.Time(m.ID); t.Year() >= 1980 && t.Year() <= 9999 {
		return t
	}
	return time.Time{}
}

// DecodeMax decodes the content of $Max. Bytes behind it are not looked at.
func DecodeMax(b []byte) (Max, error) {
	m, err := decodeMax(b)
	if err != nil {
		return m, damage.In(err, maxName, "")
	}
	return m, nil
}

func decodeMax(b []byte) (Max, error) {
	if len(b) < MaxSize {
		return Max{}, damage.Truncated("$Max", 0, MaxSize, int64(len(b)))
	}
	le := binary.LittleEndian
	m := Max{le.Uint64(b[0x00:]), le.Uint64(b[0x08:]), le.Uint64(b[0x10:]), int64(le.Uint64(b[0x18:]))}
	if m.LowestValidUSN < 0 {
		return Max{}, damage.New("lowest valid USN", 0x18, m.LowestValidUSN, "≥ 0")
	}
	return m, nil
}

const maxName = "$UsnJrnl:$Max"

// MaxBeside returns the name under which the stream $Max is kept if the journal has a name
// that collectors give to it, else "".
func MaxBeside(name string) string {
	const stream, max = "$J", "$Max"
	if n := len(name) - len(stream); Named(name) && n >= 0 && strings.EqualFold(name[n:], stream) {
		return name[:n] + max
	}
	return ""
}

// WithMax gives the Reader the content of the stream $Max. Open and OpenFS read it
// themselves if it is beside the journal.
func WithMax(b []byte) Option {
	return func(r *Reader) {
		m, err := DecodeMax(b)
		r.setMax(m, err)
	}
}

func (r *Reader) setMax(m Max, err error) {
	if err != nil {
		r.max, r.badMax = nil, err
		return
	}
	r.max, r.badMax = &m, nil
}

// Max returns what the stream $Max records, and false if it is not there or damaged, which
// is among the Problems.
func (r *Reader) Max() (Max, bool) {
	if r == nil || r.max == nil {
		return Max{}, false
	}
	return *r.max, true
}

// readMax reads the stream $Max beside a journal, if there is one.
func (r *Reader) readMax(fsys fs.FS, journal string) {
	name := MaxBeside(journal)
	if name == "" {
		return
	}
	f, err := fsfile.Open(fsys, name)
	if err != nil {
		return
	}
	defer f.Close()
	b := make([]byte, min(max(f.Size, 0), MaxSize))
	n, err := f.ReadAt(b, 0)
	if err != nil && err != io.EOF {
		r.setMax(Max{}, damage.In(damage.New("$Max", 0, err, nil), name, ""))
		return
	}
	m, err := decodeMax(b[:n])
	if err != nil {
		err = damage.In(err, name, "")
	}
	r.setMax(m, err)
}
