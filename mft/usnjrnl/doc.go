// Package usnjrnl reads the change journal of NTFS and ReFS: the stream $J of
// $Extend\$UsnJrnl, or what a collector copied of it.
//
// The file system itself writes the journal: a record for each change of a file, with
// the reasons that have accumulated since the file was opened. Reader.Records yields the
// records of versions 2, 3 and 4 (USN_RECORD_V2 to V4 of [MS-FSCC] 2.4.51). The journal
// is a sparse stream whose old part has been freed, so a Reader passes over holes and
// zeros without reading more of them than it must. Bytes that are no records are reported
// with their offset, and lose nothing but themselves.
//
// A record has the name of its file and a reference to the folder, not the path.
// [NewPaths] rewinds the renames and deletions in the journal from the $MFT, which is
// the state at the end, so that every record gets the path that its file had at its time.
//
// The stream $Max beside it has the size of the journal, and when it was created:
// Reader.Max.
//
// [Carve] finds records anywhere, such as in unallocated clusters, and says how certain
// each of them is.
//
// Damage is a [FormatError]. The content of a journal is untrusted: memory does not
// depend on the size of the journal, but for the folders whose changes NewPaths keeps.
package usnjrnl

import "github.com/birthmark-dfir/birthmark/damage"

// FormatError is damage in a journal. Its fields are those of [damage.Error]:
//
//	Artifact string // the journal, by its name, else "$UsnJrnl:$J"
//	Path     string // empty
//	Offset   int64  // in bytes from the beginning of the journal; -1 if unknown
//	What     string // the damaged structure or field
//	Want     string // what the format requires there; may be empty
//	Got      string // what was found instead; may be empty
//	Err      error  // the cause; may be nil
type FormatError = damage.Error

// Problem is damage that did not stop the rest from being read. Its fields are
// those of [damage.Problem]:
//
//	Kind damage.Kind  // such as damage.Gap
//	Err  *FormatError // what is wrong, and where; never nil
type Problem = damage.Problem
