package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/evidence"
	"github.com/birthmark-dfir/birthmark/examples/internal/input"
	"github.com/birthmark-dfir/birthmark/internal/artifact"
	"github.com/birthmark-dfir/birthmark/internal/cli"
	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/usnjrnl"
	"github.com/birthmark-dfir/birthmark/timeline"
)

// usnRow is a record of the change journal.
type usnRow struct {
	usnjrnl.Record
	folder, source string
}

// fields passes e the columns of MFTECmd for a journal, but with the documented names of
// the reasons.
func (r *usnRow) fields(e emitter) {
	file, _ := r.File.Ref()
	parent, _ := r.Parent.Ref()
	e.text("Name", r.Name)
	e.text("Extension", path.Ext(r.Name))
	e.number("EntryNumber", file.Entry)
	e.number("SequenceNumber", uint64(file.Seq))
	e.number("ParentEntryNumber", parent.Entry)
	e.number("ParentSequenceNumber", uint64(parent.Seq))
	e.text("ParentPath", r.folder)
	e.number("UpdateSequenceNumber", uint64(r.USN))
	e.moment("UpdateTimestamp", r.Time)
	e.word("UpdateReasons", r.Reason.String())
	e.word("FileAttributes", r.Attributes.String())
	e.number("OffsetToData", uint64(r.Offset))
	e.text("SourceFile", r.source)
	e.number("MajorVersion", uint64(r.Major))
	e.word("SourceInfo", r.Source.String())
	e.word("Extents", extents(r.Extents))
}

// extents formats what a record of version 4 says was written.
func extents(list []usnjrnl.Extent) string {
	var parts []string
	for _, x := range list {
		parts = append(parts, fmt.Sprintf("%d+%d", x.Offset, x.Length))
	}
	return strings.Join(parts, " ")
}

// journal is a change journal in the evidence.
type journal struct {
	name  string
	file  *usnjrnl.Reader
	table *mft.Reader // or nil
}

// dumpJournals writes the records of every change journal in the evidence.
func dumpJournals(p *cli.Program, format string, snapshot int) error {
	w, head, err := lines("-usn", format, &usnRow{Record: usnjrnl.Record{Time: time.Time{}}})
	if err != nil {
		return err
	}
	list, closer, err := findJournals(p, snapshot)
	if err != nil {
		return err
	}
	defer closer.Close()
	if len(list) == 0 {
		return errors.New("no change journal found: want a volume or a folder that has $UsnJrnl:$J, or a file of that content")
	}
	if _, err := io.WriteString(p.Out, head); err != nil {
		return err
	}
	for _, j := range list {
		if err := j.dump(p, w); err != nil {
			return err
		}
	}
	return nil
}

// findJournals returns the journals in the evidence, with the $MFT of their volumes.
func findJournals(p *cli.Program, snapshot int) ([]journal, io.Closer, error) {
	if st, err := os.Stat(p.Arg(0)); snapshot == 0 && err == nil && st.Mode().IsRegular() &&
		(usnjrnl.Named(p.Arg(0)) || artifact.OfFile(os.DirFS(filepath.Dir(p.Arg(0))), filepath.Base(p.Arg(0))) == artifact.USN) {
		r, err := usnjrnl.Open(p.Arg(0))
		return []journal{{p.Arg(0), r, nil}}, r, err
	}
	ev, err := input.OpenQuietly(p, p.Arg(0))
	if err != nil {
		if r := bareJournal(p.Arg(0)); r != nil && snapshot == 0 {
			return []journal{{p.Arg(0), r, nil}}, r, nil
		}
		return nil, nil, err
	}
	var list []journal
	for problem := range ev.TableProblems() {
		p.Problem(problem)
	}
	volumes, err := volumesOf(p, ev, snapshot)
	if err != nil {
		ev.Close()
		return nil, nil, err
	}
	for _, vol := range volumes {
		if vol.Err != nil {
			p.Problem(vol.Err)
			continue
		}
		list = append(list, journalsOf(p, vol)...)
	}
	return list, ev, nil
}

// bareJournal opens a file of any name that has records of a journal, or returns nil.
func bareJournal(name string) *usnjrnl.Reader {
	r, err := usnjrnl.Open(name)
	if err != nil {
		return nil
	}
	for _, err := range r.Records() {
		if err == nil {
			return r
		}
	}
	r.Close()
	return nil
}

// journalsOf returns the journals of a volume.
func journalsOf(p *cli.Program, vol *evidence.Volume) (list []journal) {
	add := func(name string, table *mft.Reader) {
		r, err := usnjrnl.OpenFS(vol.FS, name)
		if err != nil {
			p.Problem(fmt.Errorf("%s: %w", name, err))
			return
		}
		list = append(list, journal{p.Arg(0) + ": " + name, r, table})
	}
	if v, ok := vol.FS.(*mft.Volume); ok {
		const name = "$Extend/$UsnJrnl:$J"
		if _, err := fs.Stat(v, name); err == nil {
			add(name, v.MFT())
		}
		return list
	}
	_, windows := timeline.FindFile(vol.FS, "Windows/System32") // its files have their names
	var table *mft.Reader
	var names []string
	err := fs.WalkDir(vol.FS, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil || d.IsDir(): // a folder that cannot be listed holds nothing that can be read
		case usnjrnl.Named(name), !windows && artifact.OfFile(vol.FS, name) == artifact.USN:
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

// dump writes the records of a journal.
func (j *journal) dump(p *cli.Program, w lineWriter) error {
	for problem := range j.file.Problems() {
		p.Problem(problem)
	}
	paths, err := usnjrnl.NewPaths(j.file, j.table)
	if err != nil {
		return err
	}
	var b []byte
	for rec, err := range j.file.Records() {
		if damage.Is(err) {
			continue // reported
		}
		if err != nil {
			return err
		}
		at := paths.Of(&rec)
		if rec.Major == 4 {
			rec.Name = path.Base(at.Name)
			if at.Name == "" {
				rec.Name = ""
			}
		}
		b = w.one(b[:0], &usnRow{rec, folderOf(at), j.name})
		if _, err := p.Out.Write(b); err != nil {
			return err
		}
	}
	return nil
}

// folderOf returns the folder of a path as the rows of files have it.
func folderOf(at mft.Path) string {
	dir := "."
	if at.Orphan {
		dir = fmt.Sprintf(`.\PathUnknown\Directory with ID 0x%08X-%08X`, at.Missing.Entry, at.Missing.Seq)
	}
	if i := strings.LastIndexByte(at.Name, '/'); i > 0 {
		dir += `\` + strings.ReplaceAll(at.Name[:i], "/", `\`)
	}
	return dir
}
