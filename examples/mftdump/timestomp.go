package main

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/examples/internal/input"
	"github.com/birthmark-dfir/birthmark/internal/cli"
	"github.com/birthmark-dfir/birthmark/internal/fsfile"
	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/logfile"
	"github.com/birthmark-dfir/birthmark/mft/usnjrnl"
)

// stompWriter is a writer that also writes rows of scores.
type stompWriter interface {
	emitter
	stomp(b []byte, r *stompRow) []byte
}

// stompRow is a file whose times have a score, with the evidence.
type stompRow struct {
	*mft.Record
	name, folder, source string
	fn                   mft.FileName
	score                mft.Timestomp
	evidence             mft.TimestompEvidence
}

// fields passes e the columns.
func (r *stompRow) fields(e emitter) {
	var index time.Time
	if r.evidence.Index != nil {
		index = r.evidence.Index.Created
	}
	e.number("EntryNumber", r.Entry)
	e.number("SequenceNumber", uint64(r.Seq))
	e.truth("InUse", r.InUse())
	e.text("ParentPath", r.folder)
	e.text("FileName", r.name)
	e.number("TimestompScore", uint64(r.score.Score))
	var names, words []string
	for _, reason := range r.score.Reasons {
		names = append(names, fmt.Sprintf("%s:%d", reason.Name, reason.Points))
		words = append(words, reason.Meaning()+" (otherwise "+reason.Innocent()+")")
	}
	e.word("TimestompReasons", strings.Join(names, "|"))
	e.text("Explanation", strings.Join(words, "; "))
	e.moment("Created0x10", r.StandardInformation.Created)
	e.moment("Created0x30", r.fn.Created)
	e.moment("CreatedIndex", index)
	e.moment("CreatedJournal", r.evidence.Born)
	e.moment("CreatedLog", r.evidence.Logged)
	e.moment("SetBackInLog", r.evidence.SetBack)
	e.text("SourceFile", r.source)
}

func (c *csvWriter) stomp(b []byte, r *stompRow) []byte {
	c.line = b
	r.fields(c)
	c.line[len(c.line)-1] = '\n'
	return c.line
}

func (j *jsonWriter) stomp(b []byte, r *stompRow) []byte {
	j.line, j.first = append(b, '{'), true
	r.fields(j)
	return append(j.line, "}\n"...)
}

// dumpScores writes the files whose times score at least so much.
func dumpScores(p *cli.Program, format string, least int) error {
	var w stompWriter
	var head header
	switch format {
	case "csv":
		w = new(csvWriter)
		(&stompRow{Record: &mft.Record{}}).fields(&head)
	case "jsonl":
		w = new(jsonWriter)
	default:
		return cli.Usagef("-timestomp with format %q: want csv or jsonl", format)
	}
	ev, err := input.OpenQuietly(p, p.Arg(0))
	if err != nil {
		return err
	}
	defer ev.Close()
	sources, err := find(p, ev, 0)
	if err != nil {
		return err
	}
	if len(sources) == 0 {
		return errors.New("no $MFT found: want an $MFT, the image of an NTFS volume or of a disk with one, or a folder that holds an $MFT")
	}
	if len(head) > 0 {
		if _, err := fmt.Fprintln(p.Out, strings.Join(head, ",")); err != nil {
			return err
		}
	}
	for _, s := range sources {
		if err := s.dumpScores(p.Out, w, least); err != nil {
			return err
		}
	}
	return nil
}

// dumpScores writes the rows of one $MFT. What of it is damaged has no score, and a dump
// without -timestomp reports it.
func (s *source) dumpScores(out io.Writer, w stompWriter, least int) error {
	order, err := s.mft.Chronology()
	if err != nil {
		return err
	}
	index, err := s.inIndexes()
	if err != nil {
		return err
	}
	born, err := s.inJournal()
	if err != nil {
		return err
	}
	logged, err := s.inLog()
	if err != nil {
		return err
	}
	var b []byte
	for rec, err := range s.mft.Records() {
		if damage.Is(err) {
			continue
		}
		if err != nil {
			return err
		}
		of := born[usnjrnl.IDOf(rec.Ref)]
		in := logged[rec.Ref]
		r := stompRow{Record: rec, source: s.name, evidence: mft.TimestompEvidence{Chronology: order, Born: of.created, Set: of.set, Logged: in.created, SetBack: in.set}}
		if fn, ok := index[rec.Ref]; ok {
			r.evidence.Index = &fn
		}
		if r.score = s.mft.TimestompWith(rec, r.evidence); r.score.Score < least {
			continue
		}
		r.fn, _ = rec.FileName()
		r.name, r.folder = r.fn.Name, folderOf(s.mft.Path(rec))
		if b = w.stomp(b[:0], &r); len(b) > 0 {
			if _, err := out.Write(b); err != nil {
				return err
			}
		}
	}
	return nil
}

// inIndexes returns the files in the indexes of the volume by their references, without
// 8.3 names. It is empty if there is only the $MFT.
func (s *source) inIndexes() (map[mft.Ref]mft.FileName, error) {
	index := map[mft.Ref]mft.FileName{}
	if s.volume == nil {
		return index, nil
	}
	for rec, err := range s.mft.Records() {
		switch {
		case damage.Is(err):
		case err != nil:
			return nil, err
		case rec.InUse() && rec.IsDir():
			for ref, fn := range s.volume.IndexNames(rec) {
				if fn.Namespace != mft.NamespaceDOS {
					index[ref] = mft.FileName{Created: fn.Created}
				}
			}
		}
	}
	return index, nil
}

// birth is what the change journal of a volume has about a file, or the transaction log:
// when it was created, and when its times were set or what its creation time was before.
type birth struct{ created, set time.Time }

// inJournal returns when files were created, according to the change journal of the volume.
func (s *source) inJournal() (map[usnjrnl.FileID]birth, error) {
	born := map[usnjrnl.FileID]birth{}
	if s.volume == nil {
		return born, nil
	}
	f, err := fsfile.Open(s.volume, "$Extend/$UsnJrnl:$J")
	if err != nil {
		return born, nil // the volume has none that can be read
	}
	defer f.Close()
	r, err := usnjrnl.NewReader(f, f.Size)
	if err != nil {
		return born, nil
	}
	for rec, err := range r.Records() {
		switch of, known := born[rec.File]; {
		case damage.Is(err):
		case err != nil:
			return nil, err
		case rec.Reason == usnjrnl.FileCreate:
			born[rec.File] = birth{created: rec.Time}
		case known && rec.Reason&^usnjrnl.Close == usnjrnl.BasicInfoChange && of.set.IsZero():
			of.set = rec.Time
			born[rec.File] = of
		}
	}
	return born, nil
}

// inLog returns when files were created, according to the transaction log of the volume, and
// the creation times that got an earlier value.
func (s *source) inLog() (map[mft.Ref]birth, error) {
	born := map[mft.Ref]birth{}
	if s.volume == nil {
		return born, nil
	}
	r, err := logfile.OpenFS(s.volume, "$LogFile", logfile.WithClusterSize(s.volume.Info().ClusterSize))
	if err != nil {
		return born, nil // the volume has none that can be read
	}
	defer r.Close()
	paths, err := logfile.NewPaths(r, s.mft)
	if err != nil {
		return nil, err
	}
	for e, err := range r.Events() {
		if damage.Is(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		file, known := paths.File(&e)
		if !known || e.State != logfile.Committed {
			continue
		}
		of := born[file]
		if at, inOrder := paths.Born(&e); inOrder {
			of = birth{created: at}
		}
		for _, c := range e.TimeChanges() {
			if c.Name == "created" && c.SetBack() {
				of.set = c.Old
			}
		}
		if of != (birth{}) {
			born[file] = of
		}
	}
	return born, nil
}
