package timeline

import (
	"cmp"
	"errors"
	"io/fs"
	"iter"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/registry"
)

// Problem is damage that did not stop the rest from being read. Its fields are
// those of [damage.Problem]:
//
//	Kind damage.Kind  // such as damage.Checksum or damage.Gap
//	Err  *FormatError // what is wrong, and where; never nil
type Problem = damage.Problem

// FormatError is damage in an artifact. Its fields are those of [damage.Error]:
//
//	Artifact string // the artifact
//	Path     string // the place in it, such as a record or a key
//	Offset   int64  // in bytes from the beginning of the artifact; -1 if unknown
//	What     string // the damaged structure or field
//	Want     string // what the format requires there; may be empty
//	Got      string // what was found instead; may be empty
//	Err      error  // the cause; may be nil
type FormatError = damage.Error

// State is how much of an artifact could be read.
type State string

// The states of an artifact.
const (
	Parsed     State = "parsed"         // read to its end; Problems may name losses
	Partly     State = "partly"         // readable only up to a point
	Unreadable State = "unreadable"     // it could not be opened, such as for want of permission
	Absent     State = "absent"         // looked for on a volume with Windows, and not there
	Damaged    State = "damaged"        // not what it should be
	Unread     State = "present_unread" // present, but not read: of a TypeUnread, or see WithWebLogsOnDemand
)

// MaxProblems is how many Problems a Coverage lists. ProblemCount counts them all.
const MaxProblems = 100

// Coverage records what one artifact contributed. A negative result is only as good
// as the coverage of the artifacts that were searched.
type Coverage struct {
	Artifact     string    // slash-separated path in the volume
	Name         string    // name in the artifact itself: a log's channel, a hive's type, $MFT; may be empty
	Type         string    // one of the Source types
	State        State     //
	Records      int       // earliest and latest time in the records, or zero
	First, Last  time.Time // number of problems
	ProblemCount int       // number of problems met
	Problems     []Problem // the first MaxProblems of them

	Replayed []registry.LogUse // of a hive: what became of the transaction logs beside it
	Dirty    bool              // of a hive: its newest changes are missing, which its transaction logs would have

	Local bool // of a web log: its times are what the server's clock showed, of an unknown time zone

	// Lost are the lines of a web log that could not be read, those one after the other
	// together: what a search of their time did not see.
	Lost []LostLines
}

// LostLines are lines of a web log, one after the other, that could not be read.
type LostLines struct {
	Count  int
	Offset int64 // of the first, in bytes from the beginning of the log

	// The lines were written between these times: those of the lines themselves, if all
	// of them begin with one, else those of the lines around. Zero if unknown.
	From, To time.Time
}

// Within returns how many of the lines may have been written between two times.
func (l *LostLines) Within(from, to time.Time) int {
	if !l.From.IsZero() && l.From.After(to) || !l.To.IsZero() && l.To.Before(from) {
		return 0
	}
	return l.Count
}

// compare orders coverage by type and path.
func (c Coverage) compare(other Coverage) int {
	return cmp.Or(cmp.Compare(c.Type, other.Type), cmp.Compare(c.Artifact, other.Artifact))
}

// add adds a problem.
func (c *Coverage) add(p Problem) {
	c.ProblemCount++
	if len(c.Problems) < MaxProblems {
		c.Problems = append(c.Problems, p)
	}
}

// damaged adds an error of reading: damage that was skipped, or an error that ended
// the reading.
func (c *Coverage) damaged(err error) {
	var e *FormatError
	if !errors.As(err, &e) {
		e = &FormatError{Artifact: c.Artifact, Offset: -1, What: "reading", Err: err}
		c.State = Damaged
		switch {
		case c.Records > 0:
			c.State = Partly
		case errors.Is(err, fs.ErrPermission), errors.Is(err, fs.ErrNotExist), errors.Is(err, fs.ErrInvalid):
			c.State = Unreadable
		}
	}
	c.add(Problem{Kind: damage.Malformed, Err: e})
}

// opened counts the problems of an artifact that was opened, or that it could not be, which
// it reports.
func (c *Coverage) opened(r interface{ Problems() iter.Seq[Problem] }, err error) bool {
	if err != nil {
		c.State = Damaged
		c.damaged(err)
		return false
	}
	for p := range r.Problems() {
		c.add(p)
	}
	return true
}

// saw extends the range of times to t, unless t is zero.
func (c *Coverage) saw(t time.Time) {
	if t.IsZero() {
		return
	}
	if c.First.IsZero() || t.Before(c.First) {
		c.First = t
	}
	if t.After(c.Last) {
		c.Last = t
	}
}
