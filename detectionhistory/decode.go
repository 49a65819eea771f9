package detectionhistory

import (
	"encoding/binary"
	"fmt"
	"strconv"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/winid"
)

// A value, in bytes from its beginning. The next one begins at a multiple of 8.
//
//	0  4  size of the data
//	4  4  type
//	8  -  data
//
// The types of values.
const (
	typeUint32  = 0x06
	typeUint64  = 0x08
	typeTime    = 0x0a // FILETIME
	typeText    = 0x15 // UTF-16, ends with a NUL
	typeGUID    = 0x1e
	typeBinary  = 0x28
	valueHeader = 8
	valueAlign  = 8
)

// The texts and numbers of a file, in their order, are: the identifier of the threat, that
// of the detection, the magic, the name of the threat, eleven numbers, of which the last is
// the number of resources; for each resource the magic, its type, its path, two numbers and
// its tracking; then when the status changed, numbers and a GUID, the account, a number,
// the process, three numbers, when it was found, a number, when it was remediated, and
// after some more the account that did so.
const (
	magic       = "Magic.Version:1.2"
	magicPrefix = "Magic.Version:"
	numbers     = 11
	maxResource = 1 << 16
)

// value is a value of a file.
type value struct {
	kind   uint32
	data   []byte
	offset int64
}

// decoder reads one file.
type decoder struct {
	name     string // what errors call the file
	raw      []byte
	content  Detection
	problems []Problem

	at int // the next value
}

func (d *decoder) note(kind damage.Kind, err error, path string) {
	d.problems = append(d.problems, damage.Note(kind, err, d.name, path))
}

// decode reads a file. The error is that of a file that is something else.
func (d *decoder) decode() error {
	if err := d.head(); err != nil {
		return err
	}
	n, err := d.resourceCount()
	for i := uint32(0); i < n && err == nil; i++ {
		var r Resource
		if r, err = d.resource(); err == nil {
			d.content.Resources = append(d.content.Resources, r)
		} else {
			err = damage.In(err, "", fmt.Sprintf("resource %d", i+1))
		}
	}
	if err == nil {
		err = d.tail()
	}
	if err != nil {
		d.note(damage.Malformed, err, "")
	}
	return nil
}

// next returns the next value, which must have a type.
func (d *decoder) next(what string, kind uint32) (value, error) {
	c := bin.NewCursor(d.raw, 0)
	c.Seek(what, d.at)
	v := value{offset: int64(d.at)}
	size := c.U32("size of " + what)
	v.kind = c.U32("type of " + what)
	v.data = c.Bytes(what, int(min(size, maxSize+1)))
	if err := c.Err(); err != nil {
		return value{}, err
	}
	if v.kind != kind {
		return value{}, damage.New("type of "+what, v.offset+4, fmt.Sprintf("%#x", v.kind), fmt.Sprintf("%#x", kind))
	}
	d.at = (c.Pos() + valueAlign - 1) &^ (valueAlign - 1)
	return v, nil
}

// until skips values up to one of a type, which it returns.
func (d *decoder) until(what string, kind uint32) (value, error) {
	for {
		c := bin.NewCursor(d.raw, 0)
		c.Seek(what, d.at)
		size, got := c.U32("size of "+what), c.U32("type of "+what)
		if err := c.Err(); err != nil || got == kind {
			return d.next(what, kind)
		}
		if _, err := d.next(what, got); err != nil || int(size) > len(d.raw) {
			return value{}, err
		}
	}
}

func (d *decoder) text(what string) (string, error) {
	v, err := d.next(what, typeText)
	return wtf8.String(wtf8.Trim(v.data)), err
}

func (d *decoder) number(what string) (uint32, error) {
	v, err := d.next(what, typeUint32)
	if err == nil && len(v.data) != 4 {
		err = damage.New("size of "+what, v.offset, len(v.data), 4)
	}
	if err != nil {
		return 0, err
	}
	return le.Uint32(v.data), nil
}

// head reads the beginning, by which a file is known.
func (d *decoder) head() error {
	not := func(err error) error {
		return &FormatError{Offset: 0, What: "beginning", Got: fmt.Sprintf("%d bytes", len(d.raw)), Want: magic, Err: fmt.Errorf("%w: %w", ErrNotDetection, err)}
	}
	id, err := d.next("threat identifier", typeUint64)
	if err != nil || len(id.data) != 8 {
		return not(err)
	}
	guid, err := d.next("detection identifier", typeGUID)
	if err != nil || len(guid.data) != 16 {
		return not(err)
	}
	if text, err := d.text("magic"); err != nil || len(text) < len(magicPrefix) || text[:len(magicPrefix)] != magicPrefix {
		return not(err)
	}
	d.content.ThreatID = le.Uint64(id.data)
	d.content.ID = winid.GUID(guid.data)
	return nil
}

// resourceCount reads the name of the threat, and the numbers behind it.
func (d *decoder) resourceCount() (n uint32, err error) {
	if d.content.Threat, err = d.text("name of the threat"); err != nil {
		return 0, err
	}
	for range numbers {
		if n, err = d.number("number"); err != nil {
			return 0, err
		}
	}
	if n > maxResource {
		return 0, damage.New("number of resources", int64(d.at), n, fmt.Sprintf("≤ %d", maxResource))
	}
	return n, nil
}

func (d *decoder) resource() (r Resource, err error) {
	if _, err = d.text("magic"); err != nil {
		return r, err
	}
	if r.Type, err = d.text("type of the resource"); err != nil {
		return r, err
	}
	if r.Path, err = d.text("path of the resource"); err != nil {
		return r, err
	}
	for range 2 {
		if _, err = d.number("number of the resource"); err != nil {
			return r, err
		}
	}
	v, err := d.next("tracking", typeBinary)
	if err != nil {
		return r, err
	}
	if r.Tracking, err = tracking(v.data, v.offset+valueHeader); err != nil {
		d.note(damage.Malformed, err, r.Path)
	}
	return r, nil
}

// tail reads what follows the resources.
func (d *decoder) tail() error {
	var err error
	stamp := func(what string, to *time.Time, next func(string, uint32) (value, error)) {
		if err != nil {
			return
		}
		var v value
		if v, err = next(what, typeTime); err == nil && len(v.data) == 8 {
			*to = filetime.Time(le.Uint64(v.data))
		}
	}
	text := func(what string, to *string) {
		if err != nil {
			return
		}
		var v value
		if v, err = d.until(what, typeText); err == nil {
			*to = wtf8.String(wtf8.Trim(v.data))
		}
	}
	stamp("time of the change", &d.content.Changed, d.next)
	text("account", &d.content.User)
	text("process", &d.content.Process)
	stamp("time of the detection", &d.content.Detected, d.until)
	stamp("time of the remediation", &d.content.Remediated, d.until)
	text("account of the remediation", &d.content.RemediatedBy)
	return err
}

// Tracking, in bytes from its beginning: a header of 24, then entries. An entry is the size
// of its name in 4 bytes, the name with a NUL, its type in 4 bytes, and the value.
const trackingHeader = 24

// The types of values in tracking: numbers of 4 and 8 bytes, a byte, and a text with its
// size in 4 bytes before it.
const (
	trackUint32 = 3
	trackUint64 = 4
	trackBool   = 5
	trackText   = 6
)

func tracking(b []byte, base int64) ([]Value, error) {
	if len(b) <= trackingHeader {
		return nil, nil
	}
	c := bin.NewCursor(b, base)
	c.Skip("header of the tracking", trackingHeader)
	var list []Value
	for c.Len() > 0 && c.Err() == nil {
		v := Value{Name: wtf8.String(wtf8.Trim(c.Bytes("name", int(min(c.U32("size of a name"), maxSize)))))}
		at := c.Offset()
		switch kind := c.U32("type of a value"); kind {
		case trackUint32:
			v.Value = strconv.FormatUint(uint64(c.U32(v.Name)), 10)
		case trackUint64:
			v.Value = strconv.FormatUint(c.U64(v.Name), 10)
		case trackBool:
			v.Value = strconv.FormatUint(uint64(c.U8(v.Name)), 10)
		case trackText:
			v.Value = wtf8.String(wtf8.Trim(c.Bytes(v.Name, int(min(c.U32("size of a text"), maxSize)))))
		default:
			if c.Err() == nil {
				return list, damage.New("type of a value", at, kind, fmt.Sprintf("%d to %d", trackUint32, trackText))
			}
		}
		if c.Err() == nil {
			list = append(list, v)
		}
	}
	return list, c.Err()
}

// le is the byte order of all fields.
var le = binary.LittleEndian
