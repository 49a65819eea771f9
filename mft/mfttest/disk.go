package mfttest

import (
	"fmt"
	"hash/crc32"
	"math"

	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/winid"
)

// Partition is a partition of a disk.
type Partition struct {
	Type  byte   // of an MBR; 0 means 0x07, NTFS. A GPT has basic data partitions only
	Data  []byte // image of the volume, a multiple of 512 bytes
	Label string // of a GPT partition, at most 36 UTF-16 units
}

const (
	diskSector     = 512
	partitionAlign = 1 << 20 // bytes, as Windows aligns since Vista
	typeNTFS       = 0x07
	typeGPT        = 0xee
	mbrTable       = 0x1be // offset of the four entries of 16 bytes
	mbrSignature   = 0x1fe
	maxMBR         = 4
)

// Disk returns a disk of sectors of 512 bytes with an MBR and up to four primary
// partitions, each of which begins at a multiple of 1 MiB.
func Disk(parts ...Partition) ([]byte, error) {
	if len(parts) > maxMBR {
		return nil, fmt.Errorf("mfttest: %d partitions: an MBR has at most %d", len(parts), maxMBR)
	}
	disk, starts, err := layOut(parts, 0)
	if err != nil {
		return nil, err
	}
	le.PutUint32(disk[0x1b8:], 0x4b524d42) // disk signature
	for i, p := range parts {
		typ := p.Type
		if typ == 0 {
			typ = typeNTFS
		}
		putMBR(disk, i, typ, starts[i]/diskSector, int64(len(p.Data))/diskSector)
	}
	le.PutUint16(disk[mbrSignature:], 0xaa55)
	return disk, nil
}

// layOut places the partitions and leaves tail bytes after the last one.
func layOut(parts []Partition, tail int64) (disk []byte, starts []int64, err error) {
	end := int64(partitionAlign)
	for i, p := range parts {
		if len(p.Data) == 0 || len(p.Data)%diskSector != 0 {
			return nil, nil, fmt.Errorf("mfttest: partition %d has %d bytes: want a multiple of %d", i+1, len(p.Data), diskSector)
		}
		starts = append(starts, end)
		end = (end + int64(len(p.Data)) + partitionAlign - 1) / partitionAlign * partitionAlign
	}
	if end+tail > math.MaxUint32*diskSector {
		return nil, nil, fmt.Errorf("mfttest: %d bytes are too many for a disk", end+tail)
	}
	disk = make([]byte, end+tail)
	for i, p := range parts {
		copy(disk[starts[i]:], p.Data)
	}
	return disk, starts, nil
}

// putMBR writes entry i of the MBR, in bytes from its beginning:
//
//	0x00  1  0x80 for the active partition
//	0x01  3  first sector as cylinder, head and sector: out of range here
//	0x04  1  type
//	0x05  3  last sector in the same way
//	0x08  4  first sector
//	0x0c  4  number of sectors
func putMBR(disk []byte, i int, typ byte, first, sectors int64) {
	e := disk[mbrTable+16*i:]
	copy(e[1:], "\xfe\xff\xff")
	e[4] = typ
	copy(e[5:], "\xfe\xff\xff")
	le.PutUint32(e[8:], uint32(first))
	le.PutUint32(e[12:], uint32(min(sectors, math.MaxUint32)))
}

const (
	gptHeaderLen = 92
	gptEntries   = 128
	gptEntryLen  = 128
	gptTableLen  = gptEntries * gptEntryLen
	basicData    = "EBD0A0A2-B9E5-4433-87C0-68B6B72699C7"
)

// GPTDisk returns a disk of sectors of 512 bytes with a GPT, its backup, and
// basic data partitions, each of which begins at a multiple of 1 MiB.
func GPTDisk(parts ...Partition) ([]byte, error) {
	if len(parts) > gptEntries {
		return nil, fmt.Errorf("mfttest: %d partitions: want at most %d", len(parts), gptEntries)
	}
	const tail = partitionAlign // for the backup
	disk, starts, err := layOut(parts, tail)
	if err != nil {
		return nil, err
	}
	typ, err := winid.ParseGUID(basicData)
	if err != nil {
		return nil, err
	}
	last := int64(len(disk))/diskSector - 1
	putMBR(disk, 0, typeGPT, 1, last)
	le.PutUint16(disk[mbrSignature:], 0xaa55)

	table := make([]byte, gptTableLen)
	for i, p := range parts {
		label := wtf8.Encode(p.Label)
		if len(label) > 72 {
			return nil, fmt.Errorf("mfttest: label %q: want at most 36 UTF-16 units", p.Label)
		}
		e := table[gptEntryLen*i:]
		copy(e, typ[:])
		copy(e[16:], diskGUID(byte(i+1)))
		le.PutUint64(e[32:], uint64(starts[i]/diskSector))
		le.PutUint64(e[40:], uint64((starts[i]+int64(len(p.Data)))/diskSector-1))
		copy(e[56:], label)
	}
	const tableSectors = gptTableLen / diskSector
	copy(disk[2*diskSector:], table)
	copy(disk[(last-tableSectors)*diskSector:], table)
	putGPT(disk, table, 1, last, 2, last)
	putGPT(disk, table, last, 1, last-tableSectors, last)
	return disk, nil
}

// diskGUID returns a GUID that is the same every time.
func diskGUID(n byte) []byte {
	return []byte{'b', 'i', 'r', 't', 'h', 'm', 'a', 0x40, 0x80, 'k', 0, 0, 0, 0, 0, n}
}

// putGPT writes a GPT header; package evidence describes its layout.
func putGPT(disk, table []byte, self, other, entries, last int64) {
	h := disk[self*diskSector:][:gptHeaderLen]
	copy(h, "EFI PART")
	le.PutUint32(h[0x08:], 0x00010000)
	le.PutUint32(h[0x0c:], gptHeaderLen)
	le.PutUint64(h[0x18:], uint64(self))
	le.PutUint64(h[0x20:], uint64(other))
	le.PutUint64(h[0x28:], 2+gptTableLen/diskSector)
	le.PutUint64(h[0x30:], uint64(last-gptTableLen/diskSector-1))
	copy(h[0x38:], diskGUID(0))
	le.PutUint64(h[0x48:], uint64(entries))
	le.PutUint32(h[0x50:], gptEntries)
	le.PutUint32(h[0x54:], gptEntryLen)
	le.PutUint32(h[0x58:], crc32.ChecksumIEEE(table))
	le.PutUint32(h[0x10:], crc32.ChecksumIEEE(h))
}
