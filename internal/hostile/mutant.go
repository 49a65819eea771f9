// Package hostile attacks parsers with damaged evidence. It takes sound files
// and a seed, makes mutants of them, runs a parser over each in a child process
// under limits of time and memory, and tells what came of it: panics, hangs,
// breaches of memory, and records lost that the damage did not touch.
//
// Half of the mutants know the format: they change record sizes, counts,
// offsets, run lists, list cells, BinXML tokens or ASN.1 lengths and then set
// checksums and fixups right, so that the damage reaches the code behind them.
// The same seed gives the same mutants.
package hostile

import (
	"bytes"
	"fmt"
	"math/rand/v2"
)

// A Mutant is a damaged copy of a sound file.
type Mutant struct {
	Data    []byte
	What    []string // what was done to it
	Touched []Range  // where it differs from the sound file, checksums aside
}

// A Range is the half-open range of bytes [Start, End) of a file.
type Range struct{ Start, End int64 }

func (r Range) overlaps(start, end int64) bool { return r.Start < end && start < r.End }

// Touches reports whether the damage reaches into [start, end).
func (m *Mutant) Touches(start, end int64) bool {
	for _, r := range m.Touched {
		if r.overlaps(start, end) {
			return true
		}
	}
	return false
}

// A mutator is the state of the making of one mutant.
type mutator struct {
	Mutant
	rand *rand.Rand
}

// note says what was done to [start, end).
func (m *mutator) note(start, end int, format string, args ...any) {
	m.What = append(m.What, fmt.Sprintf("%#x: ", start)+fmt.Sprintf(format, args...))
	m.Touched = append(m.Touched, Range{int64(start), int64(end)})
}

// A Format knows the fields of one kind of file.
type Format struct {
	Name string
	// damage changes one field and sets right what must be right for a parser
	// to look at it. It reports false when it found nothing to change.
	damage func(*mutator) bool
	// unit returns the bytes that stand or fall with the byte at an offset: a
	// chunk of a log, a record of a $MFT.
	unit func(size, offset int64) Range
}

// Formats are the kinds of files that can be attacked.
var Formats = []Format{
	{"evtx", damageLog, logUnit},
	{"mft", damageMFT, mftUnit},
	{"ntfs", damageVolume, wholeFile},
	{"registry", damageHive, wholeFile},
	{"pe", damagePE, wholeFile},
}

// wholeFile is the unit of a format whose parts all hang together.
func wholeFile(size, _ int64) Range { return Range{0, size} }

// FormatNamed returns a format by its name.
func FormatNamed(name string) (Format, bool) {
	for _, f := range Formats {
		if f.Name == name {
			return f, true
		}
	}
	return Format{}, false
}

// Mutate makes mutant number n of a sound file. Donors are other sound files,
// for splices.
func (f Format) Mutate(sound []byte, donors [][]byte, seed, n uint64) Mutant {
	m := &mutator{Mutant: Mutant{Data: bytes.Clone(sound)}, rand: rand.New(rand.NewPCG(seed, n))}
	if len(sound) == 0 {
		return m.Mutant
	}
	for range 1 + m.rand.IntN(3) {
		if m.rand.IntN(2) == 0 && f.damage(m) {
			continue
		}
		m.anywhere(donors)
	}
	return m.Mutant
}

// anywhere damages the file without knowing what it is.
func (m *mutator) anywhere(donors [][]byte) {
	size := len(m.Data)
	if size == 0 {
		return
	}
	at := m.rand.IntN(size)
	switch m.rand.IntN(8) {
	case 0:
		m.note(at, size, "cut off")
		m.Data = m.Data[:at]
	case 1:
		start := at &^ 511
		end := min(size, start+512*(1+m.rand.IntN(8)))
		clear(m.Data[start:end])
		m.note(start, end, "zeroed to %#x", end)
	case 2:
		if len(donors) == 0 {
			return
		}
		donor := donors[m.rand.IntN(len(donors))]
		start := at &^ 511
		if start >= len(donor) {
			return
		}
		n := copy(m.Data[start:], donor[start:][:min(len(donor)-start, 512*(1+m.rand.IntN(128)))])
		m.note(start, start+n, "spliced in %d bytes of another file", n)
	case 3:
		n := min(size-at, 1+m.rand.IntN(16))
		for i := range n {
			m.Data[at+i] = byte(m.rand.Uint32())
		}
		m.note(at, at+n, "%d random bytes", n)
	default:
		bit := m.rand.IntN(8)
		m.Data[at] ^= 1 << bit
		m.note(at, at+1, "bit %d flipped", bit)
	}
}

// number sets the little-endian number of width bytes at an offset to a value
// that parsers trip over.
func (m *mutator) number(at, width int, what string) bool {
	if at < 0 || at+width > len(m.Data) {
		return false
	}
	var old uint64
	for i := width - 1; i >= 0; i-- {
		old = old<<8 | uint64(m.Data[at+i])
	}
	top := uint64(1)<<(8*width-1) - 1 + uint64(1)<<(8*width-1) // all ones
	choices := []uint64{0, 1, top, top >> 1, top>>1 + 1, old + 1, old - 1, old * 2, old / 2, old + 8, old - 8,
		old ^ 1<<m.rand.IntN(8*width), uint64(len(m.Data)), uint64(m.rand.IntN(1 << 12)), m.rand.Uint64()}
	v := choices[m.rand.IntN(len(choices))] & top
	for i := range width {
		m.Data[at+i] = byte(v >> (8 * i))
	}
	m.note(at, at+width, "%s: %#x becomes %#x", what, old, v)
	return true
}

// A field is a number at an offset of a structure.
type field struct {
	at, width int
	name      string
}

// oneOf sets one of the fields of the structure at base.
func (m *mutator) oneOf(base int, fields []field) bool {
	f := fields[m.rand.IntN(len(fields))]
	return m.number(base+f.at, f.width, f.name)
}
