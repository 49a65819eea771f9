package lnk

import (
	"encoding/binary"
	"fmt"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/winid"
)

// Droid identifies a file to the service that tracks links: the object identifiers of its
// volume and of the file.
type Droid struct{ Volume, File winid.GUID }

// IsZero reports whether the droid is not set.
func (d Droid) IsZero() bool { return d == Droid{} }

// epoch is 1601-01-01, where FILETIMEs begin, as UUIDs count: in 100 ns from 1582-10-15.
const epoch = 5748192000000000

// isTimed reports whether the identifier of the file is a UUID of version 1, which was made
// from a time and an address.
func (d Droid) isTimed() bool { return d.File[7]>>4 == 1 && d.File[8]&0xc0 == 0x80 }

// Made returns when the identifier of the file was made, near the last start of the machine
// before the file was first tracked; or the zero time if it was not made from a time.
func (d Droid) Made() time.Time {
	le := binary.LittleEndian
	ticks := uint64(le.Uint32(d.File[0:])) | uint64(le.Uint16(d.File[4:]))<<32 | uint64(le.Uint16(d.File[6:])&0xfff)<<48
	if !d.isTimed() || ticks <= epoch {
		return time.Time{}
	}
	return filetime.Time(ticks - epoch)
}

// MAC returns the address of the network card of the machine that made the identifier of
// the file, such as 00:0c:29:ab:cd:ef; or "" if it was not made from one.
func (d Droid) MAC() string {
	n := d.File[10:]
	if !d.isTimed() || n[0]&1 != 0 { // a machine without a network card takes a random number, with that bit
		return ""
	}
	return fmt.Sprintf("%02x:%02x:%02x:%02x:%02x:%02x", n[0], n[1], n[2], n[3], n[4], n[5])
}
