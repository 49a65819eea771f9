package evidence

// Option changes how evidence is opened.
type Option func(*config)

type config struct {
	sectorSize int64
	password   func() (string, error)
	inSeveral  bool // the evidence is one of several images in an archive
}

// WithSectorSize sets the size of a sector in bytes for partition tables. It must be
// 512 or 4096. By default, or with 0, the size is detected.
func WithSectorSize(n int64) Option { return func(c *config) { c.sectorSize = n } }

// WithPassword sets what is asked for the password of encrypted evidence, which is called
// at most once for each archive, and only if one is needed. Without it, and with the
// password "", the error for what is encrypted has the cause ErrEncrypted. A password
// belongs in no argument of a program, because others see those.
func WithPassword(ask func() (string, error)) Option { return func(c *config) { c.password = ask } }
