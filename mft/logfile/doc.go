// Package logfile reads the transaction log of NTFS, the file $LogFile.
//
// Before NTFS changes a record of the $MFT, a folder or one of its own files, it writes
// into the log how to do that again and how to undo it. So the log has the bytes before
// and after each of the last changes of metadata: minutes of a busy volume, days of a
// quiet one. Programs cannot write to it, and setting the times of a file backwards leaves
// both the old and the new times there.
//
// A log has a ring of pages, and the file that is read may be the beginning of one, or a
// page may be lost. [NewReader] makes an index of the pages; [Reader.Records] then yields
// the log records in the order of their log sequence numbers, [Reader.Transactions] joins
// those that belong together, and [Reader.Events] says what they prove: a file was created,
// deleted or renamed, its times were set, a stream was added. Versions 1.1 and 2.0 are
// read. Pages that version 2.0 has copied elsewhere and version 1.1 has at the end of the
// log are read from their copies if those are newer, and also if the ring has gone round
// since: a record that is only in such a copy is marked as Copied.
//
// A log record has the entry of its file, but seldom a name and never a path. [NewPaths]
// joins what all records say with the $MFT, which is the state at the end.
//
// A log has no clock. A time in an event is one that NTFS wrote into the record of the
// file; [Paths.Between] gives the times that surround an event.
//
// Damage is a [FormatError]: a page that is lost loses its records and is reported. The
// content of a log is untrusted. Memory is in proportion to the size of the file.
//
// The terms are those of Windows: LFS, the log file service, writes pages and log records
// for its client NTFS. The layout is not documented by Microsoft; it is that of the drivers
// of Linux (fs/ntfs3/fslog.c) and of the files that Windows writes.
package logfile

import "github.com/birthmark-dfir/birthmark/damage"

// FormatError is damage in a log. Its fields are those of [damage.Error]:
//
//	Artifact string // the log, by its name, else "$LogFile"
//	Path     string // the log record, by its LSN; may be empty
//	Offset   int64  // in bytes from the beginning of the log; -1 if unknown
//	What     string // the damaged structure or field
//	Want     string // what the format requires there; may be empty
//	Got      string // what was found instead; may be empty
//	Err      error  // the cause, such as ErrNotLogFile; may be nil
type FormatError = damage.Error

// Problem is damage that did not stop the rest from being read. Its fields are
// those of [damage.Problem]:
//
//	Kind damage.Kind  // such as damage.Gap
//	Err  *FormatError // what is wrong, and where; never nil
type Problem = damage.Problem
