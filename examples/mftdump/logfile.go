package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/evidence"
	"github.com/birthmark-dfir/birthmark/examples/internal/input"
	"github.com/birthmark-dfir/birthmark/internal/artifact"
	"github.com/birthmark-dfir/birthmark/internal/cli"
	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/logfile"
)

// logRow is an event of the transaction log.
type logRow struct {
	*logfile.Event
	file          mft.Ref
	name, folder  string
	old, oldIn    string // name and folder before a rename
	after, before time.Time
	source        string
}

// fields passes e the columns of an event.
func (r *logRow) fields(e emitter) {
	info, former := logfile.Info{}, logfile.Info{}
	if r.Info != nil {
		info = *r.Info
	}
	if r.OldInfo != nil {
		former = *r.OldInfo
	}
	own, _ := r.Time()
	var back []string
	for _, c := range r.TimeChanges() {
		if c.SetBack() {
			back = append(back, c.Name)
		}
	}
	e.word("Event", r.Kind.String())
	e.text("Name", r.name)
	e.text("ParentPath", r.folder)
	e.text("OldName", r.old)
	e.text("OldParentPath", r.oldIn)
	e.text("Stream", r.Stream)
	e.number("EntryNumber", r.file.Entry)
	e.number("SequenceNumber", uint64(r.file.Seq))
	e.moment("Timestamp", own)
	e.moment("NotBefore", r.after)
	e.moment("NotAfter", r.before)
	e.word("SetBack", strings.Join(back, " "))
	e.moment("OldCreated0x10", former.Created)
	e.moment("Created0x10", info.Created)
	e.moment("OldLastModified0x10", former.Modified)
	e.moment("LastModified0x10", info.Modified)
	e.moment("OldLastRecordChange0x10", former.Changed)
	e.moment("LastRecordChange0x10", info.Changed)
	e.moment("OldLastAccess0x10", former.Accessed)
	e.moment("LastAccess0x10", info.Accessed)
	e.number("OldSize", r.OldSizes.Size)
	e.number("Size", r.Sizes.Size)
	e.word("OldRuns", hexText(r.OldRuns))
	e.word("Runs", hexText(r.Runs))
	e.word("Transaction", r.State.String())
	e.number("LogfileSequenceNumber", uint64(r.LSN))
	e.number("OffsetToData", uint64(r.Offset))
	e.text("SourceFile", r.source)
}

func hexText(b []byte) string { return fmt.Sprintf("%x", b) }

// transactionLog is a transaction log in the evidence.
type transactionLog struct {
	name  string
	file  *logfile.Reader
	table *mft.Reader // or nil
}

// dumpLogs writes the events of every transaction log in the evidence.
func dumpLogs(p *cli.Program, format string) error {
	write, head, err := logRows(format)
	if err != nil {
		return err
	}
	list, closer, err := findLogs(p)
	if err != nil {
		return err
	}
	defer closer.Close()
	if len(list) == 0 {
		return errors.New("no transaction log found: want a volume or a folder that has $LogFile, or a file of that content")
	}
	if _, err := io.WriteString(p.Out, head); err != nil {
		return err
	}
	for i := range list {
		if err := list[i].dump(p, write); err != nil {
			return err
		}
	}
	return nil
}

// logRows returns the function that formats a row, and the line in front of all rows.
func logRows(format string) (write func(*logRow) []byte, first string, err error) {
	switch format {
	case "csv":
		var c csvWriter
		var h header
		(&logRow{Event: new(logfile.Event)}).fields(&h)
		return func(r *logRow) []byte {
			c.line = c.line[:0]
			r.fields(&c)
			c.line[len(c.line)-1] = '\n'
			return c.line
		}, strings.Join(h, ",") + "\n", nil
	case "jsonl":
		var j jsonWriter
		return func(r *logRow) []byte {
			j.line, j.first = append(j.line[:0], '{'), true
			r.fields(&j)
			return append(j.line, "}\n"...)
		}, "", nil
	}
	return nil, "", cli.Usagef("-logfile with format %q: want csv or jsonl", format)
}

// findLogs returns the transaction logs in the evidence, with the $MFT of their volumes.
func findLogs(p *cli.Program) ([]transactionLog, io.Closer, error) {
	ev, err := input.OpenQuietly(p, p.Arg(0))
	if err != nil {
		if r, bad := logfile.Open(p.Arg(0)); bad == nil {
			return []transactionLog{{p.Arg(0), r, nil}}, r, nil
		}
		return nil, nil, err
	}
	var list []transactionLog
	for problem := range ev.TableProblems() {
		p.Problem(problem)
	}
	for _, vol := range ev.Volumes() {
		if vol.Err != nil {
			p.Problem(vol.Err)
			continue
		}
		list = append(list, logsOf(p, vol)...)
	}
	return list, ev, nil
}

// logsOf returns the transaction logs of a volume.
func logsOf(p *cli.Program, vol *evidence.Volume) (list []transactionLog) {
	add := func(name string, table *mft.Reader, opts ...logfile.Option) {
		r, err := logfile.OpenFS(vol.FS, name, opts...)
		if err != nil {
			p.Problem(fmt.Errorf("%s: %w", name, err))
			return
		}
		list = append(list, transactionLog{p.Arg(0) + ": " + name, r, table})
	}
	if v, ok := vol.FS.(*mft.Volume); ok {
		const name = "$LogFile"
		if _, err := fs.Stat(v, name); err == nil {
			add(name, v.MFT(), logfile.WithClusterSize(v.Info().ClusterSize))
		}
		return list
	}
	var table *mft.Reader
	var names []string
	err := fs.WalkDir(vol.FS, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil || d.IsDir(): // a folder that cannot be listed holds nothing that can be read
		case artifact.Is(artifact.LogFile, vol.FS, name):
			names = append(names, name)
		case table == nil && artifact.Named(name) == artifact.MFT:
			if table, err = open(vol.FS, name); err != nil {
				p.Problem(fmt.Errorf("%s: %w", name, err))
			}
		}
		return nil
	})
	if err != nil {
		p.Problem(err)
	}
	for _, name := range names {
		add(name, table)
	}
	return list
}

// dump writes the events of a log.
func (l *transactionLog) dump(p *cli.Program, write func(*logRow) []byte) error {
	for problem := range l.file.Problems() {
		p.Problem(problem)
	}
	paths, err := logfile.NewPaths(l.file, l.table)
	if err != nil {
		return err
	}
	for e, err := range l.file.Events() {
		if damage.Is(err) {
			continue // reported
		}
		if err != nil {
			return err
		}
		row := logRow{Event: &e, source: l.name}
		row.file, _ = paths.File(&e)
		row.name, row.folder = nameAndFolder(paths.Of(&e))
		if e.Old != nil {
			row.old, row.oldIn = nameAndFolder(paths.OldOf(&e))
		}
		row.after, row.before = paths.Between(e.LSN)
		if _, err := p.Out.Write(write(&row)); err != nil {
			return err
		}
	}
	return nil
}

// nameAndFolder splits a path as the rows of files have it.
func nameAndFolder(at mft.Path) (name, folder string) {
	return at.Name[strings.LastIndexByte(at.Name, '/')+1:], folderOf(at)
}
