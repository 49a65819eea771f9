package origin

import (
	"slices"
	"time"
)

// Question is one of the twelve questions about a file.
type Question string

// The questions, in the order in which a report answers them.
const (
	What         Question = "what"          // what is it?
	Appeared     Question = "appeared"      // when did it appear?
	OriginalName Question = "original_name" // what was its name and place at first?
	Writer       Question = "writer"        // which process wrote it?
	Account      Question = "account"       // under which account?
	Arrival      Question = "arrival"       // how did it get onto the machine?
	Logon        Question = "logon"         // from where was that account logged on?
	WebEntry     Question = "web_entry"     // which request to a web server led to it?
	Executed     Question = "executed"      // did it run?
	Autostart    Question = "autostart"     // what starts it?
	Companions   Question = "companions"    // what came with it?
	Reach        Question = "reach"         // what did it connect to?
)

var questions = [...]Question{
	What, Appeared, OriginalName, Writer, Account, Arrival,
	Logon, WebEntry, Executed, Autostart, Companions, Reach,
}

// Questions returns all questions in the order in which a report answers them.
func Questions() []Question { return slices.Clone(questions[:]) }

// Grade says how firmly an answer stands on its evidence.
type Grade string

// The grades, best first.
const (
	// Recorded: one record names both ends, such as the process and the file.
	Recorded Grade = "recorded"
	// Corroborated: two writers that do not copy from each other agree.
	Corroborated Grade = "corroborated"
	// Inferred: times overlap, or a name matches; what fits as well is listed
	// among the rivals.
	Inferred Grade = "inferred"
	// Unknown: there is no answer; UnknownBecause says why.
	Unknown Grade = "unknown"
)

// UnknownBecause says why there is no answer.
type UnknownBecause string

// The reasons for an Unknown.
const (
	// SourceAbsent: no artifact that would tell is in the evidence, or readable.
	SourceAbsent UnknownBecause = "source_absent"
	// OutsideRetention: the artifacts that would tell are there, and do not
	// reach back (or forward) to the time in question, or were cleared.
	OutsideRetention UnknownBecause = "outside_retention"
	// SearchedEmpty: the artifacts cover the time in question, and tell nothing.
	SearchedEmpty UnknownBecause = "searched_empty"
)

// Report is what the evidence of a volume says about one file.
type Report struct {
	Subject        Subject         `json:"subject"`
	Answers        []Answer        `json:"answers"`        // to every question, in order
	Contradictions []Contradiction `json:"contradictions"` // in the order of their kinds in the package documentation
	Coverage       []Coverage      `json:"coverage"`       // every artifact read, or expected and absent
	Events         []Event         `json:"events"`         // up to twenty around the creation, in order of time
}

// Answer returns the answer to a question, nil for one that is none of the
// twelve.
func (r *Report) Answer(q Question) *Answer {
	for i := range r.Answers {
		if r.Answers[i].Question == q {
			return &r.Answers[i]
		}
	}
	return nil
}

// Subject identifies the file under investigation. Hashes are lower-case
// hexadecimal, empty where the content cannot be read.
type Subject struct {
	Path     string `json:"path"`      // as Windows writes it
	Volume   string `json:"volume"`    // name of the volume, by WithVolumeName, else its drive letter
	MFTEntry uint64 `json:"mft_entry"` // number of its $MFT entry, 0 where no $MFT tells
	Size     int64  `json:"size"`      // in bytes; of the unnamed stream
	MD5      string `json:"md5"`
	SHA1     string `json:"sha1"`
	SHA256   string `json:"sha256"`
	OwnerSID string `json:"owner_sid"` // empty where unknown
}

// sized reports whether the size is known: by the content, or by the $MFT.
func (s Subject) sized() bool { return s.SHA256 != "" || s.MFTEntry != 0 || s.Size != 0 }

// Answer answers one question.
type Answer struct {
	Question       Question       `json:"question"`
	Answer         string         `json:"answer"` // one sentence; made of evidence, so not escaped
	Grade          Grade          `json:"grade"`
	UnknownBecause UnknownBecause `json:"unknown_because,omitempty"` // set if and only if Grade is Unknown
	Evidence       []Citation     `json:"evidence"`                  // the records it stands on, the decisive one first
	Rivals         []string       `json:"rivals"`                    // what the same evidence fits as well
	Facts          []Fact         `json:"-"`                         // the answer in parts, for programs: see the package documentation
}

// Fact returns the value of the first fact of that name, "" if there is none.
func (a *Answer) Fact(name string) string {
	for _, f := range a.Facts {
		if f.Name == name {
			return f.Value
		}
	}
	return ""
}

// Fact is a part of an answer that programs can compare. Names may repeat.
type Fact struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Citation points at the record that says something.
type Citation struct {
	Artifact string    `json:"artifact"` // slash-separated path in the volume, of another volume with its drive before it
	Record   string    `json:"record"`   // event record id, $MFT entry and sequence, key path, line
	Offset   int64     `json:"offset"`   // in bytes from the beginning of the artifact; -1 where unknown
	Time     time.Time `json:"time"`     // of what the record tells; zero where it tells none
	Text     string    `json:"text"`     // the record's own names and values, as far as they matter; not escaped
}

// Contradiction is evidence that does not agree with other evidence, or that
// lessens what can be trusted.
type Contradiction struct {
	Kind     string     `json:"kind"` // one of the kinds in the package documentation
	Text     string     `json:"text"` // one sentence; made of evidence, so not escaped
	Evidence []Citation `json:"evidence"`
}

// Coverage says what one artifact contributed.
type Coverage struct {
	Artifact string    `json:"artifact"` // slash-separated path in the volume
	State    string    `json:"state"`    // parsed, absent, damaged or present_unread
	Records  int       `json:"records"`
	First    time.Time `json:"first"` // earliest and latest time in its records, zero where there is none
	Last     time.Time `json:"last"`
	Problems int       `json:"problems"` // damage met while reading
}

// Event is something that happened around the creation of the file.
type Event struct {
	Time     time.Time `json:"time"`
	Desc     string    `json:"desc"` // what Time is
	Kind     string    `json:"kind"` // a timeline.Kind
	Message  string    `json:"message"`
	Path     string    `json:"path"`
	User     string    `json:"user"`
	SID      string    `json:"sid"`
	Artifact string    `json:"artifact"` // as in a Citation
	Record   string    `json:"record"`
	Offset   int64     `json:"offset"`
}
