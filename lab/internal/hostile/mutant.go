package hostile

import (
	"bytes"
	"fmt"
	"math/rand/v2"
)

// A Mutant is a damaged copy of a sound file.
type Mutant struct {
	Data []byte
	What []string // what was done to it, in order
}

// A mutator makes one mutant.
type mutator struct {
	Mutant
	sound  *Sound
	donors []*Sound
	rand   *rand.Rand
}

func newMutator(s *Sound, donors []*Sound, seed, n uint64) *mutator {
	return &mutator{Mutant{Data: bytes.Clone(s.Data)}, s, donors, rand.New(rand.NewPCG(seed, n))}
}

// Mutate makes mutant number n of a seed. Donors are the files from which parts are
// spliced in.
func (s *Sound) Mutate(donors []*Sound, seed, n uint64) Mutant {
	m := newMutator(s, donors, seed, n)
	for range 1 + m.rand.IntN(3) {
		if len(m.Data) == 0 {
			break
		}
		if m.rand.IntN(2) == 0 && m.field() {
			continue
		}
		m.anywhere()
	}
	return m.Mutant
}

func (m *mutator) note(at int, format string, args ...any) {
	m.What = append(m.What, fmt.Sprintf("%#x: ", at)+fmt.Sprintf(format, args...))
}

// pick draws an element of a list.
func pick[T any](m *mutator, list []T) T { return list[m.rand.IntN(len(list))] }

// field changes a field. It returns false if it finds no field to change.
func (m *mutator) field() bool {
	if len(m.sound.kinds) == 0 {
		return false
	}
	f := pick(m, pick(m, m.sound.kinds))
	if f.at+f.width > len(m.Data) {
		return false // cut off by an earlier damage
	}
	change := func() {
		old := number(m.Data[f.at:], f.width)
		v := m.value(f, old)
		putNumber(m.Data[f.at:], f.width, v)
		m.note(f.at, "%s: %#x becomes %#x", f.kind, old, v)
	}
	if m.sound.format.within == nil {
		change()
	} else {
		m.sound.format.within(m.Data, f.at, change)
	}
	return true
}

// value draws a value for a field: a number that is likely to break parsers, or a
// value that has a meaning in the format.
func (m *mutator) value(f field, old uint64) uint64 {
	bits := 8 * f.width
	top := ^uint64(0) >> (64 - bits) // all ones
	if len(f.values) > 0 && m.rand.IntN(2) == 0 {
		return pick(m, f.values) & top
	}
	choices := [...]uint64{
		0, 1, top, top >> 1, top>>1 + 1, old + 1, old - 1, old * 2, old / 2, old + 8, old - 8, ^old,
		old ^ 1<<m.rand.IntN(bits), uint64(len(m.Data)), uint64(m.rand.IntN(1 << 12)), m.rand.Uint64(),
	}
	return choices[m.rand.IntN(len(choices))] & top
}

func number(b []byte, width int) uint64 {
	var v uint64
	for i := width - 1; i >= 0; i-- {
		v = v<<8 | uint64(b[i])
	}
	return v
}

func putNumber(b []byte, width int, v uint64) {
	for i := range width {
		b[i] = byte(v >> (8 * i))
	}
}

const sector = 512

// anywhere damages the file without regard to its format.
func (m *mutator) anywhere() {
	size := len(m.Data)
	at := m.rand.IntN(size)
	switch m.rand.IntN(10) {
	case 0:
		if m.rand.IntN(2) == 0 {
			at &^= sector - 1
		}
		m.note(at, "cut off")
		m.Data = m.Data[:at]
	case 1:
		start := at &^ (sector - 1)
		end := min(size, start+sector*(1+m.rand.IntN(8)))
		clear(m.Data[start:end])
		m.note(start, "zeroed to %#x", end)
	case 2: // a part of another file, from the same offset
		donor := pick(m, m.donors)
		m.splice(at&^(sector-1), donor, at&^(sector-1))
	case 3: // a part of any file, from any offset
		donor := pick(m, m.donors)
		if len(donor.Data) > 0 {
			m.splice(at&^(sector-1), donor, m.rand.IntN(len(donor.Data))&^(sector-1))
		}
	case 4:
		n := min(size-at, 1+m.rand.IntN(16))
		for i := range n {
			m.Data[at+i] = byte(m.rand.Uint32())
		}
		m.note(at, "%d random bytes", n)
	default:
		bit := m.rand.IntN(8)
		m.Data[at] ^= 1 << bit
		m.note(at, "bit %d flipped", bit)
	}
}

func (m *mutator) splice(to int, donor *Sound, from int) {
	if from >= len(donor.Data) {
		return
	}
	n := min(len(donor.Data)-from, sector*(1+m.rand.IntN(128)))
	n = copy(m.Data[to:], donor.Data[from:from+n])
	m.note(to, "%d bytes of %s from %#x", n, donor.Name, from)
}
