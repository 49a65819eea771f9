package origin

import (
	"fmt"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

var nameTracked = &rule{
	name: "original_name.tracked", question: OriginalName, best: Inferred,
	finds: "another path in a link or a jump list with the object identifier of the file",
	also:  []*source{recentLinks, jumpLists},
	traps: []trap{
		{"another_volume", "the link has the identifier of another volume: the file was moved from there, or one of the volumes is a copy of the other"},
		{"unknown_volume", "the identifier of the file's volume is not known"},
	},
	against: "another file, of which this one took over the identifier, as one does that a backup restored",
	apart:   "the record of the rename in the change journal",
	find:    (*inquiry).findTrackedName,
}

// findTrackedName finds the paths that the file had when links to it were written: the service
// that tracks links gives a file an object identifier, which it keeps when it is renamed or moved.
func (q *inquiry) findTrackedName() []candidate {
	own := q.volumeID()
	var list []candidate
	known := map[string]bool{}
	for i := range q.openings {
		o := &q.openings[i]
		droid := droidOf(o.data)
		path := winpath.Fold(o.Path)
		if !q.isTracked(o.data) || o.Path == "" || known[path] || q.isSubject(o.Path) || q.host.of(o.data.Machine()) == foreign || len(list) > maxRivals {
			continue
		}
		known[path] = true
		a := candidate{Answer: Answer{Grade: Inferred}, claim: claimOfPath(o.Path)}
		a.Answer.Answer = fmt.Sprintf("According to a link, it was %s on %s: that file had the same object identifier, %s.", clip(o.Path), timeText(o.Time), droid.File)
		a.other = "its path in a link, " + clip(o.Path)
		a.fact("path", o.Path)
		switch {
		case own.IsZero():
			a.caught("unknown_volume", "a file of another volume, of which this one is a copy")
		case !sameVolume(droid.Volume, own):
			a.Answer.Answer = fmt.Sprintf("According to a link, it was %s on %s, on another volume: that file had the same object identifier, %s.", clip(o.Path), timeText(o.Time), droid.File)
			a.caught("another_volume", "the same path on a volume of which this one is a copy")
		}
		a.cite(citeOpening(o))
		a.cite(q.citeRecord(q.rec, -1, q.rec.StandardInformation.Changed, "$OBJECT_ID", q.rec.ObjectID))
		list = append(list, a)
	}
	return list
}
