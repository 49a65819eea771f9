package weblog

import "io"

// window is a part of a log in memory.
type window struct {
	encoding
	r      io.ReaderAt
	size   int64
	mem    []byte
	buf    []byte // of mem
	offset int64  // of buf
}

// line returns the line at an offset, an empty one outside of the log. Its text is
// there until the next call.
func (w *window) line(offset int64) (line, error) {
	l := line{offset: offset}
	if offset < 0 || offset >= w.size {
		return l, nil
	}
	if err := w.load(offset); err != nil {
		return l, err
	}
	rest := w.buf[offset-w.offset:]
	n := w.endOfLine(rest)
	if n < 0 {
		n = len(rest)
	}
	l.long = n > maxLine
	l.text, l.cut = w.withoutEnd(rest, n)
	return l, nil
}

// near is how much is read around a line that none before it was near to, in bytes.
const near = 4 << 10

// load makes buf hold the line at an offset, or more than maxLine of it.
func (w *window) load(offset int64) error {
	end := w.offset + int64(len(w.buf))
	if offset >= w.offset && offset < end && w.holdsLine(offset) {
		return nil
	}
	n := int64(near)
	if len(w.buf) > 0 && offset >= w.offset && offset < end+maxLine {
		n = maxLine + 1 // lines are asked for in the order of the log
	}
	for {
		n = min(n, w.size-offset)
		if int64(cap(w.mem)) < n {
			w.mem = make([]byte, n)
		}
		w.buf, w.offset = w.mem[:n], offset
		got, err := w.r.ReadAt(w.buf, offset)
		w.buf = w.buf[:got]
		switch {
		case int64(got) < n && err != nil && err != io.EOF:
			return err
		case int64(got) < n:
			return errShrunk
		case w.holdsLine(offset):
			return nil
		}
		n = maxLine + 1
	}
}

// holdsLine reports whether the line at an offset in buf is there as a whole, or
// more than maxLine of it.
func (w *window) holdsLine(offset int64) bool {
	rest := w.buf[offset-w.offset:]
	return len(rest) > maxLine || offset+int64(len(rest)) == w.size || w.endOfLine(rest) >= 0
}
