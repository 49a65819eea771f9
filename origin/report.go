package origin

import (
	"time"
)

// Question is one of the [Questions] about a file.
type Question string

// The questions, in the order in which a report answers them.
const (
	What         Question = "what"          // what is it?
	Appeared     Question = "appeared"      // when did it appear?
	OriginalName Question = "original_name" // what was its original name and path?
	Writer       Question = "writer"        // which process wrote it?
	Account      Question = "account"       // which account wrote it?
	Arrival      Question = "arrival"       // how did it get onto the machine?
	Logon        Question = "logon"         // where was that account logged on from?
	WebEntry     Question = "web_entry"     // which request to a web server led to it?
	Executed     Question = "executed"      // did it run?
	Autostart    Question = "autostart"     // what starts it?
	Companions   Question = "companions"    // what came with it?
	Reach        Question = "reach"         // what did it connect to?
)

// Grade is how firmly the evidence supports an answer.
type Grade string

// The grades, best first.
const (
	// Recorded: one record names both ends, such as the process and the file.
	Recorded Grade = "recorded"
	// Corroborated: two independent sources agree.
	Corroborated Grade = "corroborated"
	// Inferred: times overlap, or a name matches; the rivals are what fits as well.
	Inferred Grade = "inferred"
	// Unknown: the question cannot be answered; UnknownBecause has the reason.
	Unknown Grade = "unknown"
)

// UnknownBecause is why a question cannot be answered.
type UnknownBecause string

// The reasons for the grade Unknown.
const (
	// SourceAbsent: no artifact that would record it is in the evidence.
	SourceAbsent UnknownBecause = "source_absent"
	// SourceUnreadable: artifacts that would record it are in the evidence, but could
	// not be opened or decoded.
	SourceUnreadable UnknownBecause = "source_unreadable"
	// OutsideRetention: the artifacts that would record it do not cover the time in
	// question, or were cleared.
	OutsideRetention UnknownBecause = "outside_retention"
	// SearchedEmpty: the artifacts cover the time in question, were read to their end
	// and understood, and hold no match.
	SearchedEmpty UnknownBecause = "searched_empty"
	// PartlySearched: what was searched holds no match, but not all of it could be
	// searched; NotSearched has the rest.
	PartlySearched UnknownBecause = "partly_searched"
)

// Report is what the evidence of a volume records about one file.
type Report struct {
	Tool           Tool            `json:"tool"`
	Evidence       []Source        `json:"evidence"` // what was opened
	Machine        Machine         `json:"machine"`
	Subject        Subject         `json:"subject"`
	Verdict        []Sentence      `json:"verdict"`        // the answers in a few sentences
	Answers        []Answer        `json:"answers"`        // to every question, in order
	Actions        []Action        `json:"actions"`        // what the subject did as a process, in order of time
	Elsewhere      []Elsewhere     `json:"elsewhere"`      // what records of other machines hold about that path; no answer rests on it
	Contradictions []Contradiction `json:"contradictions"` // in the order of their kinds in the package documentation
	Coverage       []Coverage      `json:"coverage"`       // every artifact read, or expected but missing
	Events         []Event         `json:"events"`         // up to twenty around the creation, in order of time

	explained map[Question]string // what Explain returns; nil in a report that was read back
}

// Answer returns the answer to a question. It is never nil: if the report is nil or
// does not answer the question, it is an Unknown without evidence.
func (r *Report) Answer(q Question) *Answer {
	if r != nil {
		for i := range r.Answers {
			if r.Answers[i].Question == q {
				return &r.Answers[i]
			}
		}
	}
	return &Answer{Question: q, Grade: Unknown, UnknownBecause: SourceAbsent, Answer: "The report does not answer this question."}
}

// Tool is the program or library that made the report.
type Tool struct {
	Name    string    `json:"name"`
	Version string    `json:"version"` // of this module; "(devel)" without a release
	Run     time.Time `json:"run"`     // when the report was made
}

// Source is a file or folder that was opened as evidence.
type Source struct {
	Name   string `json:"name"`   // of the file, without its folder
	Kind   string `json:"kind"`   // in words, as package evidence names it
	Size   int64  `json:"size"`   // in bytes; 0 for a folder
	SHA256 string `json:"sha256"` // of the file, if that was asked for; lower-case hexadecimal
}

// Machine is the machine whose Windows is in the evidence, as its hives record it. A
// field is empty if no hive records it. Without a hive its name is that of the records
// that prevail in its logs.
type Machine struct {
	Name      string    `json:"name"`      // ComputerName
	Former    []string  `json:"former"`    // names that it had before
	Domain    string    `json:"domain"`    // DNS name of its domain
	Windows   string    `json:"windows"`   // product, version and build
	Installed time.Time `json:"installed"` // when this version of Windows was installed
	TimeZone  string    `json:"time_zone"` // its key name, such as "W. Europe Standard Time"
	SID       string    `json:"sid"`       // of the machine, from which those of local accounts are made
	Addresses []string  `json:"addresses"` // of its network interfaces

	Evidence []Citation `json:"evidence"` // the records of the fields above
}

// Action is something that a run of the subject did.
type Action struct {
	Kind     ActionKind `json:"kind"`
	Target   string     `json:"target"` // a path, a registry value, an address, a program; made of evidence, so not escaped
	Time     time.Time  `json:"time"`   // of the first record
	Count    int        `json:"count"`  // of the records
	Evidence []Citation `json:"evidence"`
}

// ActionKind is what a run of the subject did.
type ActionKind string

// The kinds of actions.
const (
	Started   ActionKind = "started"   // another program
	Wrote     ActionKind = "wrote"     // a file
	Deleted   ActionKind = "deleted"   // a file
	SetTime   ActionKind = "set_time"  // of a file
	SetValue  ActionKind = "set_value" // of the registry
	Loaded    ActionKind = "loaded"    // a library or driver
	Connected ActionKind = "connected" // to an address
	Queried   ActionKind = "queried"   // a name in the DNS
	Pipe      ActionKind = "pipe"      // a named pipe that it made or opened
	Accessed  ActionKind = "accessed"  // another process
	Injected  ActionKind = "injected"  // code into another process
)

// Elsewhere is what the records of another machine, of which copies are in the
// evidence, hold about a file with the subject's path.
type Elsewhere struct {
	Machine  string     `json:"machine"`
	Text     string     `json:"text"` // one sentence; made of evidence, so not escaped
	Evidence []Citation `json:"evidence"`
}

// Sentence is one sentence of the verdict. Its text is made of evidence, so not
// escaped.
type Sentence struct {
	Question Question `json:"question"` // whose answer it gives
	Grade    Grade    `json:"grade"`    // of that answer
	Text     string   `json:"text"`
}

// Subject identifies the file under investigation. Hashes are lower-case hexadecimal,
// and empty if the content cannot be read.
type Subject struct {
	Path     string `json:"path"`      // as Windows writes it
	Volume   string `json:"volume"`    // name of the volume, from WithVolumeName, else its drive letter
	MFTEntry uint64 `json:"mft_entry"` // number of its $MFT entry, 0 if no $MFT records it
	Size     int64  `json:"size"`      // in bytes; of the unnamed stream
	MD5      string `json:"md5"`
	SHA1     string `json:"sha1"`
	SHA256   string `json:"sha256"`
	OwnerSID string `json:"owner_sid"` // empty if unknown
}

// sized reports whether the size is known, from the content or the $MFT.
func (s Subject) sized() bool { return s.SHA256 != "" || s.MFTEntry != 0 || s.Size != 0 }

// Answer answers one question.
type Answer struct {
	Question       Question       `json:"question"`
	Answer         string         `json:"answer"` // one sentence; made of evidence, so not escaped
	Grade          Grade          `json:"grade"`
	UnknownBecause UnknownBecause `json:"unknown_because,omitempty"` // set if and only if Grade is Unknown
	NotSearched    []string       `json:"not_searched"`              // what an Unknown could not search
	Facts          []Fact         `json:"facts"`                     // the answer in parts, for programs: see the package documentation
	Evidence       []Citation     `json:"evidence"`                  // the records that it rests on, the decisive one first
	Rivals         []string       `json:"rivals"`                    // other explanations that fit the same evidence
	Alternative    Alternative    `json:"alternative"`               // the best of them; zero for an Unknown
}

// Alternative is the best hypothesis that an answer leaves open.
type Alternative struct {
	Text  string `json:"text"`  // the hypothesis; made of evidence, so not escaped
	Apart string `json:"apart"` // the record, present or missing, that would separate the two
}

// First returns the decisive record, or the zero Citation if the answer has no
// evidence, as is usual for an Unknown.
func (a *Answer) First() Citation {
	if a == nil || len(a.Evidence) == 0 {
		return Citation{}
	}
	return a.Evidence[0]
}

// Fact returns the value of the first fact of that name, or "".
func (a *Answer) Fact(name string) string {
	if a == nil {
		return ""
	}
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

// Citation locates a record.
type Citation struct {
	Artifact string    `json:"artifact"` // slash-separated path in the volume; on another volume its drive comes first
	Record   string    `json:"record"`   // event record ID, $MFT entry and sequence, key path, line
	Offset   int64     `json:"offset"`   // in bytes from the beginning of the artifact; -1 if unknown
	Time     time.Time `json:"time"`     // of what is recorded; zero if the record has no time
	Text     string    `json:"text"`     // the record's own names and values that matter; not escaped
}

// Contradiction is evidence that disagrees with other evidence, or that makes
// evidence less reliable.
type Contradiction struct {
	Kind     ContradictionKind `json:"kind"`
	Text     string            `json:"text"`    // one sentence; made of evidence, so not escaped
	Touches  []Question        `json:"touches"` // whose answers it concerns
	Evidence []Citation        `json:"evidence"`

	mild bool // it lowers no answer
}

// ContradictionKind is what disagrees: one of the kinds in the package documentation.
type ContradictionKind string

// Coverage records what one artifact contributed.
type Coverage struct {
	Artifact string    `json:"artifact"` // slash-separated path in the volume
	State    string    `json:"state"`    // parsed, partly, unreadable, present_unread, absent or damaged
	Records  int       `json:"records"`
	First    time.Time `json:"first"` // earliest and latest time in its records, or zero
	Last     time.Time `json:"last"`
	Problems int       `json:"problems"` // damage met while reading
	Reason   string    `json:"reason"`   // why it could not be read, or not whole; made of evidence, so not escaped
	Note     string    `json:"note"`     // how it was read: which transaction logs completed a hive, or that its newest changes are missing
}

// Event is something that happened around the creation of the file.
type Event struct {
	Time     time.Time `json:"time"`
	Desc     string    `json:"desc"` // the meaning of Time
	Kind     string    `json:"kind"` // a timeline.Kind
	Message  string    `json:"message"`
	Path     string    `json:"path"`
	User     string    `json:"user"`
	SID      string    `json:"sid"`
	Artifact string    `json:"artifact"` // as in a Citation
	Record   string    `json:"record"`
	Offset   int64     `json:"offset"`
}
