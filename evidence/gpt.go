package evidence

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
)

// A GPT header fills sector 1, and a backup the last sector. Offsets are in bytes
// from its beginning, sectors count from the beginning of the disk:
//
//	0x00   8  signature "EFI PART"
//	0x08   4  revision
//	0x0c   4  size of this header in bytes, ≥ 92
//	0x10   4  CRC-32 of the header, with this field as 0
//	0x14   4  reserved
//	0x18   8  sector of this header
//	0x20   8  sector of the other header
//	0x28   8  first sector that partitions may use
//	0x30   8  last sector that partitions may use
//	0x38  16  GUID of the disk
//	0x48   8  first sector of the partition entries
//	0x50   4  number of entries
//	0x54   4  size of an entry in bytes: 128 · 2ⁿ
//	0x58   4  CRC-32 of all entries
//
// and a partition entry, from its beginning:
//
//	0x00  16  GUID of the partition type, zero for an unused entry
//	0x10  16  GUID of the partition
//	0x20   8  first sector
//	0x28   8  last sector, inclusive
//	0x30   8  attributes
//	0x38  72  name, UTF-16LE, ended by NUL
const (
	gptSignature   = "EFI PART"
	gptHeaderLen   = 92
	gptHeaderCRC   = 0x10
	gptEntryLen    = 128
	maxGPTEntries  = 4 << 20 // bytes of all entries read; the usual 128 entries take 16 KiB
	gptNameOff     = 0x38
	gptNameLen     = 72
	gptLastLBAOff  = 0x28
	gptFirstLBAOff = 0x20
)

// gpt is one of the two copies of a GUID partition table.
type gpt struct {
	off        int64 // of the header in the image
	headerSize uint32
	headerCRC  uint32
	self       uint64 // sector of this header
	other      uint64 // sector of the other header
	disk       GUID
	entriesLBA uint64
	count      uint32
	entrySize  uint32
	entriesCRC uint32
	entries    []byte // nil if they cannot be read
	flaws      []Problem
}

func (g *gpt) flaw(kind damage.Kind, err error) {
	g.flaws = append(g.flaws, damage.Note(kind, err, "", "GPT"))
}

// readGPT reads a GUID partition table, or returns nil if there is neither copy. It
// uses the primary copy unless the checksums of that fail and those of the backup
// hold.
func readGPT(img image, sector int64) *table {
	t := &table{img: img, scheme: GPT, sector: sector}
	last := uint64(img.size/sector) - 1
	if img.size < 2*sector {
		return nil
	}
	primary := readGPTCopy(img, sector, 1, "GPT header")
	backup := readGPTCopy(img, sector, last, "backup GPT header")
	if backup == nil && primary != nil && primary.other != last && primary.other > 1 && primary.other < last {
		backup = readGPTCopy(img, sector, primary.other, "backup GPT header")
	}
	use := primary
	switch {
	case primary == nil && backup == nil:
		return nil
	case primary == nil:
		t.problem(damage.Malformed, damage.New("GPT header signature", sector, "none", gptSignature))
		use, t.backup = backup, true
	case backup == nil:
		t.problem(damage.Truncation, damage.New("backup GPT header", int64(last)*sector, "none", gptSignature))
	case len(primary.flaws) > 0 && (len(backup.flaws) == 0 || primary.entries == nil):
		use = backup
	case len(primary.flaws) == 0 && len(backup.flaws) == 0 && primary.entriesCRC != backup.entriesCRC:
		t.problem(damage.Malformed, damage.New("backup GPT entries CRC-32", backup.off+0x58,
			fmt.Sprintf("%#08x", backup.entriesCRC), fmt.Sprintf("%#08x as in the primary", primary.entriesCRC)))
	}
	for _, g := range []*gpt{primary, backup} {
		if g != nil {
			t.problems = append(t.problems, g.flaws...)
		}
	}
	t.headerAt = use.off
	t.addGPT(use)
	return t
}

// readGPTCopy reads the header at a sector and its entries. It returns nil if no GPT
// header begins there. Flaws holds what is wrong with the header.
func readGPTCopy(img image, sector int64, lba uint64, what string) *gpt {
	off := int64(lba) * sector
	raw, err := bin.ReadAt(img.r, img.size, off, sector, what)
	if err != nil || string(raw[:len(gptSignature)]) != gptSignature {
		return nil
	}
	g := &gpt{off: off}
	c := bin.NewCursor(raw, off)
	c.Skip("signature and revision", 12)
	g.headerSize = c.U32("header size")
	g.headerCRC = c.U32("header CRC-32")
	c.Skip("reserved", 4)
	g.self = c.U64("sector")
	g.other = c.U64("other sector")
	c.Skip("usable sectors", 16)
	copy(g.disk[:], c.Bytes("disk GUID", 16))
	g.entriesLBA = c.U64("entries sector")
	g.count = c.U32("number of entries")
	g.entrySize = c.U32("size of an entry")
	g.entriesCRC = c.U32("entries CRC-32")

	if g.headerSize < gptHeaderLen || int64(g.headerSize) > sector {
		g.flaw(damage.Malformed, damage.New(what+" size", off+0x0c, g.headerSize, fmt.Sprintf("%d to %d", gptHeaderLen, sector)))
	} else {
		crc := crc32.ChecksumIEEE(raw[:gptHeaderCRC])
		crc = crc32.Update(crc, crc32.IEEETable, make([]byte, 4))
		crc = crc32.Update(crc, crc32.IEEETable, raw[gptHeaderCRC+4:g.headerSize])
		if crc != g.headerCRC {
			g.flaw(damage.Checksum, damage.New(what+" CRC-32", off+gptHeaderCRC, fmt.Sprintf("%#08x", g.headerCRC), fmt.Sprintf("%#08x", crc)))
		}
	}
	if g.self != lba {
		g.flaw(damage.Malformed, damage.New(what+" own sector", off+0x18, g.self, lba))
	}
	g.readEntries(img, sector, what)
	return g
}

// readEntries reads the partition entries. Their number and size are checked against
// the image before memory is allocated for them.
func (g *gpt) readEntries(img image, sector int64, what string) {
	if g.entrySize < gptEntryLen || g.entrySize%8 != 0 {
		g.flaw(damage.Malformed, damage.New(what+" size of an entry", g.off+0x54, g.entrySize, "128 · 2ⁿ"))
		return
	}
	if g.entriesLBA > uint64(img.size/sector) {
		g.flaw(damage.Truncation, damage.New(what+" entries sector", g.off+0x48, g.entriesLBA, fmt.Sprintf("≤ %d", img.size/sector)))
		return
	}
	off, n := int64(g.entriesLBA)*sector, uint64(g.count)*uint64(g.entrySize)
	if room := uint64(min(max(img.size-off, 0), maxGPTEntries)); n > room {
		g.flaw(damage.Limit, damage.New(what+" number of entries", g.off+0x50, g.count, fmt.Sprintf("≤ %d", room/uint64(g.entrySize))))
		n = room
	}
	entries, err := bin.ReadAt(img.r, img.size, off, int64(n), what+" entries")
	if err != nil {
		g.flaw(damage.Malformed, err)
		return
	}
	g.entries = entries
	if crc := crc32.ChecksumIEEE(entries); crc != g.entriesCRC {
		g.flaw(damage.Checksum, damage.New(what+" entries CRC-32", g.off+0x58, fmt.Sprintf("%#08x", g.entriesCRC), fmt.Sprintf("%#08x", crc)))
	}
}

// addGPT adds the used entries of a copy.
func (t *table) addGPT(g *gpt) {
	// If the copy has entries, their size was checked. Otherwise the size may be
	// anything, even 0.
	i := -1
	for b := g.entries; len(b) > 0 && int64(len(b)) >= int64(g.entrySize); b = b[g.entrySize:] {
		i++
		p := Partition{Number: i + 1, DiskGUID: g.disk}
		copy(p.TypeGUID[:], b)
		if p.TypeGUID.IsZero() {
			continue
		}
		copy(p.GUID[:], b[16:])
		p.Label = wtf8.String(wtf8.Trim(b[gptNameOff : gptNameOff+gptNameLen]))
		first := binary.LittleEndian.Uint64(b[gptFirstLBAOff:])
		last := binary.LittleEndian.Uint64(b[gptLastLBAOff:])
		off := int64(g.entriesLBA)*t.sector + int64(i)*int64(g.entrySize)
		if last < first {
			t.problem(damage.Malformed, damage.New(fmt.Sprintf("partition %d last sector", p.Number), off+gptLastLBAOff, last, fmt.Sprintf("≥ %d", first)))
			continue
		}
		t.add(p, first, last-first+1, off+gptFirstLBAOff)
	}
}
