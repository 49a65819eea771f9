package origin

import "fmt"

var appearedSnapshot = &rule{
	name: "appeared.snapshot", question: Appeared, best: Inferred,
	finds:   "the creation time in the $MFT of the newest shadow copy that has the file, if the file is gone from the $MFT",
	also:    []*source{snapshotState},
	against: "another time: any program can set the times of a file",
	apart:   "a record of the creation that another source holds",
	find:    (*inquiry).findAppearedBefore,
}

// findAppearedBefore answers from the record that the file had in a shadow copy.
func (q *inquiry) findAppearedBefore() []candidate {
	if q.rec != nil || q.present {
		return nil
	}
	list := q.sightings()
	for i := len(list) - 1; i >= 0; i-- {
		s := &list[i]
		if s.seen != there || s.rec == nil || !s.rec.StandardInformation.Present {
			continue
		}
		created := s.rec.StandardInformation.Created
		a := candidate{Answer: Answer{Grade: Inferred}, claim: claim{"created", created}}
		a.Answer.Answer = fmt.Sprintf("It was created on %s, according to the $MFT in shadow copy %s of %s.", timeText(created), s.Name, timeText(s.Created))
		a.fact("time", created)
		a.fact("si_created", created)
		if fn, ok := s.rec.FileName(); ok {
			a.fact("fn_created", fn.Created)
			if !near(created, fn.Created) {
				a.rival("$FILE_NAME records %s", timeText(fn.Created))
			}
		}
		a.cite(s.cite())
		q.appears(&a, appearance{created: created}, false)
		return []candidate{a}
	}
	return nil
}
