// Package records runs our parsers on a file and gives their results in the terms of
// package child: every record with its key, its offset and its fields as text. The
// programs that compare and attack parsers use it.
package records

import (
	"strconv"
	"time"

	"github.com/birthmark-dfir/birthmark/lab/internal/child"
)

// fields collects the fields of a record.
type fields []child.Field

func (f *fields) add(name, value string) { *f = append(*f, child.Field{Name: name, Value: value}) }

// set is add for values that may be absent.
func (f *fields) set(name, value string) {
	if value != "" {
		f.add(name, value)
	}
}

func (f *fields) number(name string, n uint64) { f.add(name, strconv.FormatUint(n, 10)) }

// Time formats a time as RFC 3339 in UTC, with the seven digits of a FILETIME. It
// returns "" if the time is unset.
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
