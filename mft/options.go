package mft

import "io"

// Option changes how a Reader or a Volume reads.
type Option func(*config)

type config struct {
	name       string
	recordSize int
	sds        io.ReaderAt
	sdsSize    int64
}

// WithName says what errors and problems call the $MFT or the volume. Those that
// open a file use its name. Without either, a $MFT is called "$MFT" and a volume
// "ntfs". The $MFT of a volume with a name is called name/$MFT, that of another
// "$MFT".
func WithName(name string) Option { return func(c *config) { c.name = name } }

// WithRecordSize says how large the records of a bare $MFT are, in bytes: a power
// of two from 512 to 65536. By default it is the size that most of the intact
// records state in places spread over the $MFT. A Volume takes it from its boot
// sector.
func WithRecordSize(n int) Option { return func(c *config) { c.recordSize = n } }

// WithSecure gives a bare $MFT the stream $Secure:$SDS of its volume, so that
// the owners of its files can be named. A Volume finds its own.
func WithSecure(sds io.ReaderAt, size int64) Option {
	return func(c *config) { c.sds, c.sdsSize = sds, size }
}

func newConfig(opts []Option) config {
	var c config
	for _, opt := range opts {
		opt(&c)
	}
	return c
}

// The names that errors use without WithName.
const (
	nameMFT    = "$MFT"
	nameVolume = "ntfs"
)
