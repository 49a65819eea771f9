package origin

import (
	_ "embed"
	"encoding/json"
	"io"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/show"
)

//go:embed report.schema.json
var schema string

// Schema returns the JSON Schema (draft 2020-12) of what [Report.WriteJSON] writes.
func Schema() string { return schema }

// WriteJSON writes the report as one JSON object, indented by two spaces and
// followed by a newline:
//
//	{"tool": {"name", "version", "run"},
//	 "evidence": [{"name", "kind", "size", "sha256"}],
//	 "machine": {"name", "former": [], "domain", "windows", "installed", "time_zone", "sid", "addresses": [], "evidence": []},
//	 "subject": {"path", "volume", "mft_entry", "size", "md5", "sha1", "sha256", "owner_sid"},
//	 "verdict": [{"question", "grade", "text"}],
//	 "answers": [{"question", "answer", "grade", "unknown_because", "not_searched": [],
//	              "facts": [{"name", "value"}],
//	              "evidence": [{"artifact", "record", "offset", "time", "text"}],
//	              "rivals": [], "alternative": {"text", "apart"}}],
//	 "actions": [{"kind", "target", "time", "count", "evidence": []}],
//	 "elsewhere": [{"machine", "text", "evidence": []}],
//	 "contradictions": [{"kind", "text", "touches": [], "evidence": []}],
//	 "coverage": [{"artifact", "state", "records", "first", "last", "problems", "reason", "note"}],
//	 "events": [{"time", "desc", "kind", "message", "path", "user", "sid",
//	             "artifact", "record", "offset"}]}
//
// [Schema] is the machine-readable form. Every key is always present, except
// unknown_because, which is present if and only if the grade is unknown. No array is
// null. Times are RFC 3339 in UTC with as many digits as there are, up to seven, and
// "" if unknown. Offsets are in bytes from the beginning of the artifact, -1 if
// unknown. json.Unmarshal into a Report restores the report.
//
// Non-printing characters (terminal escapes, directional formatting characters) and
// markup are written as \u escapes, which decode to the original characters. Bytes
// that are not UTF-8 become U+FFFD.
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
	p.Evidence, p.Verdict, p.Answers = filled(p.Evidence), filled(p.Verdict), filled(p.Answers)
	for i := range p.Answers {
		a := &p.Answers[i]
		a.NotSearched, a.Facts, a.Evidence, a.Rivals = filled(a.NotSearched), filled(a.Facts), filled(a.Evidence), filled(a.Rivals)
	}
	p.Actions, p.Elsewhere = filled(p.Actions), filled(p.Elsewhere)
	for i := range p.Elsewhere {
		p.Elsewhere[i].Evidence = filled(p.Elsewhere[i].Evidence)
	}
	p.Contradictions = filled(p.Contradictions)
	for i := range p.Contradictions {
		c := &p.Contradictions[i]
		c.Touches, c.Evidence = filled(c.Touches), filled(c.Evidence)
	}
	p.Coverage, p.Events = filled(p.Coverage), filled(p.Events)
	return json.Marshal(p)
}

// filled returns a copy of a slice that is not nil.
func filled[T any](list []T) []T { return append(make([]T, 0, len(list)), list...) }

// instant is a time in JSON: RFC 3339, or "" if it is zero.
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

// The JSON forms of the types that hold times. Their fields are those of the types,
// in the same order.
type (
	toolJSON struct {
		Name    string  `json:"name"`
		Version string  `json:"version"`
		Run     instant `json:"run"`
	}
	machineJSON struct {
		Name      string     `json:"name"`
		Former    []string   `json:"former"`
		Domain    string     `json:"domain"`
		Windows   string     `json:"windows"`
		Installed instant    `json:"installed"`
		TimeZone  string     `json:"time_zone"`
		SID       string     `json:"sid"`
		Addresses []string   `json:"addresses"`
		Evidence  []Citation `json:"evidence"`
	}
	actionJSON struct {
		Kind     ActionKind `json:"kind"`
		Target   string     `json:"target"`
		Time     instant    `json:"time"`
		Count    int        `json:"count"`
		Evidence []Citation `json:"evidence"`
	}
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
		Reason   string  `json:"reason"`
		Note     string  `json:"note"`
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

// MarshalJSON writes "" for a zero time.
func (t Tool) MarshalJSON() ([]byte, error) {
	return json.Marshal(toolJSON{t.Name, t.Version, instant(t.Run)})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (t *Tool) UnmarshalJSON(text []byte) error {
	var j toolJSON
	err := json.Unmarshal(text, &j)
	*t = Tool{j.Name, j.Version, time.Time(j.Run)}
	return err
}

// MarshalJSON writes "" for a zero time.
func (m Machine) MarshalJSON() ([]byte, error) {
	return json.Marshal(machineJSON{m.Name, filled(m.Former), m.Domain, m.Windows, instant(m.Installed), m.TimeZone, m.SID, filled(m.Addresses), filled(m.Evidence)})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (m *Machine) UnmarshalJSON(text []byte) error {
	var j machineJSON
	err := json.Unmarshal(text, &j)
	*m = Machine{j.Name, j.Former, j.Domain, j.Windows, time.Time(j.Installed), j.TimeZone, j.SID, j.Addresses, j.Evidence}
	return err
}

// MarshalJSON writes "" for a zero time.
func (a Action) MarshalJSON() ([]byte, error) {
	return json.Marshal(actionJSON{a.Kind, a.Target, instant(a.Time), a.Count, filled(a.Evidence)})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (a *Action) UnmarshalJSON(text []byte) error {
	var j actionJSON
	err := json.Unmarshal(text, &j)
	*a = Action{j.Kind, j.Target, time.Time(j.Time), j.Count, j.Evidence}
	return err
}

// MarshalJSON writes "" for a zero time.
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

// MarshalJSON writes "" for a zero time.
func (c Coverage) MarshalJSON() ([]byte, error) {
	return json.Marshal(coverageJSON{c.Artifact, c.State, c.Records, instant(c.First), instant(c.Last), c.Problems, c.Reason, c.Note})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (c *Coverage) UnmarshalJSON(text []byte) error {
	var j coverageJSON
	err := json.Unmarshal(text, &j)
	*c = Coverage{j.Artifact, j.State, j.Records, time.Time(j.First), time.Time(j.Last), j.Problems, j.Reason, j.Note}
	return err
}

// MarshalJSON writes "" for a zero time.
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
