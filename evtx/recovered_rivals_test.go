package evtx_test

import (
	"encoding/json"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/internal/testenv"
)

// sighting is a record as another tool names it: by a number, and a time to the second.
type sighting struct {
	number uint64
	second time.Time
}

// sightings returns what a record may be named by: what its header says, and what its
// event says.
func sightings(rec *evtx.Record) []sighting {
	all := []sighting{{rec.ID, rec.Written.Truncate(time.Second)}}
	if s, err := rec.System(); err == nil {
		all = append(all, sighting{s.RecordID, s.TimeCreated.Truncate(time.Second)})
	}
	return all
}

// Whatever evtxexport recovers from the corpus is recovered here, too, or is among the
// records of the log. EVTXtract 0.2.3 finds 653 records that no log lists, all of which
// are recovered here as whole; it is too slow to be asked each time.
func TestRecoveredByEvtxexport(t *testing.T) {
	tool := testenv.Tool(t, "evtxexport")
	count := map[string]int{}
	for _, name := range testenv.CorpusGlob(t, "evtx/*/*.evtx") {
		r, err := evtx.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		ours := map[sighting]string{}
		for rec, err := range r.Recovered() {
			if err != nil {
				t.Fatal(err)
			}
			count["recovered here, "+rec.Grade.String()]++
			for _, s := range sightings(&rec.Record) {
				ours[s] = rec.Grade.String()
			}
		}
		for rec, err := range r.Records() {
			if err == nil {
				for _, s := range sightings(&rec) {
					ours[s] = "live"
				}
			}
		}
		r.Close()
		out, err := exec.Command(tool, "-m", "recovered", name).Output()
		if err != nil && len(out) == 0 {
			t.Fatalf("%s: %v", filepath.Base(name), err)
		}
		for _, s := range exported(t, string(out)) {
			grade := ours[s]
			if grade == "" {
				t.Errorf("%s: only evtxexport has record %d of %v", filepath.Base(name), s.number, s.second)
			}
			count["evtxexport, "+grade]++
		}
	}
	text, _ := json.Marshal(count)
	t.Logf("%s", text)
	if count["evtxexport, whole"] < 600 || count["recovered here, whole"] < 1900 {
		t.Errorf("too few: %v", count)
	}
}

// exported returns the records in what evtxexport prints.
func exported(t *testing.T, out string) (all []sighting) {
	var s sighting
	for line := range strings.Lines(out) {
		name, value, _ := strings.Cut(line, ":")
		value = strings.TrimSpace(value)
		switch strings.TrimSpace(name) {
		case "Event number":
			n, err := strconv.ParseUint(value, 10, 64)
			if err != nil {
				t.Errorf("event number %s", value)
			}
			s.number = n
		case "Written time":
			when, err := time.Parse("Jan 02, 2006 15:04:05 MST", strings.SplitN(value, ".", 2)[0]+" UTC")
			if err != nil {
				t.Errorf("written time %s", value)
			}
			if when.Year() == 1601 {
				when = time.Time{}
			}
			s.second = when
			all = append(all, s)
		}
	}
	return all
}
