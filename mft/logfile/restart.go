package logfile

import (
	"encoding/binary"
	"fmt"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
)

// Restart is what a restart page says of the log: its layout and its end.
type Restart struct {
	Offset         int64 // of the page, in bytes from the beginning of the log
	Major, Minor   uint16
	CheckDiskLSN   LSN // the last that chkdsk found; 0 if it has not looked
	SystemPageSize int // of a restart page, in bytes
	LogPageSize    int // of a record page, in bytes
	CurrentLSN     LSN // the last when the page was written
	Flags          uint16
	SequenceBits   int   // of an LSN: its high bits count how often the ring has gone round
	FileSize       int64 // of the log, in bytes
	RecordHeader   int   // size of the header of a log record, in bytes
	DataOffset     int   // of the first log record in a page, in bytes
	OpenCount      uint32
	Clients        []Client
}

// Client is a user of the log; the only one is named NTFS.
type Client struct {
	OldestLSN  LSN // the oldest that it may need
	RestartLSN LSN // of its last checkpoint
	Name       string
}

// A restart page, in bytes from its beginning:
//
//	0x00  4  signature "RSTR", or "CHKD" if chkdsk has written it
//	0x04  4  update sequence array, see page.go
//	0x08  8  LSN that chkdsk found
//	0x10  4  size of a restart page
//	0x14  4  size of a record page
//	0x18  2  offset of the restart area
//	0x1a  2  minor version
//	0x1c  2  major version
//
// the restart area, from its beginning:
//
//	0x00  8  current LSN
//	0x08  2  number of clients
//	0x0a  2  index of the first free client
//	0x0c  2  index of the first client in use
//	0x0e  2  flags
//	0x10  4  bits of the sequence number in an LSN
//	0x14  2  size of the restart area
//	0x16  2  offset of the clients from the beginning of the restart area
//	0x18  8  size of the log
//	0x20  4  size of the data of the last log record
//	0x24  2  size of the header of a log record
//	0x26  2  offset of the first log record in a page
//	0x28  4  how often the log was opened
//
// and a client:
//
//	0x00  8  oldest LSN
//	0x08  8  LSN of the restart record
//	0x10  2  index of the previous client
//	0x12  2  index of the next client
//	0x14  2  sequence number
//	0x1c  4  size of the name in bytes
//	0x20     name (UTF-16LE), 128 bytes
const (
	restartPageLen = 0x1e
	restartAreaLen = 0x2c
	clientLen      = 0xa0
	maxClients     = 64

	pageHeaderLen   = 0x28 // of a record page, without its update sequence array
	recordHeaderLen = 0x30 // of a log record

	minSequenceBits, maxSequenceBits = 8, 60

	minPageSize, maxPageSize = 512, 64 << 10
)

const (
	signatureRestart = "RSTR"
	signatureCheck   = "CHKD"
	signatureRecord  = "RCRD"
	signatureBad     = "BAAD"
)

// isRestart reports whether a page begins as a restart page does.
func isRestart(b []byte) bool {
	return len(b) >= restartPageLen && (string(b[:4]) == signatureRestart || string(b[:4]) == signatureCheck)
}

// decodeRestart decodes the restart page b, whose fixups are applied, at offset off.
func decodeRestart(b []byte, off int64) (*Restart, error) {
	le := binary.LittleEndian
	r := &Restart{
		Offset: off, CheckDiskLSN: LSN(le.Uint64(b[8:])),
		SystemPageSize: int(le.Uint32(b[0x10:])), LogPageSize: int(le.Uint32(b[0x14:])),
		Minor: le.Uint16(b[0x1a:]), Major: le.Uint16(b[0x1c:]),
	}
	for _, size := range [...]struct {
		what string
		at   int64
		n    int
	}{{"size of a restart page", 0x10, r.SystemPageSize}, {"size of a record page", 0x14, r.LogPageSize}} {
		if size.n < minPageSize || size.n > maxPageSize || size.n&(size.n-1) != 0 {
			return nil, damage.New(size.what, off+size.at, uint32(size.n), fmt.Sprintf("a power of two from %d to %d", minPageSize, maxPageSize))
		}
	}
	at := int(le.Uint16(b[0x18:]))
	if at < restartPageLen || at+restartAreaLen > len(b) {
		return nil, damage.New("offset of the restart area", off+0x18, at, fmt.Sprintf("%d to %d", restartPageLen, len(b)-restartAreaLen))
	}
	area := b[at:]
	base := off + int64(at)
	r.CurrentLSN = LSN(le.Uint64(area))
	r.Flags = le.Uint16(area[0x0e:])
	r.SequenceBits = int(le.Uint32(area[0x10:]))
	r.FileSize = int64(le.Uint64(area[0x18:]))
	r.RecordHeader, r.DataOffset = int(le.Uint16(area[0x24:])), int(le.Uint16(area[0x26:]))
	r.OpenCount = le.Uint32(area[0x28:])
	switch {
	case r.SequenceBits < minSequenceBits || r.SequenceBits > maxSequenceBits:
		return nil, damage.New("bits of the sequence number", base+0x10, uint32(r.SequenceBits), fmt.Sprintf("%d to %d", minSequenceBits, maxSequenceBits))
	case r.RecordHeader < recordHeaderLen || r.RecordHeader%8 != 0 || r.RecordHeader > r.LogPageSize/2:
		return nil, damage.New("size of a record header", base+0x24, r.RecordHeader, recordHeaderLen)
	case r.DataOffset < pageHeaderLen || r.DataOffset%8 != 0 || r.DataOffset > r.LogPageSize/2:
		return nil, damage.New("offset of the first record", base+0x26, r.DataOffset, fmt.Sprintf("a multiple of 8 from %d", pageHeaderLen))
	}
	first, n := int(le.Uint16(area[0x16:])), int(le.Uint16(area[8:]))
	for i := range min(n, maxClients) {
		c := first + i*clientLen
		if first < restartAreaLen || c+clientLen > len(area) {
			return r, damage.New("number of clients", base+8, n, i)
		}
		name := area[c+0x20 : c+clientLen]
		r.Clients = append(r.Clients, Client{
			LSN(le.Uint64(area[c:])), LSN(le.Uint64(area[c+8:])),
			wtf8.String(name[:min(len(name), int(le.Uint32(area[c+0x1c:])&^1))]),
		})
	}
	return r, nil
}
