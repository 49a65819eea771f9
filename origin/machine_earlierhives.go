package origin

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/timeline"
)

// earlierHiveName is the name of earlier versions of hives in the coverage.
const earlierHiveName = "earlier hive"

// The hives of which Windows and programs keep earlier versions, and where: Windows copied
// them to RegBack every ten days until version 10 1803, Setup to files that end with .SAV.
var (
	hivesKept    = [...]string{"SYSTEM", "SOFTWARE", "SAM", "SECURITY", "DEFAULT"}
	earlierForms = [...]string{"RegBack/%s", "%s.SAV", "%s.BAK", "%s.OLD"}
)

// An earlierHive is a version of a hive that is kept beside it.
type earlierHive struct {
	artifact string
	of       string    // the hive that is in use
	written  time.Time // according to its base block
	empty    bool      // Windows since version 10 1803 only makes the files
	keys     int
	starts   []registry.Autostart
	problems int
	first    []timeline.Problem
	err      error // it could not be opened
}

// earlierHivesIn reads the earlier versions of the hives of a volume with Windows.
func earlierHivesIn(vol fs.FS) []*earlierHive {
	folder, ok := timeline.FindFile(vol, "Windows/System32/config")
	if !ok {
		return nil
	}
	var list []*earlierHive
	for _, hive := range hivesKept {
		for _, form := range earlierForms {
			name, ok := timeline.FindFile(vol, path.Join(folder, fmt.Sprintf(form, hive)))
			if info, err := fs.Stat(vol, name); ok && err == nil && info.Mode().IsRegular() {
				list = append(list, readEarlierHive(vol, name, path.Join(folder, hive), info.Size()))
			}
		}
	}
	return list
}

func readEarlierHive(vol fs.FS, name, of string, size int64) *earlierHive {
	e := &earlierHive{artifact: name, of: of, empty: size == 0}
	if e.empty {
		return e
	}
	r, err := registry.OpenFS(vol, name)
	if err != nil {
		e.err = err
		return e
	}
	defer r.Close()
	e.written = r.LastWrite()
	for p := range r.Problems() {
		if e.problems++; len(e.first) < timeline.MaxProblems {
			e.first = append(e.first, p)
		}
	}
	for _, err := range r.Keys() {
		if err == nil {
			e.keys++
		}
	}
	for a, err := range registry.Autostarts(r) {
		if err == nil {
			e.starts = append(e.starts, a)
		}
	}
	return e
}

// coverage is what the earlier version contributed.
func (e *earlierHive) coverage() timeline.Coverage {
	c := timeline.Coverage{Artifact: e.artifact, Name: earlierHiveName, Type: timeline.TypeUnread, State: timeline.Parsed, Records: e.keys, First: e.written, Last: e.written,
		ProblemCount: e.problems, Problems: e.first}
	if e.err != nil {
		c.State, c.ProblemCount = timeline.Damaged, 1
		c.Problems = []timeline.Problem{damage.Note(damage.Malformed, e.err, e.artifact, "")}
	}
	return c
}

// place returns where the version is kept, in words.
func (e *earlierHive) place() string {
	if winpath.SameName(path.Base(path.Dir(e.artifact)), "RegBack") {
		return "the copy in RegBack of " + timeText(e.written)
	}
	return fmt.Sprintf("%s of %s", path.Base(e.artifact), timeText(e.written))
}

// find returns an autostart by its place and name, or nil.
func (e *earlierHive) find(location, name string) *registry.Autostart {
	i := slices.IndexFunc(e.starts, func(a registry.Autostart) bool {
		return winpath.SameName(a.Location, location) && winpath.SameName(a.Name, name)
	})
	if i < 0 {
		return nil
	}
	return &e.starts[i]
}

// commandOf is what an autostart starts, as the fact "command" has it.
func commandOf(a *registry.Autostart) string {
	for _, text := range []string{a.Command, a.ServiceDll} {
		if text != "" {
			return text
		}
	}
	return a.Path
}

// hadInWords compares an autostart of an earlier version with the command that it has now.
func hadInWords(had *registry.Autostart, command string) string {
	switch {
	case had == nil:
		return "does not have it"
	case strings.EqualFold(commandOf(had), command):
		return "has it too"
	}
	return "has another command: " + clip(commandOf(had))
}
