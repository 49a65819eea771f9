package mft

import "io"

// Option changes how a Reader or a Volume reads.
type Option func(*config)

type config struct {
	recordSize int
	sds        io.ReaderAt
	sdsSize    int64
}

// WithRecordSize says how large the records of a bare $MFT are, in bytes, which
// is a power of two from 512 to 65536. By default the first record that is
// intact says it. A Volume takes it from its boot sector.
func WithRecordSize(n int) Option { return func(c *config) { c.recordSize = n } }

// WithSecure gives a bare $MFT the stream $Secure:$SDS of its volume, so that
// the owners of its files can be named. A Volume finds its own.
func WithSecure(sds io.ReaderAt, size int64) Option {
	return func(c *config) { c.sds, c.sdsSize = sds, size }
}

func newConfig(opts []Option) config {
	var c config
	for _, o := range opts {
		o(&c)
	}
	return c
}
