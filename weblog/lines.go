package weblog

import (
	"bytes"
	"errors"
	"io"
)

// maxLine limits a line, in bytes.
const maxLine = 64 << 10

// lines reads the lines of a log. A line ends with LF, which CR may precede, or
// with a zero; zeros and empty lines are passed over.
type lines struct {
	encoding
	r      io.ReaderAt
	size   int64
	mem    []byte
	buf    []byte // of mem: what has been read and not been given
	offset int64  // of buf
	number int64  // of the line that buf begins in, from 0
}

// line is a line without its end.
type line struct {
	text   []byte // until the next line is read
	offset int64
	number int64 // from 0
	long   bool  // longer than maxLine: text is its beginning
	cut    bool  // it ends with zeros or with the log: the end of text may be lost
}

// newLines reads lines from a place on.
func newLines(r io.ReaderAt, size int64, e encoding, p Place) *lines {
	return &lines{encoding: e, r: r, size: size, offset: p.Offset, number: p.Line}
}

// next returns the next line that holds something, io.EOF at the end.
func (l *lines) next() (line, error) {
	for {
		if len(l.buf) == 0 {
			if err := l.fill(); err != nil {
				return line{}, err
			}
		}
		if n := l.mark(l.buf); n > 0 && l.offset == 0 {
			l.skip(n)
			continue
		}
		if n := l.passedOver(l.buf); n > 0 {
			l.skip(n)
			continue
		}
		n, ended, err := l.end()
		if err != nil {
			return line{}, err
		}
		found := line{offset: l.offset, number: l.number, long: !ended}
		found.text, found.cut = l.withoutEnd(l.buf, n)
		l.advance(n)
		if found.long {
			found.text = found.text[:maxLine:maxLine]
			if err := l.skipRest(); err != nil {
				return line{}, err
			}
		}
		return found, nil
	}
}

// end returns the length of the line that buf begins with, and whether it ends
// within maxLine. It reads on until that is known.
func (l *lines) end() (n int, ended bool, err error) {
	for seen := 0; ; {
		if i := l.endOfLine(l.buf[seen:]); i >= 0 {
			return seen + i, seen+i <= maxLine, nil
		}
		if seen = l.whole(); seen > maxLine {
			return seen, false, nil
		}
		if err := l.fill(); err == io.EOF {
			return len(l.buf), true, nil
		} else if err != nil {
			return 0, false, err
		}
	}
}

// skipRest passes over the rest of a long line. The text that was given stays.
func (l *lines) skipRest() error {
	l.mem = nil
	for {
		if i := l.endOfLine(l.buf); i >= 0 {
			l.advance(i)
			return nil
		}
		l.advance(l.whole())
		if err := l.fill(); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// whole returns how many bytes of buf are whole units.
func (l *lines) whole() int { return len(l.buf) - len(l.buf)%l.width() }

// skip passes over n bytes of buf.
func (l *lines) skip(n int) {
	l.number += int64(bytes.Count(l.buf[:n], []byte{'\n'}))
	l.advance(n)
}

// advance is skip for bytes without an end of a line.
func (l *lines) advance(n int) {
	l.buf = l.buf[n:]
	l.offset += int64(n)
}

// errShrunk is the cause of an error for a log that ends before its size.
var errShrunk = errors.New("the log has become shorter")

// fill reads more behind buf, at least a byte; io.EOF at the end.
func (l *lines) fill() error {
	at := l.offset + int64(len(l.buf))
	if at >= l.size || at < 0 {
		return io.EOF
	}
	if l.mem == nil {
		l.mem = make([]byte, min(2*maxLine, int(min(l.size-at, 2*maxLine))+len(l.buf)))
	}
	kept := copy(l.mem, l.buf)
	free := l.mem[kept:]
	free = free[:min(int64(len(free)), l.size-at)]
	n, err := l.r.ReadAt(free, at)
	l.buf = l.mem[:kept+n]
	switch {
	case n > 0:
		return nil // an error comes again with the next read
	case err == nil || err == io.EOF:
		return errShrunk
	}
	return err
}
