package evidence

import (
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
)

// A boot record, master or extended, fills one sector. Offsets are in bytes from
// its beginning:
//
//	0x000  440  boot code
//	0x1b8    4  disk signature (MBR only)
//	0x1be   64  four partition entries
//	0x1fe    2  signature 55 aa
//
// and a partition entry, from its beginning:
//
//	0x0  1  status: 0x80 active, else 0
//	0x1  3  first sector as cylinder, head, sector (not used)
//	0x4  1  partition type, 0 for an unused entry
//	0x5  3  last sector as cylinder, head, sector (not used)
//	0x8  4  first sector, counted from a base that depends on the record
//	0xc  4  number of sectors
const (
	bootRecordSize    = 512
	diskSignatureOff  = 0x1b8
	partitionTableOff = 0x1be
	partitionEntryLen = 16
	bootSignatureOff  = 0x1fe
)

// maxLogical bounds the chain of extended boot records. Windows and Linux stop
// earlier.
const maxLogical = 256

const typeProtective = 0xee // the GPT's MBR covers the disk with one such entry

// isExtended reports whether a partition holds a chain of extended boot records:
// CHS, LBA, Linux's own, and the first two as boot managers hide them.
func isExtended(partitionType byte) bool {
	switch partitionType {
	case 0x05, 0x0f, 0x85, 0x15, 0x1f:
		return true
	}
	return false
}

// mbrEntry is one decoded partition entry.
type mbrEntry struct {
	status, kind byte
	first, count uint32
	off          int64 // of the entry in the image
}

func (e mbrEntry) used() bool { return e.count != 0 && e.first != 0 }

// bootRecord reads the boot record at off.
func bootRecord(img image, off int64, what string) (raw []byte, entries [4]mbrEntry, err error) {
	raw, err = bin.ReadAt(img.r, img.size, off, bootRecordSize, what)
	if err != nil {
		return nil, entries, err
	}
	if sig := raw[bootSignatureOff:]; sig[0] != 0x55 || sig[1] != 0xaa {
		return nil, entries, damage.New(what+" signature", off+bootSignatureOff, fmt.Sprintf("% x", sig), "55 aa")
	}
	for i := range entries {
		at := partitionTableOff + i*partitionEntryLen
		b := raw[at : at+partitionEntryLen]
		entries[i] = mbrEntry{
			status: b[0],
			kind:   b[4],
			first:  binary.LittleEndian.Uint32(b[8:]),
			count:  binary.LittleEndian.Uint32(b[12:]),
			off:    off + int64(at),
		}
	}
	return raw, entries, nil
}

// readMBR reads a master boot record and the extended boot records it leads to. It
// returns nil if sector 0 is not a boot record or names no partition.
func readMBR(img image, sector int64) *table {
	raw, entries, err := bootRecord(img, 0, "master boot record")
	if err != nil {
		return nil
	}
	t := &table{img: img, scheme: MBR, sector: sector}
	signature := binary.LittleEndian.Uint32(raw[diskSignatureOff:])
	logical := 5
	for i, e := range entries {
		switch {
		case !e.used() || e.kind == typeProtective:
		case isExtended(e.kind) && e.status&0x7f == 0:
			logical = t.extended(e, signature, logical)
		default:
			t.addMBR(e, Partition{Number: i + 1, DiskSignature: signature}, 0)
		}
	}
	if len(t.partitions) == 0 && len(t.problems) == 0 {
		return nil
	}
	return t
}

// protected reports whether the MBR has the entry that covers a disk with a GPT, or is
// gone.
func protected(img image) bool {
	_, entries, err := bootRecord(img, 0, "master boot record")
	return err != nil || slices.ContainsFunc(entries[:], func(e mbrEntry) bool { return e.kind == typeProtective })
}

// addMBR adds an entry whose first sector counts from base. An entry that violates
// the format counts only if a file system confirms it: any sector may end with 55 aa,
// and a partition may have been deleted by clearing its type.
func (t *table) addMBR(e mbrEntry, p Partition, base uint64) {
	first := base + uint64(e.first)
	if e.kind == 0 || e.status&0x7f != 0 {
		if first > uint64(t.img.size/t.sector) || fileSystem(t.img, int64(first)*t.sector, int64(e.count)*t.sector) == "" {
			return
		}
		t.problem(damage.Malformed, damage.New(fmt.Sprintf("partition %d entry", p.Number), e.off,
			fmt.Sprintf("status %#02x, type %#02x", e.status, e.kind), "status 0 or 0x80, type not 0"))
	}
	p.Type = e.kind
	t.add(p, first, uint64(e.count), e.off)
}

// extended follows the chain of extended boot records in the partition e. Each holds
// a logical partition, whose first sector counts from the record itself, and the next
// record, whose first sector counts from the beginning of the extended partition.
// Number is that of the first logical partition; extended returns the next free
// number.
func (t *table) extended(e mbrEntry, signature uint32, number int) int {
	start := uint64(e.first)
	visited := map[uint64]bool{}
	for at, from := start, e.off; ; {
		const what = "extended boot record"
		if visited[at] {
			t.problem(damage.Malformed, damage.New("next "+what, from, fmt.Sprintf("sector %d again", at), "a new sector"))
			return number
		}
		if len(visited) == maxLogical {
			t.problem(damage.Limit, damage.New(what+"s", from, "more", fmt.Sprintf("≤ %d", maxLogical)))
			return number
		}
		visited[at] = true
		_, entries, err := bootRecord(t.img, int64(at)*t.sector, what)
		if err != nil {
			t.problem(damage.Malformed, err)
			return number
		}
		next := uint64(0)
		for _, l := range entries {
			switch {
			case !l.used():
			case isExtended(l.kind):
				next, from = start+uint64(l.first), l.off
			default:
				t.addMBR(l, Partition{Number: number, DiskSignature: signature}, at)
				number++
			}
		}
		if next == 0 {
			return number
		}
		at = next
	}
}
