package pe

// DefaultLimit is how much of a file is read into memory, in bytes, unless
// WithLimit says otherwise.
const DefaultLimit = 256 << 20

// Option changes how an executable is read.
type Option func(*config)

type config struct {
	name  string
	limit int64
}

// WithName says what errors and problems call the executable. Open and OpenFS use
// the name of the file. Without either, it is "pe".
func WithName(name string) Option { return func(c *config) { c.name = name } }

// WithLimit sets how many bytes of the file are read into memory at once, at
// least 64 KiB. Hashes and signatures are read of larger files too; of the rest,
// only what lies before the limit. DefaultLimit is plenty: images of more than
// 100 MB are rare.
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
