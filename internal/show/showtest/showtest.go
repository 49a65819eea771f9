// Package showtest reads back what package show writes, for tests: it gives the
// text that was shown, so that a test can prove that nothing of it was lost.
package showtest

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/birthmark-dfir/birthmark/internal/wtf8"
)

var (
	escape   = regexp.MustCompile(`\\u([0-9a-f]{4})|\\x\{([0-9a-f]{2})\}`)
	bodyfile = regexp.MustCompile(`\\u([0-9a-f]{4})|\\x([0-9a-f]{2})|(\\\\)|\\`)
)

// Text returns the text that show.Text showed as s.
func Text(s string) string { return unescape(s, escape) }

// Cell returns the text in a cell that show.Cell wrote, once the quotes of the
// CSV file are gone.
func Cell(s string) string { return Text(strings.TrimPrefix(s, "'")) }

// BodyfileName returns the name that show.BodyfileName wrote as s.
func BodyfileName(s string) (string, error) {
	for _, m := range bodyfile.FindAllString(s, -1) {
		if m == `\` {
			return "", fmt.Errorf("bodyfile name %q: a backslash begins no escape", s)
		}
	}
	return unescape(s, bodyfile), nil
}

var jsonString = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)

// JSON returns all strings of a JSON text, names of members too, in their order.
// Unlike package json it keeps halves of surrogate pairs.
func JSON(text []byte) ([]string, error) {
	if !json.Valid(text) {
		return nil, errors.New("not JSON")
	}
	var all []string
	for _, literal := range jsonString.FindAll(text, -1) {
		var units []byte // UTF-16LE
		for rest := literal[1 : len(literal)-1]; len(rest) > 0; {
			n := 1
			switch {
			case rest[0] == '\\' && rest[1] == 'u':
				n = 6
				unit, _ := strconv.ParseUint(string(rest[2:6]), 16, 16)
				units = binary.LittleEndian.AppendUint16(units, uint16(unit))
			case rest[0] == '\\':
				n = 2
				units = append(units, strings.NewReplacer("n", "\n", "r", "\r", "t", "\t", "b", "\b", "f", "\f").Replace(string(rest[1:2]))[0], 0)
			default:
				_, n = utf8.DecodeRune(rest)
				units = append(units, wtf8.Encode(string(rest[:n]))...)
			}
			rest = rest[n:]
		}
		all = append(all, wtf8.String(units))
	}
	return all, nil
}

// unescape replaces escapes by what they stand for: the first group of the
// expression is a UTF-16 unit, the second one a byte, the third one a backslash.
func unescape(s string, escape *regexp.Regexp) string {
	var b []byte
	var high rune // half of a pair that the last escape gave
	end := 0      // of the last escape
	for _, at := range escape.FindAllStringSubmatchIndex(s, -1) {
		if at[0] > end {
			high = 0
		}
		b = append(b, s[end:at[0]]...)
		end = at[1]
		switch {
		case at[2] >= 0:
			unit, _ := strconv.ParseUint(s[at[2]:at[3]], 16, 16)
			if r := utf16.DecodeRune(high, rune(unit)); r != utf8.RuneError {
				b = utf8.AppendRune(b[:len(b)-3], r)
				high = 0
				continue
			}
			high = rune(unit)
			b = appendUnit(b, rune(unit))
			continue
		case at[4] >= 0:
			c, _ := strconv.ParseUint(s[at[4]:at[5]], 16, 8)
			b = append(b, byte(c))
		default:
			b = append(b, '\\')
		}
		high = 0
	}
	return string(append(b, s[end:]...))
}

// appendUnit appends a UTF-16 unit, half of a pair as package wtf8 does.
func appendUnit(b []byte, r rune) []byte {
	if utf16.IsSurrogate(r) {
		return append(b, 0xe0|byte(r>>12), 0x80|byte(r>>6)&0x3f, 0x80|byte(r)&0x3f)
	}
	return utf8.AppendRune(b, r)
}
