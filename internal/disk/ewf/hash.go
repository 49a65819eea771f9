package ewf

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"hash/adler32"
	"io"
	"strings"

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
// A section xhash is XML in UTF-8, compressed by zlib, with the hashes as elements in
// hexadecimal: MD5, SHA1, SHA256. The ewfx format of libewf has it.
//
// Those of the second version have one hash each, and the Adler-32 of it behind it.
const (
	md5Len    = 16
	sha1Len   = 20
	sha256Len = 32
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

// The elements of a section xhash, and the names of their algorithms.
var xhashes = []struct {
	element, algorithm string
	size               int // bytes
}{{"MD5", "MD5", md5Len}, {"SHA1", "SHA-1", sha1Len}, {"SHA256", "SHA-256", sha256Len}}

// maxXHash bounds a section xhash and its XML, of which libewf writes some 250 bytes.
const maxXHash = 64 << 10

// readXHash reads the hashes of a section xhash. A damaged section is a problem.
func (e *image) readXHash(s *segment, sec section) {
	const what = "section xhash"
	fail := func(kind damage.Kind, err error) { e.problem(kind, err, s.Name) }
	if sec.size > maxXHash {
		fail(damage.Malformed, damage.New("size of the "+what, sec.at, sec.size, fmt.Sprintf("≤ %d", maxXHash)))
		return
	}
	packed, err := bin.ReadAt(s.R, min(s.Size, sec.at+sec.size), sec.at, sec.size, what)
	if err != nil {
		fail(damage.Truncation, err)
		return
	}
	text, err := unpackXML(packed)
	if err != nil {
		fail(damage.Malformed, &damage.Error{Offset: sec.at, What: what, Err: err})
		return
	}
	in := xml.NewDecoder(bytes.NewReader(text))
	algorithm, size := "", 0
	for {
		token, err := in.Token()
		if err == io.EOF {
			return
		}
		if err != nil {
			fail(damage.Malformed, &damage.Error{Offset: sec.at, What: what, Err: err})
			return
		}
		switch t := token.(type) {
		case xml.StartElement:
			algorithm = ""
			for _, x := range xhashes {
				if t.Name.Local == x.element {
					algorithm, size = x.algorithm, x.size
				}
			}
		case xml.CharData:
			if sum, err := hex.DecodeString(strings.TrimSpace(string(t))); err == nil && algorithm != "" && len(sum) == size {
				e.addHash(algorithm, sum)
			}
		case xml.EndElement:
			algorithm = ""
		}
	}
}

// unpackXML returns the XML of a section.
func unpackXML(packed []byte) ([]byte, error) {
	z, err := zlib.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	defer z.Close()
	text, err := io.ReadAll(io.LimitReader(z, maxXHash))
	return bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")), err
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
