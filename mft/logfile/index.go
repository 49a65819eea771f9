package logfile

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
)

// indexChunk is how much is read at once, a multiple of every size of a page.
const indexChunk = 1 << 20

// index finds the pages of the log.
func (r *Reader) index() error {
	buf := make([]byte, max(min(indexChunk, r.size), 0))
	size := int64(r.layout.LogPageSize)
	for off := int64(0); off < r.size; off += indexChunk {
		b := buf[:min(int64(len(buf)), r.size-off)]
		if err := bin.ReadFull(r.src, b, off, "pages"); err != nil {
			if !damage.Is(err) && !errors.Is(err, io.ErrUnexpectedEOF) {
				return err
			}
			r.indexOneByOne(b, off)
			continue
		}
		for at := int64(0); at < int64(len(b)); at += size {
			r.addPage(b[at:min(at+size, int64(len(b)))], off+at)
		}
	}
	slices.SortStableFunc(r.pages, func(p, q page) int { return p.compare(&q) })
	r.pages = slices.Clip(best(r.pages))
	return nil
}

// indexOneByOne reads the pages of a range that cannot be read at once.
func (r *Reader) indexOneByOne(b []byte, off int64) {
	size := r.layout.LogPageSize
	for at := 0; at < len(b); at += size {
		p := b[at:min(at+size, len(b))]
		if err := bin.ReadFull(r.src, p, off+int64(at), "page"); err != nil {
			r.note(damage.Truncation, err)
			continue
		}
		r.addPage(p, off+int64(at))
	}
}

// addPage adds the page b at offset off, if it is a record page.
func (r *Reader) addPage(b []byte, off int64) {
	size := r.layout.LogPageSize
	switch {
	case off < r.layout.ring(0):
		return
	case len(b) < size:
		r.note(damage.Truncation, damage.Truncated("page", off, int64(size), int64(len(b))))
		return
	case unused(b):
		return
	case string(b[:4]) != signatureRecord && string(b[:4]) != signatureBad:
		if off >= r.layout.ring(1) {
			r.lostPage(damage.New("signature of a page", off, fmt.Sprintf("%q", b[:4]), signatureRecord))
		}
		return
	}
	le := binary.LittleEndian
	p := page{at: off, home: off, last: LSN(le.Uint64(b[8:])), free: int(le.Uint16(b[0x18:]))}
	end := LSN(le.Uint64(b[0x20:]))
	if p.last == 0 && end == 0 { // nothing was written to it yet
		return
	}
	field := int64(le.Uint32(b[copyOffsetAt:]))
	switch {
	case off < r.layout.ring(1) && r.layout.Major < 2:
		p.copy, p.home, p.last = true, int64(p.last), end
	case off < r.layout.ring(1):
		p.copy, p.home = true, field
	case field != 0 && field != off && r.layout.pageOf(end) == field: // of a version 2.0 that has become 1.1
		p.copy, p.home = true, field
	}
	if p.home < r.layout.ring(1) || p.home%int64(size) != 0 || p.last == 0 {
		r.lostPage(damage.New("last LSN of a page", off+8, p.last, "one of this page"))
		return
	}
	p.turn = r.layout.turnOf(p.last)
	if r.layout.pageOf(p.last) > p.home { // it began at the end of the ring
		p.turn++
	}
	torn, ok := r.tornIn(b)
	if !ok {
		r.lostPage(damage.New("update sequence array", off+4, fmt.Sprintf("%d values at %#x", le.Uint16(b[6:]), le.Uint16(b[4:])), fmt.Sprintf("%d values", size/stride+1)))
		return
	}
	p.torn = torn
	if torn {
		r.note(damage.Torn, damage.New("page", off, "parts of two writes", "one write"))
	}
	r.pages = append(r.pages, p)
}

// tornIn reports whether a page is torn, without changing it.
func (r *Reader) tornIn(b []byte) (torn, ok bool) {
	copy(r.scratch, b)
	t, ok := applyFixups(r.scratch[:len(b)])
	return anyTorn(t), ok
}

// best keeps one of several copies of the same page: an intact one, then the newest, then
// that in its own place.
func best(list []page) []page {
	kept := list[:0]
	for _, p := range list {
		n := len(kept)
		if n == 0 || kept[n-1].compare(&p) != 0 {
			kept = append(kept, p)
			continue
		}
		switch q := &kept[n-1]; {
		case p.torn != q.torn:
			if q.torn {
				*q = p
			}
		case p.last > q.last, p.last == q.last && q.copy && !p.copy:
			*q = p
		}
	}
	return kept
}
