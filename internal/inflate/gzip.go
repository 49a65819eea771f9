package inflate

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"

	"github.com/birthmark-dfir/birthmark/damage"
)

// Magic is what gzip files begin with.
const Magic = "\x1f\x8b\x08"

// ErrChecksum is the cause of the error for output that does not match the checksum or
// the size that the stream has for it.
var ErrChecksum = errors.New("content does not match its checksum")

var errNoMember = errors.New("not a gzip header")

// The header of a gzip member; RFC 1952, section 2.3.
//
//	0x00  2  1f 8b
//	0x02  1  method; 8 is deflate
//	0x03  1  flags
//	0x04  4  time of the last write
//	0x08  1  extra flags
//	0x09  1  operating system
//
// Behind it are the parts that the flags announce, in the order of the flags below
// except that the checksum is the last.
const (
	gzipHeader = 10

	flagChecksum = 0x02 // 2 bytes
	flagExtra    = 0x04 // 2 bytes of length and as much data
	flagName     = 0x08 // up to a zero byte
	flagComment  = 0x10 // likewise
)

// member moves to the compressed data of the next gzip member. Behind the last member
// the error is io.EOF, or errNoMember if something else is left.
func (d *decoder) member() error {
	d.fill()
	switch left := len(d.in) - d.r; {
	case left == 0 && d.bad != nil:
		return d.bad
	case left == 0:
		return io.EOF
	}
	h := d.bytes(gzipHeader)
	if h == nil || string(h[:len(Magic)]) != Magic {
		return errNoMember
	}
	flags := h[3]
	if flags&flagExtra != 0 {
		n := d.bytes(2)
		if n == nil {
			return d.short()
		}
		d.seek(d.bit() + 8*int64(binary.LittleEndian.Uint16(n)))
	}
	for _, f := range []byte{flagName, flagComment} {
		for flags&f != 0 {
			c := d.bytes(1)
			if c == nil {
				return d.short()
			}
			if c[0] == 0 {
				break
			}
		}
	}
	if flags&flagChecksum != 0 && d.bytes(2) == nil {
		return d.short()
	}
	d.begin()
	return nil
}

// onlyZeros reports whether the rest of the source is zeros, as tapes and disks pad
// files.
func (d *decoder) onlyZeros() bool {
	for {
		d.fill()
		b := d.in[d.r:]
		if len(b) == 0 {
			return d.bad == nil
		}
		for _, c := range b {
			if c != 0 {
				return false
			}
		}
		d.r = len(d.in)
	}
}

// sum checks the trailers of gzip members: the CRC-32 and the size modulo 2³² of the
// output, 4 bytes each.
type sum struct {
	crc  uint32
	size uint32
	err  error // the first that does not match
}

func (s *sum) write(b []byte) {
	s.crc = crc32.Update(s.crc, crc32.IEEETable, b)
	s.size += uint32(len(b))
}

// check compares the trailer of a member.
func (s *sum) check(trailer []byte, offset int64) {
	crc, size := binary.LittleEndian.Uint32(trailer), binary.LittleEndian.Uint32(trailer[4:])
	e := &damage.Error{Offset: offset, Err: ErrChecksum}
	switch {
	case crc != s.crc:
		e.What, e.Got, e.Want = "CRC-32 of a gzip member", fmt.Sprintf("%#08x", s.crc), fmt.Sprintf("%#08x", crc)
	case size != s.size:
		e.What, e.Got, e.Want = "size of a gzip member modulo 2³²", fmt.Sprint(s.size), fmt.Sprint(size)
	}
	if e.What != "" && s.err == nil {
		s.err = e
	}
	s.crc, s.size = 0, 0
}

// nextMember goes on behind the data of a gzip member. A nil sum checks nothing.
func (d *decoder) nextMember(s *sum) error {
	d.align()
	at := d.bit() / 8
	trailer := d.bytes(8)
	if trailer == nil {
		return d.short()
	}
	if s != nil {
		s.check(trailer, at)
	}
	behind := d.bit()
	err := d.member()
	if err == errNoMember {
		if d.seek(behind); d.onlyZeros() {
			return io.EOF
		}
		d.seek(behind)
	}
	return err
}
