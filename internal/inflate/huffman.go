package inflate

import (
	"errors"
	"math/bits"
)

// An entry of a decoding table describes the code at the low bits of the input:
//
//	bits 0–7    length of the code in bits; 0 if no code begins so
//	bits 8–15   extra bits behind the code; of a link, the bits that index its table
//	bits 16–30  the literal, the base of the length or distance, or the index of a table
//	bit 31      the entry is a link to a table for longer codes
//
// A symbol of literals and lengths also has one of the marks below in its extra bits, and the
// two longest distances of Deflate64 have markWide: their bases are wideBase more.
type entry uint32

const (
	link = 1 << 31

	markLiteral = 0x80 << 8
	markEnd     = 0x40 << 8
	markWide    = 0x20 << 8
	extraMask   = 0x1f
)

const (
	maxCode = 15 // bits of the longest code

	// A table is indexed by so many bits. Longer codes have a table of their own,
	// to which the first one links.
	litBits  = 11
	distBits = 8

	maxLit  = 288 // symbols for literals and lengths
	maxDist = 32

	endOfBlock = 256

	wideBase = 1 << 15
)

var errHuffman = errors.New("codes of a dynamic block do not form a tree")

// A table decodes one alphabet.
type table struct {
	bits uint // that index the first table
	e    []entry
}

// lengthSymbols and distanceSymbols are the entries of the symbols without the
// lengths of their codes; RFC 1951, section 3.2.5. The zero value marks a symbol that
// must not occur.
var (
	lengthSymbols   = lengthEntries()
	distanceSymbols = distanceEntries()
)

// wideLengths and wideDistances are those of Deflate64: the last length has 16 extra bits, and
// two more distances reach back 64 KiB.
var (
	wideLengths = func() [maxLit]entry {
		list := lengthEntries()
		list[endOfBlock+29] = 3<<16 | 16<<8
		return list
	}()
	wideDistances = func() [maxDist]entry {
		list := distanceEntries()
		list[30] = 1<<16 | markWide | 14<<8
		list[31] = (1<<14+1)<<16 | markWide | 14<<8
		return list
	}()
)

func lengthEntries() (list [maxLit]entry) {
	for i := range endOfBlock {
		list[i] = entry(i)<<16 | markLiteral
	}
	list[endOfBlock] = markEnd
	base := 3
	for i := range 28 {
		extra := max(0, i/4-1)
		list[endOfBlock+1+i] = entry(base)<<16 | entry(extra)<<8
		base += 1 << extra
	}
	list[endOfBlock+29] = 258 << 16
	return list
}

func distanceEntries() (list [maxDist]entry) {
	base := 1
	for i := range 30 {
		extra := max(0, i/2-1)
		list[i] = entry(base)<<16 | entry(extra)<<8
		base += 1 << extra
	}
	return list
}

// plainSymbols are those of the code lengths themselves.
var plainSymbols = func() (list [19]entry) {
	for i := range list {
		list[i] = entry(i) << 16
	}
	return list
}()

// build fills a table from the lengths of the codes. Symbols are what to decode, by
// the number of the code; codes of symbols that must not occur are kept invalid.
func (t *table) build(width uint, lengths []uint8, symbols []entry) error {
	var count [maxCode + 1]int
	for _, n := range lengths {
		count[n]++
	}
	longest := uint(maxCode)
	for longest > 0 && count[longest] == 0 {
		longest--
	}
	t.bits = min(width, max(longest, 1))
	size := 1 << t.bits
	t.e = append(t.e[:0], make([]entry, size)...)
	if longest == 0 {
		return nil // an alphabet without codes may be declared, but not be used
	}
	var next [maxCode + 2]int
	code := 0
	for n := 1; n <= maxCode; n++ {
		next[n] = code
		code = (code + count[n]) << 1
	}
	// The sum of the codes must fill the tree. One code alone has one bit.
	if code != 1<<(maxCode+1) && !(longest == 1 && count[1] == 1) {
		return errHuffman
	}
	for symbol, n := range lengths {
		if n == 0 {
			continue
		}
		length := uint(n)
		reversed := int(bits.Reverse16(uint16(next[n])) >> (16 - length))
		next[n]++
		e := symbols[symbol]
		if e == 0 && !(symbol == 0 && len(symbols) == len(plainSymbols)) {
			continue
		}
		if length <= t.bits {
			for i := reversed; i < size; i += 1 << length {
				t.e[i] = e | entry(length)
			}
			continue
		}
		low := reversed & (size - 1)
		if t.e[low] == 0 {
			// The table of the longer codes that begin with these bits is as wide as
			// the longest code of the alphabet.
			t.e[low] = link | entry(len(t.e))<<16 | entry(longest-t.bits)<<8 | entry(t.bits)
			t.e = append(t.e, make([]entry, 1<<(longest-t.bits))...)
		}
		sub := t.e[t.e[low].value():][:1<<(longest-t.bits)]
		for i := reversed >> t.bits; i < len(sub); i += 1 << (length - t.bits) {
			sub[i] = e | entry(length-t.bits)
		}
	}
	return nil
}

func (e entry) length() uint { return uint(e & 0xff) }
func (e entry) extra() uint  { return uint(e>>8) & extraMask }
func (e entry) value() int   { return int(e >> 16 & 0x7fff) }
