package evidence

import (
	"bytes"
	"strings"
)

// signature identifies a format: bytes at an offset from the beginning of the file or
// volume, or from its end if the offset is negative.
type signature struct {
	name  string
	off   int64
	magic string
}

// artifacts are single files that the parsers of this module read. The second
// signature of an event log is that of its first chunk: it identifies a log whose
// header is lost.
var artifacts = []signature{
	{"mft", 0, "FILE"},
	{"mft", 0, "BAAD"},
	{"evtx", 0, "ElfFile\x00"},
	{"evtx", 0x1000, "ElfChnk\x00"},
	{"evtx", 0, "ElfChnk\x00"},
	{"registry", 0, "regf"},
	{"pe", 0, "MZ"},
	// The directives of a web log may come in any order.
	{"weblog", 0, "#Software: Microsoft Internet Information Services"},
	{"weblog", 0, "#Version: 1.0\r\n"},
	{"weblog", 0, "#Date: "},
	{"weblog", 0, "#Fields: "},
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
	{"ext", 0x438, "\x53\xef"},
}

// longestMark is how far signatures reach from the beginning of a file.
const longestMark = 4096 + 8

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

// names lists the formats of a table of signatures, each once, for error texts.
func names(signatures []signature) string {
	var list []string
	seen := map[string]bool{}
	for _, s := range signatures {
		if !seen[s.name] {
			seen[s.name] = true
			list = append(list, s.name)
		}
	}
	return strings.Join(list, ", ")
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
