package timeline

import (
	"cmp"
	"context"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/prefetch"
)

const prefetchFolder = "Windows/Prefetch"

// isPrefetch reports whether a file has the name of a prefetch file.
func isPrefetch(name string) bool {
	ok, _ := path.Match("?*-????????.PF", winpath.Fold(path.Base(name)))
	return ok
}

// addPrefetch reads a prefetch file: an event for each run whose time it has.
func (t *Timeline) addPrefetch(_ context.Context, artifact string) error {
	c := Coverage{Artifact: artifact, Name: "Prefetch", Type: TypePrefetch, State: Parsed}
	defer func() { t.coverage = append(t.coverage, c) }()
	r, err := prefetch.OpenFS(t.vol, artifact, prefetch.WithName(path.Base(artifact)))
	if !c.opened(r, err) {
		return nil
	}
	defer r.Close()
	f := r.File()
	c.Records = 1
	var events []Event
	for i := range f.LastRuns {
		c.saw(f.LastRuns[i])
		if e := t.prefetchEvent(f, i, artifact); !e.Time.IsZero() {
			events = append(events, e)
		}
	}
	if len(events) < len(f.LastRuns) || len(f.LastRuns) == 0 {
		c.add(damage.Note(damage.Malformed, damage.New("time of the last run", -1, nil, "a time"), path.Base(artifact), ""))
	}
	slices.SortStableFunc(events, func(a, b Event) int { return a.Time.Compare(b.Time) })
	t.sources = append(t.sources, readySource{ProgramRan, events})
	return nil
}

// prefetchEvent makes the event of a run.
func (t *Timeline) prefetchEvent(f *prefetch.File, run int, artifact string) Event {
	e := Event{
		Time: f.LastRuns[run], Desc: "Last Time Executed", Kind: ProgramRan, Data: f,
		Source: Source{Artifact: artifact, Record: f.Executable, Offset: -1, Type: TypePrefetch},
	}
	which := "for the last time"
	if run > 0 {
		e.Desc, which = "Previous Last Time Executed", fmt.Sprintf("as the run %d before the last", run)
	}
	recorded, confirmed := f.Path()
	e.Path = t.onDrive(f, recorded)
	e.Message = fmt.Sprintf("%s was started %s, %d times in all", cmp.Or(e.Path, f.Executable), which, f.RunCount)
	e.Fields = []Field{{"Executable", f.Executable}, {"Hash", fmt.Sprintf("%08X", f.Hash)}, {"RunCount", fmt.Sprint(f.RunCount)}}
	if recorded != "" {
		e.Fields = append(e.Fields, Field{"Path", recorded}, Field{"PathConfirmedByHash", fmt.Sprint(confirmed)})
	}
	if v := f.VolumeOf(recorded); v != nil {
		e.Fields = append(e.Fields, Field{"VolumeSerial", fmt.Sprintf("%08X", v.Serial)})
	}
	return e
}

// onDrive returns a path of a prefetch file with the drive of the timeline's volume, unless
// the serial numbers show that it is on another one.
func (t *Timeline) onDrive(f *prefetch.File, recorded string) string {
	v := f.VolumeOf(recorded)
	if v == nil || t.opt.drive == "" {
		return recorded
	}
	if vol, ok := t.vol.(*mft.Volume); ok && uint32(vol.Info().Serial) != v.Serial {
		return recorded
	}
	return t.opt.drive + ":" + strings.TrimPrefix(recorded[len(v.Device):], ":")
}
