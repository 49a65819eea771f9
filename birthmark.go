package birthmark

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/birthmark-dfir/birthmark/evidence"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/origin"
)

// Investigate reports where a file came from. Path is what [evidence.Evidence.Locate]
// takes: a path as Windows writes it, a name that only one file has, a wildcard, or
// a hash.
//
// A file that is gone, or that a collection did not copy, is investigated by its
// path, as long as some record names it. The logs and the registry may lie on
// another volume of the evidence than the file: all volumes that Windows gave a
// letter are read. Options change what this function finds out by itself, such as
// the drive letter.
//
// The error for a file that is neither in the evidence nor in its records is an
// [*evidence.NotFoundError], which names what comes near the path; if several files
// match it is an [*evidence.AmbiguousError] that lists them. An artifact that is
// absent or damaged is not an error: it makes the answers poorer, and the report
// says so.
func Investigate(ctx context.Context, ev *evidence.Evidence, path string, opts ...origin.Option) (*origin.Report, error) {
	m, err := ev.Locate(ctx, path)
	if err == nil {
		letter := m.Volume.Letter
		if m.Volume.Kind == evidence.Artifact && m.Absent {
			letter = defaultLetter
		}
		return investigate(ctx, ev, m.Volume, letter, m.Name, opts)
	}
	var notFound *evidence.NotFoundError
	if !errors.As(err, &notFound) {
		return nil, err
	}
	if s := notFound.Search; s != nil && (s.Hashed || strings.ContainsAny(path, "*?")) {
		return nil, err // not a path
	}
	// The records of the volume on which the path would be may name it, and
	// those of artifacts that came without their volume.
	gone := winpath.Normalize(defaultLetter, winpath.Unquote(path))
	letter := defaultLetter
	if winpath.HasDrive(gone) {
		letter = gone[:1]
	}
	for _, vol := range ev.Volumes() {
		if vol.Err != nil || vol.Letter != letter && vol.Kind != evidence.Artifact {
			continue
		}
		report, err := investigate(ctx, ev, vol, letter, gone, opts)
		if !errors.Is(err, fs.ErrNotExist) {
			return report, err
		}
	}
	return nil, notFound
}

// With returns the options that bring in evidence which came apart from the disk,
// such as logs that a collector kept: its event logs, hives and web logs are read
// as those of the same machine.
func With(sources ...*evidence.Evidence) []origin.Option {
	var list []origin.Option
	for _, ev := range sources {
		list = append(list, origin.WithEvidence(sourceOf(ev)))
		for _, vol := range ev.Volumes() {
			name := filepath.Base(ev.Name())
			switch {
			case vol.Err != nil:
				continue // ev.Problems has it
			case vol.Kind == evidence.Artifact:
				name = "" // the artifact has it
			case len(ev.Volumes()) > 1:
				name += "/" + vol.Name
			}
			list = append(list, origin.WithSource(vol.FS, name))
		}
	}
	return list
}

// sourceOf names evidence for a report.
func sourceOf(ev *evidence.Evidence) origin.Source {
	return origin.Source{Name: filepath.Base(ev.Name()), Kind: ev.Kind(), Size: ev.Size()}
}

// defaultLetter is the drive of a path that names none.
const defaultLetter = "C"

// investigate asks a volume and the others that Windows gave letters.
func investigate(ctx context.Context, ev *evidence.Evidence, vol *evidence.Volume, letter, name string, opts []origin.Option) (*origin.Report, error) {
	list := []origin.Option{origin.WithDrive(letter), origin.WithVolumeName(vol.Name), origin.WithEvidence(sourceOf(ev))}
	for _, other := range ev.Volumes() {
		if other != vol && other.Err == nil && other.Letter != "" && other.Letter != letter {
			list = append(list, origin.WithVolume(other.FS, other.Letter))
		}
	}
	return origin.Investigate(ctx, vol.FS, name, append(list, opts...)...)
}
