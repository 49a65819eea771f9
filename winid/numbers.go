package winid

import (
	"strconv"
	"strings"
)

// The types of this package that hold a number have String methods of one form: the
// number as Windows logs it and, in brackets, what it means: 10 (RemoteInteractive),
// 0xc000006a (wrong password), 0x120089 (read control, …). An unknown number is alone.

// decimal returns n and its words.
func decimal(n uint32, words string) string {
	return labelled(strconv.FormatUint(uint64(n), 10), words)
}

// hexadecimal returns n with 0x and its words.
func hexadecimal(n uint32, words string) string { return labelled(hex32(n), words) }

func hex32(n uint32) string { return "0x" + strconv.FormatUint(uint64(n), 16) }

func labelled(number, words string) string {
	if words == "" || words == number { // of bits without a name
		return number
	}
	return number + " (" + words + ")"
}

// index returns the name with the number n, and "" if there is none.
func index(n uint32, names ...string) string {
	if n < uint32(len(names)) {
		return names[n]
	}
	return ""
}

// flag is what bits of a number mean if all of them are set.
type flag struct {
	bits  uint32
	words string
}

// flagNames returns the words of the flags that are set in n, in the order of the
// table. What is left of n comes last, in hexadecimal.
func flagNames(n uint32, flags []flag) []string {
	var names []string
	for _, f := range flags {
		if n&f.bits == f.bits {
			names = append(names, f.words)
			n &^= f.bits
		}
	}
	if n != 0 {
		names = append(names, hex32(n))
	}
	return names
}

// flagged returns n with 0x and the words of its flags.
func flagged(n uint32, names []string) string { return hexadecimal(n, strings.Join(names, ", ")) }

// parseNumber reads a number that Windows logs as text, in decimal or with 0x.
func parseNumber(s string) (uint32, bool) {
	digits, base := s, 10
	if len(s) > 2 && s[0] == '0' && (s[1] == 'x' || s[1] == 'X') {
		digits, base = s[2:], 16
	}
	if digits == "" || digits[0] == '+' || digits[0] == '-' {
		return 0, false
	}
	n, err := strconv.ParseUint(digits, base, 32)
	return uint32(n), err == nil
}
