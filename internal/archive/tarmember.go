package archive

import (
	"bufio"
	"fmt"
	"io"
	"sort"
	"strconv"
	"strings"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
)

// tarSegment is a part of a sparse file that is not a hole.
type tarSegment struct {
	at, size int64 // in the file
	data     int64 // offset in the data of the member
}

const (
	sparseEntry     = 24 // bytes: offset and size, 12 each
	sparseInHeader  = 4  // entries in the header, from 0x182
	sparseInBlock   = 21 // entries in each block behind it
	sparseExtended  = 0x1e2
	sparseRealSize  = 0x1e3
	sparseFirst     = 0x182
	sparseMoreBlock = sparseInBlock * sparseEntry // whether another block follows
)

// tarMember is the content of a member.
type tarMember struct {
	r            io.ReaderAt
	end          int64 // of the archive
	data, packed int64 // where the data is
	size         int64
	name         string
	fault        error
	segments     []tarSegment // of a sparse file, in order; else nil
	sparse       bool
}

// ready implements content.
func (m *tarMember) ready() error { return m.fault }

// head implements content.
func (m *tarMember) head(n int) ([]byte, error) {
	b := make([]byte, min(int64(n), m.size))
	n, err := m.ReadAt(b, 0)
	if n == len(b) || err == io.EOF {
		err = nil
	}
	return b[:n], err
}

// same implements content. A tar file has no checksums of content.
func (m *tarMember) same(content) bool { return false }

// ReadAt implements io.ReaderAt.
func (m *tarMember) ReadAt(b []byte, off int64) (int, error) {
	switch {
	case off < 0:
		return 0, errNegative
	case off >= m.size:
		return 0, io.EOF
	}
	var end error
	if int64(len(b)) > m.size-off {
		b = b[:m.size-off]
		end = io.EOF
	}
	if m.sparse {
		n, err := m.readSparse(b, off)
		if err == nil {
			err = end
		}
		return n, err
	}
	n, err := m.readData(b, off)
	if err == nil {
		err = end
	}
	return n, err
}

// readData reads at an offset of the data in the archive.
func (m *tarMember) readData(b []byte, off int64) (int, error) {
	have := max(0, min(int64(len(b)), m.end-m.data-off))
	n, err := m.r.ReadAt(b[:have], m.data+off)
	switch {
	case int64(n) < have && err != nil && err != io.EOF:
		return n, err
	case n < len(b):
		return n, &damage.Error{Path: m.name, Offset: m.data + off + int64(n), What: "data of a member", Err: io.ErrUnexpectedEOF}
	}
	return n, nil
}

// oldSparse reads the map in a header of type S. More of it may be in blocks before the
// data. It returns where the data begins.
func (m *tarMember) oldSparse(h *tarHeader, data int64) (int64, *damage.Error) {
	var numbers []int64
	read := func(b []byte, n int) bool {
		for ; n > 0; n, b = n-1, b[sparseEntry:] {
			at, ok1 := tarNumber(b[:12])
			size, ok2 := tarNumber(b[12:sparseEntry])
			if !ok1 || !ok2 {
				return false
			}
			if b[0] == 0 { // the rest is not used
				return true
			}
			numbers = append(numbers, at, size)
		}
		return true
	}
	bad := damage.New("map of a sparse file", h.offset+sparseFirst, "other data", "octal numbers")
	if !read(h.raw[sparseFirst:], sparseInHeader) {
		return data, bad
	}
	size, ok := tarNumber(h.raw[sparseRealSize : sparseRealSize+12])
	if !ok {
		return data, bad
	}
	for more := h.raw[sparseExtended] != 0; more; {
		b, err := bin.ReadAt(m.r, m.end, data, tarBlock, "map of a sparse file")
		if err != nil || !read(b, sparseInBlock) {
			return data, bad
		}
		more = b[sparseMoreBlock] != 0
		data += tarBlock
	}
	return data, m.setHoles(size, numbers, h.offset)
}

// sparseInRecords takes the map from the records of pax: formats 0.0 and 0.1 of GNU.
func (m *tarMember) sparseInRecords(r tarRecords) *damage.Error {
	size, err := strconv.ParseInt(r["GNU.sparse.size"], 10, 64)
	var numbers []int64
	if text := r["GNU.sparse.map"]; text != "" && err == nil {
		for s := range strings.SplitSeq(text, ",") {
			var n int64
			if n, err = strconv.ParseInt(s, 10, 64); err != nil {
				break
			}
			numbers = append(numbers, n)
		}
	}
	if err != nil {
		return damage.New("map of a sparse file", -1, "other text", "decimal numbers")
	}
	return m.setHoles(size, numbers, -1)
}

// sparseInData reads the map before the data: format 1.0 of GNU. It is decimal numbers,
// each on a line: how many parts there are, then offset and size of each. The data
// begins with the next block.
func (m *tarMember) sparseInData(r tarRecords, data int64) *damage.Error {
	size, err := strconv.ParseInt(r["GNU.sparse.realsize"], 10, 64)
	if err != nil {
		return damage.New("GNU.sparse.realsize", -1, strconv.Quote(r["GNU.sparse.realsize"]), "a number")
	}
	in := bufio.NewReader(io.NewSectionReader(m.r, data, min(m.packed, max(m.end-data, 0))))
	read := int64(0)
	number := func() (int64, bool) {
		line, err := in.ReadSlice('\n')
		read += int64(len(line))
		n, err2 := strconv.ParseInt(strings.TrimSuffix(string(line), "\n"), 10, 64)
		return n, err == nil && err2 == nil && n >= 0
	}
	bad := damage.New("map of a sparse file", data, "other data", "decimal numbers")
	n, ok := number()
	if !ok || n > m.packed/4 { // two lines of two bytes each
		return bad
	}
	var numbers []int64
	for range 2 * n {
		v, ok := number()
		if !ok {
			return bad
		}
		numbers = append(numbers, v)
	}
	read = (read + tarBlock - 1) / tarBlock * tarBlock
	m.data = data + read
	m.packed -= min(read, m.packed)
	return m.setHoles(size, numbers, data)
}

// setHoles makes a member sparse. Numbers are offset and size of each part.
func (m *tarMember) setHoles(size int64, numbers []int64, off int64) *damage.Error {
	m.sparse, m.size = true, size
	if size < 0 || len(numbers)%2 != 0 {
		m.size = 0
		return damage.New("map of a sparse file", off, len(numbers), "pairs of numbers")
	}
	end, data := int64(0), int64(0)
	for i := 0; i < len(numbers); i += 2 {
		s := tarSegment{at: numbers[i], size: numbers[i+1], data: data}
		if s.at < end || s.size < 0 || s.size > size-s.at || s.size > m.packed-data {
			return damage.New("part of a sparse file", off, fmt.Sprintf("%d bytes at %d", s.size, s.at), "parts in order, within the file and its data")
		}
		end, data = s.at+s.size, data+s.size
		if s.size > 0 {
			m.segments = append(m.segments, s)
		}
	}
	return nil
}

// readSparse reads within the file. What is not in a segment is zeros.
func (m *tarMember) readSparse(b []byte, off int64) (int, error) {
	clear(b)
	end := off + int64(len(b))
	for i := sort.Search(len(m.segments), func(i int) bool { return m.segments[i].at+m.segments[i].size > off }); i < len(m.segments); i++ {
		s := m.segments[i]
		if s.at >= end {
			break
		}
		from, to := max(s.at, off), min(s.at+s.size, end)
		if n, err := m.readData(b[from-off:to-off], s.data+from-s.at); err != nil {
			return int(from-off) + n, err
		}
	}
	return len(b), nil
}
