package origin_test

import (
	"errors"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/mft/mfttest"
	"github.com/birthmark-dfir/birthmark/origin"
)

// A story is a machine with the truth about one of its files.
type story struct {
	name string
	world
	path  string
	truth truth
}

// truth has for a question the weakest grade that the evidence deserves, and what is
// true: facts as NAME=VALUE, with bars between them. A name that is there several times
// may have any of the values. The name "not" has words that are false, and "because" the
// reason for an answer that is unknown. Of other names the truth says nothing, but an
// answer to a question that it does not name is wrong: what did not happen cannot be
// found.
type truth map[origin.Question]string

// stories are all machines with a truth.
func stories() []story {
	return slices.Concat(downloads(), networks(), identities(), hosts(), changed(), misleading(), webServers(), szechuan(), caught(), servants(), journals(), transactions(), slacks(), traced(), tasked(), used(), opened(), desks(), logonScreens(), queued())
}

// firm reports whether a grade is one that people rely on.
func firm(g origin.Grade) bool { return g == origin.Recorded || g == origin.Corroborated }

// told reports whether the truth has an answer to a question, or no story is about it.
func (s story) told(asked origin.Question) bool {
	_, ok := s.truth[asked]
	return ok || !judged()[asked]
}

// judged are the questions that stories have answers to, but for those that any
// evidence gives.
var judged = sync.OnceValue(func() map[origin.Question]bool {
	about := map[origin.Question]bool{}
	for _, s := range stories() {
		for asked := range s.truth {
			about[asked] = asked != origin.What && asked != origin.OriginalName
		}
	}
	return about
})

// lies returns what an answer says that is not so: the name of a fact and its value.
func (s story) lies(a *origin.Answer) (list []string) {
	if !s.told(a.Question) && a.Grade != origin.Unknown {
		return []string{a.Answer}
	}
	true := s.facts(a.Question)
	for _, f := range a.Facts {
		if values := true[f.Name]; values != nil && !slices.Contains(values, f.Value) {
			list = append(list, f.Name+"="+f.Value)
		}
	}
	if s.saysFalse(a) {
		list = append(list, a.Answer)
	}
	return list
}

// saysFalse reports whether an answer has words that are false.
func (s story) saysFalse(a *origin.Answer) bool {
	return slices.ContainsFunc(s.facts(a.Question)["not"], func(words string) bool { return strings.Contains(a.Answer, words) })
}

// facts returns the values that each fact of an answer may have.
func (s story) facts(asked origin.Question) map[string][]string {
	_, facts, _ := strings.Cut(s.truth[asked], " ")
	if asked == origin.OriginalName && facts == "" {
		facts = "path=" + s.path
	}
	values := map[string][]string{}
	for f := range strings.SplitSeq(facts, " | ") {
		name, value, _ := strings.Cut(f, "=")
		values[name] = append(values[name], value)
	}
	return values
}

// wrongs returns the firm answers of a report that are not so.
func (s story) wrongs(r *origin.Report) (list []string) {
	for i := range r.Answers {
		if a := &r.Answers[i]; firm(a.Grade) {
			if lies := s.lies(a); lies != nil {
				list = append(list, string(a.Question)+": "+strings.Join(lies, ", "))
			}
		}
	}
	return list
}

// missed returns the questions whose answers are below the grade that the evidence
// deserves, or say what is not so, those that are firm all the same with a "!".
func (s story) missed(r *origin.Report) string {
	var list []string
	grades := []origin.Grade{origin.Unknown, origin.Inferred, origin.Corroborated, origin.Recorded}
	for _, asked := range origin.Questions() {
		least, _, _ := strings.Cut(s.truth[asked], " ")
		a, because := r.Answer(asked), s.facts(asked)["because"]
		switch lies := a.Grade != origin.Unknown && s.lies(a) != nil; {
		case lies && firm(a.Grade):
			list = append(list, string(asked)+"!")
		case s.saysFalse(a), a.Grade == origin.Unknown && because != nil && !slices.Contains(because, string(a.UnknownBecause)), lies,
			slices.Index(grades, a.Grade) < slices.Index(grades, origin.Grade(least)):
			list = append(list, string(asked))
		}
	}
	return strings.Join(list, " ")
}

// created is when the file of a story was created, according to its $MFT.
func (s story) created() time.Time {
	for _, f := range s.files {
		if f.Path == inVolume(s.path) {
			return f.Times.Created
		}
	}
	return noon
}

func (s story) report(t testing.TB) *origin.Report {
	t.Helper()
	r, err := origin.Investigate(t.Context(), s.volume(t), s.path, s.shadowCopies(t)...)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Each answer that the evidence deserves is given, and none that is not so, but for
// those in the table of what is not found yet.
func TestStories(t *testing.T) {
	wrong, missed := 0, 0
	all := stories()
	for _, s := range all {
		t.Run(s.name, func(t *testing.T) {
			got := s.missed(s.report(t))
			wrong += strings.Count(got, "!")
			missed += len(strings.Fields(got))
			if strings.Contains(got, "!") || got != notYet[s.name] {
				t.Errorf("not found as it should be: %q, and the table has %q", got, notYet[s.name])
			}
		})
	}
	for name := range notYet {
		if !slices.ContainsFunc(all, func(s story) bool { return s.name == name }) {
			t.Errorf("the table of what is not found yet has %s, which is not a story", name)
		}
	}
	t.Logf("%d machines: %d answers are not found yet, of which %d are firm and wrong", len(all), missed, wrong)
}

// With any one of the logs, hives and other files removed, what is still said firmly is
// still so.
func TestStoriesWithoutASource(t *testing.T) {
	wrong, runs := 0, 0
	for _, s := range stories() {
		sources := slices.Sorted(maps.Keys(s.logs))
		for _, f := range s.files {
			if f.Path != inVolume(s.path) {
				sources = append(sources, f.Path)
			}
		}
		if s.journal != nil {
			sources = append(sources, journalSource)
		}
		for i, source := range sources {
			if testing.Short() && i%8 != len(s.name)%8 {
				continue
			}
			without := s
			without.files = slices.DeleteFunc(slices.Clone(s.files), func(f mfttest.File) bool { return f.Path == source })
			without.logs = maps.Clone(s.logs)
			delete(without.logs, source)
			runs++
			if source == journalSource {
				without.journal = nil
			}
			r, err := origin.Investigate(t.Context(), without.volume(t), s.path)
			if errors.Is(err, fs.ErrNotExist) { // only that source names the file
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			for _, w := range without.wrongs(r) {
				wrong++
				t.Logf("%s without %s: %s", s.name, source, w)
			}
		}
	}
	noneWrong(t, runs, wrong)
}

// noneWrong fails if firm answers are wrong.
func noneWrong(t *testing.T, runs, wrong int) {
	t.Helper()
	t.Logf("%d runs: %d firm answers are wrong", runs, wrong)
	if wrong > 0 {
		t.Error("firm answers are wrong")
	}
}

// notYet has for a story the questions that the evidence answers and the report does
// not, or not rightly. None of them is answered firmly.
var notYet = map[string]string{
	"msiexec from an address":                           "writer",
	"all eight times were set":                          "appeared account",
	"the entry is another file's, and so is the record": "appeared original_name writer account logon",
	"behind a balancer, with the client in a header":    "arrival",
}
