package birthmark

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/birthmark-dfir/birthmark/evidence"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/origin"
	"github.com/birthmark-dfir/birthmark/winid"
)

// Investigate reports where a file came from. Path is what [evidence.Evidence.Locate]
// takes: a path as Windows writes it, the name of a single file, a wildcard, or a
// hash. With the GUID of a process that Sysmon logged, it is the file that the process ran.
// With an entry of the $MFT and its sequence number, as 68-2, it is that file, which may be
// deleted.
//
// In evidence of several machines a path may begin with the name of one of them, as in
// WEB01:C:\Users\a.exe: that of its folder, or the one in the records of its logs.
//
// A disk may have several installations of Windows. A file on the volume of one is
// investigated by the letter that this one gives to the volume, with its records.
//
// A file that is deleted, or that a collection did not copy, is investigated by its
// path if any record names it. The logs and the registry may be on another volume of
// the evidence than the file: all volumes with a drive letter are read. Options
// override what Investigate finds out by itself, such as the drive letter.
//
// The error for a file that is neither in the evidence nor in its records is an
// [*evidence.NotFoundError], which names similar paths and the artifacts that could not be
// read. If several files match it is
// an [*evidence.AmbiguousError], which lists them. An artifact that is missing or
// damaged is not an error: the report has fewer answers, and says which artifact it
// was.
func Investigate(ctx context.Context, ev *evidence.Evidence, path string, opts ...origin.Option) (*origin.Report, error) {
	for r, err := range InvestigateAll(ctx, ev, []string{path}, opts...) {
		return r, err
	}
	return nil, ctx.Err()
}

// InvestigateAll is [Investigate] for several files. The artifacts of the evidence are
// read once for files on the same volume that follow each other. It yields a report or
// an error for each path, in their order.
func InvestigateAll(ctx context.Context, ev *evidence.Evidence, paths []string, opts ...origin.Option) iter.Seq2[*origin.Report, error] {
	return func(yield func(*origin.Report, error) bool) {
		places := make([]place, len(paths))
		for i, path := range paths {
			places[i] = locate(ctx, ev, path)
		}
		for len(places) > 0 {
			first := places[0]
			var names []string
			for _, p := range places {
				if names != nil && (first.vol == nil || p.vol != first.vol || p.letter != first.letter || p.host != first.host) {
					break
				}
				names = append(names, p.name)
			}
			places = places[len(names):]
			for r, err := range first.investigate(ctx, ev, names, opts) {
				if !yield(r, err) {
					return
				}
			}
		}
	}
}

// A place is where a file is in the evidence.
type place struct {
	vol          *evidence.Volume // nil if the file is not there
	machine      string           // of its volume, if the evidence has several; "" if the path does not name it
	host         string           // the machine that the path names, if the evidence knows machines only by their logs
	letter, name string
	err          error // if the evidence cannot have it
	missing      error // if it may still be in records
}

// onMachine is a path that begins with the name of a machine: WEB01:C:\x.
var onMachine = regexp.MustCompile(`^([^:\\/"]{2,}):([A-Za-z]:[\\/].*)$`)

// locate finds a file. The GUID of a process is looked for on the volume with Windows.
func locate(ctx context.Context, ev *evidence.Evidence, path string) place {
	machine, host, plain := "", "", winpath.Unquote(path)
	for _, vol := range ev.Volumes() {
		if rest, ok := winpath.CutPrefix(plain, vol.Machine+":"); ok && vol.Machine != "" {
			machine, plain = vol.Machine, rest
		}
	}
	if m := onMachine.FindStringSubmatch(plain); m != nil && machine == "" {
		host, plain, path = m[1], m[2], m[2]
	}
	gone := winpath.Normalize(defaultLetter, plain)
	letter := defaultLetter
	if winpath.HasDrive(gone) {
		letter = gone[:1]
	}
	if _, err := winid.ParseGUID(path); err == nil {
		return place{letter: letter, name: path, missing: fmt.Errorf("%s: %w: no process has that GUID", path, fs.ErrNotExist)}
	}
	if strings.Contains(gone, `\?\`) && winpath.HasDrive(gone) {
		return place{machine: machine, host: host, letter: letter, name: gone, missing: &evidence.NotFoundError{Path: path}}
	}
	m, err := ev.Locate(ctx, path)
	if err == nil {
		letter := m.Volume.Letter
		switch own := m.Volume.OwnLetter(); {
		case m.Volume.Kind == evidence.Artifact && m.Absent:
			letter = defaultLetter
		case own != "": // the records of its Windows name it so
			letter = own
		}
		p := place{vol: m.Volume, host: host, letter: letter, name: m.Name}
		if m.Deleted { // other files may have had its path
			p.name = m.Ref.String()
		}
		return p
	}
	var notFound *evidence.NotFoundError
	if !errors.As(err, &notFound) {
		return place{err: err}
	}
	if s := notFound.Search; s != nil && (s.Hashed || strings.ContainsAny(path, "*?")) {
		return place{err: err} // not a path
	}
	return place{machine: machine, host: host, letter: letter, name: gone, missing: notFound}
}

// investigate investigates files of a place. The name of a file that is not there may be
// in the records of the volume that its path is on, or in those of artifacts that were
// collected without their volume.
func (p place) investigate(ctx context.Context, ev *evidence.Evidence, names []string, opts []origin.Option) iter.Seq2[*origin.Report, error] {
	return func(yield func(*origin.Report, error) bool) {
		if p.vol != nil {
			p.on(ctx, ev, p.vol, names, opts)(yield)
			return
		}
		if p.err != nil {
			yield(nil, p.err)
			return
		}
		var found *origin.Report
		var on, damaged []string
		for _, vol := range ev.Volumes() {
			if vol.Err != nil || vol.Letter != p.letter && vol.OwnLetter() != p.letter && vol.Kind != evidence.Artifact || p.machine != "" && vol.Machine != p.machine {
				continue
			}
			for r, err := range p.on(ctx, ev, vol, names, opts) {
				var unrecorded *origin.UnrecordedError
				switch {
				case errors.As(err, &unrecorded):
					damaged = append(damaged, unrecorded.Unread...)
				case errors.Is(err, fs.ErrNotExist):
				case err != nil || vol.Machine == "" || p.machine != "":
					yield(r, err)
					return
				default:
					found, on = r, append(on, vol.Machine+":"+names[0])
				}
			}
		}
		switch len(on) {
		case 0:
			yield(nil, withDamaged(p.missing, damaged))
		case 1:
			yield(found, nil)
		default:
			yield(nil, &evidence.AmbiguousError{Pattern: names[0], Paths: on, Count: len(on)})
		}
	}
}

// withDamaged adds the artifacts that could not be read to the error for a file that no record
// names.
func withDamaged(missing error, damaged []string) error {
	var notFound *evidence.NotFoundError
	if len(damaged) == 0 || !errors.As(missing, &notFound) {
		return missing
	}
	e := *notFound
	slices.Sort(damaged)
	e.Damaged = slices.Compact(damaged)
	return &e
}

// on investigates files of a volume, with the other volumes that have letters.
func (p place) on(ctx context.Context, ev *evidence.Evidence, vol *evidence.Volume, names []string, opts []origin.Option) iter.Seq2[*origin.Report, error] {
	list := []origin.Option{origin.WithDrive(p.letter), origin.WithVolumeName(vol.Name), origin.WithEvidence(sourceOf(ev)), origin.WithMachine(p.host), withSnapshots(vol, p.letter, collectedShadows(ev, vol)...)}
	for _, other := range ev.Volumes() {
		if other.Kind == evidence.Beside && other.Machine == vol.Machine {
			list = append(list, origin.WithSource(other.FS, other.Name))
		}
		if other != vol && other.Machine == vol.Machine && other.Err == nil && other.Letter != "" && other.Letter != p.letter {
			list = append(list, origin.WithVolume(other.FS, other.Letter), withSnapshots(other, other.Letter))
		}
	}
	return origin.InvestigateAll(ctx, vol.FS, names, append(list, opts...)...)
}

// collectedShadows returns the shadow copies whose files were collected beside a volume. They
// are named, and not read: what they record is true of a time that is not known.
func collectedShadows(ev *evidence.Evidence, vol *evidence.Volume) []origin.Snapshot {
	var list []origin.Snapshot
	for _, other := range ev.Volumes() {
		if other.Shadow && other != vol && other.Machine == vol.Machine {
			list = append(list, origin.Snapshot{Name: other.Name, Offset: -1, Open: func() (fs.FS, error) { return nil, errCollected }})
		}
	}
	return list
}

var errCollected = errors.New("when the shadow copy was made is not known: its files were collected without that")

// withSnapshots names the shadow copies of a volume, and others that were collected. They are
// opened only if origin.ReadSnapshots asks for it.
func withSnapshots(vol *evidence.Volume, letter string, list ...origin.Snapshot) origin.Option {
	for _, s := range vol.Snapshots() {
		then := origin.Snapshot{
			Name: path.Base(s.Name), ID: s.ID.String(), Created: s.Created, Offset: s.Offset,
			Open: func() (fs.FS, error) { v := s.Open(); return v.FS, v.Err },
		}
		if s.Carved {
			then.Carved = s.Shows
		}
		list = append(list, then)
	}
	for _, store := range vol.UnlistedStores() {
		list = append(list, origin.Snapshot{
			Name: "unlisted/" + store.StoreID.String(), Created: store.Created, Offset: store.Offset,
			Open: func() (fs.FS, error) { return nil, evidence.ErrUnlisted },
		})
	}
	slices.SortStableFunc(list, func(a, b origin.Snapshot) int { return a.Created.Compare(b.Created) })
	return origin.WithSnapshots(letter, list...)
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
