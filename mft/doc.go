// Package mft reads NTFS: a volume as a file system, and the records of its $MFT,
// those of deleted files included.
//
// A [Reader] reads a $MFT, be it a file that a triage tool copied or the one of a
// volume. [Reader.Records] iterates over the files, one [Record] for each with
// all its names, times and streams; [Reader.Scan] does the same without memory
// for each. [Reader.Path] says where a file stands, or what is left of that;
// [Reader.OwnerSID] whose it is; [Reader.Timestomp] whether its times look forged.
//
// A [Volume] is an [io/fs.FS] of the files that exist. Lookups ignore case as the
// volume's own $UpCase does, and "name:stream" opens a named stream. Sparse and
// compressed (LZNT1) streams are read; those encrypted by EFS are [ErrEncrypted].
//
// [ParseZoneIdentifier] reads the mark of the web. Package mft/mfttest writes
// volumes for tests.
//
// # Terminology
//
// A record is 1024 or 4096 bytes of the $MFT that describe a file by attributes.
// Its place in the $MFT is its entry; a [Ref] is an entry with a sequence number,
// which says how often the entry was used. A file whose attributes need more than
// one record has a base record, and extension records that name it. A stream is
// the content of a $DATA attribute: the unnamed one is the content of the file.
// It is resident where it lies in the record itself, else it lies in runs of
// clusters. An orphan is a file whose directory is gone.
//
// # Errors
//
// Damage is a [*FormatError]; its offset counts from the beginning of the $MFT if
// the artifact is a $MFT, else from the beginning of the volume, see [WithName].
// An iterator goes on behind it. Beside an error, a Record is empty: it is never
// nil. A file of another kind gives an error with the cause [ErrNotMFT] or
// [ErrNotNTFS].
//
// What was damaged but did not stop a record from being read is a [Problem] of the
// record, and all of them are in Problems of the Reader or the Volume. Losing a
// record, a run, an index block loses that and nothing else: the boot sector, the
// first records of the $MFT and $Secure have copies, which are used; directories
// are read without following their tree.
//
// # Specifications
//
// Microsoft documents NTFS in parts: [MS-FSCC] the reparse points and file
// attributes, [MS-DTYP] security descriptors and SIDs, [MS-XCA] LZNT1. For
// everything else: the documentation of Linux-NTFS, the headers of ntfs-3g, and
// B. Carrier, File System Forensic Analysis, chapters 11 to 13.
//
// # Security
//
// Evidence is written by the attacker. Whatever the bytes, nothing here panics or
// hangs, and memory is bounded by the real size of the input: every count is
// checked against the bytes left, chains of directories end after 1024 links, and
// sizes that attributes state never make memory by themselves. Names are returned
// as they are, unpaired surrogates included (as WTF-8): whoever prints them must
// escape them. Names in the file system never contain a slash, "." or "..".
package mft
