// Package wof reads files that Windows has compressed with CompactOS or compact /exe:
// the Windows Overlay Filter keeps them in a stream of their own, in chunks that each are
// compressed for themselves.
package wof

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
	"github.com/birthmark-dfir/birthmark/internal/disk"
	"github.com/birthmark-dfir/birthmark/internal/xpress"
)

// Stream is the name of the stream with the compressed content.
const Stream = "WofCompressedData"

// algorithm is a row of the table of algorithms.
type algorithm struct {
	name   string
	chunk  int64
	unpack func(out, in []byte) error
}

// algorithms are numbered as in the reparse point.
var algorithms = [...]algorithm{
	{"XPRESS4K", 4 << 10, xpress.Decompress},
	{"LZX", 32 << 10, lzx},
	{"XPRESS8K", 8 << 10, xpress.Decompress},
	{"XPRESS16K", 16 << 10, xpress.Decompress},
}

// The data of the reparse point, behind its header of 8 bytes:
//
//	0x00  4  version, 1
//	0x04  4  provider: 1 a Windows imaging file, 2 the file itself
//	0x08  4  version of what follows, 1
//	0x0c  4  algorithm
const (
	pointLen     = 16
	providerFile = 2
)

// Algorithm returns the algorithm that the data of a reparse point names.
func Algorithm(point []byte) (uint32, error) {
	if len(point) < pointLen {
		return 0, damage.Truncated("data of the reparse point", 8, pointLen, int64(len(point)))
	}
	if provider := binary.LittleEndian.Uint32(point[4:]); provider != providerFile {
		return 0, damage.New("provider of the reparse point", 0x0c, provider, "2: the content is in a Windows imaging file")
	}
	n := binary.LittleEndian.Uint32(point[0x0c:])
	if n >= uint32(len(algorithms)) {
		return 0, damage.New("algorithm of the reparse point", 0x14, n, fmt.Sprintf("0 to %d", len(algorithms)-1))
	}
	return n, nil
}

// Name returns the name of an algorithm that Algorithm returned.
func Name(n uint32) string { return algorithms[n].name }

// file is an open file.
type file struct {
	algorithm
	r     io.ReaderAt
	size  int64 // of r
	plain int64 // of the file
	entry int64 // size of an entry of the table
	table int64 // size of the table
	kept  disk.Decoded
}

// Open returns the content of a file of so many bytes, which is compressed in the first
// size bytes of r: a table with the offset of each chunk but the first, from the end of
// the table, in 4 bytes, or in 8 for a file of more than 4 GiB; then the chunks. One that
// is as long as its content is not compressed.
func Open(r io.ReaderAt, size, plain int64, n uint32) (io.ReaderAt, error) {
	if n >= uint32(len(algorithms)) {
		return nil, damage.New("algorithm", -1, n, fmt.Sprintf("0 to %d", len(algorithms)-1))
	}
	f := &file{algorithm: algorithms[n], r: r, size: size, plain: plain, entry: 4, kept: disk.Decoded{Max: 64}}
	if plain > 1<<32-1 {
		f.entry = 8
	}
	chunks := (plain + f.chunk - 1) / f.chunk
	if chunks > 0 {
		f.table = (chunks - 1) * f.entry
	}
	if f.table > size {
		return nil, damage.New("table of chunks", 0, fmt.Sprintf("%d bytes", size), f.table)
	}
	return &disk.Blocks{Size: plain, BlockSize: f.chunk, Find: f.find}, nil
}

// offset returns where a chunk begins, from the end of the table.
func (f *file) offset(i int64) (int64, error) {
	if i == 0 {
		return 0, nil
	}
	var b [8]byte
	if err := bin.ReadFull(f.r, b[:f.entry], (i-1)*f.entry, "table of chunks"); err != nil {
		return 0, err
	}
	v := binary.LittleEndian.Uint64(b[:])
	if v > uint64(f.size-f.table) {
		return 0, damage.New(fmt.Sprintf("offset of chunk %d", i), (i-1)*f.entry, v, fmt.Sprintf("≤ %d", f.size-f.table))
	}
	return int64(v), nil
}

func (f *file) find(i int64) (disk.Block, error) {
	b, err := f.kept.Get(i, func() ([]byte, error) { return f.read(i) })
	if err != nil {
		return disk.Block{}, damage.In(err, "", fmt.Sprintf("%s: chunk %d", f.name, i))
	}
	return disk.Block{R: bytes.NewReader(b)}, nil
}

func (f *file) read(i int64) ([]byte, error) {
	begin, err := f.offset(i)
	if err != nil {
		return nil, err
	}
	end := f.size - f.table
	if (i+1)*f.chunk < f.plain {
		if end, err = f.offset(i + 1); err != nil {
			return nil, err
		}
	}
	want := min(f.chunk, f.plain-i*f.chunk)
	if end <= begin || end-begin > want {
		return nil, damage.New("length of the chunk", f.table+begin, end-begin, fmt.Sprintf("1 to %d", want))
	}
	raw, err := bin.ReadAt(f.r, f.size, f.table+begin, end-begin, "chunk")
	if err != nil || int64(len(raw)) == want {
		return raw, err
	}
	out := make([]byte, want)
	return out, f.unpack(out, raw)
}
