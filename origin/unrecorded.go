package origin

import (
	"io/fs"
	"strings"

	"github.com/birthmark-dfir/birthmark/timeline"
)

// UnrecordedError reports that there is neither a file nor a record of it. It satisfies
// errors.Is(err, fs.ErrNotExist).
type UnrecordedError struct {
	Path   string   // as the caller wrote it
	Unread []string // the artifacts that could not be read, in which it may be recorded
}

func (e *UnrecordedError) Error() string {
	text := "investigate " + e.Path + ": " + fs.ErrNotExist.Error()
	if len(e.Unread) > 0 {
		text += "; artifacts that could not be read: " + strings.Join(e.Unread, ", ")
	}
	return text
}

// Is reports whether target is fs.ErrNotExist.
func (e *UnrecordedError) Is(target error) bool { return target == fs.ErrNotExist }

// unread returns the artifacts that are there, and of which nothing could be read.
func (q *inquiry) artifactsUnread() []string {
	var list []string
	for _, c := range q.tl.Coverage() {
		if c.State == timeline.Unreadable || c.State == timeline.Damaged && c.Records == 0 {
			list = append(list, c.Artifact)
		}
	}
	return list
}
