package origin

import (
	"cmp"
	"fmt"
	"slices"
)

// unknown returns an answer with the grade Unknown.
func unknown(why UnknownBecause, sentence string) Answer {
	return Answer{Answer: sentence, Grade: Unknown, UnknownBecause: why}
}

// fact adds a fact, unless it is empty.
func (a *Answer) fact(name string, value any) {
	if v := valueText(value); v != "" {
		a.Facts = append(a.Facts, Fact{name, v})
	}
}

// maxEvidence limits the citations of an answer.
const maxEvidence = 200

// cite adds citations, each record once.
func (a *Answer) cite(list ...Citation) {
	for _, c := range list {
		if len(a.Evidence) < maxEvidence && !slices.ContainsFunc(a.Evidence, c.same) {
			a.Evidence = append(a.Evidence, c)
		}
	}
}

// maxRivals limits the rivals of an answer.
const maxRivals = 10

// rival adds an alternative that the evidence fits as well.
func (a *Answer) rival(format string, args ...any) {
	r := clip(fmt.Sprintf(format, args...))
	if len(a.Rivals) < maxRivals && !slices.Contains(a.Rivals, r) {
		a.Rivals = append(a.Rivals, r)
	}
}

// maxListed limits how many things of a kind an answer lists. It counts them all.
const maxListed = 20

// groups splits facts that repeat for several things. Each group begins with the fact
// named first.
func groups(facts []Fact, first string) []Answer {
	var list []Answer
	for _, f := range facts {
		if f.Name == first || len(list) == 0 {
			list = append(list, Answer{})
		}
		last := &list[len(list)-1]
		last.Facts = append(last.Facts, f)
	}
	return list
}

// facts returns all values of the facts of one name.
func facts(a *Answer, name string) (list []string) {
	for _, f := range a.Facts {
		if f.Name == name {
			list = append(list, f.Value)
		}
	}
	return list
}

// A retold answer is one that the verdict puts into sentences. Its grade is not
// Unknown.
type retold struct {
	*Answer
	file    string // the name of the subject
	created string // when it was created; "" if unknown
}

// reasons are the reasons for an Unknown in words.
var reasons = map[UnknownBecause]string{
	SourceAbsent:     "source not available",
	SourceUnreadable: "source not readable",
	OutsideRetention: "outside the time covered by the sources",
	SearchedEmpty:    "searched, nothing found",
	PartlySearched:   "searched in part, nothing found",
}

// gradeText is the grade of an answer, with the reason for an Unknown.
func (a *Answer) gradeText() string {
	if a.UnknownBecause == "" {
		return string(a.Grade)
	}
	return string(a.Grade) + ": " + a.reason()
}

// reason returns in words why an answer is unknown.
func (a *Answer) reason() string {
	return cmp.Or(reasons[a.UnknownBecause], string(a.UnknownBecause))
}
