package evidence

import (
	"encoding/binary"
	"fmt"
)

// Partitioning tools begin partitions at sector 63 (until Windows XP) or at multiples
// of 1 MiB. These are the places searched for volumes that no table names any more.
const (
	oldAlignment = 63 * sector512
	alignment    = 1 << 20
	maxProbes    = 1 << 16 // places read: the first 64 GiB
	maxLost      = 64      // volumes found this way
)

// findLost returns NTFS and BitLocker volumes that begin outside the known volumes,
// as after a table was wiped or a partition deleted.
func findLost(img image, known []*Volume) []*Volume {
	var lost []*Volume
	covered := func(off int64) bool {
		for _, list := range [][]*Volume{known, lost} {
			for _, v := range list {
				if off >= v.Offset && off < v.Offset+v.Size {
					return true
				}
			}
		}
		return false
	}
	boot := make([]byte, sector512)
	for i := range int64(maxProbes) {
		off := i * alignment
		if i == 0 {
			off = oldAlignment
		}
		if off > img.size-sector512 || len(lost) == maxLost {
			break
		}
		if covered(off) {
			continue
		}
		if n, _ := img.r.ReadAt(boot, off); n != len(boot) {
			continue
		}
		fs := match(fileSystems[:2], boot)
		if fs == "" || boot[bootSignatureOff] != 0x55 || boot[bootSignatureOff+1] != 0xaa {
			continue
		}
		lost = append(lost, &Volume{
			Name:       fmt.Sprintf("volume at %#x", off),
			FileSystem: fs,
			Offset:     off,
			Size:       bootVolumeSize(boot, img.size-off),
		})
	}
	return lost
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
