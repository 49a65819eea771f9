package evidence

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"slices"
)

// Partitioning tools begin partitions at sector 63 (until Windows XP) or at multiples
// of 1 MiB. Volumes that no table names any more are searched for at these places in the
// first part of the image, and behind each volume that is known or found. Looking at all
// places of a large disk would take minutes. A partition ends where another one may begin, or
// where the image ends: there the copy of the boot sector of its volume is looked for.
const (
	oldAlignment = 63 * sector512
	alignment    = 1 << 20
	everySector  = 4 << 20 // up to which each sector is looked at
	firstProbes  = 4096    // places from the beginning: 4 GiB
	nextProbes   = 64      // places behind a volume
	maxLost      = 64      // volumes found this way
)

// findLost returns NTFS and BitLocker volumes that begin outside the known volumes,
// as after a table was wiped or a partition deleted.
func findLost(img image, known []*Volume) []*Volume {
	f := &lostFinder{img: img, known: known, boot: make([]byte, sector512)}
	f.probeAll(everySector)
	for i := range int64(firstProbes) {
		f.probe((i + 1) * alignment)
	}
	for i := 0; i < len(known)+len(f.lost); i++ { // it grows
		v := slices.Concat(known, f.lost)[i]
		end := v.Offset + v.Size
		f.probe(end)
		f.probe(end + oldAlignment)
		end = (end + alignment - 1) / alignment
		for j := range int64(nextProbes) {
			f.probe((end + j) * alignment)
		}
	}
	for i := range int64(firstProbes) {
		f.probeEnd((i + 1) * alignment)
	}
	for _, v := range known {
		f.probeEnd(v.Offset)
	}
	f.probeEnd(img.size)
	slices.SortFunc(f.lost, func(a, b *Volume) int { return cmp.Compare(a.Offset, b.Offset) })
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
	if fs == fileSystems[0].name && !f.hasMFT(off, boot) && f.addBefore(off, boot) {
		return // it is the copy of the boot sector of another volume
	}
	f.lost = append(f.lost, &Volume{
		Name:       fmt.Sprintf("volume at %#x", off),
		FileSystem: fs,
		Offset:     off,
		Size:       bootVolumeSize(boot, f.img.size-off),
	})
}

// probeAll looks for volumes that begin at any sector before end.
func (f *lostFinder) probeAll(end int64) {
	b := make([]byte, min(end, f.img.size))
	n, _ := f.img.r.ReadAt(b, 0)
	for off := 0; off+sector512 <= n; off += sector512 {
		if match(fileSystems[:2], b[off:off+sector512]) != "" {
			f.probe(int64(off))
		}
	}
}

// probeEnd looks for a volume that ends at a place, by the copy of its boot sector, which is its
// last sector. Its boot sector may be lost.
func (f *lostFinder) probeEnd(end int64) {
	if end > f.img.size || len(f.lost) == maxLost || f.covered(end-1) {
		return
	}
	if boot := bootSectorCopy(image{f.img.r, end}); boot != nil {
		f.addBefore(end-max(sector512, int64(binary.LittleEndian.Uint16(boot[0x0b:]))), boot)
	}
}

// addBefore adds the volume of which the copy of the boot sector is at a place, if its $MFT is
// there and it is in no volume that is known.
func (f *lostFinder) addBefore(off int64, boot []byte) bool {
	sector := int64(binary.LittleEndian.Uint16(boot[0x0b:]))
	end := off + sector
	size := bootVolumeSize(boot, end)
	start := end - size
	overlaps := func(v *Volume) bool { return start < v.Offset+v.Size && v.Offset < end }
	if sector == 0 || slices.ContainsFunc(f.known, overlaps) || slices.ContainsFunc(f.lost, overlaps) || !f.hasMFT(start, boot) {
		return false
	}
	f.lost = append(f.lost, &Volume{Name: fmt.Sprintf("volume at %#x", start), FileSystem: fileSystems[0].name, Offset: start, Size: size})
	return true
}

// hasMFT reports whether the $MFT of a volume is where its boot sector, or the copy of that, says.
//
//	0x0b  2  bytes of a sector
//	0x0d  1  sectors of a cluster; from 0x80 on the negative power of two
//	0x30  8  first cluster of the $MFT
func (f *lostFinder) hasMFT(start int64, boot []byte) bool {
	cluster := int64(binary.LittleEndian.Uint16(boot[0x0b:]))
	if n := boot[0x0d]; n > 0x80 {
		cluster <<= min(-n, 20)
	} else {
		cluster *= int64(n)
	}
	first := binary.LittleEndian.Uint64(boot[0x30:])
	if cluster == 0 || first > uint64(f.img.size/cluster) {
		return false
	}
	var mark [4]byte
	_, err := f.img.r.ReadAt(mark[:], start+int64(first)*cluster)
	return err == nil && string(mark[:]) == "FILE"
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

// claimedSize returns the size of the NTFS volume that begins at off if that is more than the n
// bytes of its partition, and the copy of its boot sector is where its end is then, else 0.
func claimedSize(img image, off, n int64) int64 {
	boot := readHead(img, off, min(sector512, img.size-off))
	if len(boot) < sector512 || match(fileSystems[:1], boot) == "" {
		return 0
	}
	size := bootVolumeSize(boot, img.size-off)
	if size <= n || !bytes.Equal(bootSectorCopy(image{img.r, off + size}), boot) {
		return 0
	}
	return size
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
