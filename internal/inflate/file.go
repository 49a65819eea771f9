package inflate

import (
	"errors"
	"fmt"
	"io"
	"sort"

	"github.com/birthmark-dfir/birthmark/damage"
)

// maxOutput bounds the output of a gzip file, whose size is not known before.
const maxOutput = 16 << 40

// ErrTooLarge is the cause of the error for a gzip file with too large an output.
var ErrTooLarge = errors.New("gzip file that unpacks to more than 16 TiB")

// A File is the output of a deflate or gzip stream, read at any offset. It may be used
// by several goroutines.
type File struct {
	src   io.ReaderAt
	end   int64 // of the stream in src
	gzip  bool
	as    Format
	size  int64
	index []checkpoint
	store *Store
}

// OpenGzip decodes a gzip file once, which may have several members. If the file is
// damaged it returns what precedes the damage, nil if that is nothing, and an error. If
// the damage is only a wrong checksum, with the cause ErrChecksum, the file is whole.
func OpenGzip(r io.ReaderAt, size int64) (*File, error) {
	f := &File{src: r, end: size, gzip: true, store: NewStore(16 << 20)}
	d := f.store.decoder()
	defer f.store.drop(d)
	d.as(Deflate)
	d.reset(r, 0, size)
	if err := d.member(); err != nil {
		if err == io.EOF || err == errNoMember && size < gzipHeader {
			err = io.ErrUnexpectedEOF
		}
		return nil, &damage.Error{Offset: 0, What: "gzip header", Err: err}
	}
	var s sum
	err := f.decode(d, maxOutput, firstSpacing, &s)
	switch {
	case errors.Is(err, ErrTooLarge):
		return nil, err
	case err == errNoMember:
		err = damage.New("gzip file", d.bit()/8, "other data behind the last member", "its end")
	case err != nil:
		if f.size == 0 {
			return nil, &damage.Error{Offset: -1, What: "gzip data", Err: err}
		}
		err = &damage.Error{Offset: f.size, What: "gzip data, unpacked", Err: err}
	case s.err != nil:
		err = s.err
	}
	return f, err
}

// Want is what is recorded about a deflate stream and its output.
type Want struct {
	Format Format
	Size   int64
	CRC32  uint32
	NoCRC  bool // the CRC-32 is not known
}

// Open decodes a raw deflate stream once, from off to end in r, and checks what is
// wanted. Its pages are kept in store. The error for wrong output is a *damage.Error.
func Open(r io.ReaderAt, off, end int64, want Want, store *Store) (*File, error) {
	f := &File{src: r, end: end, store: store, as: want.Format}
	d := store.decoder()
	defer store.drop(d)
	d.as(want.Format)
	d.reset(r, off, end)
	var s sum
	keep := want.Size
	if keep > store.size()/2 {
		keep = firstSpacing
	}
	err := f.decode(d, want.Size, keep, &s)
	switch {
	case errors.Is(err, ErrTooLarge):
		return nil, &damage.Error{Offset: d.bit() / 8, What: "size of the unpacked content", Got: "more", Want: fmt.Sprint(want.Size), Err: ErrChecksum}
	case err != nil:
		return nil, &damage.Error{Offset: d.bit() / 8, What: "deflate stream", Err: err}
	case f.size != want.Size:
		return nil, &damage.Error{Offset: d.bit() / 8, What: "size of the unpacked content", Got: fmt.Sprint(f.size), Want: fmt.Sprint(want.Size), Err: ErrChecksum}
	case !want.NoCRC && s.crc != want.CRC32:
		return nil, &damage.Error{Offset: -1, What: "CRC-32", Got: fmt.Sprintf("%#08x", s.crc), Want: fmt.Sprintf("%#08x", want.CRC32), Err: ErrChecksum}
	}
	return f, nil
}

// decode decodes the stream, finds its size and makes the index. The pages of the first
// keep bytes go to the store, because they are read next.
func (f *File) decode(d *decoder, most, keep int64, s *sum) error {
	x := index{spacing: firstSpacing}
	defer func() { f.index = x.points }()
	first := firstPages{of: f, keep: keep}
	for {
		if err := x.add(d, f.size); err != nil {
			return err
		}
		part, err := f.step(d, s)
		s.write(part)
		first.write(part)
		f.size += int64(len(part))
		switch {
		case f.size > most:
			f.size = most
			return ErrTooLarge
		case err == io.EOF:
			first.end()
			return nil
		case err != nil:
			return err
		}
	}
}

// firstPages puts the first pages of a file into the store.
type firstPages struct {
	of   *File
	keep int64 // bytes
	i    int64 // the page that is filled
	page []byte
}

func (p *firstPages) write(b []byte) {
	for len(b) > 0 && p.i*pageSize < p.keep {
		if p.page == nil {
			p.page = make([]byte, 0, pageSize)
		}
		n := min(len(b), pageSize-len(p.page))
		p.page, b = append(p.page, b[:n]...), b[n:]
		if len(p.page) == pageSize {
			p.end()
		}
	}
}

// end keeps the page that is filled.
func (p *firstPages) end() {
	if len(p.page) > 0 {
		p.of.store.keep(pageKey{p.of, p.i}, p.page)
	}
	p.page = nil
	p.i++
}

// step decodes some output. For a gzip file it goes on with the next member. It never
// returns io.EOF with output.
func (f *File) step(d *decoder, s *sum) ([]byte, error) {
	for {
		part, err := d.next()
		if err != io.EOF {
			return part, err
		}
		if len(part) > 0 {
			return part, nil
		}
		if !f.gzip {
			return nil, io.EOF
		}
		if err := d.nextMember(s); err != nil {
			return nil, err
		}
	}
}

// Size returns the size of the output in bytes.
func (f *File) Size() int64 {
	if f == nil {
		return 0
	}
	return f.size
}

// ReadAt implements io.ReaderAt.
func (f *File) ReadAt(b []byte, off int64) (int, error) {
	if off < 0 {
		return 0, errors.New("negative offset")
	}
	done := 0
	for done < len(b) && off < f.Size() {
		p, err := f.page(off / pageSize)
		if err != nil {
			return done, err
		}
		n := copy(b[done:], p[off%pageSize:])
		done += n
		off += int64(n)
	}
	if done < len(b) {
		return done, io.EOF
	}
	return done, nil
}

// maxPassed is how many pages before the one that is asked for are kept.
const maxPassed = 8

// page returns a page of the output, which the caller must not change.
func (f *File) page(i int64) ([]byte, error) {
	if data := f.store.page(pageKey{f, i}); data != nil {
		return data, nil
	}
	c, err := f.cursor(i * pageSize)
	if err != nil {
		return nil, err
	}
	if into := c.pos % pageSize; into > 0 {
		err = c.read(nil, pageSize-into)
	}
	for err == nil {
		at := c.pos / pageSize
		size := min(pageSize, f.size-c.pos)
		var data []byte
		if i-at < maxPassed {
			data = make([]byte, size)
		}
		if err = c.read(data, size); err != nil {
			break
		}
		if data != nil {
			f.store.keep(pageKey{f, at}, data)
		}
		if at == i {
			f.store.give(c)
			return data, nil
		}
	}
	f.store.drop(c.d)
	return nil, err
}

// cursor returns a cursor at or before an offset of the output.
func (f *File) cursor(pos int64) (*cursor, error) {
	p := f.index[sort.Search(len(f.index), func(i int) bool { return f.index[i].out > pos })-1]
	if c := f.store.take(f, p.out, pos); c != nil {
		return c, nil
	}
	history, err := p.history()
	if err != nil {
		return nil, err
	}
	c := &cursor{of: f, d: f.store.decoder(), pos: p.out}
	c.d.as(f.as)
	if err := c.d.resume(f.src, f.end, p.at, history); err != nil {
		f.store.drop(c.d)
		return nil, err
	}
	return c, nil
}

// read moves the cursor by n bytes, which it copies to b unless that is nil.
func (c *cursor) read(b []byte, n int64) error {
	for n > 0 {
		if len(c.part) == 0 {
			part, err := c.of.step(c.d, nil)
			switch {
			case len(part) > 0:
				c.part = part
			case err == io.EOF, err == errNoMember:
				return io.ErrUnexpectedEOF // the file has changed
			case err != nil:
				return err
			}
		}
		k := min(int64(len(c.part)), n)
		if b != nil {
			b = b[copy(b, c.part[:k]):]
		}
		c.part = c.part[k:]
		c.pos += k
		n -= k
	}
	return nil
}

// Measure decodes the raw deflate stream at off in r, which ends before end, and returns
// where it ends and how many bytes it unpacks to.
func Measure(r io.ReaderAt, off, end int64, as Format) (behind, size int64, err error) {
	d := newDecoder()
	d.as(as)
	d.reset(r, off, end)
	for {
		part, err := d.next()
		size += int64(len(part))
		switch {
		case err == io.EOF:
			d.align()
			return d.bit() / 8, size, nil
		case err != nil:
			return d.bit() / 8, size, err
		}
	}
}

// Head returns the first n bytes of the output of a raw deflate stream, or fewer if the
// stream is shorter or damaged. They are not checked.
func (s *Store) Head(r io.ReaderAt, off, end int64, n int, as Format) []byte {
	d := s.decoder()
	defer s.drop(d)
	d.as(as)
	d.reset(r, off, end)
	var head []byte
	for len(head) < n {
		part, err := d.next()
		head = append(head, part[:min(len(part), n-len(head))]...)
		if err != nil {
			break
		}
	}
	return head
}
