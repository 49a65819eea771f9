package inflate

import (
	"errors"
	"io"
)

const (
	window = 32 << 10  // how far distances reach back
	wide   = 64 << 10  // and in Deflate64
	chunk  = 128 << 10 // output that is decoded at once
	inSize = 64 << 10

	maxMatch = 258
	slack    = maxMatch + 16 // written beyond a chunk: the last match, and a whole word
	maxWide  = 3 + 0xffff    // the longest match of Deflate64
	fastIn   = 16            // bytes of input that the fast loop needs
)

var (
	errBlockType = errors.New("block of type 3")
	errStored    = errors.New("length of a stored block does not match its complement")
	errAlphabet  = errors.New("more codes than the alphabet has")
	errRepeat    = errors.New("code lengths repeat beyond the alphabet")
	errSymbol    = errors.New("invalid code")
	errDistance  = errors.New("distance beyond the beginning")
)

// position is where a decoder can continue. It may be anywhere between two symbols.
type position struct {
	block  int64 // bit offset of the header of the block, in the source
	bit    int64 // bit offset of the next symbol; block if the header is next
	stored int   // bytes left in a stored block
}

// A Format is a format of streams.
type Format uint8

// The formats.
const (
	Deflate   Format = iota // RFC 1951
	Deflate64               // its extension by PKWARE, which Windows uses for large files
)

// A decoder decodes one raw stream.
type decoder struct {
	src io.ReaderAt
	end int64 // offset of the end of the source
	in  []byte
	r   int   // next byte of in
	off int64 // offset of in[0] in the source
	eof bool  // in holds the last bytes of the source
	bad error // of reading the source

	bits uint64 // next bits of the stream, lowest first
	n    uint   // of them that count

	out   []byte
	lo    int // beginning of what distances may reach
	w     int // end of the output
	block int64
	state state
	final bool
	left  int // of a stored block

	lit, dist table
	codes     table
	lengths   [maxLit + maxDist]uint8
	fixed     bool // lit and dist are those of fixed blocks

	format Format
	window int // how far distances reach back
}

type state uint8

const (
	atHeader state = iota
	inStored
	inHuffman
	atEnd
)

func newDecoder() *decoder {
	return &decoder{in: make([]byte, 0, inSize), out: make([]byte, window+chunk+slack), window: window}
}

// as sets the format of the next stream.
func (d *decoder) as(f Format) {
	if f == d.format {
		return
	}
	d.format, d.window, d.fixed = f, window, false
	if f == Deflate64 {
		d.window = wide
		if need := wide + chunk + maxWide; len(d.out) < need {
			d.out = make([]byte, need)
		}
	}
}

// reset begins a stream at a byte offset of src, which ends at end.
func (d *decoder) reset(src io.ReaderAt, off, end int64) {
	d.forget(src, end)
	d.w = 0
	d.seek(off * 8)
	d.begin()
}

// forget drops the input of another source.
func (d *decoder) forget(src io.ReaderAt, end int64) {
	d.src, d.end = src, end
	d.in, d.r, d.off, d.eof, d.bad = d.in[:0], 0, 0, false, nil
}

// begin begins a stream at the current offset.
func (d *decoder) begin() {
	d.state, d.final, d.left = atHeader, false, 0
	d.lo = d.w
}

// seek moves to a bit offset of the source.
func (d *decoder) seek(bit int64) {
	at := bit / 8
	if at >= d.off && at <= d.off+int64(len(d.in)) {
		d.r = int(at - d.off)
	} else {
		d.in, d.r, d.off, d.eof, d.bad = d.in[:0], 0, at, false, nil
	}
	d.bits, d.n = 0, 0
	if skip := uint(bit % 8); skip > 0 && d.need(skip) {
		d.drop(skip)
	}
}

// resume continues at a position. History is the output before it, at most a window.
func (d *decoder) resume(src io.ReaderAt, end int64, p position, history []byte) error {
	d.forget(src, end)
	d.w = copy(d.out, history)
	d.seek(p.block)
	d.begin()
	d.lo = 0
	if p.bit == p.block {
		return nil
	}
	if err := d.header(); err != nil {
		return err
	}
	d.seek(p.bit)
	d.left = p.stored
	return nil
}

// bit returns the bit offset of the next bit in the source.
func (d *decoder) bit() int64 { return (d.off+int64(d.r))*8 - int64(d.n) }

// position returns where the decoder is, and false if the stream has ended.
func (d *decoder) position() (position, bool) {
	p := position{d.block, d.bit(), d.left}
	if d.state == atHeader {
		p.block = p.bit
	}
	return p, d.state != atEnd
}

// history returns the output that distances may still reach.
func (d *decoder) history() []byte { return d.out[max(d.lo, d.w-d.window):d.w] }

// fill reads more of the source, keeping what is left of the input.
func (d *decoder) fill() {
	if d.eof || len(d.in)-d.r >= fastIn {
		return
	}
	left := copy(d.in[:cap(d.in)], d.in[d.r:])
	d.off += int64(d.r)
	d.r = 0
	at := d.off + int64(left)
	n := int(min(int64(cap(d.in)-left), max(d.end-at, 0)))
	got := 0
	if n > 0 {
		var err error
		got, err = d.src.ReadAt(d.in[left:left+n], at)
		if got < n && err != nil && err != io.EOF {
			d.bad = err
		}
	}
	d.in = d.in[:left+got]
	d.eof = got < n || at+int64(got) >= d.end
}

// need makes n ≤ 32 bits ready. It returns false if the source ends before.
func (d *decoder) need(n uint) bool {
	for d.n < n {
		if d.r == len(d.in) {
			d.fill()
			if d.r == len(d.in) {
				return false
			}
		}
		d.bits |= uint64(d.in[d.r]) << d.n
		d.r++
		d.n += 8
	}
	return true
}

func (d *decoder) drop(n uint) {
	d.bits >>= n
	d.n -= n
}

// take returns the next n ≤ 32 bits, which need made ready.
func (d *decoder) take(n uint) int {
	v := int(d.bits & (1<<n - 1))
	d.drop(n)
	return v
}

// short is the error for a source that ends too early.
func (d *decoder) short() error {
	if d.bad != nil {
		return d.bad
	}
	return io.ErrUnexpectedEOF
}

// align moves to the next whole byte.
func (d *decoder) align() {
	d.drop(d.n % 8)
	d.seek(d.bit()) // whole bytes were read ahead
}

// bytes returns the next n bytes behind a stream; n is at most 16.
func (d *decoder) bytes(n int) []byte {
	d.fill()
	if len(d.in)-d.r < n {
		return nil
	}
	b := d.in[d.r : d.r+n]
	d.r += n
	return b
}

// next decodes some of the stream. The result is valid until the next call; it may be
// empty. The error io.EOF comes with the last output. With any other error the output
// is what precedes the damage.
func (d *decoder) next() ([]byte, error) {
	if d.w > d.window {
		keep := d.w - d.window
		copy(d.out, d.out[keep:d.w])
		d.w = d.window
		d.lo = max(0, d.lo-keep)
	}
	from := d.w
	limit := from + chunk
	for d.w < limit {
		var err error
		switch d.state {
		case atHeader:
			err = d.header()
		case inStored:
			err = d.copyStored(limit)
		case inHuffman:
			err = d.decode(limit)
		case atEnd:
			err = io.EOF
		}
		if err != nil {
			return d.out[from:d.w], err
		}
	}
	return d.out[from:d.w], nil
}

// endBlock is called at the end of a block.
func (d *decoder) endBlock() {
	d.state = atHeader
	if d.final {
		d.state = atEnd
	}
}

// copyStored copies bytes of a stored block.
func (d *decoder) copyStored(limit int) error {
	for d.left > 0 && d.w < limit {
		if d.r == len(d.in) {
			d.fill()
			if d.r == len(d.in) {
				return d.short()
			}
		}
		n := copy(d.out[d.w:min(limit, d.w+d.left)], d.in[d.r:])
		d.w, d.r, d.left = d.w+n, d.r+n, d.left-n
	}
	if d.left == 0 {
		d.endBlock()
	}
	return nil
}

// decode decodes symbols until the block ends or the output reaches limit.
func (d *decoder) decode(limit int) error {
	for d.w < limit && d.state == inHuffman {
		d.fill()
		if len(d.in)-d.r >= fastIn && d.format == Deflate {
			if err := d.fast(limit); err != nil {
				return err
			}
			continue
		}
		if err := d.slow(); err != nil {
			return err
		}
	}
	return nil
}

// slow decodes one symbol near the end of the source, or of a format that fast does not know.
func (d *decoder) slow() error {
	e, err := d.symbol(&d.lit)
	switch {
	case err != nil:
		return err
	case e&markLiteral != 0:
		d.out[d.w] = byte(e >> 16)
		d.w++
		return nil
	case e&markEnd != 0:
		d.endBlock()
		return nil
	}
	if !d.need(e.extra()) {
		return d.short()
	}
	length := e.value() + d.take(e.extra())
	if e, err = d.symbol(&d.dist); err != nil {
		return err
	}
	if !d.need(e.extra()) {
		return d.short()
	}
	distance := e.value() + d.take(e.extra())
	if e&markWide != 0 {
		distance += wideBase
	}
	if distance > d.w-d.lo {
		return errDistance
	}
	for range length {
		d.out[d.w] = d.out[d.w-distance]
		d.w++
	}
	return nil
}

// symbol decodes the next symbol of a table.
func (d *decoder) symbol(t *table) (entry, error) {
	d.need(maxCode) // there may be fewer at the end
	e := t.e[d.bits&(1<<t.bits-1)]
	length := e.length()
	if e&link != 0 {
		e = t.e[e.value()+int(d.bits>>t.bits&(1<<e.extra()-1))]
		if e != 0 {
			length += e.length()
		}
	}
	switch {
	case length > d.n || e == 0 && d.n < maxCode:
		return 0, d.short()
	case e == 0:
		return 0, errSymbol
	}
	d.drop(length)
	return e, nil
}
