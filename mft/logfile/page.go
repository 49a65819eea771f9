package logfile

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"hash/crc32"

	"github.com/birthmark-dfir/birthmark/internal/bin"
)

// A record page, in bytes from its beginning:
//
//	0x00  4  signature "RCRD", or "BAAD" if it was found torn
//	0x04  2  offset of the update sequence array
//	0x06  2  its length in units of 2 bytes: a number, then one value for each 512 bytes
//	0x08  8  last LSN; in a copy of version 1.1, the offset of the page in the log
//	0x10  4  flags: 1 if a log record ends in the page
//	0x14  2  number of pages that were written at once
//	0x16  2  position among them, from 1
//	0x18  2  offset of the free space, or of the last log record if it goes on in the next page
//	0x20  8  LSN of the last log record that ends in the page
//	0x28     update sequence array
//	0x3c  4  version 2.0: in a copy, the offset of the page in the log
//
// A volume on persistent memory has the CRC-32 of the page and "CRC4" in place of the
// update sequence array.
const (
	copyOffsetAt    = 0x3c
	stride          = 512
	defaultPageSize = 4096
	crcMark         = "CRC4"

	restartPages = 2
	tailPages    = 2  // behind the restart pages, version 1.1: copies of the last page
	fastPages    = 32 // version 2.0: copies of pages that are not in the ring yet
)

// page is a record page of the log.
type page struct {
	at   int64  // as it was read, in bytes from the beginning of the log
	home int64  // as its LSNs have it
	turn uint64 // how often the ring had gone round: the sequence number of its LSNs
	last LSN
	free int  // offset of the free space
	copy bool // read from a copy
	torn bool
}

// less orders pages as they were written.
func (p *page) compare(q *page) int {
	return cmp.Or(cmp.Compare(p.turn, q.turn), cmp.Compare(p.home, q.home))
}

// applyFixups restores the bytes that the update sequence array of a page keeps. It
// returns the strides, one bit each, that were not written together with the others.
func applyFixups(b []byte) (torn [maxPageSize / stride / 64]uint64, ok bool) {
	le := binary.LittleEndian
	at, count, strides := int(le.Uint16(b[4:])), int(le.Uint16(b[6:])), len(b)/stride
	if at < 8 || count != strides+1 || at+2*count > len(b) {
		return torn, false
	}
	if array := b[at : at+2*count]; len(array) >= 8 && string(array[4:8]) == crcMark {
		stored := le.Uint32(array)
		saved := bytes.Clone(array)
		clear(array)
		sum := crc32.ChecksumIEEE(b)
		copy(array, saved)
		if sum == stored {
			return torn, true
		}
	}
	for i := range strides {
		end := b[(i+1)*stride-2 : (i+1)*stride]
		if end[0] != b[at] || end[1] != b[at+1] {
			torn[i/64] |= 1 << (i % 64)
			continue
		}
		copy(end, b[at+2+2*i:])
	}
	return torn, true
}

// anyTorn reports whether a stride is.
func anyTorn(torn [maxPageSize / stride / 64]uint64) bool {
	return torn != [maxPageSize / stride / 64]uint64{}
}

// unused reports whether a page has never been written: Windows fills a new log with ones.
func unused(b []byte) bool {
	return b[0] == 0xff && bytes.Equal(b[1:], b[:len(b)-1]) || bin.AllZero(b)
}

func quoted(b []byte) string { return fmt.Sprintf("%q", b) }
