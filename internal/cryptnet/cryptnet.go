// Package cryptnet reads the files in CryptnetUrlCache\MetaData, one for each address
// from which cryptnet.dll fetched something into CryptnetUrlCache\Content: revocation
// lists as a rule, and what certutil -urlcache fetches.
package cryptnet

import (
	"encoding/binary"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
)

// Entry is what the file of an address holds.
type Entry struct {
	URL        string
	Downloaded time.Time // the last time
	Size       uint32    // of the content in bytes
}

// MaxSize is the size in bytes up to which a file can be one of the cache.
const MaxSize = 1 << 20

// headSize is the size of what precedes the address, in bytes.
const headSize = 116

// Parse reads a file. Offsets are from its beginning:
//
//	 12  4  size of the address in bytes
//	 16  8  FILETIME of the last download
//	100  4  size of the ETag behind the address in bytes
//	112  4  size of the content in bytes
//	116     the address in UTF-16
func Parse(data []byte) (Entry, error) {
	if len(data) < headSize {
		return Entry{}, damage.New("size of the file", 0, len(data), "≥ 116 bytes")
	}
	size := binary.LittleEndian.Uint32(data[12:])
	if int64(size) > int64(len(data)-headSize) || size == 0 {
		return Entry{}, damage.New("size of the address", 12, size, "within the file")
	}
	return Entry{
		URL:        wtf8.String(data[headSize : headSize+int(size)]),
		Downloaded: filetime.Time(binary.LittleEndian.Uint64(data[16:])),
		Size:       binary.LittleEndian.Uint32(data[112:]),
	}, nil
}

// Bytes returns the file of an entry, for tests.
func (e Entry) Bytes() []byte {
	url := wtf8.Encode(e.URL)
	b := make([]byte, headSize, headSize+len(url))
	binary.LittleEndian.PutUint32(b[12:], uint32(len(url)))
	binary.LittleEndian.PutUint64(b[16:], filetime.Ticks(e.Downloaded))
	binary.LittleEndian.PutUint32(b[112:], e.Size)
	return append(b, url...)
}
