package evidence

import (
	"strconv"
	"strings"

	"github.com/birthmark-dfir/birthmark/damage"
)

// foreign says what to do with the formats that are recognized and not read, by the names
// that the tables of containers, of file systems and of partition types give them. IMAGE
// is the evidence, OFFSET is the offset of the volume in it in bytes, and LOOP is the
// device that losetupCommand prints. OUT and FOLDER are what to open instead.
var foreign = map[string]string{
	"encrypted EnCase image (Ex01)":           "copy it without encryption, in EnCase",
	"encrypted QEMU image (qcow2)":            "qemu-img convert --object secret,id=key,data=PASSWORD --image-opts driver=qcow2,encrypt.key-secret=key,file.filename=IMAGE -O raw OUT",
	journaled:                                 "vmkfstools -i IMAGE OUT.vmdk, on ESXi, which applies them; or open the parent alone, as it was before the snapshot",
	encryptedLogical:                          "copy it without encryption, in EnCase",
	"FTK logical image (AD1)":                 "target-fs IMAGE cp / -o FOLDER",
	"encrypted FTK logical image (AD1)":       "export it without encryption, with FTK Imager, as IMAGE.ad1",
	"Proxmox backup (VMA)":                    "vma-extract -o FOLDER IMAGE",
	"Advanced Forensic Format image (AFF)":    "affconvert -r IMAGE",
	aff4:                                      "aff4imager -e '*' --export_dir FOLDER IMAGE",
	"Apple disk image (DMG)":                  "dmg2img IMAGE OUT",
	"Parallels image":                         "qemu-img convert -f parallels -O raw IMAGE OUT",
	"QEMU image (QED)":                        "qemu-img convert -f qed -O raw IMAGE OUT",
	"7z archive":                              "7z x -oFOLDER IMAGE",
	"RAR archive":                             "unrar x IMAGE FOLDER/",
	"cabinet file (CAB)":                      "cabextract -d FOLDER IMAGE",
	"cpio archive":                            "cpio -idm --no-absolute-filenames -D FOLDER -F IMAGE",
	"LZ4 compression":                         "lz4 -dc IMAGE > OUT",
	"xz compression":                          "xz -dc IMAGE > OUT",
	"bzip2 compression":                       "bzip2 -dc IMAGE > OUT",
	"Windows imaging file (WIM)":              "wimapply IMAGE 1 FOLDER",
	"event log of Windows XP or older (.evt)": "wevtutil epl IMAGE OUT.evtx /lf:true, on Windows",
	"Windows kernel crash dump":               "", // memory, and not a disk
	"BitLocker":                               "dislocker-file -V IMAGE -O OFFSET -p -- OUT",
	"LUKS 1":                                  "cryptsetup open --readonly LOOP NAME, and open /dev/mapper/NAME",
	"LUKS 2":                                  "cryptsetup open --readonly LOOP NAME, and open /dev/mapper/NAME",
	"LVM2":                                    "vslvmmount -o OFFSET IMAGE FOLDER",
	"Linux RAID (mdadm)":                      "mdadm --assemble --readonly /dev/md0 LOOP, with a LOOP for each disk, and open /dev/md0",
	"dynamic disk (LDM)":                      "ldmtool -d LOOP create all, with a -d LOOP for each whole disk",
	"Storage Spaces":                          "Mount-DiskImage -Access ReadOnly IMAGE, on Windows, for each disk of the pool",
	"ReFS":                                    "Mount-DiskImage -Access ReadOnly IMAGE, on Windows",
	"APFS":                                    "fsapfsmount -o OFFSET IMAGE FOLDER",
	"HFS+":                                    mountCommand,
	"XFS":                                     "mount -o ro,norecovery,loop,offset=OFFSET IMAGE FOLDER",
	"ext":                                     "mount -o ro,noload,loop,offset=OFFSET IMAGE FOLDER",
	"exFAT":                                   mountCommand,
	"FAT32":                                   mountCommand,
	"FAT16":                                   mountCommand,
	"FAT12":                                   mountCommand,
	"FAT":                                     mountCommand,
	"swap of Linux":                           "", // memory, and not a file system
}

const (
	mountCommand   = "mount -o ro,loop,offset=OFFSET IMAGE FOLDER"
	losetupCommand = "losetup --find --show --read-only --offset OFFSET IMAGE"
)

// An AFF4 image is a zip archive with this member.
const (
	aff4         = "AFF4 image"
	aff4Metadata = "information.turtle"
)

// encryptedLogical is an image of files that EnCase encrypted.
const encryptedLogical = "encrypted EnCase logical image (Lx01)"

// journaled is a SESPARSE snapshot of ESXi that was not closed.
const journaled = "VMware image (VMDK) with writes in its journal"

// unsupported is the cause of the error for a format that is recognized and not read. Its
// text says how others read it.
type unsupported struct{ command string }

func (u unsupported) Error() string {
	return ErrUnsupported.Error() + "; convert it first: " + u.command
}

// Unwrap returns ErrUnsupported.
func (u unsupported) Unwrap() error { return ErrUnsupported }

// notRead returns the error for a format that is recognized and not read. Off is the
// offset of a volume, or -1 for the whole evidence.
func notRead(name string, off int64) *damage.Error {
	e := &damage.Error{Offset: off, What: name, Err: ErrUnsupported}
	if command := foreign[name]; command != "" {
		command = strings.Replace(command, "LOOP", "$("+losetupCommand+")", 1)
		e.Err = unsupported{strings.ReplaceAll(command, "OFFSET", strconv.FormatInt(max(off, 0), 10))}
	}
	return e
}

// partitionType names what the type of a partition promises, if the content of the
// partition is not recognized.
type partitionType struct {
	name string
	mbr  byte   // 0 for none
	gpt  string // "" for none
}

var partitionTypes = []partitionType{
	{"Storage Spaces", 0xe7, "e75caf8f-f680-4cee-afa3-b001e56efc2d"},
	{"dynamic disk (LDM)", 0x42, "af9b60a0-1431-4f62-bc68-3311714a69ad"}, // its data
	{"dynamic disk (LDM)", 0, "5808c8aa-7e8f-42e0-85d2-e1e90434cfb3"},    // its database
	{"LVM2", 0x8e, "e6d6d379-f507-44c2-a23c-238f2a3df928"},
	{"Linux RAID (mdadm)", 0xfd, "a19d880f-05fc-4d3b-a006-743f0f84911e"},
	{"swap of Linux", 0x82, "0657fd6d-a4ab-43c4-84e5-0933c84b4f4f"},
}

// promised returns what the type of a partition promises, or "".
func (p Partition) promised() string {
	for _, t := range partitionTypes {
		if p.Scheme == MBR && t.mbr != 0 && p.Type == t.mbr || p.Scheme == GPT && t.gpt != "" && strings.EqualFold(p.TypeGUID.String(), t.gpt) {
			return t.name
		}
	}
	return ""
}
