package evtx_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"testing"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
)

var le = binary.LittleEndian

// assembler writes binary XML by hand, for what evtxtest does not write. Every use of
// a name writes the name itself.
type assembler struct {
	base int // offset in the chunk of buf
	buf  []byte
	bare bool // elements have no dependency field, as outside of templates
}

// at returns the offset in the chunk of the next byte.
func (a *assembler) at() int           { return a.base + len(a.buf) }
func (a *assembler) put(b ...byte)     { a.buf = append(a.buf, b...) }
func (a *assembler) u16(n int)         { a.buf = le.AppendUint16(a.buf, uint16(n)) }
func (a *assembler) u32(n int)         { a.buf = le.AppendUint32(a.buf, uint32(n)) }
func (a *assembler) header()           { a.put(0x0f, 1, 1, 0) }
func (a *assembler) units(s string)    { a.put(wtf8.Encode(s)...) }
func (a *assembler) text(s string)     { a.put(0x05, 0x01); a.counted(s) }
func (a *assembler) slot(n int)        { a.put(0x0d); a.u16(n); a.put(0x01) }
func (a *assembler) optional(n int)    { a.put(0x0e); a.u16(n); a.put(0x01) }
func (a *assembler) counted(s string)  { a.u16(len(wtf8.Encode(s)) / 2); a.units(s) }
func (a *assembler) charRef(r int)     { a.put(0x08); a.u16(r) }
func (a *assembler) cdata(s string)    { a.put(0x07); a.counted(s) }
func (a *assembler) entity(s string)   { a.put(0x09); a.name(s) }
func (a *assembler) pi(name, s string) { a.put(0x0a); a.name(name); a.put(0x0b); a.counted(s) }

// name writes a reference to a name, and the name after it.
func (a *assembler) name(s string) {
	a.u32(a.at() + 4)
	a.u32(0) // next in the list
	a.u16(0) // hash
	a.counted(s)
	a.u16(0)
}

// attr writes an attribute; value writes its content.
func (a *assembler) attr(name string, value func()) {
	a.put(0x06)
	a.name(name)
	value()
}

// element writes an element that does not depend on a slot. If content is nil, the
// start tag ends it.
func (a *assembler) element(name string, attrs, content func()) {
	a.dependent(name, 0xffff, attrs, content)
}

func (a *assembler) dependent(name string, slot int, attrs, content func()) {
	token := byte(0x01)
	if attrs != nil {
		token |= 0x40
	}
	a.put(token)
	if !a.bare {
		a.u16(slot)
	}
	a.u32(0) // size
	a.name(name)
	if attrs != nil {
		a.u32(0) // size
		attrs()
	}
	if content == nil {
		a.put(0x03)
		return
	}
	a.put(0x02)
	content()
	a.put(0x04)
}

// wire is a value as an instance holds it.
type wire struct {
	typ  evtx.ValueType
	data []byte
}

func str(s string) wire { return wire{evtx.StringType, wtf8.Encode(s)} }

// instance writes an instance of a template with its definition.
func (a *assembler) instance(body func(), values ...wire) {
	a.put(0x0c, 1)
	a.u32(0x11223344) // identifier
	a.u32(a.at() + 4)
	a.u32(0) // next in the list
	a.put(0x44, 0x33, 0x22, 0x11, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
	size := len(a.buf)
	a.u32(0)
	bare := a.bare
	a.bare = false
	a.header()
	body()
	a.put(0)
	a.bare = bare
	le.PutUint32(a.buf[size:], uint32(len(a.buf)-size-4))
	a.values(values...)
}

// again writes another instance of the template whose definition is at an offset of
// the chunk.
func (a *assembler) again(definition int, values ...wire) {
	a.put(0x0c, 1)
	a.u32(0x11223344)
	a.u32(definition)
	a.values(values...)
}

func (a *assembler) values(values ...wire) {
	a.u32(len(values))
	for _, v := range values {
		a.u16(len(v.data))
		a.put(byte(v.typ), 0)
	}
	for _, v := range values {
		a.put(v.data...)
	}
}

// rawLog returns a log of one chunk, with a record for each function that writes one.
func rawLog(records ...func(a *assembler)) []byte {
	chunk := make([]byte, 512, 65536)
	last := 0
	for i, write := range records {
		last = len(chunk)
		a := &assembler{base: last + 24, bare: true}
		write(a)
		for (len(a.buf)+28)%8 != 0 {
			a.put(0)
		}
		chunk = le.AppendUint32(chunk, 0x2a2a)
		chunk = le.AppendUint32(chunk, uint32(len(a.buf)+28))
		chunk = le.AppendUint64(chunk, uint64(i+1))
		chunk = le.AppendUint64(chunk, 133_000_000_000_000_000)
		chunk = append(chunk, a.buf...)
		chunk = le.AppendUint32(chunk, uint32(len(a.buf)+28))
	}
	free := len(chunk)
	chunk = chunk[:65536]
	copy(chunk, "ElfChnk\x00")
	for _, at := range []int{8, 24} {
		le.PutUint64(chunk[at:], 1)
		le.PutUint64(chunk[at+8:], uint64(len(records)))
	}
	le.PutUint32(chunk[40:], 128)
	le.PutUint32(chunk[44:], uint32(last))
	le.PutUint32(chunk[48:], uint32(free))
	log := make([]byte, 4096, 4096+65536)
	copy(log, "ElfFile\x00")
	le.PutUint64(log[24:], uint64(len(records)+1))
	le.PutUint32(log[32:], 128)
	le.PutUint16(log[36:], 1)
	le.PutUint16(log[38:], 3)
	le.PutUint16(log[40:], 4096)
	le.PutUint16(log[42:], 1)
	le.PutUint32(log[124:], crc32.ChecksumIEEE(log[:120]))
	log = append(log, chunk...)
	resealed(log)
	return log
}

func open(t testing.TB, log []byte, opts ...evtx.Option) *evtx.Reader {
	t.Helper()
	r, err := evtx.NewReader(bytes.NewReader(log), int64(len(log)), opts...)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// only returns the only record of a log.
func only(t testing.TB, log []byte) evtx.Record {
	t.Helper()
	var found []evtx.Record
	for rec, err := range open(t, log).Records() {
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, rec)
	}
	if len(found) != 1 {
		t.Fatalf("%d records", len(found))
	}
	return found[0]
}
