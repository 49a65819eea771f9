package registrytest

import (
	"encoding/binary"
	"fmt"

	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/registry"
)

var le = binary.LittleEndian

// ShimCacheVersions are the versions of Windows that [ShimCache] writes the cache of.
var ShimCacheVersions = []string{"XP", "2003", "2003 x64", "Vista", "2008", "7", "7 x64", "8", "8.1", "10", "10 1703"}

// ShimCache returns the data of a value AppCompatCache of a version of Windows.
func ShimCache(version string, entries ...registry.ShimCacheEntry) ([]byte, error) {
	switch version {
	case "XP":
		return shimXP(entries), nil
	case "2003", "Vista":
		return shim7(0xbadc0ffe, 8, 24, 4, 8, 16, version == "2003", entries), nil
	case "2003 x64", "2008":
		return shim7(0xbadc0ffe, 8, 32, 8, 16, 24, version != "2008", entries), nil
	case "7":
		return shim7(0xbadc0fee, 128, 32, 4, 8, 16, false, entries), nil
	case "7 x64":
		return shim7(0xbadc0fee, 128, 48, 8, 16, 24, false, entries), nil
	case "8":
		return shim8(128, "00ts", true, false, entries), nil
	case "8.1":
		return shim8(128, "10ts", true, true, entries), nil
	case "10":
		return shim8(0x30, "10ts", false, false, entries), nil
	case "10 1703":
		return shim8(0x34, "10ts", false, false, entries), nil
	}
	return nil, fmt.Errorf("registrytest: no ShimCache of Windows %s", version)
}

func shimXP(entries []registry.ShimCacheEntry) []byte {
	b := make([]byte, 400)
	le.PutUint32(b, 0xdeadbeef)
	le.PutUint32(b[4:], 96)
	le.PutUint32(b[8:], uint32(len(entries)))
	for _, e := range entries {
		path := make([]byte, 528)
		copy(path, wtf8.Encode(e.Path))
		b = append(b, path...)
		b = le.AppendUint64(b, filetime.Ticks(e.Modified))
		b = le.AppendUint64(b, e.Size)
		b = le.AppendUint64(b, filetime.Ticks(e.Updated))
	}
	return b
}

func shimFlags(e registry.ShimCacheEntry) uint32 {
	if e.Executed == registry.ExecutedYes {
		return 3
	}
	return 1
}

func shim7(magic uint32, header, width, path, modified, flags int, sized bool, entries []registry.ShimCacheEntry) []byte {
	b := make([]byte, header+width*len(entries))
	le.PutUint32(b, magic)
	le.PutUint32(b[4:], uint32(len(entries)))
	for i, e := range entries {
		at := header + i*width
		text := wtf8.Encode(e.Path)
		le.PutUint16(b[at:], uint16(len(text)))
		le.PutUint16(b[at+2:], uint16(len(text)+2))
		le.PutUint32(b[at+path:], uint32(len(b)))
		le.PutUint64(b[at+modified:], filetime.Ticks(e.Modified))
		if sized {
			le.PutUint64(b[at+flags:], e.Size)
		} else {
			le.PutUint32(b[at+flags:], shimFlags(e))
		}
		b = append(append(b, text...), 0, 0)
	}
	return b
}

func shim8(header int, mark string, flagged, packaged bool, entries []registry.ShimCacheEntry) []byte {
	b := make([]byte, header)
	if !flagged {
		le.PutUint32(b, uint32(header))
	}
	for _, e := range entries {
		text := wtf8.Encode(e.Path)
		body := append(le.AppendUint16(nil, uint16(len(text))), text...)
		if packaged {
			body = le.AppendUint16(body, 0) // the name of a package
		}
		if flagged {
			body = le.AppendUint32(body, shimFlags(e))
			body = le.AppendUint32(body, 0)
		}
		body = le.AppendUint64(body, filetime.Ticks(e.Modified))
		body = le.AppendUint32(body, 0)
		b = append(b, mark+"\x00\x00\x00\x00"...)
		b = append(le.AppendUint32(b, uint32(len(body))), body...)
	}
	return b
}
