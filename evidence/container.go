package evidence

import (
	"slices"

	"github.com/birthmark-dfir/birthmark/internal/archive"
	"github.com/birthmark-dfir/birthmark/internal/disk"
	"github.com/birthmark-dfir/birthmark/internal/disk/ewf"
	"github.com/birthmark-dfir/birthmark/internal/disk/qcow2"
	"github.com/birthmark-dfir/birthmark/internal/disk/vdi"
	"github.com/birthmark-dfir/birthmark/internal/disk/vhd"
	"github.com/birthmark-dfir/birthmark/internal/disk/vhdx"
	"github.com/birthmark-dfir/birthmark/internal/disk/vmdk"
)

// container wraps a disk image or other evidence.
type container struct {
	signature
	ext  string                              // of such files; the name of an artifact inside is without it
	open func(disk.File) (disk.Image, error) // nil if it is only recognized
}

// containers lists the known containers, recognized by content. If open is nil the
// format is recognized but not read.
//
// If an open function can read only a part of the container, it returns that part with
// the problem that says why.
var containers = []container{
	{signature{"gzip", 0, "\x1f\x8b\x08"}, ".gz", unpackGzip},
	{signature{"zstandard", 0, "\x28\xb5\x2f\xfd"}, ".zst", unpackZstd},
	{signature{"zstandard", 0, "\x50\x2a\x4d\x18"}, ".zst", unpackZstd}, // pzstd begins with a frame that is skipped
	{signature{"EnCase image (E01)", 0, ewf.Magic}, "", ewf.Open},
	{signature{"EnCase image (Ex01)", 0, ewf.SecondMagic}, "", ewf.Open},
	{signature{logicalImage, 0, ewf.LogicalMagic}, "", nil}, // see archives
	{signature{secondLogicalImage, 0, ewf.SecondLogicalMagic}, "", nil},
	{signature{"QEMU image (qcow2)", 0, qcow2.Magic}, "", qcow2.Open},
	{signature{"VMware image (VMDK)", 0, vmdk.SparseMagic}, "", vmdk.Open},
	{signature{"VMware image (VMDK)", 0, vmdk.COWDMagic}, "", vmdk.Open},
	{signature{"VMware image (VMDK)", 0, vmdk.SESparseMagic}, "", vmdk.Open},
	{signature{"VMware image descriptor (VMDK)", 0, vmdk.DescriptorMagic}, "", vmdk.Open},
	{signature{"Virtual Hard Disk v2 (VHDX)", 0, vhdx.Magic}, "", vhdx.Open},
	{signature{"Virtual Hard Disk (VHD)", 0, "conectix"}, "", vhd.Open},
	{signature{"Virtual Hard Disk (VHD)", -512, "conectix"}, "", vhd.Open},
	{signature{"Virtual Hard Disk (VHD)", -511, "conectix"}, "", vhd.Open}, // the footer of Virtual PC before 2004
	{signature{"VirtualBox image (VDI)", 0x40, "\x7f\x10\xda\xbe"}, "", vdi.Open},
	{signature{"FTK logical image (AD1)", 0, "ADSEGMENTEDFILE\x00"}, "", nil},
	{signature{"encrypted FTK logical image (AD1)", 0, "ADCRYPT\x00"}, "", nil},
	{signature{"Proxmox backup (VMA)", 0, "VMA\x00\x00\x00\x00\x01"}, "", nil},
	{signature{"Advanced Forensic Format image (AFF)", 0, "AFF10\r\n\x00"}, "", nil},
	{signature{"Parallels image", 0, "WithoutFreeSpace"}, "", nil},
	{signature{"Parallels image", 0, "WithouFreSpacExt"}, "", nil},
	{signature{"QEMU image (QED)", 0, "QED\x00"}, "", nil},
	{signature{"Apple disk image (DMG)", -512, "koly"}, "", nil},
	{signature{"zip archive", 0, "PK\x03\x04"}, ".zip", nil}, // see archives
	{signature{"zip archive", 0, "PK\x05\x06"}, ".zip", nil}, // without members
	{signature{"zip archive", 0, "PK\x07\x08"}, ".zip", nil}, // that was cut into parts
	{signature{"tar archive", 257, "ustar"}, ".tar", nil},
	{signature{"7z archive", 0, "7z\xbc\xaf\x27\x1c"}, "", nil},
	{signature{"RAR archive", 0, "Rar!\x1a\x07"}, "", nil},
	{signature{"cabinet file (CAB)", 0, "MSCF\x00\x00\x00\x00"}, "", nil},
	{signature{"cpio archive", 0, "070701"}, "", nil},
	{signature{"cpio archive", 0, "070702"}, "", nil}, // with checksums
	{signature{"cpio archive", 0, "070707"}, "", nil},
	{signature{"xz compression", 0, "\xfd7zXZ\x00"}, "", nil},
	{signature{"bzip2 compression", 0, "BZh"}, "", nil},
	{signature{"LZ4 compression", 0, "\x04\x22\x4d\x18"}, "", nil},
	{signature{"Windows imaging file (WIM)", 0, "MSWIM\x00\x00\x00"}, "", nil},
	{signature{"Windows kernel crash dump", 0, "PAGEDU"}, "", nil},
	{signature{"event log of Windows XP or older (.evt)", 4, "LfLe"}, "", nil},
}

// containerOf returns the container that an image is, or nil.
func containerOf(img image) *container {
	head := readHead(img, 0, img.size)
	tail := readTail(img, head)
	for i := range containers {
		if containers[i].marks(head, tail) {
			return &containers[i]
		}
	}
	if archive.IsOldTar(head) {
		return &containers[slices.IndexFunc(containers, func(c container) bool { return c.name == "tar archive" })]
	}
	return nil
}
