package evidence

import (
	"encoding/binary"
	"fmt"
	"slices"
)

// Partitioning tools begin partitions at sector 63 (until Windows XP) or at multiples
// of 1 MiB. Volumes that no table names any more are searched for at these places in the
// first part of the image, and behind each volume that is known or found. Looking at all
// places of a large disk would take minutes.
const (
	oldAlignment = 63 * sector512
	alignment    = 1 << 20
	firstProbes  = 4096 // places from the beginning: 4 GiB
	nextProbes   = 64   // places behind a volume
	maxLost      = 64   // volumes found this way
)

// findLost returns NTFS and BitLocker volumes that begin outside the known volumes,
// as after a table was wiped or a partition deleted.
func findLost(img image, known []*Volume) []*Volume {
	f := &lostFinder{img: img, known: known, boot: make([]byte, sector512)}
	f.probe(oldAlignment)
	for i := range int64(firstProbes) {
		f.probe((i + 1) * alignment)
	}
	for i := 0; i < len(known)+len(f.lost); i++ { // it grows
		v := slices.Concat(known, f.lost)[i]
		end := (v.Offset + v.Size + alignment - 1) / alignment
		for j := range int64(nextProbes) {
			f.probe((end + j) * alignment)
		}
	}
	return f.lost
}

// lostFinder is a search for lost volumes.
type lostFinder struct {
	img         image
	known, lost []*Volume
	boot        []byte
}

// covered reports whether a place is in a volume that is known or found.
func (f *lostFinder) covered(off int64) bool {
	for _, list := range [][]*Volume{f.known, f.lost} {
		for _, v := range list {
			if off >= v.Offset && off < v.Offset+v.Size {
				return true
			}
		}
	}
	return false
}

// probe looks for a volume that begins at a place.
func (f *lostFinder) probe(off int64) {
	if off < 0 || off > f.img.size-sector512 || len(f.lost) == maxLost || f.covered(off) {
		return
	}
	boot := f.boot
	if n, _ := f.img.r.ReadAt(boot, off); n != len(boot) {
		return
	}
	fs := match(fileSystems[:2], boot)
	if fs == "" || boot[bootSignatureOff] != 0x55 || boot[bootSignatureOff+1] != 0xaa {
		return
	}
	f.lost = append(f.lost, &Volume{
		Name:       fmt.Sprintf("volume at %#x", off),
		FileSystem: fs,
		Offset:     off,
		Size:       bootVolumeSize(boot, f.img.size-off),
	})
}

// bootVolumeSize returns the size in bytes that a boot sector claims, at most room.
// It returns room if the boot sector claims none. Offsets in the sector: 0x0b the
// size of a sector in bytes (2 bytes), 0x28 the sectors of the volume (8 bytes), to
// which the copy of the boot sector adds one.
func bootVolumeSize(boot []byte, room int64) int64 {
	sector := uint64(binary.LittleEndian.Uint16(boot[0x0b:]))
	sectors := binary.LittleEndian.Uint64(boot[0x28:])
	if sector == 0 || sectors == 0 || sectors >= uint64(room)/sector {
		return room
	}
	return int64((sectors + 1) * sector)
}

// maxBeyond is how far behind the end of a partition the copy of a boot sector is looked for.
const maxBeyond = 1 << 20

// beyondEnd returns the size of the NTFS volume that begins at off and is larger than its
// partition of n bytes, by the copy of its boot sector, which is its last sector. It returns 0 if
// there is none.
func beyondEnd(img image, off, n int64) int64 {
	end := off + n
	b := make([]byte, max(0, min(maxBeyond, img.size-end)))
	got, _ := img.r.ReadAt(b, end)
	for at := 0; at+sector512 <= got; at += sector512 {
		boot := b[at : at+sector512]
		sector := int64(binary.LittleEndian.Uint16(boot[0x0b:]))
		size := end + int64(at) + sector - off
		if match(fileSystems[:1], boot) != "" && sector > 0 && bootVolumeSize(boot, img.size-off) == size {
			return size
		}
	}
	return 0
}
