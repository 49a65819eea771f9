package archive

import (
	"hash/crc32"
	"io"

	"github.com/birthmark-dfir/birthmark/damage"
)

// The traditional encryption of zip files; APPNOTE, section 6.1. Before the encrypted
// data is a header of 12 bytes, encrypted too. Its last byte verifies the password.
const (
	cryptoHeader = 12
	cryptoStep   = 64 << 10 // bytes between the states that are kept
)

// cryptoKeys are the state of the cipher.
type cryptoKeys [3]uint32

func newCryptoKeys(password string) cryptoKeys {
	k := cryptoKeys{0x12345678, 0x23456789, 0x34567890}
	for i := range len(password) {
		k.update(password[i])
	}
	return k
}

// update takes a byte of plain text.
func (k *cryptoKeys) update(c byte) {
	k[0] = crc32.IEEETable[byte(k[0])^c] ^ k[0]>>8
	k[1] = (k[1]+k[0]&0xff)*134775813 + 1
	k[2] = crc32.IEEETable[byte(k[2])^byte(k[1]>>24)] ^ k[2]>>8
}

// decrypt decrypts b in place.
func (k *cryptoKeys) decrypt(b []byte) {
	for i, c := range b {
		t := k[2]&0xffff | 2
		c ^= byte(t * (t ^ 1) >> 8)
		k.update(c)
		b[i] = c
	}
}

// cryptoReader is the decrypted data of a member. Each state depends on all data before
// it, so some states are kept.
type cryptoReader struct {
	r      *io.SectionReader // the encrypted data
	states []cryptoKeys
}

// openCrypto decrypts the data once. Check is what the last byte of the header may be:
// the upper byte of the CRC-32, or of the time if the CRC-32 is behind the data.
func openCrypto(r io.ReaderAt, off, size int64, password string, check ...byte) (*cryptoReader, error) {
	if size < cryptoHeader {
		return nil, damage.Truncated("encrypted data", off, cryptoHeader, size)
	}
	k := newCryptoKeys(password)
	header := make([]byte, cryptoHeader)
	if n, err := r.ReadAt(header, off); n < cryptoHeader {
		return nil, err
	}
	k.decrypt(header)
	right := false
	for _, c := range check {
		right = right || header[cryptoHeader-1] == c
	}
	if !right {
		return nil, &damage.Error{Offset: -1, What: "password", Err: ErrPassword}
	}
	size -= cryptoHeader
	d := &cryptoReader{r: io.NewSectionReader(r, off+cryptoHeader, size)}
	buf := make([]byte, cryptoStep)
	for at := int64(0); at < size; at += cryptoStep {
		d.states = append(d.states, k)
		part := buf[:min(cryptoStep, size-at)]
		if n, err := d.r.ReadAt(part, at); n < len(part) {
			return nil, err
		}
		k.decrypt(part)
	}
	return d, nil
}

// ReadAt implements io.ReaderAt.
func (d *cryptoReader) ReadAt(b []byte, off int64) (int, error) {
	switch {
	case off < 0:
		return 0, errNegative
	case off >= d.r.Size():
		return 0, io.EOF
	}
	k := d.states[off/cryptoStep]
	before := make([]byte, off%cryptoStep)
	if n, err := d.r.ReadAt(before, off-int64(len(before))); n < len(before) {
		return 0, err
	}
	k.decrypt(before)
	n, err := d.r.ReadAt(b, off)
	k.decrypt(b[:n])
	return n, err
}
