// Package hostile attacks parsers with damaged evidence. It takes sound files
// and a seed, makes mutants of them, runs a parser over each in a child process
// under limits of time and memory, and tells what came of it: panics, hangs,
// breaches of memory, and records lost that the damage did not touch.
//
// # Mutants
//
// A mutant has one to three damages. Half of them know the format: its fields
// (record sizes, counts, offsets, run lists, list cells, BinXML tokens, ASN.1
// lengths, …) are found in the sound file, a kind of field is drawn, then one of
// its places, then a value that parsers trip over; checksums and fixups are then
// set right, so that the damage reaches the code behind them. Drawing the kind
// first gives rare structures, such as big data or attribute lists, as much of
// the attack as common ones. The other half flips bits, cuts off, zeroes
// sectors, moves blocks, and splices in parts of another file. The same seed and
// the same files in the same order give the same mutants on every platform.
//
// # Losses
//
// The promise under test is that a parser loses what is damaged and nothing
// else, and says so. The footprint of a record is the bytes of a sound file that
// hold it, and those without which nobody could tell where it is or what it is
// called: for an event its record and the template definitions and names that it refers
// to; for a key, a value or the data of a value its own cells, and the keys and
// lists from the root down to it; for a file its $MFT record, for its path the
// records of its parents too, and in a volume the boot sector and the first
// record; for a signature its entry in the certificate table, those before it,
// and the headers; for a web request its line, and the directives that say what it
// holds. Headers that only repeat or bound what is there otherwise, such
// as the counts and offsets in the header of a chunk, belong to no footprint.
// Footprints are found by this package, not by the parser under test.
//
// A record is untouched when no byte of its footprint differs between the sound
// file and the mutant, and lost when the parser gave it for the sound file and
// gives it no more, or with another content. A loss is silent when the parser
// reported neither an error nor more problems than in the sound file. Records
// without a footprint are not judged.
//
// # Limits
//
// Time is that of the wall. A request that takes too long is asked again, with
// five times the time, so that a busy machine makes no hang; the table tells the
// slowest answer.
// Memory is the largest resident set of the whole child during the request, with
// the Go runtime and the program itself, which a child that does nothing has too
// (10 to 20 MiB): too strict rather than too lax. Children are used again, so
// the kernel is told to forget the peak before each request. What a parser asks
// of the system and does not use is not resident; package child therefore counts
// growth of the heap's address space beyond the limit as well.
package hostile

import "encoding/binary"

var le = binary.LittleEndian

// A Range is the half-open range of bytes [Start, End) of a file.
type Range struct{ Start, End int64 }

// A Format knows the fields of one kind of file.
type Format struct {
	Name string
	// fields finds the fields of a sound file.
	fields func(data []byte) []field
	// within runs change, which writes to [at, at+width), so that the field
	// means what change wrote: fixups are undone before and applied after,
	// checksums are set right after. Nil needs nothing.
	within func(data []byte, at int, change func())
	// footprints tells the footprints of the records of a sound file, nil of one
	// that is not judged. Nil has none.
	footprints func(data []byte) footprints
}

// Formats are the kinds of files that can be attacked.
var Formats = []Format{
	{"evtx", logFields, withinChunk, logFootprints},
	{"mft", mftFields, withinBlock, mftFootprints},
	{"ntfs", volumeFields, withinBlock, volumeFootprints},
	{"registry", hiveFields, withinHive, hiveFootprints},
	{"pe", peFields, nil, peFootprints},
	{"weblog", webLogFields, nil, webLogFootprints},
	{"image", diskFields, withinDisk, nil},
}

// footprints returns the footprint of a record by its key and its offset, as
// package child has them.
type footprints func(key string, offset int64) []Range

// FormatNamed returns a format by its name.
func FormatNamed(name string) (Format, bool) {
	for _, f := range Formats {
		if f.Name == name {
			return f, true
		}
	}
	return Format{}, false
}

// A field is a number of width bytes, little-endian, at an offset of a file.
type field struct {
	at, width int
	kind      string   // what it is, in the words of its specification
	values    []uint64 // that are worth trying, besides those of every number
}

// Sound is a file made ready to be damaged.
type Sound struct {
	Name   string
	Data   []byte
	format Format
	kinds  [][]field // the fields, by kind
}

// NewSound finds the fields of a sound file. Name is what reports say.
func (f Format) NewSound(name string, data []byte) *Sound {
	s := &Sound{Name: name, Data: data, format: f}
	place := map[string]int{}
	for _, field := range f.fields(data) {
		if field.at < 0 || field.at+field.width > len(data) {
			continue
		}
		i, ok := place[field.kind]
		if !ok {
			i = len(s.kinds)
			place[field.kind] = i
			s.kinds = append(s.kinds, nil)
		}
		s.kinds[i] = append(s.kinds[i], field)
	}
	return s
}
