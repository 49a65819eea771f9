// Package hostile attacks parsers with damaged evidence. It takes sound files and a
// seed, makes mutants of the files, and runs a parser on each mutant in a child
// process with limits on time and memory. It reports panics, hangs, excessive use of
// memory, and the loss of records that the damage did not touch.
//
// # Mutants
//
// A mutant has one to three damages. Half of the damages know the format. This
// package finds the fields of the sound file (record sizes, counts, offsets, run
// lists, list cells, BinXML tokens, ASN.1 lengths, …). It draws a kind of field, then
// one field of that kind, then a value that is likely to break parsers. It then
// corrects checksums and fixups, so that the damage reaches the code that they
// protect. Since it draws the kind first, rare structures, such as big data or
// attribute lists, are attacked as often as common ones. The other half of the
// damages flips bits, cuts off the end, zeroes sectors, moves blocks, and splices in
// parts of another file. The same seed and the same files in the same order give the
// same mutants on every platform.
//
// # Losses
//
// The promise under test is that a parser loses only what is damaged, and reports the
// damage. The footprint of a record is the bytes of a sound file that hold it, and
// those without which the record could not be found or named:
//
//   - for an event, its record and the template definitions and names that the record
//     refers to
//   - for a key, a value or the data of a value, its own cells, and the keys and lists
//     from the root down to it
//   - for a file, its $MFT record; for its path, also the records of its parents; in
//     a volume, also the boot sector and the first record of the $MFT
//   - for a signature, its entry in the certificate table, the entries before it, and
//     the headers
//   - for a web request, its line, and the directives that name its values and its date
//
// Headers that only repeat or bound other data, such as the counts and offsets in the
// header of a chunk, do not belong to a footprint. This package finds the footprints
// without the parser under test.
//
// A record is untouched if every byte of its footprint is the same in the sound file
// and in the mutant. It is lost if the parser finds it in the sound file but, in the
// mutant, does not find it or finds it with another content. A loss is silent if the
// parser reported neither an error nor more problems than in the sound file. Records
// without a footprint are not judged.
//
// # Limits
//
// Time is elapsed time. A request that takes too long is repeated with five times the
// limit, so that a busy machine does not count as a hang. The table has the slowest
// answer.
//
// Memory is the largest resident set of the whole child process during the request.
// It includes the Go runtime and the program itself (10 to 20 MiB), so the limit is
// too strict rather than too lax. Children are reused, so the kernel's record of the
// peak is reset before each request. Memory that a parser allocates but does not use
// is not resident; package child therefore also counts the growth of the heap's
// address space.
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
	// within runs change, which writes a field at offset at, and keeps the file
	// consistent: it removes fixups before and applies them after change, and
	// corrects checksums after change. If it is nil, nothing but change is done.
	within func(data []byte, at int, change func())
	// footprints returns the footprints of the records of a sound file. It is nil
	// if no record is judged.
	footprints func(data []byte) footprints
}

// footprints returns the footprint of a record by its key and its offset, which are
// those of a child.Record. It returns nil if the record is not judged.
type footprints func(key string, offset int64) []Range

// A field is a number of width bytes, little-endian, at an offset of a file.
type field struct {
	at, width int
	kind      string   // in the words of its specification
	values    []uint64 // worth trying besides those tried for every number
}

// Sound is a file that is ready to be damaged.
type Sound struct {
	Name   string
	Data   []byte
	format Format
	kinds  [][]field // the fields, by kind
}

// NewSound finds the fields of a sound file. Name is its name in reports.
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
