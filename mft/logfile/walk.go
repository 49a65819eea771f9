package logfile

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
)

// window is how much of the log is read at once, a multiple of every size of a page.
const window = 256 << 10

// walker goes over the pages of the log once.
type walker struct {
	*Reader
	record  func(Record, error) bool
	problem func(Problem) bool
	gap     func() // called if records may be missing between two; may be nil

	attributes openAttributes
	buf        []byte // what was read last
	at         int64  // its offset
	page       []byte // the page that is decoded, with its fixups applied
	torn       [maxPageSize / stride / 64]uint64
	next       []byte // another page
	stopped    bool
}

// walk calls record for each log record and each that is lost, and problem for pages that
// are missing, until one of them returns false.
func (r *Reader) walk(record func(Record, error) bool, problem func(Problem) bool) {
	r.walkGaps(record, problem, nil)
}

func (r *Reader) walkGaps(record func(Record, error) bool, problem func(Problem) bool, gap func()) {
	if r == nil || len(r.pages) == 0 {
		return
	}
	size := r.layout.LogPageSize
	w := &walker{Reader: r, record: record, problem: problem, gap: gap,
		page: make([]byte, size), next: make([]byte, size), at: -1}
	w.buf = make([]byte, 0, min(window, r.size))
	place := carried{page: -1}
	for i := range r.pages {
		if i > 0 {
			w.missing(&r.pages[i-1], &r.pages[i])
		}
		if w.stopped {
			return
		}
		if place.page > i {
			continue // all of it is a part of the record before
		}
		place = w.decodePage(i, place)
	}
}

// carried is where the next record begins, as the one before says. Page is -1 if that is
// not known.
type carried struct{ page, at int }

// header is the header of a log record.
type header struct {
	Record
	data int // size of the data
}

// headerAt decodes the header at offset at of page b. It reports false for anything else:
// an LSN says where it belongs, so other bytes are not taken for one.
func (w *walker) headerAt(b []byte, p *page, at int) (h header, ok bool) {
	if at+w.layout.RecordHeader > len(b) {
		return h, false
	}
	le := binary.LittleEndian
	x := b[at:]
	if h.LSN = LSN(le.Uint64(x)); h.LSN != w.layout.lsnAt(p.turn, p.home+int64(at)) {
		return h, false
	}
	data := le.Uint32(x[0x18:])
	h.data = int(min(data, 1<<30))
	h.Type = RecordType(le.Uint32(x[0x20:]))
	if int64(data) > w.size || h.data == 0 || h.Type != ClientRecord && h.Type != ClientRestart {
		return h, false
	}
	h.Previous, h.UndoNext = LSN(le.Uint64(x[8:])), LSN(le.Uint64(x[0x10:]))
	h.Client = le.Uint32(x[0x1c:])
	h.Client = h.Client>>16 | h.Client<<16
	h.Transaction, h.Flags = le.Uint32(x[0x24:]), RecordFlags(le.Uint16(x[0x28:]))
	h.Offset, h.Size, h.Copied = p.at+int64(at), w.layout.RecordHeader+h.data, p.copy
	return h, true
}

// missing reports the pages between two.
func (w *walker) missing(p, q *page) {
	follows := w.layout.follows(p, q)
	if follows && !p.copy {
		return
	}
	if w.gap != nil {
		w.gap()
	}
	cut := w.layout.FileSize > w.size
	if follows || p.copy || q.copy || q.turn > p.turn+1 || q.turn > p.turn && cut {
		return // what a copy has kept, or what is left of an earlier log
	}
	next := p.home + int64(w.layout.LogPageSize)
	got := w.layout.lsnAt(q.turn, q.home)
	want := w.layout.lsnAt(p.turn, next)
	if next >= w.layout.end() {
		want = w.layout.lsnAt(p.turn+1, w.layout.ring(1))
	}
	e := damage.New("page", q.at, fmt.Sprintf("LSN %d", got), fmt.Sprintf("LSN %d", want))
	w.stopped = !w.problem(damage.Note(damage.Gap, e, w.name, ""))
}

// load reads a page into b and applies its fixups.
func (w *walker) load(p *page, b []byte) (torn [maxPageSize / stride / 64]uint64, err error) {
	if p.at < w.at || w.at < 0 || p.at+int64(len(b)) > w.at+int64(len(w.buf)) {
		w.buf = w.buf[:min(int64(cap(w.buf)), w.size-p.at)]
		w.at = p.at
		if err := bin.ReadFull(w.src, w.buf, w.at, "pages"); err != nil {
			w.buf = w.buf[:min(len(b), len(w.buf))]
			if err := bin.ReadFull(w.src, w.buf, w.at, "page"); err != nil {
				w.at, w.buf = -1, w.buf[:0]
				return torn, err
			}
		}
	}
	copy(b, w.buf[p.at-w.at:])
	torn, ok := applyFixups(b)
	if !ok {
		return torn, damage.New("update sequence array", p.at+4, nil, nil) // it has changed since it was found
	}
	return torn, nil
}

// lost yields the error of a record or of the rest of a page.
func (w *walker) lost(lsn LSN, off int64, err error) {
	if w.gap != nil {
		w.gap()
	}
	final := !damage.Is(err) && !errors.Is(err, io.ErrUnexpectedEOF)
	if !final {
		path := ""
		if lsn != 0 {
			path = "LSN " + strconv.FormatUint(uint64(lsn), 10)
		}
		err = damage.In(err, w.name, path)
	}
	w.stopped = !w.record(Record{LSN: lsn, Offset: off}, err) || final || w.stopped
}

// decodePage yields the records that begin in a page. It returns where the next begins.
func (w *walker) decodePage(i int, place carried) carried {
	p := &w.pages[i]
	torn, err := w.load(p, w.page)
	if err != nil {
		w.lost(0, p.at, err)
		return carried{page: -1}
	}
	w.torn = torn
	at, known := w.layout.DataOffset, false
	if place.page == i {
		at, known = place.at, true
	}
	reported := !known                                       // before the first record may be the end of a lost one
	done := w.layout.pageOf(p.last) != p.home || p.turn == 0 // the last record that the page promises was seen
	after := carried{page: i + 1, at: w.layout.DataOffset}   // in front of which the end of a record cannot be
	for !w.stopped {
		h, ok := w.headerAt(w.page, p, at)
		switch {
		case ok:
			reported, known = false, true
			done = done || h.LSN >= p.last
			end := w.decodeRecord(i, at, &h)
			if end.page != i {
				return end
			}
			at = end.at
			continue
		case at+w.layout.RecordHeader > len(w.page) || at >= p.free && done:
			if !known || p.copy { // a copy may be older than what followed
				after.page = -1
			}
			return after
		case !reported:
			reported = true
			w.lost(0, p.at+int64(at), damage.New("log record", p.at+int64(at), quoted(w.page[at:at+8]), fmt.Sprintf("LSN %d", w.layout.lsnAt(p.turn, p.home+int64(at)))))
		}
		at += recordAlign
	}
	return carried{page: -1}
}

// decodeRecord yields the record at an offset of a page. It returns where it ends.
func (w *walker) decodeRecord(i, at int, h *header) carried {
	p := &w.pages[i]
	body := at + w.layout.RecordHeader
	data := make([]byte, 0, min(h.data, len(w.page)-body+len(w.page)))
	data = append(data, w.page[body:min(body+h.data, len(w.page))]...)
	end := carried{i, (body + h.data + recordAlign - 1) &^ (recordAlign - 1)}
	err := w.tornBetween(at, body+len(data), w.torn, p)
	for j := i + 1; len(data) < h.data; j++ {
		if j >= len(w.pages) || !w.layout.follows(&w.pages[j-1], &w.pages[j]) {
			w.lost(h.LSN, h.Offset, damage.Truncated("log record, of which a page is missing", h.Offset, int64(h.data), int64(len(data))))
			return carried{page: -1}
		}
		torn, e := w.load(&w.pages[j], w.next)
		if e != nil {
			w.lost(h.LSN, h.Offset, e)
			return carried{page: -1}
		}
		n := min(h.data-len(data), len(w.next)-w.layout.DataOffset)
		data = append(data, w.next[w.layout.DataOffset:w.layout.DataOffset+n]...)
		end = carried{j, (w.layout.DataOffset + n + recordAlign - 1) &^ (recordAlign - 1)}
		if e := w.tornBetween(w.layout.DataOffset, w.layout.DataOffset+n, torn, &w.pages[j]); err == nil {
			err = e
		}
	}
	if end.at+w.layout.RecordHeader > len(w.page) {
		end = carried{end.page + 1, w.layout.DataOffset}
	}
	rec := h.Record
	rec.cluster = w.cluster
	if err == nil {
		err = rec.decodeBody(data)
	}
	if err != nil {
		w.lost(rec.LSN, rec.Offset, err)
		return end
	}
	w.attributes.follow(&rec)
	w.stopped = !w.record(rec, nil)
	return end
}

// tornBetween returns an error if bytes of a page were not written with the others.
func (w *walker) tornBetween(from, to int, torn [maxPageSize / stride / 64]uint64, p *page) error {
	for s := from / stride; s*stride < to; s++ {
		if torn[s/64]&(1<<(s%64)) != 0 {
			return damage.New("log record", p.at+int64(s*stride), "a part of another write", "one write")
		}
	}
	return nil
}
