package origin

import (
	"bytes"
	"context"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"

	"github.com/birthmark-dfir/birthmark/internal/bin"
	"github.com/birthmark-dfir/birthmark/internal/fsfile"
	"github.com/birthmark-dfir/birthmark/pe"
)

// content is the information in the bytes of a file.
type content struct {
	size              int64
	md5, sha1, sha256 string
	image             *pe.Reader // nil for a file that is not an executable
	head              []byte     // the first bytes of a file that is not an executable
	blank             bool       // it is not an executable, and has only zeros
}

// hash returns a hash by the name that Sysmon gives it, or "" if it is not computed.
func (c *content) hash(algorithm string) string {
	switch algorithm {
	case "MD5":
		return c.md5
	case "SHA1":
		return c.sha1
	case "SHA256":
		return c.sha256
	case "IMPHASH":
		if c.image != nil {
			return c.image.ImpHash
		}
	}
	return ""
}

// maxContent is the size in bytes of the largest file that is hashed. Sparse files
// may claim any size, and no executable comes near it.
const maxContent = 4 << 30

// readContent hashes a file, and parses it if it is an executable.
func readContent(ctx context.Context, vol fs.FS, name string) (*content, error) {
	f, err := vol.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if r, ok := f.(io.ReaderAt); ok {
		return contentOf(ctx, r, info.Size())
	}
	if info.Size() > maxContent {
		return nil, tooLarge(info.Size())
	}
	c := &content{size: info.Size()}
	return c, c.sum(ctx, f)
}

// contentOf is readContent for the bytes of a file.
func contentOf(ctx context.Context, r io.ReaderAt, size int64) (*content, error) {
	if size > maxContent {
		return nil, tooLarge(size)
	}
	c := &content{size: size}
	if image, err := pe.NewReader(r, size); err == nil {
		c.image = image
		c.md5, c.sha1, c.sha256 = image.MD5, image.SHA1, image.SHA256
		return c, nil
	}
	return c, c.sum(ctx, io.NewSectionReader(r, 0, size))
}

func tooLarge(size int64) error { return fmt.Errorf("%d bytes are too many to hash", size) }

func (c *content) sum(ctx context.Context, r io.Reader) error {
	m, s1, s2 := md5.New(), sha1.New(), sha256.New()
	c.blank = true
	all := io.MultiWriter(m, s1, s2, writerFunc(func(b []byte) { c.blank = c.blank && bin.AllZero(b) }))
	r = fsfile.WithContext(ctx, r)
	var head bytes.Buffer
	if _, err := io.Copy(io.MultiWriter(all, &head), io.LimitReader(r, headSize)); err != nil {
		return err
	}
	c.head = head.Bytes()
	if _, err := io.Copy(all, r); err != nil {
		return err
	}
	c.md5, c.sha1, c.sha256 = hex.EncodeToString(m.Sum(nil)), hex.EncodeToString(s1.Sum(nil)), hex.EncodeToString(s2.Sum(nil))
	return nil
}

// writerFunc is a function that looks at what is written.
type writerFunc func([]byte)

func (f writerFunc) Write(b []byte) (int, error) {
	f(b)
	return len(b), nil
}
