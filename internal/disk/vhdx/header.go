package vhdx

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
	"github.com/birthmark-dfir/birthmark/winid"
)

// Magic is what a file begins with.
const Magic = "vhdxfile"

// castagnoli is the polynomial of all checksums.
var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// sum returns the CRC-32C of a structure whose own checksum is at offset 4.
func sum(b []byte) uint32 {
	c := crc32.Update(0, castagnoli, b[:4])
	c = crc32.Update(c, castagnoli, make([]byte, 4))
	return crc32.Update(c, castagnoli, b[8:])
}

// A header, little-endian, in bytes from its beginning. There are two, at 64 and 128 KiB;
// the sound one with the higher sequence number counts.
//
//	0x00  4  "head"
//	0x04  4  CRC-32C of the 4 KiB
//	0x08  8  sequence number
//	0x20 16  identifier of the content
//	0x30 16  identifier of the log; 0 if there is nothing to replay
//	0x40  2  version of the log, 0 (it matters only if there is something to replay)
//	0x42  2  version, 1
//	0x44  4  length of the log
//	0x48  8  offset of the log
type header struct {
	sequence       uint64
	content, log   winid.GUID
	logAt, logSize int64
}

const headerLen = 4096

// readHeader reads the header. Damaged is the error for the other one, if that is damaged.
func readHeader(r io.ReaderAt, size int64) (best *header, damaged, err error) {
	var first error
	for _, at := range [...]int64{64 << 10, 128 << 10} {
		b, err := bin.ReadAt(r, size, at, headerLen, "header")
		switch {
		case err != nil:
		case string(b[:4]) != "head":
			err = damage.New("header", at, fmt.Sprintf("%q", b[:4]), `"head"`)
		case binary.LittleEndian.Uint32(b[4:]) != sum(b):
			err = damage.New("checksum of the header", at+4, fmt.Sprintf("%#x", binary.LittleEndian.Uint32(b[4:])), fmt.Sprintf("%#x", sum(b)))
		case binary.LittleEndian.Uint16(b[0x42:]) != 1:
			err = damage.New("version", at+0x42, binary.LittleEndian.Uint16(b[0x42:]), 1)
		}
		if err != nil {
			if first == nil {
				first = err
			}
			continue
		}
		if v := binary.LittleEndian.Uint16(b[0x40:]); v != 0 && !guid(b[0x30:]).IsZero() {
			return nil, nil, damage.New("version of the log", at+0x40, v, 0)
		}
		h := &header{sequence: binary.LittleEndian.Uint64(b[8:]), content: guid(b[0x20:]), log: guid(b[0x30:]),
			logSize: int64(binary.LittleEndian.Uint32(b[0x44:])), logAt: int64(binary.LittleEndian.Uint64(b[0x48:]))}
		if best == nil || h.sequence > best.sequence {
			best = h
		}
	}
	if best == nil {
		return nil, nil, first
	}
	return best, first, nil
}

// A region table, in bytes from its beginning. There are two, at 192 and 256 KiB.
//
//	0x00  4  "regi"
//	0x04  4  CRC-32C of the 64 KiB
//	0x08  4  number of entries
//	0x10  -  entries of 32 bytes: identifier, offset (8), length (4), whether it is required (4)
const regionsLen = 64 << 10

// region is a part of the file.
type region struct{ at, size int64 }

var (
	blockTable = known("2DC27766-F623-4200-9D64-115E9BFD4A08")
	metadata   = known("8B7CA206-4790-4B9A-B8FE-575F050F886E")
)

// readRegions reads the region table. Damaged is the error for the first one, if that is
// damaged.
func readRegions(r io.ReaderAt, size int64) (all map[winid.GUID]region, damaged, err error) {
	var first error
	for _, at := range [...]int64{192 << 10, 256 << 10} {
		b, err := bin.ReadAt(r, size, at, regionsLen, "region table")
		switch {
		case err != nil:
		case string(b[:4]) != "regi":
			err = damage.New("region table", at, fmt.Sprintf("%q", b[:4]), `"regi"`)
		case binary.LittleEndian.Uint32(b[4:]) != sum(b):
			err = damage.New("checksum of the region table", at+4, fmt.Sprintf("%#x", binary.LittleEndian.Uint32(b[4:])), fmt.Sprintf("%#x", sum(b)))
		}
		if err == nil {
			all, err = regionsIn(b, at, size)
			return all, first, err
		}
		if first == nil {
			first = err
		}
	}
	return nil, nil, first
}

func regionsIn(b []byte, at, size int64) (map[winid.GUID]region, error) {
	count := binary.LittleEndian.Uint32(b[8:])
	if count > (regionsLen-16)/32 {
		return nil, damage.New("entries of the region table", at+8, count, fmt.Sprintf("≤ %d", (regionsLen-16)/32))
	}
	all := map[winid.GUID]region{}
	for i := range int(count) {
		e := b[16+32*i:]
		id, off, length := guid(e), binary.LittleEndian.Uint64(e[16:]), int64(binary.LittleEndian.Uint32(e[24:]))
		switch known := id == blockTable || id == metadata; {
		case !known && binary.LittleEndian.Uint32(e[28:]) != 0:
			return nil, damage.New("region", at+16+32*int64(i), id, "a known one, as it is required")
		case known && (off > uint64(size) || length > size-int64(off)):
			return nil, damage.New("place of the region", at+32+32*int64(i), fmt.Sprintf("%d bytes at %#x", length, off), fmt.Sprintf("inside the %d bytes of the file", size))
		}
		all[id] = region{int64(off), length}
	}
	for _, id := range [...]winid.GUID{blockTable, metadata} {
		if _, ok := all[id]; !ok {
			return nil, damage.New("region table", at, "no region "+id.String(), "one")
		}
	}
	return all, nil
}

func guid(b []byte) winid.GUID { return winid.GUID(b[:16]) }

// known returns an identifier of the specification.
func known(text string) winid.GUID {
	id, err := winid.ParseGUID(text)
	if err != nil {
		panic(err) // a test reads all of them
	}
	return id
}
