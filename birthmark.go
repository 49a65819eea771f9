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
// takes: a path as Windows writes it, the name of a single file, a wildcard, or a
// hash.
//
// A file that is deleted, or that a collection did not copy, is investigated by its
// path if any record names it. The logs and the registry may be on another volume of
// the evidence than the file: all volumes with a drive letter are read. Options
// override what Investigate finds out by itself, such as the drive letter.
//
// The error for a file that is neither in the evidence nor in its records is an
// [*evidence.NotFoundError], which names similar paths. If several files match it is
// an [*evidence.AmbiguousError], which lists them. An artifact that is missing or
// damaged is not an error: the report has fewer answers, and says which artifact it
// was.
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
	// Its name may be in the records of the volume that the path is on, or in those
	// of artifacts that were collected without their volume.
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

// With returns the options that add evidence collected apart from the disk, such as
// the logs that a log collector kept. Its event logs, hives and web logs are read as
// those of the same machine.
func With(sources ...*evidence.Evidence) []origin.Option {
	var list []origin.Option
	for _, ev := range sources {
		list = append(list, origin.WithEvidence(sourceOf(ev)))
		for _, vol := range ev.Volumes() {
			name := filepath.Base(ev.Name())
			switch {
			case vol.Err != nil:
				continue // reported by ev.Problems
			case vol.Kind == evidence.Artifact:
				name = "" // the artifact has a name
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

// defaultLetter is the drive of a path that does not name one.
const defaultLetter = "C"

// investigate investigates a file of vol, with the other volumes that have letters.
func investigate(ctx context.Context, ev *evidence.Evidence, vol *evidence.Volume, letter, name string, opts []origin.Option) (*origin.Report, error) {
	list := []origin.Option{origin.WithDrive(letter), origin.WithVolumeName(vol.Name), origin.WithEvidence(sourceOf(ev))}
	for _, other := range ev.Volumes() {
		if other != vol && other.Err == nil && other.Letter != "" && other.Letter != letter {
			list = append(list, origin.WithVolume(other.FS, other.Letter))
		}
	}
	return origin.Investigate(ctx, vol.FS, name, append(list, opts...)...)
}
