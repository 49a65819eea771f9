package timeline

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/registry"
)

// EarlierHiveName is the name of earlier versions of hives in the Coverage.
const EarlierHiveName = "earlier hive"

// The hives of which Windows and programs keep earlier versions, and where: Windows copied
// them to RegBack every ten days until version 10 1803, Setup to files that end with .SAV.
var (
	hivesKept    = [...]string{"SYSTEM", "SOFTWARE", "SAM", "SECURITY", "DEFAULT"}
	earlierForms = [...]string{"RegBack/%s", "%s.SAV", "%s.BAK", "%s.OLD"}
)

// EarlierHive is a version of a hive that is kept beside it. If it cannot be opened, or is
// empty, it has no Reader.
type EarlierHive struct {
	Hive
	Of       string    // artifact of the hive that is in use
	Written  time.Time // when the version was last written, according to its base block
	Empty    bool      // Windows since version 10 1803 only makes the files
	Coverage Coverage
}

// EarlierHives reads the earlier versions of the hives of a volume with Windows. The caller
// closes their Readers.
func EarlierHives(vol fs.FS) []*EarlierHive {
	folder, ok := FindFile(vol, hiveFolder)
	if !ok {
		return nil
	}
	var list []*EarlierHive
	for _, hive := range hivesKept {
		for _, form := range earlierForms {
			name, ok := FindFile(vol, path.Join(folder, fmt.Sprintf(form, hive)))
			if info, err := fs.Stat(vol, name); ok && err == nil && info.Mode().IsRegular() {
				of, ok := FindFile(vol, path.Join(folder, hive))
				if !ok {
					of = path.Join(folder, hive)
				}
				list = append(list, readEarlierHive(vol, name, of, info.Size()))
			}
		}
	}
	return list
}

func readEarlierHive(vol fs.FS, name, of string, size int64) *EarlierHive {
	e := &EarlierHive{Hive: Hive{Artifact: name}, Of: of, Empty: size == 0, Coverage: Coverage{Artifact: name, Type: TypeRegistry, State: Parsed}}
	if !e.Empty {
		h, err := openHive(vol, name, "", true, &e.Coverage)
		if err != nil {
			e.Coverage.State = Damaged
			e.Coverage.damaged(err)
		} else {
			e.Hive, e.Written = *h, h.Reader.LastWrite()
			e.root = rootOf(h.Reader, of, "")
			for a, err := range registry.Autostarts(h.Reader) {
				if err == nil {
					e.Autostarts = append(e.Autostarts, a)
				}
			}
		}
	}
	c := &e.Coverage
	c.Name, c.First, c.Last, c.Dirty = EarlierHiveName, e.Written, e.Written, false // its logs are those of the hive in use
	return e
}

// Close closes the Reader.
func (e *EarlierHive) Close() error {
	if e.Reader == nil {
		return nil
	}
	return e.Reader.Close()
}

// addEarlierHives adds what only the earlier versions of hives have: the last write of keys
// that were written or deleted since, and the times in values that were.
func (t *Timeline) addEarlierHives() {
	list := EarlierHives(t.vol)
	slices.SortStableFunc(list, func(a, b *EarlierHive) int { return b.Written.Compare(a.Written) })
	known := map[string]map[string]bool{} // of each hive in use and of its newer versions, by Of
	for _, e := range list {
		t.coverage = append(t.coverage, e.Coverage)
		if e.Reader == nil {
			continue
		}
		t.closers = append(t.closers, e.Reader)
		of := winpath.Fold(e.Of)
		if known[of] == nil {
			known[of] = map[string]bool{}
			for _, h := range t.hives {
				if winpath.SameName(h.Artifact, e.Of) {
					h.dated(t.opt.drive, func(id string, _ func() []Event) { known[of][id] = true })
				}
			}
		}
		var events []Event
		e.dated(t.opt.drive, func(id string, made func() []Event) {
			if !known[of][id] {
				known[of][id] = true
				events = append(events, made()...)
			}
		})
		for i := range events {
			events[i].Message += ", according to the version of the hive of " + filetime.Text(e.Written)
		}
		t.addReady(events)
	}
}

// dated calls f for each key of a hive and each time in its values, with what identifies it
// together with its time, and what makes its events.
func (h *Hive) dated(drive string, f func(id string, events func() []Event)) {
	s := hiveSource{h, drive}
	for i := range h.times {
		v := &h.times[i]
		f(fmt.Sprint(v.key, "\x00", v.value, "\x00", v.kind, v.desc, "\x00", v.path, "\x00", filetime.Ticks(v.at)), func() []Event { return []Event{s.timeEvent(v)} })
	}
	starts := map[string][]*registry.Autostart{}
	for i := range h.Autostarts {
		location := winpath.Fold(h.Autostarts[i].Location)
		starts[location] = append(starts[location], &h.Autostarts[i])
	}
	for k, err := range h.Reader.Keys() {
		if err != nil {
			continue // counted in the coverage
		}
		key := winpath.Fold(k.Path())
		f(fmt.Sprint(key, "\x00", filetime.Ticks(k.LastWrite)), func() []Event {
			if starts[key] == nil {
				return []Event{s.keyEvent(k)}
			}
			var list []Event
			for _, a := range starts[key] {
				list = append(list, s.autostartEvent(a))
			}
			return list
		})
	}
}
