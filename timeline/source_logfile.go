package timeline

import (
	"fmt"
	"io/fs"
	"path"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/logfile"
)

// logFileName is the transaction log of a volume, which is in its root.
const logFileName = "$LogFile"

// transactionLogsBelow returns the transaction logs in the places of Windows.
func transactionLogsBelow(vol fs.FS) []found {
	if _, ok := vol.(*mft.Volume); ok {
		if st, err := fs.Stat(vol, logFileName); err == nil && !st.IsDir() {
			return []found{{logFileName, TypeLogFile}}
		}
		return nil
	}
	var list []found
	for _, d := range readDir(vol, ".") {
		if d.Type().IsRegular() && logfile.Named(d.Name()) {
			list = append(list, found{path.Join(".", d.Name()), TypeLogFile})
		}
	}
	return list
}

// The meanings of the time of an event for which the log has none of its own: a change is
// between the two times nearest to it that the log has.
const (
	notBeforeDesc = "Not Before"
	notAfterDesc  = "Not After"
)

// transactionRows are the kinds of events of the transaction log. Those that are not here
// happen all the time, such as a new size or a later access.
var transactionRows = [...]struct {
	proof logfile.Kind
	kind  Kind
	verb  string
}{
	{logfile.Created, FileCreated, "was created"},
	{logfile.Deleted, FileDeleted, "was deleted"},
	{logfile.Renamed, FileRenamed, "has a new name or place"},
	{logfile.InfoChanged, FileInfoSet, "has times that were set back"},
	{logfile.StreamAdded, StreamChanged, "got a stream"},
	{logfile.StreamRemoved, StreamChanged, "lost a stream"},
	{logfile.LinkAdded, FileAltered, "got one more name"},
	{logfile.LinkRemoved, FileAltered, "lost one of its names"},
	{logfile.Indexed, FileAltered, "got an entry in its folder"},
	{logfile.Unindexed, FileAltered, "lost its entry in its folder"},
}

// transactionRow returns the row of an event, or -1.
func transactionRow(e *logfile.Event) int {
	for i := range transactionRows {
		if transactionRows[i].proof == e.Kind {
			if e.Kind == logfile.InfoChanged && len(SetBack(e)) == 0 {
				return -1
			}
			return i
		}
	}
	return -1
}

// SetBack returns the times of an event of the transaction log that got an earlier value,
// which NTFS itself never gives them. The time of the last access is not asked: NTFS
// corrects it by small steps.
func SetBack(e *logfile.Event) (list []logfile.TimeChange) {
	for _, c := range e.TimeChanges() {
		if c.SetBack() && c.Name != "accessed" {
			list = append(list, c)
		}
	}
	return list
}

// TransactionLog is a transaction log.
type TransactionLog struct {
	Artifact string // slash-separated path in the volume
	*logfile.Reader

	// Paths gives the events their paths and the times that surround them, as far as the
	// log and the $MFT of the same volume have them.
	Paths *logfile.Paths

	// Kept are the events that are worth to be in a timeline, also those of which nothing
	// in the log says when.
	Kept []logfile.Event
}

// transactionSource yields the events of a transaction log.
type transactionSource struct {
	*TransactionLog
	drive string
	when  []eventTime // of Kept; zero if it is not known
}

// eventTime is the time of an event and its meaning.
type eventTime struct {
	at   time.Time
	desc string
}

// openTransactionLog opens a transaction log. It stays open until Close.
func (t *Timeline) openTransactionLog(artifact string, c *Coverage) (source, error) {
	c.Name = logFileName
	var opts []logfile.Option
	table := t.mft
	if vol, ok := t.vol.(*mft.Volume); ok {
		table = vol.MFT()
		opts = append(opts, logfile.WithClusterSize(vol.Info().ClusterSize))
	}
	r, err := logfile.OpenFS(t.vol, artifact, opts...)
	if err != nil {
		return nil, err
	}
	t.closers = append(t.closers, r)
	for p := range r.Problems() {
		c.add(p)
	}
	for _, err := range r.Records() {
		if err == nil {
			c.Records++
		} else if !damage.Is(err) {
			c.State = Partly
		}
	}
	if c.Records == 0 && c.ProblemCount > 0 {
		c.State = Damaged
	}
	paths, err := logfile.NewPaths(r, table)
	if err != nil {
		c.State = Partly
	}
	s := &transactionSource{TransactionLog: &TransactionLog{Artifact: artifact, Reader: r, Paths: paths}, drive: t.opt.drive}
	undated := 0
	for e, err := range r.Events() {
		if err != nil || e.State == logfile.RolledBack || transactionRow(&e) < 0 {
			continue
		}
		when := s.whenOf(&e)
		if when.at.IsZero() {
			undated++
		} else {
			c.saw(when.at)
		}
		s.Kept, s.when = append(s.Kept, e), append(s.when, when)
	}
	if undated > 0 {
		c.add(damage.Note(damage.Limit, damage.New("events that nothing in the log dates", -1, undated, nil), artifact, ""))
	}
	return s, nil
}

// whenOf returns the time of an event: that which NTFS wrote with it, if a program cannot
// have chosen it, else one that surrounds it.
func (s *transactionSource) whenOf(e *logfile.Event) eventTime {
	own, ok := e.Time()
	after, before := s.Paths.Between(e.LSN)
	switch {
	case ok && e.Kind == logfile.Created:
		return eventTime{own, createdDesc}
	case ok && !own.Before(after) && (before.IsZero() || !own.After(before)) && !after.IsZero():
		return eventTime{own, changedDesc}
	case !after.IsZero():
		return eventTime{after, notBeforeDesc}
	case !before.IsZero():
		return eventTime{before, notAfterDesc}
	case ok:
		return eventTime{own, changedDesc}
	}
	return eventTime{}
}

func (s *transactionSource) find(w window, kinds kindSet, add func(ref)) maker {
	for i := range s.Kept {
		ticks := filetime.Ticks(s.when[i].at)
		if !s.when[i].at.IsZero() && w.holds(ticks) && kinds.holds(transactionRows[transactionRow(&s.Kept[i])].kind) {
			add(ref{ticks: ticks, key: uint64(i)})
		}
	}
	return s
}

func (s *transactionSource) close() {}

func (s *transactionSource) make(r ref) Event {
	e := s.Kept[r.key]
	row := &transactionRows[transactionRow(&e)]
	p := s.path(s.Paths.Of(&e))
	out := Event{Time: s.when[r.key].at, Desc: s.when[r.key].desc, Kind: row.kind, Path: p, Data: &e,
		Source: Source{Artifact: s.Artifact, Record: fmt.Sprint("LSN ", uint64(e.LSN)), Offset: e.Offset, Type: TypeLogFile}}
	out.Message = p + " " + row.verb
	file, _ := s.Paths.File(&e)
	out.Fields = []Field{{"Transaction", e.State.String()}, {"FileReference", file.String()}}
	if e.Name != nil {
		out.Fields = append(out.Fields, Field{"ParentReference", e.Name.Parent.String()})
	}
	switch e.Kind {
	case logfile.Renamed:
		from := s.path(s.Paths.OldOf(&e))
		out.Message = from + " became " + p
		out.Fields = append(out.Fields, Field{"OldPath", from})
	case logfile.InfoChanged:
		var parts []string
		for _, c := range SetBack(&e) {
			parts = append(parts, fmt.Sprintf("%s from %s to %s", c.Name, filetime.Text(c.Old), filetime.Text(c.New)))
			out.Fields = append(out.Fields, Field{"Old " + c.Name, filetime.Text(c.Old)}, Field{"New " + c.Name, filetime.Text(c.New)})
		}
		out.Message += ": " + strings.Join(parts, ", ")
	case logfile.StreamAdded, logfile.StreamRemoved:
		out.Message += ": " + e.Stream
		out.Fields = append(out.Fields, Field{"Stream", e.Stream})
	}
	if after, before := s.Paths.Between(e.LSN); e.Kind != logfile.Created {
		for _, f := range [...]struct {
			name string
			at   time.Time
		}{{"NotBefore", after}, {"NotAfter", before}} {
			if !f.at.IsZero() {
				out.Fields = append(out.Fields, Field{f.name, filetime.Text(f.at)})
			}
		}
	}
	if e.State != logfile.Committed {
		out.Message += " (the transaction is " + e.State.String() + ")"
	}
	return out
}

// path returns a path as Windows writes it. What is unknown of it is "?".
func (s *transactionSource) path(p mft.Path) string { return winpath.Windows(s.drive, p.String()) }

// TransactionLogs returns the transaction logs that could be opened, which stay open until
// Close.
func (t *Timeline) TransactionLogs() (list []*TransactionLog) {
	for _, s := range t.sources {
		if s, ok := s.(*transactionSource); ok {
			list = append(list, s.TransactionLog)
		}
	}
	return list
}
