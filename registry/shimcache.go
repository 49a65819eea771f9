package registry

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

// A ShimCacheEntry is a file in the ShimCache, the value AppCompatCache of a SYSTEM hive,
// in which Windows keeps the programs that it looked up for the sake of compatibility. It
// shows that the file was there, and that Windows looked at it: also because a folder
// with it was shown. Whether it ran is in Executed. Windows writes the cache when it shuts
// down.
type ShimCacheEntry struct {
	Path     string    // as the cache has it: C:\x, \??\C:\x, SYSVOL\x; or the name of a package
	Modified time.Time // the time of modification that the file had; zero if it had none
	Updated  time.Time // only Windows XP: when the entry was last updated
	Size     uint64    // of the file; only Windows XP and Server 2003
	Executed Executed  // not in Windows XP, Server 2003, and Windows 10 and later
	Offset   int64     // of the entry in the value, in bytes
}

// Executed is whether the ShimCache records that a file was executed.
type Executed string

// The values of Executed.
const (
	ExecutedUnknown Executed = ""    // the cache does not record it
	ExecutedYes     Executed = "yes" // by a process that was created with it
	ExecutedNo      Executed = "no"
)

// ErrShimCacheVersion is the cause of the error for a cache of a version that is not known.
var ErrShimCacheVersion = errors.New("unknown version of the cache")

// The marks of the versions, at offset 0 of the value, but for those of entries.
const (
	shimXP      = 0xdeadbeef // Windows XP, 32 bits
	shimVista   = 0xbadc0ffe // Server 2003, Vista, Server 2008
	shim7       = 0xbadc0fee // Windows 7, Server 2008 R2
	shimMark80  = "00ts"     // Windows 8: at the beginning of each entry
	shimMark81  = "10ts"     // Windows 8.1 and later
	shimHeader  = 128        // bytes before the entries, in Windows 7 to 8.1
	shimHeaderX = 400        // and in Windows XP

	shimExecuted = 1 << 1 // of the flags of an entry
)

// ShimCache returns the entries of a value AppCompatCache up to the first that is damaged,
// with the error about that one. But for Windows XP, they are in order of use, the last one
// first.
func ShimCache(data []byte) ([]ShimCacheEntry, error) {
	if len(data) < 8 {
		return nil, damage.New("cache", 0, len(data), "≥ 8 bytes")
	}
	marked := func(at int64, mark string) bool {
		return at+4 <= int64(len(data)) && string(data[at:at+4]) == mark
	}
	size := binary.LittleEndian.Uint32(data) // of the header in Windows 10 and later; offset 0, 4 bytes
	switch {
	case size == shimXP:
		return shimEntriesXP(data)
	case size == shimVista:
		return shimEntries7(data, 8, layoutsVista)
	case size == shim7:
		return shimEntries7(data, shimHeader, layouts7)
	case size >= 0x30 && size != shimHeader && marked(int64(size), shimMark81):
		return shimEntries8(data, int(size), shimMark81, false)
	case marked(shimHeader, shimMark81):
		return shimEntries8(data, shimHeader, shimMark81, true)
	case marked(shimHeader, shimMark80):
		return shimEntries8(data, shimHeader, shimMark80, true)
	case size == 0x30 || size == 0x34:
		return nil, nil // without entries
	}
	return nil, &damage.Error{Offset: 0, What: "cache", Got: fmt.Sprintf("%#x", size), Want: "the mark of a version", Err: ErrShimCacheVersion}
}

// executedBy returns what the flags of an entry say.
func executedBy(flags uint32) Executed {
	if flags&shimExecuted != 0 {
		return ExecutedYes
	}
	return ExecutedNo
}

// shimEntriesXP reads entries of Windows XP: at offset 8 their number, in 4 bytes, and from
// 400 on entries of 552 bytes, in no order. Offsets are from the beginning of the entry:
//
//	  0  528  path, ends with a NUL
//	528    8  FILETIME of the last modification
//	536    8  size of the file
//	544    8  FILETIME of the last update
func shimEntriesXP(data []byte) ([]ShimCacheEntry, error) {
	const width = 552
	if len(data) < 12 {
		return nil, damage.New("cache", 0, len(data), "≥ 12 bytes")
	}
	count := int64(binary.LittleEndian.Uint32(data[8:]))
	var list []ShimCacheEntry
	for i := range count {
		off := shimHeaderX + i*width
		if off+width > int64(len(data)) {
			return list, damage.New("number of entries", 8, count, "within the value")
		}
		b := data[off : off+width]
		list = append(list, ShimCacheEntry{
			Path: wtf8.String(wtf8.Trim(b[:528])), Modified: filetime.Time(binary.LittleEndian.Uint64(b[528:])), Size: binary.LittleEndian.Uint64(b[536:]),
			Updated: filetime.Time(binary.LittleEndian.Uint64(b[544:])), Offset: off,
		})
	}
	return list, nil
}

// shimLayout is where an entry of Windows Server 2003 to 7 has what, in bytes from its
// beginning, which is the size of the path in 2 bytes and the same with the final NUL. It
// differs by the width of a pointer.
type shimLayout struct {
	width    int64
	path     int // offset of the path in the value, 4 bytes
	modified int // FILETIME, 8 bytes
	flags    int // 4 bytes; in Server 2003 the size of the file, 8 bytes
}

// The layouts for 32 and 64 bits.
var (
	layoutsVista = [2]shimLayout{{24, 4, 8, 16}, {32, 8, 16, 24}}
	layouts7     = [2]shimLayout{{32, 4, 8, 16}, {48, 8, 16, 24}}
)

// shimEntries7 reads entries of Windows Server 2003 to 7: at offset 4 of the value their
// number, in 4 bytes.
func shimEntries7(data []byte, header int64, layouts [2]shimLayout) ([]ShimCacheEntry, error) {
	count := int64(binary.LittleEndian.Uint32(data[4:]))
	l := layouts[0]
	if int64(len(data)) >= header+16 && binary.LittleEndian.Uint32(data[header+4:]) == 0 { // padding
		l = layouts[1]
	}
	var list []ShimCacheEntry
	left := int64(len(data)) // of the bytes of all paths: entries do not share one
	var sizes []uint64
	for i := range count {
		off := header + i*l.width
		if off+l.width > int64(len(data)) {
			return list, damage.New("number of entries", 4, count, "within the value")
		}
		b := data[off : off+l.width]
		n, place := int64(binary.LittleEndian.Uint16(b)), int64(binary.LittleEndian.Uint32(b[l.path:]))
		if place+n > int64(len(data)) {
			return list, damage.New("offset of the path", off+int64(l.path), place, "within the value")
		}
		if left -= n; left < 0 {
			return list, damage.New("size of the path", off, n, "no more than is left of the value")
		}
		sizes = append(sizes, binary.LittleEndian.Uint64(b[l.flags:]))
		list = append(list, ShimCacheEntry{
			Path: wtf8.String(data[place : place+n]), Modified: filetime.Time(binary.LittleEndian.Uint64(b[l.modified:])),
			Executed: executedBy(binary.LittleEndian.Uint32(b[l.flags:])), Offset: off,
		})
	}
	if l == layoutsVista[0] || l == layoutsVista[1] {
		sizesOf2003(list, sizes)
	}
	return list, nil
}

// sizesOf2003 distinguishes Server 2003 from Vista and Server 2008, whose caches begin alike: the
// flags of the latter are small, and the sizes of programs are not.
func sizesOf2003(list []ShimCacheEntry, sizes []uint64) {
	const flags = 0xff
	are := false
	for _, s := range sizes {
		are = are || uint32(s) > flags
	}
	if !are {
		return
	}
	for i := range list {
		list[i].Size, list[i].Executed = sizes[i], ExecutedUnknown
	}
}

// shimEntries8 reads entries of Windows 8 and later. Offsets are from the beginning of the
// entry:
//
//	 0   4  mark
//	 4   4  unknown
//	 8   4  size of the rest
//	12   2  size of the path in bytes, then the path in UTF-16
//	        Windows 8.1 only: 2 bytes with the size of a package name, and that name
//	        Windows 8 and 8.1 only: two flags of 4 bytes each
//	        8  FILETIME of the last modification
//	        4  size of the data, then the data
func shimEntries8(data []byte, off int, mark string, flagged bool) ([]ShimCacheEntry, error) {
	var list []ShimCacheEntry
	for off+12 <= len(data) {
		if len(bytes.Trim(data[off:], "\x00")) == 0 {
			break // not used
		}
		if string(data[off:off+4]) != mark {
			return list, damage.New("mark of the entry", int64(off), string(data[off:off+4]), mark)
		}
		rest := int64(binary.LittleEndian.Uint32(data[off+8:]))
		end := int64(off) + 12 + rest
		if end > int64(len(data)) {
			return list, damage.New("size of the entry", int64(off)+8, rest, "within the value")
		}
		e := ShimCacheEntry{Offset: int64(off)}
		b := data[off+12 : end]
		path, b, ok := shimText(b)
		if e.Path = path; ok && flagged {
			if mark == shimMark81 || !shimFits(b) {
				_, b, ok = shimText(b)
			}
			if ok = ok && len(b) >= 8; ok {
				e.Executed = executedBy(binary.LittleEndian.Uint32(b))
				b = b[8:]
			}
		}
		if !ok || len(b) < 8 {
			return list, damage.New("path of the entry", int64(off)+12, len(b), "within the entry")
		}
		e.Modified = filetime.Time(binary.LittleEndian.Uint64(b))
		list = append(list, e)
		off = int(end)
	}
	return list, nil
}

// shimFits reports whether what follows a path of Windows 8 has no name of a package, as
// Joachim Metz documents it. Other readers expect one: then the sizes show it.
func shimFits(b []byte) bool {
	const fixed = 8 + 8 + 4 // flags, time, size of the data
	return len(b) >= fixed && uint64(binary.LittleEndian.Uint32(b[fixed-4:])) == uint64(len(b)-fixed)
}

// shimText cuts off a text with its size before it.
func shimText(b []byte) (text string, rest []byte, ok bool) {
	if len(b) < 2 {
		return "", b, false
	}
	n := int(binary.LittleEndian.Uint16(b))
	if len(b) < 2+n {
		return "", b, false
	}
	return wtf8.String(b[2 : 2+n]), b[2+n:], true
}
