package timeline

import (
	"cmp"
	"context"
	"io/fs"
	"path"
	"slices"
	"sort"
	"strconv"
	"sync"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/weblog"
)

// webSource yields the requests of a web log. A busy server logs millions a day, so
// it keeps one webBlock for some hundreds of them, and reads the parts of the log
// again that hold what is asked for.
type webSource struct {
	vol      fs.FS
	artifact string

	mu       sync.Mutex
	coverage Coverage // Unread until the log has been read
	kind     Kind     // of its events, once it has been read
	blocks   []webBlock
}

// webLogName is what errors call a log: the caller adds the name of the artifact.
var webLogName = weblog.WithName("weblog")

// webBlock is a part of a log in which the directives do not change.
type webBlock struct {
	place    weblog.Place // of the first request
	last     int64        // offset of the last request
	from, to uint64       // FILETIMEs of the earliest and the latest request
}

const (
	// webBlockSize is the largest distance in bytes from the first request of a block
	// to its last. A line has at least one byte, so lineBits are enough for the
	// number of a line in its block.
	webBlockSize = 1 << lineBits
	lineBits     = 16

	// blockLost is the line number of a block that cannot be read again.
	blockLost = 1<<lineBits - 1
)

func newWebSource(vol fs.FS, artifact string) *webSource {
	return &webSource{vol: vol, artifact: artifact, coverage: Coverage{Artifact: artifact, Type: TypeWebLog, State: Unread}}
}

// covered returns what the log has contributed.
func (s *webSource) covered() Coverage {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.coverage
}

// read reads the log once. The error is that of ctx.
func (s *webSource) read(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.coverage.State != Unread {
		return nil
	}
	c := Coverage{Artifact: s.artifact, Type: TypeWebLog, State: Parsed}
	r, err := weblog.OpenFS(s.vol, s.artifact, webLogName)
	if err != nil {
		c.State = Damaged
		c.damaged(err)
		s.coverage = c
		return nil
	}
	defer r.Close()
	c.Name = r.Software()
	s.kind = WebRequest
	if r.Format() == weblog.HTTPERR {
		s.kind = WebFailed
	}
	blocks, err := scanWebLog(ctx, r, &c)
	if err != nil {
		return err
	}
	for p := range r.Problems() {
		c.add(p)
	}
	s.coverage, s.blocks = c, blocks
	return nil
}

// scanWebLog divides a log into blocks, and records its contents in the coverage.
func scanWebLog(ctx context.Context, r *weblog.Reader, c *Coverage) ([]webBlock, error) {
	var blocks []webBlock
	var b *webBlock
	lines := 0
	lost := losses{coverage: c}
	defer lost.end(time.Time{})
	for req, err := range r.Requests() {
		if lines++; lines%4096 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			c.damaged(err)
			lost.add(&req)
			continue
		}
		lost.end(req.Time)
		c.Records++
		c.saw(req.Time)
		c.Local = c.Local || req.Local
		for _, p := range req.Problems {
			c.add(p)
		}
		ticks, place := filetime.Ticks(req.Time), req.Place()
		if b == nil || place.Offset-b.place.Offset >= webBlockSize || directives(place) != directives(b.place) {
			blocks = append(blocks, webBlock{place: place, from: ticks, to: ticks})
			b = &blocks[len(blocks)-1]
		}
		b.last, b.from, b.to = place.Offset, min(b.from, ticks), max(b.to, ticks)
	}
	return blocks, nil
}

// losses finds the lines that could not be read.
type losses struct {
	coverage *Coverage
	before   time.Time // of the last line that could be read
	lines    LostLines // that have followed it
	untimed  bool      // one of them has no time
}

// maxLost limits how many places with lost lines are kept separately. What is lost behind
// them counts as one place.
const maxLost = 10_000

// add adds a line that could not be read.
func (l *losses) add(req *weblog.Request) {
	if l.lines.Count++; l.lines.Count == 1 {
		l.lines.Offset = req.Offset
	}
	if req.Time.IsZero() || req.Local {
		l.untimed = true
		return
	}
	if l.lines.From.IsZero() || req.Time.Before(l.lines.From) {
		l.lines.From = req.Time
	}
	if req.Time.After(l.lines.To) {
		l.lines.To = req.Time
	}
}

// end ends a row of lost lines at a line that could be read, or at the end of the log.
func (l *losses) end(at time.Time) {
	if l.lines.Count > 0 {
		if l.untimed {
			l.lines.From, l.lines.To = l.before, at
		}
		if list := l.coverage.Lost; len(list) < maxLost {
			l.coverage.Lost = append(list, l.lines)
		} else {
			last := &list[maxLost-1]
			last.Count += l.lines.Count
			last.To = time.Time{}
		}
	}
	l.before, l.lines, l.untimed = at, LostLines{}, false
}

// directives returns the part of a place that does not depend on the line.
func directives(p weblog.Place) weblog.Place {
	p.Offset, p.Line = 0, 0
	return p
}

// mayHold reports whether a log that has not been read may hold requests in w,
// according to the name that IIS gave it: there may be a log for every day of many
// years.
func (s *webSource) mayHold(w window) bool {
	if s.covered().State != Unread {
		return true
	}
	from, to, ok := weblog.SpanOfName(path.Base(s.artifact))
	return !ok || w.from <= filetime.Ticks(to) && filetime.Ticks(from) <= w.to
}

// find finds nothing yet. The key of a ref will be the offset of the request, and its
// line counted from the first of its block.
func (s *webSource) find(w window, kinds kindSet, _ func(ref)) maker {
	m := &webMaker{webSource: s, window: w}
	if !kinds.holds(WebRequest) && !kinds.holds(WebFailed) || w.from > w.to || !s.mayHold(w) {
		return m
	}
	s.read(context.Background()) // its only error is that of ctx
	if !kinds.holds(s.kind) {
		return m
	}
	for i := range s.blocks {
		if b := &s.blocks[i]; b.from <= w.to && w.from <= b.to {
			m.unread = append(m.unread, b)
		}
	}
	slices.SortStableFunc(m.unread, func(a, b *webBlock) int { return cmp.Compare(a.from, b.from) })
	return m
}

// each calls found for the requests of a block in w. It reports whether the block is
// the same as when it was first read.
func (b *webBlock) each(r *weblog.Reader, w window, found func(ticks uint64, offset, line int64)) bool {
	again := webBlock{from: b.to, to: b.from}
	for req, err := range r.From(b.place) {
		if err != nil {
			if damage.Is(err) {
				continue // counted in the coverage
			}
			return false
		}
		if req.Offset > b.last {
			return false
		}
		ticks := filetime.Ticks(req.Time)
		again.from, again.to = min(again.from, ticks), max(again.to, ticks)
		if w.holds(ticks) {
			found(ticks, req.Offset, req.Place().Line-b.place.Line)
		}
		if req.Offset == b.last {
			return again.from == b.from && again.to == b.to
		}
	}
	return false
}

// webMaker finds the requests of one block after the other, in order of their first
// times, and reads each request again in its turn. The log is open from the first to
// the last of them: a volume may have more logs than a program may have open files.
type webMaker struct {
	*webSource
	window window
	unread []*webBlock // that may still hold requests
	left   int         // requests that were found but not made
	reader *weblog.Reader
	cursor *weblog.Cursor
}

func (m *webMaker) due() (uint64, bool) {
	if len(m.unread) == 0 {
		return 0, false
	}
	return max(m.unread[0].from, m.window.from), true
}

func (m *webMaker) more(add func(ref)) {
	b := m.unread[0]
	m.unread = m.unread[1:]
	found := func(ticks uint64, offset, line int64) {
		add(ref{ticks: ticks, key: uint64(offset)<<lineBits | uint64(line)})
		m.left++
	}
	if m.open() != nil || !b.each(m.reader, m.window, found) {
		found(max(b.from, m.window.from), b.place.Offset, blockLost) // its event reports why
	}
	m.done()
}

func (m *webMaker) open() (err error) {
	if m.reader == nil {
		if m.reader, err = weblog.OpenFS(m.vol, m.artifact, webLogName); err == nil {
			m.cursor = m.reader.Cursor()
		}
	}
	return err
}

// done closes the log if it is not needed any longer.
func (m *webMaker) done() {
	if m.left == 0 && len(m.unread) == 0 {
		m.close()
	}
}

func (m *webMaker) make(r ref) Event {
	offset := int64(r.key >> lineBits)
	req, err := m.request(offset, int64(r.key&(1<<lineBits-1)))
	m.left--
	m.done()
	if err == nil && filetime.Ticks(req.Time) != r.ticks {
		err = errChanged
	}
	if err != nil {
		return Event{
			Time:    filetime.Time(r.ticks),
			Desc:    requestDesc,
			Kind:    m.kind,
			Source:  Source{Artifact: m.artifact, Offset: offset, Type: TypeWebLog},
			Message: unreadable(err),
		}
	}
	return webEvent(m.artifact, &req)
}

func (m *webMaker) request(offset, line int64) (req weblog.Request, err error) {
	if err := m.open(); err != nil {
		return req, err
	}
	if line == blockLost {
		return req, errChanged
	}
	// The first block after the request, then the one before that.
	i := sort.Search(len(m.blocks), func(i int) bool { return m.blocks[i].place.Offset > offset }) - 1
	p := m.blocks[i].place
	p.Offset, p.Line = offset, p.Line+line
	return m.cursor.Request(p)
}

func (m *webMaker) close() {
	if m.reader != nil {
		m.reader.Close()
	}
	m.reader, m.cursor = nil, nil
}

// requestDesc describes the time of a web request: most servers log it after they have
// answered. localDesc says that it is what the server's clock showed.
const (
	requestDesc = "Request logged"
	localDesc   = "Request logged, local time"
)

func webEvent(artifact string, req *weblog.Request) Event {
	e := Event{
		Time:   req.Time,
		Desc:   requestDesc,
		Kind:   WebRequest,
		Source: Source{Artifact: artifact, Record: "line " + strconv.FormatInt(req.Line, 10), Offset: req.Offset, Type: TypeWebLog},
		Path:   req.Path,
		User:   req.User,
		Data:   req,
	}
	if req.Local {
		e.Desc = localDesc
	}
	e.Message = or(req.Method, "a request") + " " + req.URL() + " from " + or(req.Client, "an unknown address") + with("forwarded for", req.ForwardedFor)
	if req.Status >= 0 {
		e.Message += ", status " + strconv.FormatInt(req.Status, 10)
	}
	e.Message += with("user agent", req.UserAgent)
	if req.Format == weblog.HTTPERR {
		e.Kind = WebFailed
		e.Message = "HTTP.SYS: " + or(req.Reason, "no reason logged") + ": " + e.Message + with("queue", req.Queue)
	}
	for name, value := range req.Fields() {
		e.Fields = append(e.Fields, Field{name, value})
	}
	return e
}
