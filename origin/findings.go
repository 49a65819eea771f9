package origin

import (
	"fmt"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/mft"
)

// A finding is what an answer passes to the questions that need it, beside its part
// in the report.
type finding interface{ leave(*findings) }

// findings holds one finding for each question that leaves one. A question sees those
// of the questions that it needs; all others are zero.
type findings struct {
	appearance
	authorship
	session
	webRequest
	execution
}

// appearance is what Appeared leaves.
type appearance struct {
	created  time.Time              // zero if unknown
	sure     bool                   // the answer is better than inferred, and the clock was not set
	creation *entry[*evtx.Sysmon11] // the record of the creation, or nil
	tied     bool                   // it agrees with the file; else it may be of another file that had the path
	near     vicinity
}

func (f appearance) leave(all *findings) { all.appearance = f }

// before reports whether a time is before the subject's creation, if that is known:
// the file that had its path then was another one.
func (f *appearance) before(t time.Time) bool {
	return f.sure && !f.created.IsZero() && t.Before(f.created.Add(-clockSkew))
}

// citeCreation cites the record of the creation, if there is one.
func (f *appearance) citeCreation() []Citation {
	if f.creation == nil {
		return nil
	}
	return []Citation{citeWrite(f.creation)}
}

// vicinity is what the $MFT holds near the subject.
type vicinity struct {
	beside []*mft.Record // files of the same folder, created within besideSpan
	before []*mft.Record // the last entries allocated before the subject's, each in its first use
}

// authorship is what Writer leaves.
type authorship struct {
	writer   *process // nil if unknown
	writerBy Grade
	wrote    *entry[*evtx.Sysmon11] // the record that names it; nil if it is inferred
}

// citeWriting cites the record that names the writer, else the records of the
// process.
func (f *authorship) citeWriting() []Citation {
	if f.wrote == nil {
		return f.writer.cite()
	}
	return []Citation{citeWrite(f.wrote)}
}

func (f authorship) leave(all *findings) { all.authorship = f }

// session is what Logon leaves.
type session struct {
	logon *entry[*evtx.Security4624] // of the writer's LogonId
}

func (f session) leave(all *findings) { all.session = f }

// webRequest is what WebEntry leaves.
type webRequest struct{ wayIn Answer }

func (f webRequest) leave(all *findings) { all.webRequest = f }

// execution is what Executed leaves.
type execution struct {
	runs    []*process // in order of start
	earlier []*process // runs of the path before the subject was created
}

func (f execution) leave(all *findings) { all.execution = f }

// A clash is one instance of a contradiction.
type clash struct {
	evidence []Citation
	text     string
	channel  string // of the log that it is about, if any; it touches only what that log answers
	hive     string // the type of the hive that it is about, if any; it touches only what that hive answers
	mild     bool   // it lowers no answer
}

// clashing returns a clash that is not about a log.
func clashing(evidence []Citation, format string, args ...any) clash {
	return clash{evidence: evidence, text: fmt.Sprintf(format, args...)}
}
