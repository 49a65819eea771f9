// Package codepage has the code pages that Windows uses for text without Unicode, by
// their numbers. It is big, so no parser imports it.
package codepage

import (
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
)

// Default is the code page of Western Europe and the Americas.
const Default = 1252

// pages are the code pages that Windows offers as that of a machine, in order. The
// registry has the number under SYSTEM\CurrentControlSet\Control\Nls\CodePage, as the
// value ACP.
var pages = []struct {
	number int
	enc    encoding.Encoding
}{
	{874, charmap.Windows874},
	{932, japanese.ShiftJIS},
	{936, simplifiedchinese.GBK},
	{949, korean.EUCKR},
	{950, traditionalchinese.Big5},
	{1250, charmap.Windows1250},
	{1251, charmap.Windows1251},
	{Default, charmap.Windows1252},
	{1253, charmap.Windows1253},
	{1254, charmap.Windows1254},
	{1255, charmap.Windows1255},
	{1256, charmap.Windows1256},
	{1257, charmap.Windows1257},
	{1258, charmap.Windows1258},
	{54936, simplifiedchinese.GB18030},
	{65001, unicode.UTF8},
}

// Encoding returns the encoding of a code page, or nil if it is not known.
func Encoding(number int) encoding.Encoding {
	for _, p := range pages {
		if p.number == number {
			return p.enc
		}
	}
	return nil
}

// Numbers returns the numbers of all code pages, in order.
func Numbers() []int {
	var all []int
	for _, p := range pages {
		all = append(all, p.number)
	}
	return all
}
