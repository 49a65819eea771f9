package registry

import (
	"encoding/binary"
	"fmt"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
)

// The base block, the first 4096 bytes of a hive (specification: "Base block").
// Offsets and sizes in bytes:
//
//	  0    4  signature "regf"
//	  4    4  primary sequence number, incremented before a write
//	  8    4  secondary sequence number, set to the primary after the write
//	 12    8  last written, FILETIME
//	 20    4  major version, 1
//	 24    4  minor version, 0 to 6
//	 28    4  file type, 0 (others are transaction logs)
//	 32    4  file format, 1 (direct memory load)
//	 36    4  root cell offset, from the end of the base block
//	 40    4  size of the hive bins data
//	 44    4  clustering factor, the disk's sector size / 512
//	 48   64  file name, UTF-16LE; only its end if it is too long
//	508    4  checksum, XOR of the 127 words before it
//
// The other fields are not used here.
const (
	baseBlockSize  = 4096
	headerSize     = 512 // the part that holds all the fields above
	checksumOffset = 508
	fileNameSize   = 64
)

type baseBlock struct {
	primary, secondary uint32
	lastWrite          time.Time
	major, minor       uint32
	fileType           uint32
	root               uint32 // cell offset
	binsSize           uint32
	fileName           string
	checksum, computed uint32
	lost               error // it is not there: the fields are those of most hives
}

// parseBaseBlock fails only if data is not the beginning of a hive.
func parseBaseBlock(data []byte) (baseBlock, error) {
	var b baseBlock
	c := bin.NewCursor(data[:min(len(data), headerSize)], 0)
	if signature := data[:min(len(data), 4)]; string(signature) != "regf" {
		return b, &damage.Error{What: "base block signature", Got: fmt.Sprintf("%q", signature), Want: `"regf"`, Err: ErrNotHive}
	}
	c.Skip("base block signature", 4)
	b.primary = c.U32("primary sequence number")
	b.secondary = c.U32("secondary sequence number")
	b.lastWrite = filetime.Time(c.U64("last written"))
	b.major = c.U32("major version")
	b.minor = c.U32("minor version")
	b.fileType = c.U32("file type")
	c.Skip("file format", 4)
	b.root = c.U32("root cell offset")
	b.binsSize = c.U32("hive bins data size")
	c.Skip("clustering factor", 4)
	b.fileName = wtf8.String(wtf8.Trim(c.Bytes("file name", fileNameSize)))
	c.Seek("checksum", checksumOffset)
	b.checksum = c.U32("checksum")
	if err := c.Err(); err != nil {
		return b, err
	}
	b.computed = baseChecksum(data)
	return b, nil
}

// baseChecksum returns the checksum that a base block should have. Windows never
// stores 0 or 0xffffffff.
func baseChecksum(data []byte) uint32 {
	var sum uint32
	for i := 0; i < checksumOffset; i += 4 {
		sum ^= binary.LittleEndian.Uint32(data[i:])
	}
	switch sum {
	case 0:
		return 1
	case 0xffffffff:
		return 0xfffffffe
	}
	return sum
}

// sound reports whether the fields can be trusted.
func (b *baseBlock) sound() bool { return b.checksum == b.computed }

// closed reports whether the fields can be trusted and are the newest.
func (b *baseBlock) closed() bool { return b.sound() && b.primary == b.secondary }

// report receives a problem, whose place in the hive is a path, and returns
// whether to go on.
type report func(kind damage.Kind, err error, path string) bool

// problems reports what is wrong with the base block itself. It returns false if
// note does.
func (b *baseBlock) problems(note report) bool {
	if b.lost != nil {
		return note(damage.Malformed, b.lost, "")
	}
	if b.checksum != b.computed && !note(damage.Checksum, damage.New("base block checksum", checksumOffset,
		fmt.Sprintf("%#08x", b.checksum), fmt.Sprintf("%#08x", b.computed)), "") {
		return false
	}
	if b.primary != b.secondary && !note(damage.Unclean, damage.New("secondary sequence number", 8,
		b.secondary, fmt.Sprintf("%d, equal to the primary: the newest changes are in the transaction logs", b.primary)), "") {
		return false
	}
	if (b.major != 1 || b.minor > 6) && !note(damage.Unsupported, damage.New("format version", 20,
		fmt.Sprintf("%d.%d", b.major, b.minor), "1.0 to 1.6"), "") {
		return false
	}
	if b.fileType != 0 && !note(damage.Malformed, damage.New("file type", 28,
		b.fileType, "0, a hive, not a transaction log"), "") {
		return false
	}
	return true
}
