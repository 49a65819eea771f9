package weblog

import (
	"bytes"
	"unicode/utf16"
)

// encoding is how a log stores its characters. Logs are UTF-8 or of the ANSI code
// page, of which lines are taken as they are; some writers make UTF-16.
type encoding uint8

const (
	bytesOfText encoding = iota
	utf16Little
	utf16Big
)

// encodingOf returns the encoding of a log by its beginning: a byte order mark, or the
// number sign that begins a directive.
func encodingOf(head []byte) encoding {
	switch {
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("#\x00")):
		return utf16Little
	case bytes.HasPrefix(head, []byte("\xfe\xff")), bytes.HasPrefix(head, []byte("\x00#")):
		return utf16Big
	}
	return bytesOfText
}

// width is the size of a character's unit in bytes.
func (e encoding) width() int {
	if e == bytesOfText {
		return 1
	}
	return 2
}

// unit returns the unit that b begins with.
func (e encoding) unit(b []byte) uint16 {
	switch e {
	case utf16Little:
		return uint16(b[0]) | uint16(b[1])<<8
	case utf16Big:
		return uint16(b[1]) | uint16(b[0])<<8
	}
	return uint16(b[0])
}

// mark returns the size of the byte order mark that a log begins with, in bytes.
func (e encoding) mark(b []byte) int {
	switch {
	case e == bytesOfText && bytes.HasPrefix(b, []byte("\xef\xbb\xbf")):
		return 3
	case e != bytesOfText && len(b) >= 2 && e.unit(b) == 0xfeff:
		return 2
	}
	return 0
}

// text returns the text of a line.
func (e encoding) text(b []byte) string {
	if e == bytesOfText {
		return string(b)
	}
	units := make([]uint16, len(b)/2)
	for i := range units {
		units[i] = e.unit(b[2*i:])
	}
	return string(utf16.Decode(units))
}

// size returns how many bytes the first n bytes of a line's text are in the log.
func (e encoding) size(text string, n int) int64 {
	if e == bytesOfText {
		return int64(n)
	}
	units := 0
	for _, r := range text[:n] {
		units += utf16.RuneLen(r)
	}
	return 2 * int64(units)
}

// endOfLine returns the place of the first LF or zero unit, -1 if there is neither.
func (e encoding) endOfLine(b []byte) int {
	if e == bytesOfText {
		n := bytes.IndexByte(b, '\n')
		if n >= 0 {
			b = b[:n]
		}
		if zero := bytes.IndexByte(b, 0); zero >= 0 {
			return zero
		}
		return n
	}
	for i := 0; i+1 < len(b); i += 2 {
		if u := e.unit(b[i:]); u == '\n' || u == 0 {
			return i
		}
	}
	return -1
}

// passedOver returns how many of the first bytes are not part of a line: zeros and the
// ends of lines.
func (e encoding) passedOver(b []byte) int {
	n, width := 0, e.width()
	for n+width <= len(b) {
		if u := e.unit(b[n:]); u != 0 && u != '\n' && u != '\r' {
			break
		}
		n += width
	}
	return n
}

// withoutEnd returns the n bytes of the line that b begins with, without CR, and
// whether what ends a line is missing behind them.
func (e encoding) withoutEnd(b []byte, n int) (text []byte, cut bool) {
	width := e.width()
	end := n
	for end >= width && e.unit(b[end-width:]) == '\r' {
		end -= width
	}
	return b[:end], end == n && (n+width > len(b) || e.unit(b[n:]) != '\n')
}
