package evtx

import (
	"unsafe"

	"github.com/birthmark-dfir/birthmark/internal/wtf8"
)

// texts keeps the text of typed events: a block of memory holds that of many. A block
// is never used again, so a text stays valid as long as something refers to it, and
// keeps the whole block.
type texts struct{ room []byte } // what is left of the block

// textBlock is the size in bytes of a block. A chunk of 64 KiB has about as much text
// as fills two.
const textBlock = 8 << 10

// make makes room for n bytes and returns it.
func (t *texts) make(n int) []byte {
	if n > len(t.room) {
		t.room = make([]byte, max(n, textBlock))
	}
	return t.room
}

// take returns the first n bytes of the room as text.
func (t *texts) take(n int) string {
	s := unsafe.String(unsafe.SliceData(t.room), n)
	t.room = t.room[n:]
	return s
}

// maxScalar is the size in bytes of the longest text of a value that is neither text,
// binary data nor an array: a SID of 15 numbers.
const maxScalar = 192

// text returns the text of a value.
func (t *texts) text(v *Value) string {
	switch {
	case v.text != nil:
		return *v.text
	case v.Type == StringType:
		return t.utf16(v.data)
	case len(v.data) == 0:
		return ""
	case v.Type&ArrayFlag != 0 || v.Type == AnsiType || len(v.data) > maxScalar/3:
		return v.String()
	}
	return t.scalar(v.Type, v.data)
}

// scalar returns the text of a value that is neither text nor an array.
func (t *texts) scalar(typ ValueType, b []byte) string {
	out := appendPlain(t.make(maxScalar)[:0:maxScalar], typ, b)
	if len(out) > maxScalar { // it is not in the block
		return string(out)
	}
	return t.take(len(out))
}

// utf16 returns UTF-16 text up to its first NUL.
func (t *texts) utf16(b []byte) string {
	if len(b) < 2 || b[0] == 0 && b[1] == 0 {
		return ""
	}
	out := t.make(len(b) / 2 * 3)
	n := 0
	for len(b) >= 16 {
		x, y := le.Uint64(b), le.Uint64(b[8:])
		if (x|y)&notASCII != 0 || ((x|laneHigh)-eachLane)&((y|laneHigh)-eachLane)&laneHigh != laneHigh { // or a NUL
			break
		}
		x |= x >> 8
		y |= y >> 8
		le.PutUint64(out[n:], x&0xffff|x>>16&0xffff0000|y<<32&0xffff00000000|y<<16&0xffff000000000000)
		n += 8
		b = b[16:]
	}
	for len(b) >= 8 {
		x := le.Uint64(b)
		if x&notASCII != 0 || ((x|laneHigh)-eachLane)&laneHigh != laneHigh { // or a NUL
			break
		}
		x |= x >> 8
		le.PutUint32(out[n:], uint32(x&0xffff|x>>16&0xffff0000))
		n += 4
		b = b[8:]
	}
	return t.take(len(wtf8.Append(out[:n:len(out)], wtf8.Trim(b))))
}
