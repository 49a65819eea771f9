package origin

import (
	"context"
	"io/fs"
)

// Option changes how Investigate works.
type Option func(*options)

type options struct {
	drive  string
	volume string
}

// WithDrive sets the drive letter under which Windows knew the volume, one
// letter without colon; the default is C.
func WithDrive(letter string) Option { return func(o *options) { o.drive = letter } }

// WithVolumeName sets the name that the report gives the volume; the default is
// the drive letter with a colon.
func WithVolumeName(name string) Option { return func(o *options) { o.volume = name } }

// Investigate collects what the artifacts of a volume tell about one file and
// answers the twelve questions about it. Path is a Windows path with or without
// drive, or slash-separated below the volume's root. A file that is gone can be
// investigated as long as some record names it.
//
// An artifact that is absent or damaged lessens the answers and is no error.
// Where there is neither a file nor a record about it, the error names the path
// and errors.Is(err, fs.ErrNotExist). Any other error is that of ctx, or that vol
// itself could not be read.
func Investigate(ctx context.Context, vol fs.FS, path string, opts ...Option) (*Report, error) {
	return nil, &fs.PathError{Op: "investigate", Path: path, Err: fs.ErrNotExist}
}
