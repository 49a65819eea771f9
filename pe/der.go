package pe

import (
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/birthmark-dfir/birthmark/damage"
)

// The tags of ASN.1 values that occur in signatures, with their class and
// whether they are constructed.
const (
	tagBoolean     = 0x01
	tagInteger     = 0x02
	tagOctetString = 0x04
	tagOID         = 0x06
	tagEnumerated  = 0x0a
	tagUTF8String  = 0x0c
	tagSequence    = 0x30
	tagSet         = 0x31
	tagT61String   = 0x14
	tagUTCTime     = 0x17
	tagGenTime     = 0x18
	tagUniversal   = 0x1c
	tagBMPString   = 0x1e

	tagConstructed = 0x20
	tagContext     = 0x80
	tagNumber      = 0x1f
)

// maxIndefinite is how deep values of indefinite length may be nested.
const maxIndefinite = 32

// context returns the tag of the constructed [n].
func context(n byte) byte { return tagContext | tagConstructed | n }

// value is one ASN.1 value in BER, which includes DER. It shares the memory
// that it was read from.
type value struct {
	tag     byte
	raw     []byte // with tag and length
	body    []byte
	off     int64 // of raw in the file
	bodyOff int64
}

// values are the ASN.1 values that follow each other in b.
type values struct {
	b   []byte
	off int64 // in the file
}

// children returns the values inside v.
func (v value) children() values { return values{v.body, v.bodyOff} }

// empty reports whether no value is left.
func (vs *values) empty() bool { return len(vs.b) == 0 }

// berHeader reads a tag and a length at the beginning of b. A length of −1 is
// indefinite.
func berHeader(b []byte, off int64, what string) (tag byte, size, length int, err error) {
	if len(b) < 2 {
		return 0, 0, 0, damage.Truncated(what, off, 2, int64(len(b)))
	}
	tag, size = b[0], 2
	if tag&tagNumber == tagNumber {
		return 0, 0, 0, damage.New(what, off, fmt.Sprintf("tag %#x", tag), "a tag below 31")
	}
	length = int(b[1])
	if length == 0x80 {
		if tag&tagConstructed == 0 {
			return 0, 0, 0, damage.New(what, off, "an indefinite length", "a constructed value")
		}
		return tag, size, -1, nil
	}
	if n := length &^ 0x80; n != length {
		if n > 4 {
			return 0, 0, 0, damage.New(what, off, fmt.Sprintf("a length of %d bytes", n), "≤ 4")
		}
		if len(b) < size+n {
			return 0, 0, 0, damage.Truncated(what, off, int64(size+n), int64(len(b)))
		}
		var u uint64
		for _, c := range b[size : size+n] {
			u = u<<8 | uint64(c)
		}
		size += n
		if u > uint64(len(b)) {
			return 0, 0, 0, damage.Truncated(what, off, int64(u), int64(len(b)-size))
		}
		length = int(u)
	}
	if length > len(b)-size {
		return 0, 0, 0, damage.Truncated(what, off, int64(length), int64(len(b)-size))
	}
	return tag, size, length, nil
}

// next reads the first value of vs and removes it.
func (vs *values) next(what string) (value, error) {
	tag, size, length, err := berHeader(vs.b, vs.off, what)
	if err != nil {
		return value{}, err
	}
	end, total := size+length, size+length
	if length < 0 {
		if total, err = indefiniteSize(vs.b, vs.off, what); err != nil {
			return value{}, err
		}
		end = total - 2 // without the end-of-contents octets
	}
	v := value{tag: tag, raw: vs.b[:total:total], body: vs.b[size:end:end], off: vs.off, bodyOff: vs.off + int64(size)}
	vs.b, vs.off = vs.b[total:], vs.off+int64(total)
	return v, nil
}

// indefiniteSize returns the size of the value of indefinite length at the
// beginning of b, including its end-of-contents octets.
func indefiniteSize(b []byte, off int64, what string) (int, error) {
	depth, pos := 0, 0
	for {
		tag, size, length, err := berHeader(b[pos:], off+int64(pos), what)
		if err != nil {
			return 0, err
		}
		pos += size
		switch {
		case length < 0:
			if depth++; depth > maxIndefinite {
				return 0, damage.New(what, off, "a deeper nesting of indefinite lengths", fmt.Sprintf("≤ %d", maxIndefinite))
			}
		case tag == 0 && length == 0:
			if depth--; depth == 0 {
				return pos, nil
			}
		default:
			pos += length
		}
	}
}

// expect reads the next value of vs, which must have the given tag.
func (vs *values) expect(tag byte, what string) (value, error) {
	v, err := vs.next(what)
	if err == nil && v.tag != tag {
		err = damage.New(what, v.off, fmt.Sprintf("tag %#02x", v.tag), fmt.Sprintf("tag %#02x", tag))
	}
	return v, err
}

// optional reads the next value of vs if it has the given tag.
func (vs *values) optional(tag byte, what string) (v value, ok bool, err error) {
	if vs.empty() || vs.b[0] != tag {
		return value{}, false, nil
	}
	v, err = vs.next(what)
	return v, err == nil, err
}

// octets returns the contents of an OCTET STRING. BER allows fragments, which
// are joined and lose their places in the file.
func (v value) octets() (values, error) {
	if v.tag == tagOctetString {
		return v.children(), nil
	}
	if v.tag != tagOctetString|tagConstructed {
		return values{}, damage.New("octet string", v.off, fmt.Sprintf("tag %#02x", v.tag), fmt.Sprintf("tag %#02x", tagOctetString))
	}
	var joined []byte
	for vs := v.children(); !vs.empty(); {
		part, err := vs.expect(tagOctetString, "octet string fragment")
		if err != nil {
			return values{}, err
		}
		joined = append(joined, part.body...)
	}
	return values{joined, v.bodyOff}, nil
}

// definite reports whether v and all that is in it, at most depth levels of it, have
// definite lengths, as DER requires.
func (v value) definite(depth int) bool {
	if len(v.raw) < 2 || v.raw[1] == 0x80 || depth < 0 {
		return false
	}
	if v.tag&tagConstructed == 0 {
		return true
	}
	for vs := v.children(); !vs.empty(); {
		child, err := vs.next("value")
		if err != nil || !child.definite(depth-1) {
			return false
		}
	}
	return true
}

// oid returns the dotted form of an object identifier, or "" if it is
// malformed.
func (v value) oid() string {
	const maxOID = 64
	if v.tag != tagOID || len(v.body) > maxOID {
		return ""
	}
	var b []byte
	var n uint64
	for i, c := range v.body {
		if n >= 1<<56 {
			return ""
		}
		n = n<<7 | uint64(c&0x7f)
		if c&0x80 != 0 {
			if i == len(v.body)-1 {
				return ""
			}
			continue
		}
		if len(b) == 0 {
			first := min(n/40, 2)
			b = strconv.AppendUint(b, first, 10)
			n -= 40 * first
		}
		b = strconv.AppendUint(append(b, '.'), n, 10)
		n = 0
	}
	return string(b)
}

// text returns a character string of any of ASN.1's types. Tags of the context
// class count as 8-bit strings.
func (v value) text() string {
	switch v.tag {
	case tagBMPString:
		return bmpString(v.body)
	case tagUniversal:
		var b strings.Builder
		for p := v.body; len(p) >= 4; p = p[4:] {
			b.WriteRune(rune(binary.BigEndian.Uint32(p)))
		}
		return b.String()
	}
	if v.tag != tagT61String && utf8.Valid(v.body) {
		return string(v.body)
	}
	latin1 := make([]rune, len(v.body))
	for i, c := range v.body {
		latin1[i] = rune(c)
	}
	return string(latin1)
}

// bmpString converts UTF-16BE.
func bmpString(b []byte) string {
	units := make([]uint16, len(b)/2)
	for i := range units {
		units[i] = binary.BigEndian.Uint16(b[2*i:])
	}
	return string(utf16.Decode(units))
}

// time returns a UTCTime or a GeneralizedTime.
func (v value) time(what string) (time.Time, error) {
	var t time.Time
	var err error
	switch v.tag {
	case tagUTCTime:
		layout := "060102150405Z0700"
		if len(v.body) == len("0601021504Z") {
			layout = "0601021504Z0700"
		}
		t, err = time.Parse(layout, string(v.body))
		if t.Year() >= 2050 { // RFC 5280 4.1.2.5.1
			t = t.AddDate(-100, 0, 0)
		}
	case tagGenTime:
		t, err = time.Parse("20060102150405Z0700", string(v.body))
	default:
		return t, damage.New(what, v.off, fmt.Sprintf("tag %#02x", v.tag), "a time")
	}
	if err != nil {
		return time.Time{}, damage.New(what, v.off, strconv.QuoteToASCII(string(v.body[:min(len(v.body), 40)])), "a time")
	}
	return t.UTC(), nil
}
