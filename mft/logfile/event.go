package logfile

import (
	"time"

	"github.com/birthmark-dfir/birthmark/mft"
)

// Kind is what an event proves.
type Kind uint8

// The kinds of events.
const (
	Created       Kind = iota // a record of the $MFT began to be a file
	Deleted                   // the record of a file became free
	Renamed                   // a name was replaced by another, in the same folder or in another one
	LinkAdded                 // the file got one more name: a hard link, or a short name
	LinkRemoved               // it lost one of its names
	Indexed                   // a folder got an entry; the record of the file is not in the log
	Unindexed                 // a folder lost one
	InfoChanged               // $STANDARD_INFORMATION: times, attributes, owner
	StreamAdded               // a named stream
	StreamRemoved             //
	Resized                   // the sizes of an attribute
	RunsChanged               // the clusters of an attribute
)

var kindNames = [...]string{"created", "deleted", "renamed", "link added", "link removed", "indexed", "unindexed",
	"info changed", "stream added", "stream removed", "resized", "runs changed"}

// String returns the name of the kind in lower case.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "unknown"
}

// Event is a change of a file that log records prove.
type Event struct {
	Kind        Kind
	LSN         LSN   // of the log record that proves it
	Offset      int64 // of that record, in bytes from the beginning of the log
	Transaction uint32
	State       State // of the transaction: an event of one that was rolled back was undone
	Copied      bool  // the log record was read from a copy of its page

	File mft.Ref       // Seq is 0 if the log record does not have it: see Paths.File
	Dir  bool          // Created: it is a folder
	Name *mft.FileName // the name, or the new one; nil if the transaction has none. Its Offset is -1
	Old  *mft.FileName // Renamed: the name before. Its Offset is -1

	Info, OldInfo *Info // InfoChanged, and Created: the new $STANDARD_INFORMATION and that before; else nil

	Stream          string // StreamAdded, StreamRemoved: the name
	AttributeOffset uint16 // Resized, RunsChanged: of the attribute in its record of the $MFT, in bytes
	Sizes, OldSizes Sizes  // Resized
	Runs, OldRuns   []byte // RunsChanged: the run list from the first byte that changes
}

// Sizes are the sizes of an attribute that is not resident, in bytes.
type Sizes struct{ Allocated, Initialized, Size uint64 }

// Info is $STANDARD_INFORMATION as far as a log record has it: only the bytes from the first
// to the last that changes. A time that it does not have is zero.
type Info struct {
	Created  time.Time
	Modified time.Time // content last written
	Changed  time.Time // MFT entry last changed
	Accessed time.Time

	HasAttributes bool
	Attributes    mft.FileAttributes
	SecurityID    uint32 // 0 if the record does not have it
	USN           uint64 // 0 if the record does not have it
}

// infoTimes are the times of an Info, with their names.
var infoTimes = [...]struct {
	name string
	of   func(*Info) *time.Time
}{
	{"created", func(i *Info) *time.Time { return &i.Created }},
	{"modified", func(i *Info) *time.Time { return &i.Modified }},
	{"changed", func(i *Info) *time.Time { return &i.Changed }},
	{"accessed", func(i *Info) *time.Time { return &i.Accessed }},
}

// TimeChange is a time of $STANDARD_INFORMATION that got another value.
type TimeChange struct {
	Name     string // "created", "modified", "changed" or "accessed"
	Old, New time.Time
}

// SetBack reports whether the new time is before the old one. NTFS itself never does that:
// a program did, such as one that copies or unpacks a file with its times, or one that
// hides when it came.
func (c TimeChange) SetBack() bool { return c.New.Before(c.Old) }

// TimeChanges returns the times that the event changed, of which the log has both values.
func (e *Event) TimeChanges() (list []TimeChange) {
	if e.Kind != InfoChanged || e.Info == nil || e.OldInfo == nil {
		return nil
	}
	for _, t := range infoTimes {
		c := TimeChange{t.name, *t.of(e.OldInfo), *t.of(e.Info)}
		if !c.Old.IsZero() && !c.New.IsZero() && !c.Old.Equal(c.New) {
			list = append(list, c)
		}
	}
	return list
}

// Time returns the time that NTFS wrote into the record with the event itself, and false
// if it wrote nothing. That of Created is when the record was made; a program cannot choose
// it. That of InfoChanged is the new time of the change of the record, which a program
// that sets times may have chosen.
func (e *Event) Time() (time.Time, bool) {
	switch {
	case e.Kind == Created && e.Name != nil:
		return e.Name.Changed, !e.Name.Changed.IsZero()
	case e.Kind == InfoChanged && e.Info != nil:
		return e.Info.Changed, !e.Info.Changed.IsZero()
	}
	return time.Time{}, false
}
