package origin

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

var arrivalOpened = &rule{
	name: "arrival.opened", question: Arrival, best: Inferred,
	finds:   "a file of the same name, size and time of modification that a user opened from a removable drive, an optical disc or a share (links, jump lists)",
	also:    []*source{recentLinks, jumpLists},
	traps:   []trap{{"opened_later", "that file was opened after this one had come to be, or at an unknown time: the copy may have gone there"}},
	against: "a common source, from which both were copied",
	apart:   "the command line of the writer, or the change journal",
	find:    (*inquiry).findOpenedElsewhere,
}

// The types of drives of links.
const (
	removableDrive = 2
	remoteDrive    = 4
	opticalDrive   = 5
)

// findOpenedElsewhere finds the same file on a medium or a share. A copy keeps the time of
// modification; FAT keeps it to two seconds.
func (q *inquiry) findOpenedElsewhere() []candidate {
	if q.rec == nil || q.created.IsZero() {
		return nil
	}
	var list []candidate
	known := map[string]bool{}
	for i := range q.openings {
		o := &q.openings[i]
		l := o.data.Link
		if l == nil || q.isSubject(o.Path) || known[winpath.Fold(o.Path)] || len(list) > maxRivals {
			continue
		}
		share, medium := l.NetworkPath != "" || strings.HasPrefix(o.data.Path, `\\`), ""
		switch l.DriveType {
		case removableDrive:
			medium = "a removable drive"
		case opticalDrive:
			medium = "an optical disc"
		}
		if !share && medium == "" || !q.hasName(winpath.Base(o.data.Path)) ||
			l.FileSize != uint32(q.rec.Size()) || l.WriteTime.IsZero() || !near(l.WriteTime, q.rec.StandardInformation.Modified) {
			continue
		}
		known[winpath.Fold(o.Path)] = true
		from := o.data.Path
		a := candidate{Answer: Answer{Grade: Inferred}, claim: claim{what: "copied " + winpath.Fold(from)}}
		a.fact("kind", map[bool]string{true: "smb", false: "copied"}[share])
		a.Answer.Answer = fmt.Sprintf("%s opened %s %s, a file of the same name, size and time of modification", cmp.Or(o.User, "A user"), clip(from), openedAt(o))
		if medium != "" {
			a.Answer.Answer += fmt.Sprintf(", on %s with the serial number %04X-%04X", medium, l.DriveSerial>>16, l.DriveSerial&0xffff)
			if l.VolumeLabel != "" {
				a.Answer.Answer += ", " + clip(l.VolumeLabel)
			}
		}
		if share {
			from = cmp.Or(l.NetworkPath, from)
			if host, ok := hostOfShare(from); ok {
				q.nameHost(&a, host)
			}
		}
		if m := o.data.Machine(); m != "" && q.host.of(m) == foreign {
			a.Answer.Answer += ", of the machine " + clip(m)
		}
		a.Answer.Answer += "."
		a.other = "it is a copy of " + clip(from)
		a.fact("via", from)
		if o.data.OfCopy || o.Time.After(q.created.Add(clockSkew)) {
			a.caught("opened_later", "a copy from here to %s", clip(from))
		}
		a.cite(citeOpening(o))
		list = append(list, a)
	}
	return list
}
