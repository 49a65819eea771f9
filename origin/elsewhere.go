package origin

import (
	"fmt"

	"github.com/birthmark-dfir/birthmark/evtx"
)

// seenElsewhere lists what the records of other machines hold about a file with the
// subject's path, by machine in the order of the first record.
func (q *inquiry) seenElsewhere() []Elsewhere {
	var list []Elsewhere
	at := map[string]int{}
	counts := map[string][3]int{}
	const wrote, ran, other = 0, 1, 2
	for i := range q.elsewhere {
		e := &q.elsewhere[i]
		name := e.Computer()
		n, known := at[name]
		if !known {
			if len(list) == maxListed {
				continue
			}
			n = len(list)
			at[name] = n
			list = append(list, Elsewhere{Machine: name})
		}
		c := counts[name]
		switch e.Data.(type) {
		case *evtx.Sysmon11:
			c[wrote]++
		case *evtx.Sysmon1, *evtx.Security4688:
			c[ran]++
		default:
			c[other]++
		}
		counts[name] = c
		if of := &list[n]; len(of.Evidence) < maxListed {
			of.Evidence = append(of.Evidence, cite(e, "Computer", name, "path", fileIn(e.Data.(evtx.TypedEvent))))
		}
	}
	for i := range list {
		c := counts[list[i].Machine]
		text := fmt.Sprintf("Records of %s name a file with this path:", list[i].Machine)
		for _, part := range [...]struct {
			n         int
			one, many string
		}{{c[wrote], "creation", "creations"}, {c[ran], "run", "runs"}, {c[other], "other record", "other records"}} {
			if part.n > 0 {
				text += " " + count(part.n, part.one, part.many) + ","
			}
		}
		list[i].Text = text[:len(text)-1] + "."
	}
	return list
}
