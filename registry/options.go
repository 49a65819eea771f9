package registry

// Option changes how a hive is read.
type Option func(*config)

type config struct {
	name   string
	logs   []Log
	beside bool
	files  []logFile // the logs beside the hive, in memory

	fragment bool
}

// WithName sets the name of the hive in errors and problems, and the result of
// Reader.Name. The default is the name of the opened file; for NewReader, errors
// call the hive "registry".
func WithName(name string) Option { return func(c *config) { c.name = name } }

// WithLogs gives the transaction logs of the hive, in any order. If the hive is dirty,
// they are replayed as Windows would when it loads the hive: the Reader shows the state
// that they complete. Neither the hive nor a log is written to. [Reader.Logs] returns
// what became of each log.
func WithLogs(logs ...Log) Option {
	return func(c *config) { c.logs = append(c.logs, logs...) }
}

// WithLogsBeside makes Open and OpenFS take the transaction logs beside the hive, as
// [LogNames] finds them, as if they were given by WithLogs. A log that cannot be read is
// among [Reader.Logs] with the error. NewReader ignores this option.
func WithLogsBeside() Option { return func(c *config) { c.beside = true } }

// WithFragments opens also what is left of a hive whose root key is lost, if it has a bin in
// its place: Root fails then, and Deleted finds the keys and values that are left.
func WithFragments() Option { return func(c *config) { c.fragment = true } }

func newConfig(opts []Option) config {
	var c config
	for _, opt := range opts {
		opt(&c)
	}
	return c
}
