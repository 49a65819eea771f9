package origin

import (
	"encoding/json"
	"io"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/show"
)

// WriteJSON writes the report as one JSON object, indented by two spaces, with a
// line end behind it:
//
//	{"subject": {"path", "volume", "mft_entry", "size", "md5", "sha1", "sha256", "owner_sid"},
//	 "answers": [{"question", "answer", "grade", "unknown_because",
//	              "evidence": [{"artifact", "record", "offset", "time", "text"}],
//	              "rivals": []}],
//	 "contradictions": [{"kind", "text", "evidence": []}],
//	 "coverage": [{"artifact", "state", "records", "first", "last", "problems"}],
//	 "events": [{"time", "desc", "kind", "message", "path", "user", "sid",
//	             "artifact", "record", "offset"}]}
//
// Every key is always there, except unknown_because, which stands where and only
// where the grade is unknown. No array is null. Times are RFC 3339 in UTC with as
// many digits as there are, up to seven, and "" where there is none. Offsets are
// in bytes from the beginning of the artifact, -1 where unknown.
//
// Characters that act instead of showing (terminal escapes, marks that turn the
// direction of writing, markup) are written as \u escapes, which decode to what
// they were; bytes that are no UTF-8 become U+FFFD.
func (r *Report) WriteJSON(w io.Writer) error {
	text, err := show.JSONDocument(r)
	if err != nil {
		return err
	}
	_, err = w.Write(text)
	return err
}

// MarshalJSON writes the report in the form that [Report.WriteJSON] documents.
func (r Report) MarshalJSON() ([]byte, error) {
	type plain Report // without this method
	p := plain(r)
	p.Answers = filled(p.Answers)
	for i := range p.Answers {
		a := &p.Answers[i]
		a.Evidence, a.Rivals = filled(a.Evidence), filled(a.Rivals)
	}
	p.Contradictions = filled(p.Contradictions)
	for i := range p.Contradictions {
		p.Contradictions[i].Evidence = filled(p.Contradictions[i].Evidence)
	}
	p.Coverage, p.Events = filled(p.Coverage), filled(p.Events)
	return json.Marshal(p)
}

// filled returns a copy of a slice that is not nil.
func filled[T any](list []T) []T { return append(make([]T, 0, len(list)), list...) }

// instant is a time in JSON: RFC 3339, "" for none.
type instant time.Time

func (t instant) MarshalText() ([]byte, error) { return []byte(timeText(time.Time(t))), nil }

func (t *instant) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*t = instant{}
		return nil
	}
	at, err := time.Parse(time.RFC3339Nano, string(text))
	*t = instant(at)
	return err
}

// The forms of the types that hold times. Their fields are those of the types,
// in the same order.
type (
	citationJSON struct {
		Artifact string  `json:"artifact"`
		Record   string  `json:"record"`
		Offset   int64   `json:"offset"`
		Time     instant `json:"time"`
		Text     string  `json:"text"`
	}
	coverageJSON struct {
		Artifact string  `json:"artifact"`
		State    string  `json:"state"`
		Records  int     `json:"records"`
		First    instant `json:"first"`
		Last     instant `json:"last"`
		Problems int     `json:"problems"`
	}
	eventJSON struct {
		Time     instant `json:"time"`
		Desc     string  `json:"desc"`
		Kind     string  `json:"kind"`
		Message  string  `json:"message"`
		Path     string  `json:"path"`
		User     string  `json:"user"`
		SID      string  `json:"sid"`
		Artifact string  `json:"artifact"`
		Record   string  `json:"record"`
		Offset   int64   `json:"offset"`
	}
)

// MarshalJSON writes "" for a time that there is not.
func (c Citation) MarshalJSON() ([]byte, error) {
	return json.Marshal(citationJSON{c.Artifact, c.Record, c.Offset, instant(c.Time), c.Text})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (c *Citation) UnmarshalJSON(text []byte) error {
	var j citationJSON
	err := json.Unmarshal(text, &j)
	*c = Citation{j.Artifact, j.Record, j.Offset, time.Time(j.Time), j.Text}
	return err
}

// MarshalJSON writes "" for a time that there is not.
func (c Coverage) MarshalJSON() ([]byte, error) {
	return json.Marshal(coverageJSON{c.Artifact, c.State, c.Records, instant(c.First), instant(c.Last), c.Problems})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (c *Coverage) UnmarshalJSON(text []byte) error {
	var j coverageJSON
	err := json.Unmarshal(text, &j)
	*c = Coverage{j.Artifact, j.State, j.Records, time.Time(j.First), time.Time(j.Last), j.Problems}
	return err
}

// MarshalJSON writes "" for a time that there is not.
func (e Event) MarshalJSON() ([]byte, error) {
	return json.Marshal(eventJSON{instant(e.Time), e.Desc, e.Kind, e.Message, e.Path, e.User, e.SID, e.Artifact, e.Record, e.Offset})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (e *Event) UnmarshalJSON(text []byte) error {
	var j eventJSON
	err := json.Unmarshal(text, &j)
	*e = Event{time.Time(j.Time), j.Desc, j.Kind, j.Message, j.Path, j.User, j.SID, j.Artifact, j.Record, j.Offset}
	return err
}
