package pe

// DefaultLimit is how much of a file is read into memory, in bytes, unless
// WithLimit sets another limit.
const DefaultLimit = 256 << 20

// Option changes how an executable is read.
type Option func(*config)

type config struct {
	name  string
	limit int64
}

// WithName sets the name of the executable in errors and problems. The default is
// the name of the opened file or, for NewReader, "pe".
func WithName(name string) Option { return func(c *config) { c.name = name } }

// WithLimit sets how many bytes of the file are read into memory at once, at
// least 64 KiB. Hashes and signatures are read from larger files too; everything
// else is read only if it is before the limit. DefaultLimit is plenty: images of
// more than 100 MB are rare.
func WithLimit(n int64) Option {
	return func(c *config) { c.limit = max(n, chunkSize) }
}

func newConfig(opts []Option) config {
	c := config{name: "pe", limit: DefaultLimit}
	for _, opt := range opts {
		opt(&c)
	}
	return c
}
