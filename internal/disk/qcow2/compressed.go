package qcow2

import (
	"bytes"
	"fmt"
	"io"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
	"github.com/birthmark-dfir/birthmark/internal/disk"
	"github.com/birthmark-dfir/birthmark/internal/unzstd"
)

// compressed finds a cluster that is compressed. Its entry has the offset in the file,
// and above that how many sectors follow the first that holds a part of it.
func (q *file) compressed(i int64, e uint64) (disk.Block, error) {
	x := 62 - (q.bits - 8)
	off := int64(e & (1<<x - 1))
	sectors := int64(e>>x) & (1<<(q.bits-8) - 1)
	b, err := q.clusters.Get(i, func() ([]byte, error) {
		if off >= q.dataSize {
			return nil, damage.New(fmt.Sprintf("offset of the compressed cluster %d", i), -1, off, fmt.Sprintf("< %d, the size of the file", q.dataSize))
		}
		length := min((sectors+1)*512-off%512, q.dataSize-off)
		packed, err := bin.ReadAt(q.data, q.dataSize, off, length, "compressed cluster")
		if err != nil {
			return nil, err
		}
		b := make([]byte, q.cluster)
		if q.zstd {
			err = unzstd.First(b, packed)
		} else {
			err = q.inflate(b, packed)
		}
		if err != nil {
			return nil, &damage.Error{Offset: off, What: fmt.Sprintf("compressed cluster %d", i), Err: err}
		}
		return b, nil
	})
	if err != nil {
		return disk.Block{}, err
	}
	return disk.Block{R: bytes.NewReader(b)}, nil
}

// inflate fills a cluster. What is behind it in the stream is ignored, as in QEMU.
func (q *file) inflate(b, packed []byte) error {
	n, _, err := q.decoders.Decode(b, packed)
	switch {
	case n == len(b):
		return nil
	case err == nil:
		return io.ErrUnexpectedEOF
	}
	return err
}
