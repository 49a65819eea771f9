package registry

// Option changes how a hive is read.
type Option func(*config)

type config struct{ name string }

// WithName sets the name of the hive in errors and problems, and the result of
// Reader.Name. The default is the name of the opened file; for NewReader, errors
// call the hive "registry".
func WithName(name string) Option { return func(c *config) { c.name = name } }

func newConfig(opts []Option) config {
	var c config
	for _, opt := range opts {
		opt(&c)
	}
	return c
}
