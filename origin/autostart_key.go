package origin

import (
	"cmp"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/registry"
)

// A startKey identifies what Windows starts by itself, now and in shadow copies.
type startKey struct {
	artifact                 string // as that of the volume now
	category, name, location string // folded; "" for a file, which is one
}

// A startThen is what Windows starts by itself, in a shadow copy or now.
type startThen struct {
	inVolume string // the artifact, as its volume names it
	command  string
	record   string
	offset   int64
	written  time.Time // its key, or its instance; zero for a file
}

// An autostartName is the folded name of an autostart in hives, files and logs.
type autostartName struct{ category, name string }

// nameOf returns the key of an autostart. Logs call a driver a service.
func nameOf(category, name string) autostartName {
	if category == "driver" {
		category = "service"
	}
	return autostartName{category, winpath.Fold(name)}
}

// An earlierState is what Windows started by itself at an earlier time: that of a shadow copy,
// or that of the version of a hive that is kept beside it.
type earlierState interface {
	starts() map[startKey]startThen
	// lacks reports whether the state shows that it does not have what is started now.
	lacks(now startThen) bool
}

// A comparison is how an earlier state differs from what is started now.
type comparison int

const (
	unsaid comparison = iota // the state does not show it
	alike
	different // it has another command
	lacking
)

// compareStart compares what is started now with an earlier state, and returns what that has.
func compareStart(e earlierState, key startKey, now startThen) (had startThen, is comparison) {
	had, ok := e.starts()[key]
	switch {
	case ok && strings.EqualFold(had.command, now.command):
		return had, alike
	case ok:
		return had, different
	case e.lacks(now):
		return had, lacking
	}
	return had, unsaid
}

// addStarts adds the autostarts of a hive: artifact is its name now, inVolume that on the
// volume which has it.
func addStarts(all map[startKey]startThen, artifact, inVolume string, list []registry.Autostart) {
	for i := range list {
		a := &list[i]
		command := cmp.Or(a.Command, a.Path)
		if a.ServiceDll != "" {
			command = strings.TrimSpace(command + " with " + a.ServiceDll)
		}
		all[keyOf(artifact, a)] = startThen{inVolume, command, a.Location, a.Offset, a.LastWrite}
	}
}

func keyOf(artifact string, a *registry.Autostart) startKey {
	named := nameOf(a.Category, a.Name)
	return startKey{artifact, named.category, named.name, winpath.Fold(a.Location)}
}
