// Package evidence opens what an analyst holds and presents its volumes as file
// systems.
//
// Evidence is one of
//
//   - a disk image, raw or in a container, which may be compressed by gzip or zstandard,
//     or in an archive: a disk with a master boot record or a GUID partition table and sectors of 512 or 4096 bytes, or
//     a bare volume. Volumes whose partition was deleted are found at the places to which
//     partitioning tools align them. The volumes have the drive letters that the
//     registry on the disk gives them (the key MountedDevices of the SYSTEM hive).
//     Without it the volume that holds Windows, or the only volume, is C;
//   - a triage folder laid out like the drives it was copied from, as KAPE and
//     Velociraptor write them, or a folder with one for each of several machines, or
//     any folder that holds artifacts. Shadow copies beside the drives (VSS1) are volumes
//     without a letter. The targets of KAPE and the output of its modules are of one machine;
//   - a folder of images or archives, of one machine each, or of the disks of one virtual
//     machine; the parents of snapshots are not machines of their own. They may be in folders
//     of their own, if nothing else is evidence;
//   - a zip archive or a tar archive of such a folder, as KAPE, Velociraptor, CyLR and
//     dissect's acquire write them, or of images or archives: of one machine each, or, in an
//     OVA or the folder of a virtual machine, the disks of one machine. A tar archive may be compressed by
//     gzip or zstandard. A zip archive may be behind a program, as in a self-extracting one, if
//     it holds a machine or a disk. Encrypted members (WinZip's AES, or the older encryption of zip) are read
//     with a password;
//   - a single artifact: an $MFT, an event log, a registry hive, an executable, a web
//     log, a prefetch file, a link, a jump list, a database of SRUM, and the other files
//     that package timeline reads.
//
// The containers are
//
//	E01, s01   of EnCase, FTK and SMART, from any of their segments; every chunk is checked,
//	           and [Evidence.VerifyImage] compares the stored MD5 and SHA-1
//	Ex01       the same in the second version, with deflate, bzip2 and filled chunks
//	L01, Lx01  files instead of a disk, opened like an archive
//	VHD, VHDX  fixed, dynamic and differencing; the log of a VHDX is replayed in memory
//	VMDK       sparse, streamOptimized (also one that was cut off), flat and in several
//	           files, SESPARSE of ESXi, with parents
//	qcow2      versions 2 and 3, with backing files, zstandard and extended L2 entries
//	VDI        dynamic, fixed and differencing
//	.001, .aa  parts of a raw image, from any of them
//
// Parents, backing files and other parts are opened only if they are in the folder of the
// container: their names may be an attacker's. A part that is missing is a problem, and an
// error for the range that it held.
//
// Other containers are recognized, and the error names them and the command that converts
// them: encrypted Ex01 and Lx01, AD1, AFF, AFF4 image, DMG, Parallels image, QED, VMA, WIM, 7z archive,
// RAR archive, CAB, cpio archive, xz compression, bzip2 compression, LZ4 compression, Windows kernel crash dump, and the event
// logs of Windows XP or older (.evt). So are the volumes that are not NTFS: BitLocker, LUKS
// 1 and 2, LVM2, RAID of Linux, dynamic disks (LDM), Storage Spaces, and other file systems.
//
// [Open] recognizes evidence by its content, never by its name. That of a single
// artifact is also recognized if its beginning is lost. Every [Volume] has an
// [fs.FS] whose lookups ignore case and take "name:stream" for an alternate data
// stream. Its [fs.FileInfo] values have the following methods if the source has the
// information; callers detect them by interface:
//
//	BirthTime() time.Time  // creation; zero if unknown
//	AccessTime() time.Time
//	ChangeTime() time.Time // change of the MFT entry
//	OwnerSID() string      // "" if unknown
//	Streams() []string     // names of the alternate data streams
//
// The shadow copies of an NTFS volume are not among the volumes. [Evidence.Snapshots] lists
// them, and [Snapshot.Open] makes a volume of one: the whole file system as it was.
//
// A sparse file that Velociraptor collected without its holes is as long as it was on
// its volume. When it is open it has the method
//
//	NextData(off int64) int64 // first offset at or behind off that is not in a hole
//
// [Evidence.Resolve] turns a path as Windows writes it into a volume and a path in
// its file system. [Evidence.Locate] also takes a name without a folder, a wildcard
// or a hash. [Evidence.Find] returns every file that matches one.
//
// # Errors
//
// Errors and problems name the evidence as it was given to [Open], then the volume,
// then the place in it:
//
//	disk.raw: partition 2: $MFT: entry 70: length of the attribute at 0x11903: got 8192, want 16 to 769
//
// The offsets of what this package reads itself count from the beginning of the
// image. All others count from the beginning of the volume or artifact that the error
// names.
//
// # Terminology
//
// A container wraps a disk image (E01, VHDX). A volume is the extent of one file
// system. A partition is a range of sectors that a table names; it usually holds a
// volume. A triage folder is a copy of selected files of a live or imaged system. A
// layer is one of the directories of a triage folder that belong to the same drive:
// Velociraptor keeps what it read through the file system API apart from what it read
// from the raw volume.
//
// # Specifications
//
//   - Master boot record, extended boot records: A. Brouwer, "Partition types"
//     and "Minimal partition table specification".
//   - GUID partition table: UEFI Specification 2.10, chapter 5.
//   - gzip: RFC 1952; zstandard: RFC 8878.
//   - EWF: J. Metz, "Expert Witness Compression Format specification", and "EWF 2
//     specification".
//   - VHD: Microsoft, "Virtual Hard Disk Image Format Specification"; VHDX: [MS-VHDX].
//   - VMDK: VMware, "Virtual Disk Format 5.0"; qcow2: QEMU, "docs/interop/qcow2".
//
// # Security
//
// Evidence is written by the attacker. Opening it allocates memory in proportion to
// its real size, whatever its tables claim: chains of extended boot records are cut
// at loops and after 256 links, a partition table is never larger than the image,
// the index of a gzip image has at most 128 MiB, that of a zstandard image 1/170 of its
// size, and at most 64 MiB of the hive that
// names the drives are read. Names in an archive never lead out of it, and its members
// are checked before they are read; what is left out is a problem. A search keeps at
// most 1000 files. On an image it hashes at most four times the size of a volume and
// 64 MiB, in an archive at most 200 times its size and 1 GiB. Paths from evidence are
// never used as paths on the analyst's disk: folders are read below an [os.Root] by
// names that a listing returned, symbolic links are not followed, and devices and
// pipes are not opened.
package evidence
