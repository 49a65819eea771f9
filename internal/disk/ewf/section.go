package ewf

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/adler32"
	"strings"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
)

// Behind the header of a segment come sections, each with a descriptor, in bytes from its
// beginning:
//
//	0x00 16  type, as text
//	0x10  8  offset of the next section; that of this one if it is the last
//	0x18  8  size of the section, with the descriptor
//	0x48  4  Adler-32 of the bytes before
const descriptorLen = 76

// section is a section of a segment.
type section struct {
	kind string
	at   int64 // of its content
	size int64 // of its content
}

// maxSections bounds the sections of a segment: one of 2 GiB has some thousands.
const maxSections = 1 << 20

// sections calls use for each section of a segment. It ends where the chain is broken,
// with an error.
func (s *segment) sections(use func(section) error) error {
	at := int64(fileHeaderLen)
	for range maxSections {
		b, err := bin.ReadAt(s.R, s.Size, at, descriptorLen, "descriptor of a section")
		if err != nil {
			return err
		}
		if want, got := binary.LittleEndian.Uint32(b[0x48:]), adler32.Checksum(b[:0x48]); want != got {
			return damage.New("checksum of the descriptor of a section", at+0x48, fmt.Sprintf("%#x", want), fmt.Sprintf("%#x", got))
		}
		kind, _, _ := strings.Cut(string(b[:16]), "\x00")
		next := binary.LittleEndian.Uint64(b[0x10:])
		sec := section{kind: kind, at: at + descriptorLen}
		switch {
		case kind == "done" || kind == "next":
			s.done = kind == "done"
			return use(sec)
		case next < uint64(at)+descriptorLen || next > uint64(s.Size):
			return damage.New("offset of the next section", at+0x10, next, fmt.Sprintf("%d to %d", at+descriptorLen, s.Size))
		}
		sec.size = int64(next) - sec.at
		if err := use(sec); err != nil {
			return err
		}
		at = int64(next)
	}
	return errors.New("more than a million sections")
}
