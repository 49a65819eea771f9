// Package records says what our parsers find in a file in the words of package
// child: every record with its key, its place and its fields as text. The
// programs that compare parsers and that attack them ask it.
package records

import (
	"strconv"
	"time"

	"github.com/birthmark-dfir/birthmark/lab/internal/child"
)

// Parsers holds our parsers by the name of their format.
func Parsers() map[string]child.Parser {
	return map[string]child.Parser{
		"evtx":     EVTX,
		"mft":      MFT,
		"ntfs":     NTFS,
		"registry": Registry,
		"pe":       PE,
		"weblog":   WebLog,
	}
}

// A fields collects the fields of a record.
type fields []child.Field

func (f *fields) add(name, value string) { *f = append(*f, child.Field{Name: name, Value: value}) }

// set is add for values that may be absent.
func (f *fields) set(name, value string) {
	if value != "" {
		f.add(name, value)
	}
}

func (f *fields) number(name string, n uint64) { f.add(name, strconv.FormatUint(n, 10)) }

// Time is RFC 3339 in UTC with all seven digits of a FILETIME; empty when unset.
func Time(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.0000000Z")
}

// count counts the problems of a reader.
func count[T any](problems func(func(T) bool)) int {
	n := 0
	for range problems {
		n++
	}
	return n
}
