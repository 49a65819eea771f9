// Package zstdtest compresses by zstandard for tests.
package zstdtest

import "github.com/klauspost/compress/zstd"

// Frames compresses data in frames of a size, each with the size and the checksum of its
// content.
func Frames(data []byte, size int) ([]byte, error) {
	w, err := zstd.NewWriter(nil, zstd.WithEncoderCRC(true), zstd.WithEncoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	defer w.Close()
	var out []byte
	for at := 0; at < len(data); at += size {
		out = w.EncodeAll(data[at:min(len(data), at+size)], out)
	}
	return out, nil
}
