package evtx

import (
	"fmt"
	"slices"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"

	"github.com/birthmark-dfir/birthmark/damage"
)

// WithANSI sets the code page of text of type AnsiType: what the machine that wrote
// the log used for programs without Unicode. Its registry has the number under
// SYSTEM\CurrentControlSet\Control\Nls\CodePage, as the value ACP: 932 is Japanese,
// 1251 Cyrillic. The default is 1252, that of Western Europe and the Americas. Bytes
// that another code page does not define become U+FFFD. The option is an error of Open,
// OpenFS and NewReader if codePage is not one of CodePages.
func WithANSI(codePage int) Option {
	// The tables are big. A program that does not call this function is built without
	// them.
	if codePage == defaultANSI {
		return func(c *config) { c.ansi = nil }
	}
	a := &ansi{codePage: codePage, enc: encodingOf(codePage)}
	return func(c *config) { c.ansi = a }
}

const defaultANSI = 1252

// CodePages returns the numbers of the code pages that WithANSI takes, in order.
func CodePages() []int { return slices.Clone(codePages) }

var codePages = []int{874, 932, 936, 949, 950, 1250, 1251, defaultANSI, 1253, 1254, 1255, 1256, 1257, 1258, 54936, 65001}

// encodingOf returns the encoding of a code page other than the default, or nil.
func encodingOf(codePage int) encoding.Encoding {
	switch codePage {
	case 874:
		return charmap.Windows874
	case 932:
		return japanese.ShiftJIS
	case 936:
		return simplifiedchinese.GBK
	case 949:
		return korean.EUCKR
	case 950:
		return traditionalchinese.Big5
	case 1250:
		return charmap.Windows1250
	case 1251:
		return charmap.Windows1251
	case 1253:
		return charmap.Windows1253
	case 1254:
		return charmap.Windows1254
	case 1255:
		return charmap.Windows1255
	case 1256:
		return charmap.Windows1256
	case 1257:
		return charmap.Windows1257
	case 1258:
		return charmap.Windows1258
	case 54936:
		return simplifiedchinese.GB18030
	case 65001:
		return unicode.UTF8
	}
	return nil
}

// ansi is the code page of WithANSI. A nil *ansi is 1252.
type ansi struct {
	codePage int
	enc      encoding.Encoding // nil if the code page is not known
}

// check returns an error if the code page is not known.
func (a *ansi) check() error {
	if a == nil || a.enc != nil {
		return nil
	}
	return damage.New("WithANSI", -1, a.codePage, fmt.Sprintf("one of %v", codePages))
}

// append appends text up to its first NUL.
func (a *ansi) append(dst, b []byte) []byte {
	b = b[:indexNUL(b)]
	if a == nil {
		return append1252(dst, b)
	}
	text, err := a.enc.NewDecoder().Bytes(b)
	if err != nil { // it replaces what it cannot decode
		return append1252(dst, b)
	}
	return append(dst, text...)
}

// append1252 appends text in Windows-1252, the code page of most machines.
func append1252(dst, b []byte) []byte {
	for _, c := range b {
		switch {
		case c < utf8.RuneSelf:
			dst = append(dst, c)
		case c < 0xa0:
			dst = utf8.AppendRune(dst, windows1252[c-0x80])
		default:
			dst = utf8.AppendRune(dst, rune(c))
		}
	}
	return dst
}

// windows1252 holds the characters 0x80 to 0x9f; five are control characters.
var windows1252 = [32]rune{
	'€', 0x81, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', 0x8d, 'Ž', 0x8f,
	0x90, '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', 0x9d, 'ž', 'Ÿ',
}
