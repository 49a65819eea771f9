// Package unzstd decompresses zstandard with bounded memory.
package unzstd

import (
	"bytes"
	"io"

	"github.com/klauspost/compress/zstd"
)

// maxWindow bounds the memory of a decoder, in bytes. What is compressed with a larger
// window is an error.
const maxWindow = 128 << 20

// First fills b with the beginning of what is compressed.
func First(b, compressed []byte) error {
	r, err := NewReader(bytes.NewReader(compressed))
	if err != nil {
		return err
	}
	defer r.Close()
	_, err = io.ReadFull(r, b)
	return err
}

// NewReader returns a reader of what is compressed. Closing it frees its memory.
func NewReader(r io.Reader) (io.ReadCloser, error) {
	d, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow), zstd.WithDecoderLowmem(true))
	if err != nil {
		return nil, err
	}
	return d.IOReadCloser(), nil
}
