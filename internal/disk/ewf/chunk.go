package ewf

import (
	"bytes"
	"compress/bzip2"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/adler32"
	"io"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
)

// method is how a chunk is compressed. The numbers are those of the second version.
type method uint16

const (
	methodNone method = iota
	methodDeflate
	methodBzip2
)

// place is where a chunk is in its segment.
type place struct {
	off, length int64
	method      method
	summed      bool    // an Adler-32 follows the content
	filled      bool    // with pattern; nothing is stored
	pattern     [8]byte // repeated
}

// read reads a chunk, and checks its checksum.
func (e *image) read(t *table, i int64) ([]byte, error) {
	locate := e.locate
	if t.segment.second {
		locate = e.locateSecond
	}
	p, err := locate(t, i)
	if err != nil {
		return nil, err
	}
	want := min(e.chunk, e.size-i*e.chunk)
	if p.filled {
		return bytes.Repeat(p.pattern[:], int(want+7)/8)[:want], nil
	}
	if p.length <= 0 || p.length > 2*e.chunk+1024 {
		return nil, damage.New("length of the chunk", p.off, p.length, fmt.Sprintf("1 to %d", 2*e.chunk))
	}
	raw, err := bin.ReadAt(t.segment.R, t.segment.Size, p.off, p.length, "chunk")
	if err != nil {
		return nil, err
	}
	if p.method != methodNone {
		return e.unpack(raw, want, p)
	}
	return e.plain(raw, want, p)
}

// plain returns a chunk that is not compressed. The last one may be as long as the others.
func (e *image) plain(raw []byte, want int64, p place) ([]byte, error) {
	sum := int64(0)
	if p.summed {
		sum = 4
	}
	if p.length < want+sum || !p.summed && p.length != want && p.length != e.chunk {
		return nil, damage.New("length of the chunk", p.off, p.length, want+sum)
	}
	content := raw[:want]
	if p.length >= e.chunk+sum {
		content = raw[:e.chunk]
	}
	if p.summed {
		want, got := binary.LittleEndian.Uint32(raw[len(content):]), adler32.Checksum(content)
		if want != got {
			return nil, damage.New("checksum of the chunk", p.off+int64(len(content)), fmt.Sprintf("%#x", want), fmt.Sprintf("%#x", got))
		}
	}
	return content[:want], nil
}

// unpack unpacks a chunk. The content may be longer than what is wanted of it, in the
// last chunk.
func (e *image) unpack(raw []byte, want int64, p place) ([]byte, error) {
	b := make([]byte, e.chunk)
	n, err := e.unpackInto(b, raw, p.method)
	if err == nil && int64(n) < want {
		err = io.ErrUnexpectedEOF
	}
	if err == nil {
		return b[:want], nil
	}
	return nil, &damage.Error{Offset: p.off, What: "compressed chunk", Got: hex.EncodeToString(raw[:min(len(raw), 4)]), Err: err}
}

func (e *image) unpackInto(b, raw []byte, m method) (int, error) {
	switch m {
	case methodDeflate:
		return e.decoders.Zlib(b, raw)
	case methodBzip2:
		return unbzip2(b, raw)
	}
	return 0, fmt.Errorf("compression method %d", m)
}

// A stream of bzip2, and a block of it.
const (
	bzip2Header = "BZh9"
	bzip2Block  = "\x31\x41\x59\x26\x53\x59"
)

// unbzip2 unpacks bzip2. EnCase leaves out what is before the first block, and what
// follows the last one: a block ends with its checksum.
func unbzip2(b, raw []byte) (int, error) {
	var src io.Reader = bytes.NewReader(raw)
	bare := bytes.HasPrefix(raw, []byte(bzip2Block))
	if bare {
		src = io.MultiReader(bytes.NewReader([]byte(bzip2Header)), src)
	}
	r := bzip2.NewReader(src)
	n := 0
	for {
		rest := b[n:]
		if len(rest) == 0 {
			rest = make([]byte, 1) // the checksum of a block is checked behind it
		}
		got, err := r.Read(rest)
		switch {
		case got > 0 && n == len(b):
			return n, io.ErrShortBuffer
		case err == io.EOF, bare && n > 0 && errors.Is(err, io.ErrUnexpectedEOF):
			return n + got, nil
		case err != nil:
			return n, err
		}
		n += got
	}
}
