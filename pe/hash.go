package pe

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"io"

	"github.com/birthmark-dfir/birthmark/internal/bin"
)

const chunkSize = 64 << 10 // small enough to stay in the cache from one hash to the next; even, for the checksum

// signedAlign is the multiple, in bytes, to which some tools pad a file before they digest it.
const signedAlign = 8

// source is a file whose beginning is in memory.
type source struct {
	r    io.ReaderAt
	size int64
	head []byte
}

// chunks calls f with the file's bytes in order and the offset of each piece.
func (s *source) chunks(f func(b []byte, off int64)) error {
	var buf []byte
	for off := int64(0); off < s.size; {
		n := min(chunkSize, s.size-off)
		var b []byte
		if off+n <= int64(len(s.head)) {
			b = s.head[off : off+n]
		} else {
			if buf == nil {
				buf = make([]byte, chunkSize)
			}
			b = buf[:n]
			if err := bin.ReadFull(s.r, b, off, "file"); err != nil {
				return err
			}
		}
		f(b, off)
		off += n
	}
	return nil
}

// span is a part of the file: the bytes at from and up to, but not including, to.
type span struct{ from, to int64 }

// uncovered returns the parts of the file that Authenticode does not digest, in
// ascending order: the checksum, the entry of the certificate table among the
// data directories, and that table.
func (img *image) uncovered() []span {
	spans := []span{{img.checkSumOffset, img.checkSumOffset + 4}}
	if len(img.dirs) <= certificateDirectory {
		return spans
	}
	entry := img.dirOffset + 8*certificateDirectory
	spans = append(spans, span{entry, entry + 8})
	if table, ok := img.certificateTable(); ok && table.from >= entry+8 {
		spans = append(spans, table)
	}
	return spans
}

// certificateTable returns the extent of the certificate table, cut to the file.
func (img *image) certificateTable() (span, bool) {
	d := img.directory(certificateDirectory)
	if d.rva == 0 || d.size == 0 || int64(d.rva) >= img.fileSize {
		return span{}, false
	}
	return span{int64(d.rva), min(int64(d.rva)+int64(d.size), img.fileSize)}, true
}

// writeCovered writes to w the bytes of b that are outside the spans. The offset
// of b is off.
func writeCovered(w io.Writer, b []byte, off int64, uncovered []span) {
	pos := off
	end := off + int64(len(b))
	for _, s := range uncovered {
		if s.from > pos {
			w.Write(b[pos-off : min(s.from, end)-off])
		}
		if pos = max(pos, s.to); pos >= end {
			return
		}
		if s.from >= end {
			return
		}
	}
	w.Write(b[pos-off:])
}

// hashes computes all hashes and the checksum in one pass. If the file has no
// headers img is nil, and only the hashes of the file are computed.
func (r *Reader) hashes(s *source, img *image) error {
	whole := [...]hash.Hash{md5.New(), sha1.New(), sha256.New()}
	covered := [...]hash.Hash{sha1.New(), sha256.New()}
	var spans []span
	if img != nil {
		spans = img.uncovered()
	}
	var sum checkSum
	err := s.chunks(func(b []byte, off int64) {
		for _, h := range whole {
			h.Write(b)
		}
		if img != nil {
			for _, h := range covered {
				writeCovered(h, b, off, spans)
			}
			sum.add(b)
		}
	})
	if err != nil {
		return err
	}
	r.MD5, r.SHA1, r.SHA256 = hexSum(whole[0]), hexSum(whole[1]), hexSum(whole[2])
	if img != nil {
		r.AuthentihashSHA1, r.AuthentihashSHA256 = hexSum(covered[0]), hexSum(covered[1])
		if _, signed := img.certificateTable(); !signed && s.size%signedAlign != 0 {
			for i, h := range covered {
				h.Write(make([]byte, signedAlign-s.size%signedAlign))
				r.padded[i] = hexSum(h)
			}
		}
		r.ComputedCheckSum = sum.value(img.checkSumOffset, img.checkSum, s.size)
	}
	return nil
}

func hexSum(h hash.Hash) string { return hex.EncodeToString(h.Sum(nil)) }

// checkSum adds up a file as the loader does: 16-bit words with the carry added
// back. This is arithmetic modulo 0xffff, so wider words may be added.
type checkSum struct{ sum uint64 }

// add adds the next bytes; only the last call may have an odd number of them.
func (c *checkSum) add(b []byte) {
	sum := c.sum
	for ; len(b) >= 8; b = b[8:] {
		x := binary.LittleEndian.Uint64(b)
		sum += x&0xffffffff + x>>32
	}
	var last [8]byte
	copy(last[:], b)
	x := binary.LittleEndian.Uint64(last[:])
	sum += x&0xffffffff + x>>32
	c.sum = sum&0xffffffff + sum>>32
}

// value returns the checksum of a file of that size. The field at offset, which
// holds stated, counts as zero.
func (c *checkSum) value(offset int64, stated uint32, size int64) uint32 {
	field := uint64(stated)
	if offset%2 != 0 { // each byte counts in the other half of its word
		field <<= 8
	}
	const modulus = 0xffff
	rest := (c.sum%modulus + modulus - field%modulus) % modulus
	if rest == 0 { // the words are not all zero, because of MZ, so they add up to 1…0xffff
		rest = modulus
	}
	return uint32(rest) + uint32(size)
}

// digestAlgorithms are the algorithms that signatures are known to use, by name.
var digestAlgorithms = map[string]func() hash.Hash{
	"MD5": md5.New, "SHA1": sha1.New, "SHA256": sha256.New, "SHA384": sha512.New384, "SHA512": sha512.New,
}

// imageDigest returns the Authenticode digest by the named algorithm, or "" if
// the algorithm is unknown. Only a digest that the Reader does not hold takes
// another pass.
func (r *Reader) imageDigest(algorithm string, s *source, img *image) (string, error) {
	switch algorithm {
	case "SHA1":
		return r.AuthentihashSHA1, nil
	case "SHA256":
		return r.AuthentihashSHA256, nil
	}
	newHash, ok := digestAlgorithms[algorithm]
	if !ok {
		return "", nil
	}
	h := newHash()
	spans := img.uncovered()
	err := s.chunks(func(b []byte, off int64) { writeCovered(h, b, off, spans) })
	return hexSum(h), err
}
