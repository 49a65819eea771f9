package evtx

import (
	"fmt"
	"io"
	"iter"
	"os"
)

// Recovered is a record that Reader.Records does not yield, or cannot decode. It is
// decoded only by a definition that has the identifier that the record names, that is
// intact, and that its values fit; so it has the fields of no other event.
type Recovered struct {
	Record
	Grade  Grade
	Reason Reason
	// Borrowed is set if a definition that the record needs comes from another chunk
	// or from a store.
	Borrowed bool
}

// Grade says how much of a recovered record is certain.
type Grade uint8

const (
	// Whole: all of the record is there, and the definitions of all its values are
	// known. If that of System is not, its Computer is empty; it is at the same place
	// in all events of providers with a manifest.
	Whole Grade = iota + 1
	// ValuesOnly: a definition is not known. The element that it defines is called
	// Values, and its fields have no names; or the provider and the channel are empty.
	ValuesOnly
	// Torn: a part of the record was overwritten. It has the fields that are left.
	Torn
)

// String returns "whole", "values only" or "torn".
func (g Grade) String() string { return nameOf(g, "whole", "values only", "torn") }

// Reason says why a recovered record is not one of Reader.Records.
type Reason uint8

const (
	InSlack         Reason = iota + 1 // in a part of a chunk that is not in use: from an earlier use of it
	InRecord                          // inside another record, behind the end of its event
	CutOff                            // behind the last record of a chunk, with the next identifier
	BehindLog                         // in a chunk behind the number of chunks in the file header
	Stray                             // in a chunk that is not in the place of one, or alone
	WithoutTemplate                   // among Records, but its chunk has lost its definition
)

// String returns the reason in a few words, such as "slack".
func (r Reason) String() string {
	return nameOf(r, "slack", "inside another record", "cut off", "behind the log", "stray", "without template")
}

// nameOf returns the name of a value that counts from 1.
func nameOf[T ~uint8](v T, names ...string) string {
	if v < 1 || int(v) > len(names) {
		return fmt.Sprintf("unknown (%d)", v)
	}
	return names[v-1]
}

// Typed is Record.Typed, but returns an *Event for a record that is not whole: a
// struct would show fields without a value that the record may have had.
func (r *Recovered) Typed() (TypedEvent, error) {
	if r.Grade == Whole {
		return r.Record.Typed()
	}
	return r.Event()
}

// AppendTyped is Record.AppendTyped. The kind of a record that is not whole is "event".
func (r *Recovered) AppendTyped(dst []byte) ([]byte, error) {
	if r.Grade == Whole {
		return r.Record.AppendTyped(dst)
	}
	e, err := r.Event()
	if err != nil {
		return dst, err
	}
	return r.appendEvent(dst, e, nil), nil
}

// WithDefinitions makes Reader.Recovered and Carve also decode records by the
// definitions of a store. By default it is that of NewDefinitions.
func WithDefinitions(d *Definitions) Option { return func(c *config) { c.definitions = d } }

// Recovered yields the records of the file that Records does not yield, or yields with
// an error because their template is gone, in the order of the file. It omits copies:
// logs often hold one record several times. If the log has a filter, it yields only the
// records that the filter selects.
//
// It reads the file three times. Its memory is that of Records, a few megabytes for
// definitions, and about 32 bytes for each record that is found.
//
// Errors come from the underlying reader and end the iteration.
func (r *Reader) Recovered() iter.Seq2[Recovered, error] {
	return func(yield func(Recovered, error) bool) {
		if r == nil || r.r == nil {
			yield(Recovered{}, os.ErrInvalid)
			return
		}
		if err := newSearch(r, yield).log(r); err != nil {
			yield(Recovered{}, err)
		}
	}
}

// Carve yields the records in size bytes that are not a log, such as unallocated space,
// the memory of a machine or a page file. It looks for chunks and for single records at
// any offset. All records have the reason Stray, except those that the chunk that was
// found does not list itself.
//
// It reads r twice. Otherwise it is as Reader.Recovered; WithWorkers has no effect.
func Carve(r io.ReaderAt, size int64, opts ...Option) iter.Seq2[Recovered, error] {
	return func(yield func(Recovered, error) bool) {
		c := config{name: "carved"}
		for _, o := range opts {
			o(&c)
		}
		f, err := newFilter(c.filter)
		if err == nil && r == nil {
			err = os.ErrInvalid
		}
		if err != nil {
			yield(Recovered{}, err)
			return
		}
		image := &Reader{r: r, size: size, name: c.name, filter: f, ansi: c.ansi, definitions: c.definitions}
		if err := newSearch(image, yield).carve(); err != nil {
			yield(Recovered{}, err)
		}
	}
}
