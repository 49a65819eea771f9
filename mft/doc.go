// Package mft reads NTFS: a volume as a file system, and the records of its $MFT,
// including those of deleted files.
//
// A [Reader] reads a $MFT, either a file that a triage tool copied or the $MFT of
// a volume. [Reader.Records] iterates over the files and yields one [Record] for
// each, with all its names, times and streams; [Reader.Scan] does the same without
// allocating for each record. [Reader.Path] returns the path of a file, or what is
// left of it; [Reader.OwnerSID] returns the owner; [Reader.Timestomp] estimates
// whether the times are forged.
//
// A [Volume] is an [io/fs.FS] of the files that exist. Lookups ignore case as the
// volume's own $UpCase does, and "name:stream" opens a named stream. Sparse and
// compressed (LZNT1) streams are read, and files that CompactOS compressed; reading one
// that is encrypted by EFS returns [ErrEncrypted], and one whose content is in another
// place, as in the cloud, [ErrElsewhere].
//
// [Reader.IndexEntries] iterates over the names in a folder's index and over those that it
// had before, which stay in slack; [IndexFile] reads an index that a tool extracted, and
// [Record.SlackNames] returns the names in the slack of a record.
//
// [ParseZoneIdentifier] reads the mark of the web. Package mft/mfttest writes
// volumes for tests.
//
// # Terminology
//
// A record is 1024 or 4096 bytes of the $MFT that describe a file by attributes.
// Its number in the $MFT is its entry; a [Ref] is an entry with a sequence number,
// which counts how often the entry was used. A file whose attributes need more
// than one record has a base record, and extension records that name it. A stream
// is the content of a $DATA attribute: the unnamed one is the content of the file.
// A stream is resident if the record itself holds it; otherwise it is stored in
// runs of clusters. An orphan is a file whose directory is gone.
//
// # Errors
//
// Damage is reported as a [*FormatError]. Its offset counts from the beginning of
// the $MFT if the artifact is a $MFT, else from the beginning of the volume: see
// [WithName]. An iterator continues after damage. A Record that comes with an
// error is empty but never nil. If a file is of another kind, the cause of the
// error is [ErrNotMFT] or [ErrNotNTFS].
//
// Damage that did not stop a record from being read is a [Problem] of the record.
// The Problems methods of Reader and Volume iterate over all of them. Losing a
// record, a run or an index block loses that and nothing else: the boot sector,
// the first records of the $MFT and $Secure have copies, which are used if needed,
// and directories are read without following their tree.
//
// # Specifications
//
// Microsoft documents NTFS in parts: [MS-FSCC] has the reparse points and file
// attributes, [MS-DTYP] security descriptors and SIDs, [MS-XCA] LZNT1. For
// everything else: the documentation of Linux-NTFS, the headers of ntfs-3g, and B.
// Carrier, File System Forensic Analysis, chapters 11 to 13.
//
// # Security
//
// Evidence is written by the attacker. Whatever the bytes, nothing in this package
// panics or hangs, and memory is bounded by the real size of the input: every
// count is checked against the bytes left, chains of directories end after 1024
// links, and the sizes that attributes claim never allocate memory by themselves.
// Names are returned as they are, unpaired surrogates included (as WTF-8): whoever
// prints them must escape them. Names in the file system never contain a slash and
// are never "." or "..".
package mft
