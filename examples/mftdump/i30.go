package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/evidence"
	"github.com/birthmark-dfir/birthmark/examples/internal/input"
	"github.com/birthmark-dfir/birthmark/internal/cli"
	"github.com/birthmark-dfir/birthmark/mft"
)

// indexRow is a name in the index of a folder, or in slack.
type indexRow struct {
	mft.IndexEntry
	found  mft.Ref // the record of the folder, or the one whose slack has the name
	state  string
	file   string // what became of the file
	folder string
	source string
}

// fields passes e the columns, which are those of a file with the state of the name.
func (r *indexRow) fields(e emitter) {
	e.text("Name", r.Name)
	e.text("Extension", path.Ext(r.Name))
	e.number("EntryNumber", r.File.Entry)
	e.number("SequenceNumber", uint64(r.File.Seq))
	e.number("ParentEntryNumber", r.Parent.Entry)
	e.number("ParentSequenceNumber", uint64(r.Parent.Seq))
	e.text("ParentPath", r.folder)
	e.truth("InUse", r.state == mft.EntryInUse.String())
	e.word("State", r.state)
	e.truth("Copied", r.Copied)
	e.word("File", r.file)
	e.word("NameType", r.Namespace.String())
	e.word("FileAttributes", r.Attributes.String())
	e.number("FileSize", r.Size)
	e.number("AllocatedSize", r.AllocatedSize)
	e.moment("Created", r.Created)
	e.moment("LastModified", r.Modified)
	e.moment("LastRecordChange", r.Changed)
	e.moment("LastAccess", r.Accessed)
	e.number("FoundInEntryNumber", r.found.Entry)
	e.number("FoundInSequenceNumber", uint64(r.found.Seq))
	e.word("Block", blockText(r.Block))
	e.number("OffsetToName", uint64(r.Offset))
	e.text("SourceFile", r.source)
}

// blockText returns the number of a block of the index, or "" for the record.
func blockText(n int64) string {
	if n < 0 {
		return ""
	}
	return fmt.Sprint(n)
}

// The states of a name in the slack of a record: with the header of its attribute, or not.
const (
	recordWhole = "record_whole"
	recordValue = "record_value"
)

// indexes writes the names in the indexes of folders, and in slack.
type indexes struct {
	*cli.Program
	w       lineWriter
	b       []byte
	deleted bool // only the names in slack
}

// dumpIndexes writes the names of every volume, $MFT and index in the evidence.
func dumpIndexes(p *cli.Program, format string, deleted bool, snapshot int) error {
	w, head, err := lines("-i30", format, &indexRow{})
	if err != nil {
		return err
	}
	x := indexes{Program: p, w: w, deleted: deleted}
	if st, err := os.Stat(p.Arg(0)); err == nil && st.Mode().IsRegular() && snapshot == 0 {
		if index, err := mft.OpenIndex(p.Arg(0)); err == nil {
			defer index.Close()
			if _, err := io.WriteString(p.Out, head); err != nil {
				return err
			}
			return x.file(index, p.Arg(0), nil)
		}
	}
	ev, err := input.OpenQuietly(p, p.Arg(0))
	if err != nil {
		return err
	}
	defer ev.Close()
	sources, err := find(p, ev, snapshot)
	if err != nil {
		return err
	}
	if _, err := io.WriteString(p.Out, head); err != nil {
		return err
	}
	for _, s := range sources {
		if err := x.source(s); err != nil {
			return err
		}
	}
	if snapshot > 0 {
		return nil
	}
	files, err := x.files(ev, sources)
	if err == nil && files == 0 && len(sources) == 0 {
		err = errors.New("no index found: want a volume, an $MFT, a folder with one, or a file named $I30")
	}
	return err
}

// source writes the names in the indexes of an $MFT and its volume.
func (x *indexes) source(s *source) error {
	for rec, err := range s.mft.Scan() {
		if damage.Is(err) {
			s.problem(x.Program, err)
			continue
		}
		if err != nil {
			return err
		}
		for e, err := range s.mft.IndexEntries(rec) {
			switch {
			case absent(err): // the rest of the index is on the volume
			case err != nil:
				s.problem(x.Program, err)
			default:
				if err := x.write(&indexRow{IndexEntry: e, found: rec.Ref, source: s.name}, s.mft); err != nil {
					return err
				}
			}
		}
		for _, n := range rec.SlackNames() {
			row := indexRow{IndexEntry: mft.IndexEntry{FileName: n.FileName, Block: -1}, found: n.Record, state: recordValue, source: s.name}
			if n.Whole {
				row.state = recordWhole
			}
			if err := x.write(&row, s.mft); err != nil {
				return err
			}
		}
	}
	return nil
}

// files writes the names in the files of the evidence that are indexes, and returns how
// many there are.
func (x *indexes) files(ev *evidence.Evidence, sources []*source) (n int, err error) {
	var table *mft.Reader
	if len(sources) == 1 {
		table = sources[0].mft
	}
	for _, vol := range ev.Volumes() {
		if _, ok := vol.FS.(*mft.Volume); ok || vol.Err != nil {
			continue
		}
		err := fs.WalkDir(vol.FS, ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(strings.ToUpper(name), "$I30") {
				return nil // a folder that cannot be listed holds nothing that can be read
			}
			index, err := mft.OpenIndexFS(vol.FS, name)
			if err != nil {
				x.Problem(err)
				return nil
			}
			defer index.Close()
			n++
			return x.file(index, x.Arg(0)+": "+name, table)
		})
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

// file writes the names in an index that is a file. Table may be nil.
func (x *indexes) file(index *mft.IndexFile, name string, table *mft.Reader) error {
	for e, err := range index.Entries() {
		switch {
		case damage.Is(err):
			x.Problem(err)
		case err != nil:
			return err
		default:
			if err := x.write(&indexRow{IndexEntry: e, source: name}, table); err != nil {
				return err
			}
		}
	}
	return nil
}

// write writes a row.
func (x *indexes) write(r *indexRow, table *mft.Reader) error {
	if r.state == "" {
		r.state = r.State.String()
	}
	if x.deleted && r.state == mft.EntryInUse.String() {
		return nil
	}
	at := mft.Path{Name: r.Name, Orphan: true, Missing: r.Parent}
	if table != nil {
		at = table.NamePath(&r.FileName)
		r.file = fate(table, r.File)
	}
	r.folder = folderOf(at)
	x.b = x.w.one(x.b[:0], r)
	_, err := x.Out.Write(x.b)
	return err
}

// fate returns what became of a file: it exists, its record is that of a deleted file, or
// its entry was used again.
func fate(table *mft.Reader, ref mft.Ref) string {
	if ref.IsZero() {
		return ""
	}
	rec, err := table.Record(ref.Entry)
	switch {
	case err != nil:
		return "unknown"
	case rec.InUse() && rec.Seq == ref.Seq:
		return "exists"
	case !rec.InUse() && (rec.Seq == ref.Seq || rec.Seq == ref.Seq+1):
		return "deleted"
	}
	return "overwritten"
}
