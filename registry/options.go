package registry

// Option changes how a hive is read.
type Option func(*config)

type config struct{ name string }

// WithName says what errors and problems call the hive, and what Reader.Name
// returns. Open and OpenFS use the name of the file. Without either, errors call
// it "registry".
func WithName(name string) Option { return func(c *config) { c.name = name } }

func newConfig(opts []Option) config {
	var c config
	for _, opt := range opts {
		opt(&c)
	}
	return c
}
