package evidence

import (
	"bytes"

	"github.com/birthmark-dfir/birthmark/internal/artifact"
)

// signature identifies a container or a file system: bytes at an offset from the
// beginning of the file or volume, or from its end if the offset is negative. Package
// artifact has those of single artifacts.
type signature struct {
	name  string
	off   int64
	magic string
}

// fileSystems begin a volume.
var fileSystems = []signature{
	{"NTFS", 0x03, "NTFS    "},
	{"BitLocker", 0x03, "-FVE-FS-"},
	// BitLocker To Go poses as FAT. It is recognized by its own GUID,
	// 4967D63B-2E29-4AD8-8399-F6A339E3D001.
	{"BitLocker", 0x1a8, "\x3b\xd6\x67\x49\x29\x2e\xd8\x4a\x83\x99\xf6\xa3\x39\xe3\xd0\x01"},
	{"exFAT", 0x03, "EXFAT   "},
	{"ReFS", 0x03, "ReFS\x00\x00\x00\x00"},
	{"FAT32", 0x52, "FAT32   "},
	{"FAT16", 0x36, "FAT16   "},
	{"FAT12", 0x36, "FAT12   "},
	{"FAT", 0x36, "FAT     "},
	{"LUKS 1", 0, "LUKS\xba\xbe\x00\x01"},
	{"LUKS 2", 0, "LUKS\xba\xbe\x00\x02"},
	{"LVM2", 0x200, "LABELONE"}, // in any of the first four sectors
	{"LVM2", 0, "LABELONE"},
	{"LVM2", 0x400, "LABELONE"},
	{"LVM2", 0x600, "LABELONE"},
	{"APFS", 0x20, "NXSB"},
	{"HFS+", 0x400, "H+\x00\x04"},
	{"HFS+", 0x400, "HX\x00\x05"},
	{"XFS", 0, "XFSB"},
	{"Linux RAID (mdadm)", 0, "\xfc\x4e\x2b\xa9\x01\x00\x00\x00"},      // version 1.1
	{"Linux RAID (mdadm)", 0x1000, "\xfc\x4e\x2b\xa9\x01\x00\x00\x00"}, // version 1.2
	{"ext", 0x438, "\x53\xef"},
}

// longestMark is how far signatures reach from the beginning of a file.
const longestMark = artifact.HeadSize

// tailLen is how far signatures reach from the end of a file.
const tailLen = 512

// marks reports whether the signature is in head or tail, the beginning and the end
// of a file.
func (s signature) marks(head, tail []byte) bool {
	b, off := head, s.off
	if off < 0 {
		b, off = tail, int64(len(tail))+off
	}
	return off >= 0 && off <= int64(len(b)) && bytes.HasPrefix(b[off:], []byte(s.magic))
}

// match returns the name of the first signature at the beginning of a file, or "".
func match(signatures []signature, head []byte) string {
	for _, s := range signatures {
		if s.marks(head, nil) {
			return s.name
		}
	}
	return ""
}

// fileSystem returns the name of the file system that begins at off and fills at most
// n bytes, or "" if it is not recognized. NTFS is also recognized by the copy of its
// boot sector in the volume's last sector.
func fileSystem(img image, off, n int64) string {
	if off < 0 || off > img.size {
		return ""
	}
	n = min(n, img.size-off)
	if fs := match(fileSystems, readHead(img, off, n)); fs != "" {
		return fs
	}
	for _, sector := range []int64{sector512, sector4Kn} {
		if n >= 2*sector && match(fileSystems[:1], readHead(img, off+n-sector, sector512)) != "" {
			return "NTFS"
		}
	}
	return ""
}

// readHead returns up to longestMark bytes at off, or fewer if the image cannot be
// read: what cannot be read has no signature.
func readHead(img image, off, n int64) []byte {
	b := make([]byte, max(0, min(n, longestMark)))
	got, _ := img.r.ReadAt(b, off)
	return b[:got]
}

// readTail returns the last 512 bytes of an image, or fewer if the image cannot be
// read. If head is the whole image it returns head.
func readTail(img image, head []byte) []byte {
	if img.size <= int64(len(head)) {
		return head
	}
	tail := make([]byte, tailLen)
	n, _ := img.r.ReadAt(tail, img.size-tailLen)
	return tail[:n]
}
