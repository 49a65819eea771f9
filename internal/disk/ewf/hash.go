package ewf

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/adler32"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
	"github.com/birthmark-dfir/birthmark/internal/disk"
)

// The sections with hashes of the first version, in bytes from the beginning of their
// content. A hash of zeros was not stored.
//
//	hash    0x00 16  MD5
//	        0x20  4  Adler-32 of the bytes before
//	digest  0x00 16  MD5
//	        0x10 20  SHA-1
//	        0x4c  4  Adler-32 of the bytes before
//
// Those of the second version have one hash each, and the Adler-32 of it behind it.
const (
	md5Len  = 16
	sha1Len = 20
)

// readHashes reads the hashes of a section. A damaged section is a problem.
func (e *image) readHashes(s *segment, sec section) {
	length := int64(0x24)
	if sec.kind == "digest" {
		length = 0x50
	}
	b := e.hashSection(s, sec, length)
	if b == nil {
		return
	}
	e.addHash("MD5", b[:md5Len])
	if sec.kind == "digest" {
		e.addHash("SHA-1", b[md5Len:md5Len+sha1Len])
	}
}

// hashSection returns the content of a section with hashes, which ends with a checksum,
// or nil and a problem if it is damaged.
func (e *image) hashSection(s *segment, sec section, length int64) []byte {
	b, err := bin.ReadAt(s.R, min(s.Size, sec.at+sec.size), sec.at, length, "section with the hash of the disk")
	if err != nil {
		e.problem(damage.Truncation, err, s.Name)
		return nil
	}
	at := length - 4
	if want, got := binary.LittleEndian.Uint32(b[at:]), adler32.Checksum(b[:at]); want != got {
		e.problem(damage.Checksum, damage.New("checksum of the section with the hash of the disk", sec.at+at, fmt.Sprintf("%#x", want), fmt.Sprintf("%#x", got)), s.Name)
		return nil
	}
	return b
}

// addHash adds a hash, unless it is there already.
func (e *image) addHash(algorithm string, sum []byte) {
	for _, h := range e.hashes {
		if h.Algorithm == algorithm && bytes.Equal(h.Sum, sum) {
			return
		}
	}
	if !bin.AllZero(sum) && len(e.hashes) < maxHashes {
		e.hashes = append(e.hashes, disk.Hash{Algorithm: algorithm, Sum: sum})
	}
}

// maxHashes bounds the hashes of an image. There is one of each kind, if nobody changed it.
const maxHashes = 8
