// Package shimcache reads the value AppCompatCache of a SYSTEM hive, in which Windows
// keeps the programs that it looked up for the sake of compatibility. An entry shows
// that the file was there, not that it ran.
package shimcache

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
)

// An Entry is a file in the cache. The cache is in order of use, the last one first.
type Entry struct {
	Path     string    // as the cache has it: C:\x, \??\C:\x, SYSVOL\x; or the name of a package
	Modified time.Time // the time of modification that the file had; zero if it had none
	Offset   int64     // of the entry in the value, in bytes
}

// ErrUnsupported is the cause of the error for a cache of a version that this package
// does not read: Windows XP, Server 2003, Vista and 8.0.
var ErrUnsupported = errors.New("unsupported version of the cache")

// The marks of the versions.
const (
	magic7   = 0xbadc0fee // Windows 7, Server 2008 R2: at offset 0 of the value
	mark10   = "10ts"     // Windows 8.1 and later: at the beginning of each entry
	header7  = 128        // bytes before the entries
	header81 = 128
)

// Parse returns the entries of a value up to the first that is damaged, with the error
// about that one.
func Parse(data []byte) ([]Entry, error) {
	if len(data) < 8 {
		return nil, damage.New("cache", 0, len(data), "≥ 8 bytes")
	}
	size := binary.LittleEndian.Uint32(data) // of the header in Windows 8.1 and later; offset 0, 4 bytes
	switch {
	case size == magic7:
		return parse7(data)
	case size >= 0x30 && int64(size)+4 <= int64(len(data)) && string(data[size:size+4]) == mark10:
		return parse10(data, int(size))
	case len(data) > header81+4 && string(data[header81:header81+4]) == mark10:
		return parse10(data, header81)
	case size == 0x30 || size == 0x34:
		return nil, nil // without entries
	}
	return nil, &damage.Error{Offset: 0, What: "cache", Got: fmt.Sprintf("%#x", size), Want: "that of Windows 7, 8.1 or later", Err: ErrUnsupported}
}

// parse10 reads entries of Windows 8.1 and later. Offsets are from the beginning of the
// entry:
//
//	 0   4  "10ts"
//	 4   4  unknown
//	 8   4  size of the rest
//	12   2  size of the path in bytes, then the path in UTF-16
//	        Windows 8.1 only: 2 bytes with the size of a package name, and that name,
//	        then two flags of 4 bytes each
//	        8  FILETIME of the last modification
//	        4  size of the data, then the data
func parse10(data []byte, off int) ([]Entry, error) {
	old := off == header81 // of Windows 8.1
	var list []Entry
	for off+12 <= len(data) {
		if len(bytes.Trim(data[off:], "\x00")) == 0 {
			break // not used
		}
		if string(data[off:off+4]) != mark10 {
			return list, damage.New("mark of the entry", int64(off), string(data[off:off+4]), mark10)
		}
		rest := int64(binary.LittleEndian.Uint32(data[off+8:]))
		end := int64(off) + 12 + rest
		if end > int64(len(data)) {
			return list, damage.New("size of the entry", int64(off)+8, rest, "within the value")
		}
		b := data[off+12 : end]
		path, b, ok := sized(b)
		if ok && old {
			_, b, ok = sized(b)
			ok = ok && len(b) >= 8
			if ok {
				b = b[8:]
			}
		}
		if !ok || len(b) < 8 {
			return list, damage.New("path of the entry", int64(off)+12, len(b), "within the entry")
		}
		list = append(list, Entry{Path: path, Modified: filetime.Time(binary.LittleEndian.Uint64(b)), Offset: int64(off)})
		off = int(end)
	}
	return list, nil
}

// sized cuts off a text with its size before it.
func sized(b []byte) (text string, rest []byte, ok bool) {
	if len(b) < 2 {
		return "", b, false
	}
	n := int(binary.LittleEndian.Uint16(b))
	if len(b) < 2+n {
		return "", b, false
	}
	return wtf8.String(b[2 : 2+n]), b[2+n:], true
}

// parse7 reads entries of Windows 7. They have one of two sizes, by the width of a
// pointer. Offsets are from the beginning of the entry, for 32 and 64 bits:
//
//	0   0  2  size of the path in bytes
//	2   2  2  the same with the final NUL
//	4   8  4 or 8  offset of the path in the value
//	8  16  8  FILETIME of the last modification
func parse7(data []byte) ([]Entry, error) {
	count := int64(binary.LittleEndian.Uint32(data[4:])) // offset 4, 4 bytes
	width, at, stamp := int64(32), 4, 8
	if len(data) >= header7+16 && binary.LittleEndian.Uint32(data[header7+4:]) == 0 { // padding
		width, at, stamp = 48, 8, 16
	}
	var list []Entry
	left := int64(len(data)) // of the bytes of all paths: entries do not share one
	for i := range count {
		off := header7 + i*width
		if off+width > int64(len(data)) {
			return list, damage.New("number of entries", 4, count, "within the value")
		}
		b := data[off : off+width]
		n, place := int64(binary.LittleEndian.Uint16(b)), int64(binary.LittleEndian.Uint32(b[at:]))
		if place+n > int64(len(data)) {
			return list, damage.New("offset of the path", off+int64(at), place, "within the value")
		}
		if left -= n; left < 0 {
			return list, damage.New("size of the path", off, n, "no more than is left of the value")
		}
		list = append(list, Entry{Path: wtf8.String(data[place : place+n]), Modified: filetime.Time(binary.LittleEndian.Uint64(b[stamp:])), Offset: off})
	}
	return list, nil
}
