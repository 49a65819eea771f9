package archive

import (
	"bytes"
	"encoding/binary"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
)

const tarBlock = 512

// The types of members.
const (
	tarRegular    = '0'
	tarOld        = 0 // a regular file, before POSIX
	tarLink       = '1'
	tarSymlink    = '2'
	tarCharacter  = '3'
	tarBlockDev   = '4'
	tarFolder     = '5'
	tarPipe       = '6'
	tarContiguous = '7'
	tarPAX        = 'x' // records for the next member
	tarGlobal     = 'g' // records for all members that follow
	tarLongName   = 'L' // GNU: the name of the next member
	tarLongLink   = 'K'
	tarSparse     = 'S' // GNU: with holes
	tarLabel      = 'V'
)

var tarTypes = map[byte]string{
	tarSymlink: "symbolic link", tarCharacter: "device", tarBlockDev: "device", tarPipe: "pipe",
}

// tarHeader is the header of a member.
//
//	0x000  100  name
//	0x07c   12  size
//	0x088   12  time of the last write, seconds since 1970
//	0x094    8  sum of the bytes of the header, with spaces in this place
//	0x09c    1  type
//	0x09d  100  name of the member that a link is to
//	0x101    6  "ustar" and a zero byte, or a space in the format of GNU
//	0x159  155  what is before the name; not in the format of GNU
//
// Numbers are octal digits, or big-endian binary behind a byte 0x80 or 0xff.
type tarHeader struct {
	raw        []byte
	offset     int64
	kind       byte
	name, link string
	size       int64
	modTime    time.Time
}

// parseTarHeader parses a header. Ok is false if its checksum or a number is wrong.
func parseTarHeader(raw []byte, off int64) (h *tarHeader, ok bool) {
	sum, ok := tarNumber(raw[0x94:0x9c])
	if !ok {
		return nil, false
	}
	unsigned, signed := int64(8*' '), int64(8*' ')
	for i, c := range raw {
		if i < 0x94 || i >= 0x9c {
			unsigned += int64(c)
			signed += int64(int8(c)) // as some old archivers did
		}
	}
	if sum != unsigned && sum != signed {
		return nil, false
	}
	h = &tarHeader{raw: raw, offset: off, kind: raw[0x9c], name: tarString(raw[:0x64]), link: tarString(raw[0x9d:0x101])}
	if h.size, ok = tarNumber(raw[0x7c:0x88]); !ok {
		return nil, false
	}
	if seconds, ok := tarNumber(raw[0x88:0x94]); ok {
		h.modTime = time.Unix(seconds, 0).UTC()
	}
	if string(raw[0x101:0x107]) == "ustar\x00" {
		if prefix := tarString(raw[0x159 : 0x159+155]); prefix != "" {
			h.name = prefix + "/" + h.name
		}
	}
	return h, true
}

// IsOldTar reports whether a file begins with the header of a member as tar wrote it before
// POSIX, which has no mark.
func IsOldTar(head []byte) bool {
	if len(head) < tarBlock {
		return false
	}
	h, ok := parseTarHeader(head[:tarBlock], 0)
	return ok && h.name != ""
}

// padded returns the size of the data up to the next block, at most left.
func (h *tarHeader) padded(left int64) int64 {
	if h.size > left {
		return max(left, 0)
	}
	return min(left, (h.size+tarBlock-1)/tarBlock*tarBlock)
}

// tarString returns the text before the first zero byte.
func tarString(b []byte) string {
	if i := bytes.IndexByte(b, 0); i >= 0 {
		b = b[:i]
	}
	return string(b)
}

// tarNumber parses a number of a header that is not negative.
func tarNumber(b []byte) (int64, bool) {
	if b[0] == 0x80 {
		if !bin.AllZero(b[1 : len(b)-min(8, len(b)-1)]) {
			return 0, false
		}
		var all [8]byte
		copy(all[8-min(8, len(b)-1):], b[len(b)-min(8, len(b)-1):])
		v := binary.BigEndian.Uint64(all[:])
		return int64(v), v <= math.MaxInt64
	}
	text := strings.Trim(tarString(b), " ")
	if text == "" {
		return 0, true
	}
	v, err := strconv.ParseInt(text, 8, 64)
	return v, err == nil && v >= 0
}

// tarRecords are the keywords of pax for a member that are read, with their values.
type tarRecords map[string]string

// apply puts the records in the place of the header's own fields.
func (h *tarHeader) apply(r tarRecords) *damage.Error {
	if v, ok := r["path"]; ok {
		h.name = v
	}
	if v, ok := r["GNU.sparse.name"]; ok {
		h.name = v
	}
	if v, ok := r["linkpath"]; ok {
		h.link = v
	}
	if v, ok := r["mtime"]; ok {
		if t, ok := paxTime(v); ok {
			h.modTime = t
		}
	}
	if v, ok := r["size"]; ok {
		n, err := strconv.ParseInt(v, 10, 64)
		if err != nil || n < 0 {
			return &damage.Error{Path: h.name, Offset: h.offset, What: "size in the records of pax", Got: strconv.Quote(v), Want: "a number"}
		}
		h.size = n
	}
	return nil
}

// paxTime parses seconds since 1970 with a fraction.
func paxTime(s string) (time.Time, bool) {
	whole, fraction, _ := strings.Cut(s, ".")
	seconds, err := strconv.ParseInt(whole, 10, 64)
	if err != nil {
		return time.Time{}, false
	}
	const digits = 9
	fraction = (fraction + strings.Repeat("0", digits))[:digits]
	nanos, err := strconv.ParseInt(fraction, 10, 64)
	if err != nil {
		return time.Time{}, false
	}
	if strings.HasPrefix(whole, "-") {
		nanos = -nanos
	}
	return time.Unix(seconds, nanos).UTC(), true
}

// parseTarRecords parses records: each is its length in decimal digits, a space, the
// keyword, "=", the value and a line feed. It reports whether all are valid.
func parseTarRecords(s string) (r tarRecords, ok bool) {
	r = tarRecords{}
	var holes strings.Builder // the map of format 0.0: each place is a record
	for s != "" {
		digits, _, ok := strings.Cut(s, " ")
		n, err := strconv.Atoi(digits)
		if !ok || err != nil || n <= len(digits)+2 || n > len(s) || s[n-1] != '\n' {
			return r, false
		}
		key, value, ok := strings.Cut(s[len(digits)+1:n-1], "=")
		if !ok {
			return r, false
		}
		s = s[n:]
		switch key {
		case "GNU.sparse.offset", "GNU.sparse.numbytes":
			if holes.Len() > 0 {
				holes.WriteByte(',')
			}
			holes.WriteString(value)
		case "path", "linkpath", "size", "mtime", "GNU.sparse.major", "GNU.sparse.name", "GNU.sparse.realsize", "GNU.sparse.size", "GNU.sparse.map":
			r[key] = value
		}
	}
	if holes.Len() > 0 {
		r["GNU.sparse.map"] = holes.String()
	}
	return r, true
}
