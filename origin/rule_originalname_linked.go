package origin

import (
	"fmt"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

var nameLinked = &rule{
	name: "original_name.linked", question: OriginalName, best: Inferred,
	finds:   "another path in a link or a jump list with the file's entry of the $MFT",
	also:    []*source{recentLinks, jumpLists},
	traps:   []trap{{"other_volume", "nothing ties the volume of the link to that of the file"}},
	against: "a file of another volume that has the same number of an entry",
	apart:   "the record of the rename in the change journal",
	find:    (*inquiry).findLinkedName,
}

// findLinkedName finds the former path of the file, by its entry of the $MFT.
func (q *inquiry) findLinkedName() []candidate {
	if q.rec == nil {
		return nil
	}
	var list []candidate
	known := map[string]bool{}
	for i := range q.openings {
		o := &q.openings[i]
		item := o.data.Item()
		if item == nil || item.Ref == 0 || refOfItem(item) != q.rec.Ref || q.isSubject(o.Path) || !q.mayBeHere(o.data) {
			continue
		}
		if path := winpath.Fold(o.Path); known[path] || o.Path == "" || winpath.SameName(winpath.Base(o.Path), winpath.Base(q.path)) || len(list) > maxRivals {
			continue
		} else {
			known[path] = true
		}
		a := candidate{Answer: Answer{Grade: Inferred}, claim: claimOfPath(o.Path)}
		a.Answer.Answer = fmt.Sprintf("According to a link, it was %s on %s: that file had the same entry of the $MFT.", clip(o.Path), timeText(o.Time))
		a.other = "its name in a link, " + clip(o.Path)
		a.fact("path", o.Path)
		if _, known := q.serial(); !known || o.data.Link.DriveSerial == 0 {
			a.caught("other_volume", "a file of another volume with the same entry of the $MFT")
		}
		a.cite(citeOpening(o))
		list = append(list, a)
	}
	return list
}
