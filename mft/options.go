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

// WithName sets the name of the $MFT or the volume in errors and problems. The
// default is the name of the opened file or, for NewReader and NewVolume, "$MFT"
// and "ntfs". The $MFT of a volume with a name is called name/$MFT, that of a
// volume without one "$MFT".
func WithName(name string) Option { return func(c *config) { c.name = name } }

// WithRecordSize sets the size of the records of a bare $MFT in bytes: a power of
// two from 512 to 65536. The default is the size that most of the intact records
// claim, in places spread over the $MFT. A Volume takes it from its boot sector.
func WithRecordSize(n int) Option { return func(c *config) { c.recordSize = n } }

// WithSecure gives a bare $MFT the stream $Secure:$SDS of its volume, which names
// the owners of its files. A Volume finds its own.
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
