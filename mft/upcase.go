package mft

import (
	"encoding/binary"
	"io"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
)

// upcase is the table in $UpCase: the upper case of every UTF-16 unit,
// according to the Windows version that formatted the volume. Names are the
// same if they are the same in upper case.
type upcase [1 << 16]uint16

const upcaseLen = 2 << 16

// defaultUpCase returns the table that replaces a damaged $UpCase.
func defaultUpCase() *upcase {
	var t upcase
	for i := range t {
		t[i] = uint16(winpath.Upper(rune(i)))
	}
	return &t
}

func (v *Volume) readUpCase() *upcase {
	rec, err := v.mft.Record(EntryUpCase)
	var r StreamReader
	if err == nil {
		r, err = v.OpenStream(rec, "")
	}
	b := make([]byte, upcaseLen)
	if err == nil {
		var n int
		if n, err = r.ReadAt(b, 0); err == io.EOF {
			err = nil
			if n < upcaseLen {
				err = damage.Truncated("$UpCase", -1, upcaseLen, int64(n))
			}
		}
	}
	if err != nil {
		v.note(damage.Malformed, err, "$UpCase")
		return defaultUpCase()
	}
	var t upcase
	for i := range t {
		t[i] = binary.LittleEndian.Uint16(b[2*i:])
	}
	return &t
}

// fold returns the key under which a name is found.
func (t *upcase) fold(name string) string {
	buf := make([]byte, len(name))
	for i := range len(name) {
		c := name[i]
		if c >= 0x80 || t[c] >= 0x80 {
			return t.foldUnits(name)
		}
		buf[i] = byte(t[c])
	}
	return string(buf)
}

func (t *upcase) foldUnits(name string) string {
	b := wtf8.Encode(name)
	for i := 0; i < len(b); i += 2 {
		binary.LittleEndian.PutUint16(b[i:], t[binary.LittleEndian.Uint16(b[i:])])
	}
	return wtf8.String(b)
}
