package evtx

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"

	"github.com/birthmark-dfir/birthmark/damage"
)

const (
	fileHeaderSize  = 4096 // the file header with its padding, in bytes
	chunkSize       = 65536
	chunkHeaderSize = 512
	recordOverhead  = 28 // the header of 24 bytes, and the copy of the size after the data
)

var (
	le = binary.LittleEndian
	be = binary.BigEndian
)

// fileHeader is the header at the beginning of a log. Offsets are in bytes from there.
//
//	 0  8  signature "ElfFile\0"
//	 8  8  number of the oldest chunk
//	16  8  number of the newest chunk
//	24  8  identifier of the next record
//	32  4  size of the header, 128
//	36  2  minor version
//	38  2  major version, 3
//	40  2  size of the header block, 4096
//	42  2  number of chunks
//	120 4  flags: 1 dirty, 2 full, 4 no checksums
//	124 4  CRC-32 of the first 120 bytes
type fileHeader struct {
	firstChunk, lastChunk, nextRecord uint64
	major, minor                      uint16
	blockSize, chunks                 uint16
	flags, checksum, computed         uint32
	lost                              bool // the header is missing; all other fields are meaningless
}

const (
	flagDirty      = 1
	flagNoChecksum = 4
)

var (
	fileSignature   = []byte("ElfFile\x00")
	chunkSignature  = []byte("ElfChnk\x00")
	legacySignature = []byte("LfLe") // at 4
)

// parseFileHeader decodes the first 128 bytes of a log.
func parseFileHeader(b []byte) (fileHeader, error) {
	if len(b) < 128 {
		return fileHeader{}, &damage.Error{What: "file header", Got: fmt.Sprintf("%d bytes", len(b)), Want: "128 bytes", Err: ErrNotEventLog}
	}
	if bytes.Equal(b[4:8], legacySignature) {
		return fileHeader{}, &damage.Error{What: "file signature", Got: fmt.Sprintf("%q, an event log of Windows XP or older (.evt)", legacySignature),
			Want: fmt.Sprintf("%q", fileSignature), Err: ErrNotEventLog}
	}
	if !bytes.Equal(b[:8], fileSignature) {
		return fileHeader{}, &damage.Error{What: "file signature", Got: fmt.Sprintf("%q", b[:8]), Want: fmt.Sprintf("%q", fileSignature), Err: ErrNotEventLog}
	}
	return fileHeader{
		firstChunk: le.Uint64(b[8:]),
		lastChunk:  le.Uint64(b[16:]),
		nextRecord: le.Uint64(b[24:]),
		minor:      le.Uint16(b[36:]),
		major:      le.Uint16(b[38:]),
		blockSize:  le.Uint16(b[40:]),
		chunks:     le.Uint16(b[42:]),
		flags:      le.Uint32(b[120:]),
		checksum:   le.Uint32(b[124:]),
		computed:   crc32.ChecksumIEEE(b[:120]),
	}, nil
}
