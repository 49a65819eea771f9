// Package archivetest writes zip and tar files for tests, also such that no honest
// archiver writes.
package archivetest

import (
	"bytes"
	"compress/flate"
	"crypto/aes"
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/sha1"
	"encoding/binary"
	"hash/crc32"
	"testing"
	"time"
)

// A Member is a file or, if its name ends in a slash, a folder of a zip file.
type Member struct {
	Name    string // as it is written
	Content []byte
	ModTime time.Time // written as an NTFS time, unless it is zero

	Stored     bool // else deflate
	Descriptor bool // sizes and CRC-32 are behind the data, and zero before it
	Zip64      bool
	UTF8       bool // the name is marked as such

	Password string // encrypts with WinZip's AES if it is not empty
	Strength int    // 1, 2 or 3, which is the default
	AE1      bool   // the CRC-32 is kept

	CRC    uint32 // added to the right one
	Size   int64  // added to the right one in the directory
	Header int64  // replaces the offset of the local header, unless it is 0
	Raw    []byte // replaces the data
	Method uint16 // replaces the method of compression, unless it is 0
}

// Zip returns a zip file.
func Zip(t testing.TB, members ...Member) []byte {
	t.Helper()
	var out, dir bytes.Buffer
	for _, m := range members {
		header := int64(out.Len())
		data, method := m.Content, uint16(0)
		if !m.Stored && len(m.Content) > 0 {
			data, method = Deflate(t, m.Content), 8
		}
		crc := crc32.ChecksumIEEE(m.Content) + m.CRC
		flags := uint16(0)
		if m.UTF8 {
			flags |= 1 << 11
		}
		var extra, local []byte
		if m.Password != "" {
			strength := m.Strength
			if strength == 0 {
				strength = 3
			}
			version := uint16(2)
			if m.AE1 {
				version = 1
			} else {
				crc = 0
			}
			extra = field(extra, 0x9901, append(binary.LittleEndian.AppendUint16(nil, version), 'A', 'E', byte(strength), byte(method), byte(method>>8)))
			data, method = Encrypt(t, data, m.Password, strength), 99
			flags |= 1
		}
		if m.Raw != nil {
			data = m.Raw
		}
		if m.Method != 0 {
			method = m.Method
		}
		if !m.ModTime.IsZero() {
			ticks := uint64(m.ModTime.UnixNano()/100 + 116444736000000000)
			ntfs := []byte{0, 0, 0, 0, 1, 0, 24, 0}
			for range 3 {
				ntfs = binary.LittleEndian.AppendUint64(ntfs, ticks)
			}
			extra = field(extra, 0x000a, ntfs)
		}
		local = extra
		packed, size := int64(len(data)), int64(len(m.Content))+m.Size
		at := header
		if m.Header != 0 {
			at = m.Header
		}
		packed32, size32, at32 := uint32(packed), uint32(size), uint32(at)
		central := bytes.Clone(extra)
		if m.Zip64 {
			var f []byte
			for _, v := range []int64{size, packed, at} {
				f = binary.LittleEndian.AppendUint64(f, uint64(v))
			}
			central = field(central, 0x0001, f)
			local = field(local, 0x0001, f[:16])
			packed32, size32, at32 = 0xffffffff, 0xffffffff, 0xffffffff
		}
		if m.Descriptor {
			flags |= 1 << 3
		}
		put := func(b *bytes.Buffer, values ...any) {
			for _, v := range values {
				if err := binary.Write(b, binary.LittleEndian, v); err != nil {
					t.Fatal(err)
				}
			}
		}
		put(&out, []byte("PK\x03\x04"), uint16(45), flags, method, uint32(0x00210000))
		if m.Descriptor {
			put(&out, uint32(0), uint32(0), uint32(0))
		} else {
			put(&out, crc, packed32, size32)
		}
		put(&out, uint16(len(m.Name)), uint16(len(local)), []byte(m.Name), local, data)
		if m.Descriptor {
			put(&out, []byte("PK\x07\x08"), crc, uint32(packed), uint32(size))
		}
		put(&dir, []byte("PK\x01\x02"), uint16(45), uint16(45), flags, method, uint32(0x00210000), crc, packed32, size32,
			uint16(len(m.Name)), uint16(len(central)), uint16(0), uint16(0), uint16(0), uint32(0), at32, []byte(m.Name), central)
	}
	begin := out.Len()
	out.Write(dir.Bytes())
	n := uint16(min(len(members), 0xffff))
	end := []byte("PK\x05\x06\x00\x00\x00\x00")
	end = binary.LittleEndian.AppendUint16(end, n)
	end = binary.LittleEndian.AppendUint16(end, n)
	end = binary.LittleEndian.AppendUint32(end, uint32(dir.Len()))
	end = binary.LittleEndian.AppendUint32(end, uint32(begin))
	out.Write(append(end, 0, 0))
	return out.Bytes()
}

func field(b []byte, id uint16, content []byte) []byte {
	b = binary.LittleEndian.AppendUint16(b, id)
	b = binary.LittleEndian.AppendUint16(b, uint16(len(content)))
	return append(b, content...)
}

// Deflate returns content as a raw deflate stream.
func Deflate(t testing.TB, content []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.DefaultCompression)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(content); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Encrypt returns the data of a member as WinZip's AES encrypts it. The salt is always
// the same.
func Encrypt(t testing.TB, data []byte, password string, strength int) []byte {
	t.Helper()
	keySize := 8 + 8*strength
	salt := bytes.Repeat([]byte{7}, keySize/2)
	keys, err := pbkdf2.Key(sha1.New, password, salt, 1000, 2*keySize+2)
	if err != nil {
		t.Fatal(err)
	}
	block, err := aes.NewCipher(keys[:keySize])
	if err != nil {
		t.Fatal(err)
	}
	secret := bytes.Clone(data)
	var counter, stream [aes.BlockSize]byte
	for i := range secret {
		if i%aes.BlockSize == 0 {
			binary.LittleEndian.PutUint64(counter[:], uint64(i/aes.BlockSize+1))
			block.Encrypt(stream[:], counter[:])
		}
		secret[i] ^= stream[i%aes.BlockSize]
	}
	mac := hmac.New(sha1.New, keys[keySize:2*keySize])
	mac.Write(secret)
	out := append(salt, keys[2*keySize:]...)
	out = append(out, secret...)
	return append(out, mac.Sum(nil)[:10]...)
}
