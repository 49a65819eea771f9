package timeline

import (
	"io"
	"iter"
	"strconv"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/show"
	"github.com/birthmark-dfir/birthmark/mft"
)

// WriteBodyfile writes events as a bodyfile of format 3, which mactime sorts and
// prints:
//
//	MD5|name|inode|mode_as_string|UID|GID|size|atime|mtime|ctime|crtime
//
// The first event of an $MFT record writes the record: a line with the times of
// $STANDARD_INFORMATION and, with " ($FILE_NAME)" after the name, a line with the
// times of each name. These lines have all four times, even those outside a window.
// Every other event is a line of its own. Its name is its kind in brackets and its
// message, and its one time is the mtime, as other tools write keys of the registry and
// records of logs: nothing says that anything was accessed or created then. A name ends
// with " (shadow copy of TIME)" if the event was read in one. MD5, UID
// and GID are 0 for not known, and so is a time that is not set or before 1970.
//
// Names are written with slashes. |, \, control characters, directional formatting
// characters and bytes that are not UTF-8 are escaped as \x7c, \\, \u202e. A percent
// sign is escaped too if mactime would take it for the beginning of an escape.
func WriteBodyfile(w io.Writer, events iter.Seq[Event]) error {
	type file struct {
		artifact string
		mft.Ref
	}
	written := map[file]bool{}
	return writeLines(w, events, func(dst []byte, e *Event) []byte {
		rec, ok := e.Data.(*mft.Record)
		if !ok {
			return appendBodyLine(dst, bodyLine{
				name:     "[" + string(e.Kind) + "] " + e.Message + ofSnapshot(e),
				mode:     "----------",
				modified: e.Time,
			})
		}
		id := file{e.Source.Artifact, rec.Ref}
		if written[id] {
			return dst
		}
		written[id] = true
		name := strings.ReplaceAll(e.Path, `\`, "/")
		if name == "" {
			name = "[$MFT entry " + rec.Ref.String() + "]"
		}
		return appendFile(dst, name, rec, ofSnapshot(e))
	})
}

// ofSnapshot returns what marks an event that was read in a shadow copy.
func ofSnapshot(e *Event) string {
	if e.Source.Snapshot.IsZero() {
		return ""
	}
	return " (shadow copy of " + timeText(e.Source.Snapshot) + ")"
}

func appendFile(dst []byte, name string, rec *mft.Record, mark string) []byte {
	l := bodyLine{inode: rec.Entry, mode: "r/rrwxrwxrwx", size: rec.Size()}
	if rec.IsDir() {
		l.mode = "d/drwxrwxrwx"
	}
	if !rec.InUse() {
		mark = " (deleted)" + mark
	}
	if si := rec.StandardInformation; si.Present {
		l.name = name + mark
		l.accessed, l.modified, l.changed, l.created = si.Accessed, si.Modified, si.Changed, si.Created
		dst = appendBodyLine(dst, l)
	}
	for i := range rec.FileNames {
		fn := &rec.FileNames[i]
		if !informative(rec, fn) {
			continue
		}
		l.name = name
		if !strings.HasSuffix(name, "/"+fn.Name) && rec.Entry != mft.EntryRoot { // another hard link
			l.name += " = " + fn.Name
		}
		l.name += " ($FILE_NAME)" + mark
		l.accessed, l.modified, l.changed, l.created = fn.Accessed, fn.Modified, fn.Changed, fn.Created
		dst = appendBodyLine(dst, l)
	}
	return dst
}

type bodyLine struct {
	name                                 string
	inode                                uint64
	mode                                 string
	size                                 uint64
	accessed, modified, changed, created time.Time
}

func appendBodyLine(dst []byte, l bodyLine) []byte {
	dst = append(dst, "0|"...)
	dst = append(dst, show.BodyfileName(l.name)...)
	dst = append(dst, '|')
	dst = strconv.AppendUint(dst, l.inode, 10)
	dst = append(append(append(dst, '|'), l.mode...), "|0|0|"...)
	dst = strconv.AppendUint(dst, l.size, 10)
	for _, t := range [...]time.Time{l.accessed, l.modified, l.changed, l.created} {
		dst = append(dst, '|')
		dst = strconv.AppendInt(dst, max(t.Unix(), 0), 10) // the zero time is before 1970 too
	}
	return append(dst, '\n')
}
