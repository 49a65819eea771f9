package archive

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/sha1"
	"crypto/subtle"
	"encoding/binary"
	"io"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
)

// aesHeader is the extra field of an encrypted member.
//
//	0x00  2  version: AE-1 has a CRC-32 in the entry, AE-2 has 0 there
//	0x02  2  "AE"
//	0x04  1  strength: 1, 2 and 3 are 128, 192 and 256 bits
//	0x05  2  method of compression before the encryption
type aesHeader struct {
	version, method uint16
	keySize         int // bytes
}

// parseAES reads the field. It returns nil if that is not valid.
func parseAES(field []byte) *aesHeader {
	if len(field) < 7 || string(field[2:4]) != "AE" || field[4] < 1 || field[4] > 3 {
		return nil
	}
	h := &aesHeader{
		version: binary.LittleEndian.Uint16(field),
		method:  binary.LittleEndian.Uint16(field[5:]),
		keySize: 8 + 8*int(field[4]),
	}
	if h.version != 1 && h.version != 2 {
		return nil
	}
	return h
}

// The data of an encrypted member:
//
//	salt, half as long as the key
//	2 bytes that verify the password
//	encrypted data
//	10 bytes of HMAC-SHA1 of the encrypted data
const (
	verifierSize = 2
	macSize      = 10

	aesRounds = 1000 // of PBKDF2
)

// open derives the keys, checks the password and the authentication code of the data,
// and returns the decrypted data.
func (h *aesHeader) open(r *io.SectionReader, size int64, password string) (*decrypted, error) {
	saltSize := int64(h.keySize / 2)
	begin := saltSize + verifierSize
	if size < begin+macSize {
		return nil, damage.Truncated("encrypted data", 0, begin+macSize, size)
	}
	head, err := bin.ReadAt(r, size, 0, begin, "salt")
	if err != nil {
		return nil, err
	}
	keys, err := pbkdf2.Key(sha1.New, password, head[:saltSize], aesRounds, 2*h.keySize+verifierSize)
	if err != nil {
		return nil, err
	}
	wrong := &damage.Error{Offset: -1, What: "password", Err: ErrPassword}
	if subtle.ConstantTimeCompare(keys[2*h.keySize:], head[saltSize:]) != 1 {
		return nil, wrong
	}
	d := &decrypted{r: io.NewSectionReader(r, begin, size-begin-macSize), size: size - begin - macSize}
	mac := hmac.New(sha1.New, keys[h.keySize:2*h.keySize])
	if _, err := io.Copy(mac, d.r); err != nil {
		return nil, err
	}
	want, err := bin.ReadAt(r, size, size-macSize, macSize, "authentication code")
	if err != nil {
		return nil, err
	}
	if !hmac.Equal(mac.Sum(nil)[:macSize], want) {
		// One wrong password in 65536 passes the verifier.
		return nil, &damage.Error{Offset: -1, What: "authentication code of encrypted data", Got: "another one", Want: "the stored one; else the data was changed or the password is wrong", Err: ErrChecksum}
	}
	d.block, err = aes.NewCipher(keys[:h.keySize])
	return d, err
}

// decrypted is the decrypted data of a member. The cipher is AES in counter mode with a
// little-endian counter that begins with 1, so it can be read at any offset.
type decrypted struct {
	r     *io.SectionReader
	size  int64
	block cipher.Block
}

// ReadAt implements io.ReaderAt.
func (d *decrypted) ReadAt(b []byte, off int64) (int, error) {
	if off < 0 {
		return 0, errNegative
	}
	n, err := d.r.ReadAt(b, off)
	counter, stream := make([]byte, aes.BlockSize), make([]byte, aes.BlockSize)
	for done := 0; done < n; {
		at := off + int64(done)
		binary.LittleEndian.PutUint64(counter, uint64(at/aes.BlockSize)+1)
		d.block.Encrypt(stream, counter)
		from := int(at % aes.BlockSize)
		done += subtle.XORBytes(b[done:n], b[done:n], stream[from:])
	}
	return n, err
}
