package origin

import (
	"fmt"
	"io/fs"
	"path"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/timeline"
)

// An earlierHive is a version of a hive that is kept beside it.
type earlierHive struct {
	*timeline.EarlierHive
	begins map[startKey]startThen // what it starts, by its place in the hive that is in use
}

// earlierHivesIn reads the earlier versions of the hives of a volume with Windows.
func earlierHivesIn(vol fs.FS) []*earlierHive {
	var list []*earlierHive
	for _, h := range timeline.EarlierHives(vol) {
		e := &earlierHive{h, map[startKey]startThen{}}
		addStarts(e.begins, h.Of, h.Of, h.Autostarts)
		h.Close() // what is asked for is read
		list = append(list, e)
	}
	return list
}

// starts returns what the version starts.
func (e *earlierHive) starts() map[startKey]startThen { return e.begins }

// lacks reports whether the version shows that it does not have what the hive starts now.
func (e *earlierHive) lacks(startThen) bool { return e.Reader != nil }

// coverage is what the earlier version contributed.
func (e *earlierHive) coverage() timeline.Coverage {
	c := e.Coverage
	c.Type = timeline.TypeUnread
	return c
}

// place returns where the version is kept, in words.
func (e *earlierHive) place() string {
	if winpath.SameName(path.Base(path.Dir(e.Artifact)), "RegBack") {
		return "the copy in RegBack of " + timeText(e.Written)
	}
	return fmt.Sprintf("%s of %s", path.Base(e.Artifact), timeText(e.Written))
}

// hadInWords says what the version has of an autostart.
func hadInWords(had startThen, is comparison) string {
	switch is {
	case lacking:
		return "does not have it"
	case alike:
		return "has it too"
	}
	return "has another command: " + clip(had.command)
}
