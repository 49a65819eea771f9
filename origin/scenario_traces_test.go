package origin_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/origin"
	"github.com/birthmark-dfir/birthmark/origin/origintest"
)

// rises is what traces add to the answers about a machine without Sysmon and without the
// audit of processes: the grade, and the reason of an Unknown, before and after. Answers
// that it does not name are unchanged: what was there need not have run, and nobody started
// the file from the Explorer.
var rises = map[string]map[origin.Question]string{
	"Amcache":           {},
	"BAM":               {origin.Executed: "unknown partly_searched → inferred"},
	"PCA":               {origin.Executed: "unknown partly_searched → inferred"},
	"Prefetch":          {origin.Executed: "unknown partly_searched → recorded"},
	"SRUM":              {origin.Executed: "unknown partly_searched → inferred"},
	"ShimCache":         {},
	"UAL":               {},
	"UserAssist":        {},
	"detection history": {origin.Writer: "unknown source_absent → inferred"},
	"recycle bin":       {},
	"all of them":       {origin.Executed: "unknown partly_searched → recorded", origin.Writer: "unknown source_absent → inferred"},
}

// placeOf is where traces are that are not in a hive of every machine.
var placeOf = map[string]string{
	"Amcache": "Windows/AppCompat/Programs/Amcache.hve", "PCA": "Windows/appcompat/pca/", "Prefetch": "Windows/Prefetch/", "SRUM": "Windows/System32/sru/", "UAL": "Windows/System32/LogFiles/Sum/",
	"detection history": "ProgramData/Microsoft/Windows Defender/Scans/History/Service/DetectionHistory/", "recycle bin": "$Recycle.Bin/",
}

// With the traces of what ran, more answers are found on the scenario without Sysmon and
// without the audit of processes, and what they say is the truth. Each trace that is
// added, and each that is not, is in the coverage.
func TestTracesRaiseAnswers(t *testing.T) {
	truth, err := origintest.SQLServer().Truth()
	if err != nil {
		t.Fatal(err)
	}
	before := report(t, origintest.SQLServer().Unaudited())
	everything := origintest.SQLServer().Unaudited()
	for _, name := range origintest.Traces() {
		everything = everything.WithTrace(name)
	}
	for _, name := range append(origintest.Traces(), "all of them") {
		t.Run(name, func(t *testing.T) {
			s := everything
			if name != "all of them" {
				s = origintest.SQLServer().Unaudited().WithTrace(name)
			}
			r := report(t, s)
			got := map[origin.Question]string{}
			for _, a := range r.Answers {
				b := before.Answer(a.Question)
				was, is := strings.TrimSpace(fmt.Sprint(b.Grade, " ", b.UnknownBecause)), strings.TrimSpace(fmt.Sprint(a.Grade, " ", a.UnknownBecause))
				if was != is {
					got[a.Question] = was + " → " + is
				}
				if rank[a.Grade] > rank[b.Grade] {
					t.Errorf("%s became %s from %s", a.Question, a.Grade, b.Grade)
				}
				i := slices.IndexFunc(truth.Answers, func(w origintest.Answer) bool { return w.Question == string(a.Question) })
				if a.Grade == origin.Unknown || b.Grade != origin.Unknown {
					continue
				}
				for _, f := range a.Facts {
					if want, known := truth.Answers[i].Groups[0][f.Name]; known && f.Value != want && f.Name != "time" {
						t.Errorf("%s: %s is %s, want %s", a.Question, f.Name, f.Value, want)
					}
				}
			}
			for trace, place := range placeOf {
				want := "absent"
				if trace == name || name == "all of them" {
					want = "parsed"
				}
				var states []string
				for _, c := range r.Coverage {
					if strings.HasPrefix(strings.ToLower(c.Artifact), strings.ToLower(place)) && !slices.Contains(states, c.State) {
						states = append(states, c.State)
					}
				}
				if !slices.Equal(states, []string{want}) {
					t.Errorf("the coverage has %s as %q, want %s", trace, states, want)
				}
			}
			t.Logf("%q", got)
			for asked, want := range rises[name] {
				if got[asked] != want {
					t.Errorf("%s: %q, want %q", asked, got[asked], want)
				}
			}
			for asked, change := range got {
				if rises[name][asked] == "" {
					t.Errorf("%s: %s: %s", asked, change, r.Answer(asked).Answer)
				}
			}
		})
	}
}
