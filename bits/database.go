package bits

import (
	"bytes"
	"fmt"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/ese"
	"github.com/birthmark-dfir/birthmark/internal/bin"
	"github.com/birthmark-dfir/birthmark/winid"
)

// isDatabase reports whether a file is an ESE database.
func isDatabase(raw []byte) bool {
	return len(raw) >= 8 && le.Uint32(raw[4:]) == 0x89abcdef
}

// inRow is the form of a job in the table Jobs.
var inRow = form{limit: maxSize}

// database reads the tables of qmgr.db. The error is that of a database that is something
// else.
func (d *decoder) database() error {
	db, err := ese.NewReader(bytes.NewReader(d.raw), int64(len(d.raw)), ese.WithName(d.name))
	if err != nil {
		return err
	}
	defer db.Close()
	jobs, files := db.Table("Jobs"), db.Table("Files")
	if jobs == nil || files == nil || jobs.Column("Blob") == nil || files.Column("Blob") == nil {
		return &FormatError{Offset: -1, What: "tables", Got: "none with jobs and files", Want: "those of BITS", Err: ErrNotQueue}
	}
	budget := db.NewBudget()
	err = d.table(files, budget, func(id winid.GUID, blob []byte, row *ese.Row) error { return d.fileRow(id, blob, row) })
	if err == nil {
		err = d.table(jobs, budget, func(id winid.GUID, blob []byte, row *ese.Row) error { return d.jobRow(id, blob, row) })
	}
	if err != nil {
		return err
	}
	for p := range db.Problems() {
		d.problems = append(d.problems, p)
	}
	return nil
}

// table calls use for each row. An error of it is damage of the row.
func (d *decoder) table(t *ese.Table, budget *ese.Budget, use func(winid.GUID, []byte, *ese.Row) error) error {
	key, value := t.Column("Id"), t.Column("Blob")
	for row, err := range t.Rows() {
		if err != nil {
			if !damage.Is(err) {
				return err
			}
			d.lost(err, t.Name())
			continue
		}
		var v [2]ese.Value
		for i, c := range [...]*ese.Column{key, value} {
			if v[i], err = budget.Value(&row, c); err != nil {
				break
			}
		}
		if err == nil {
			var id winid.GUID
			copy(id[:], v[0].Bytes())
			err = use(id, v[1].Bytes(), &row)
		}
		if err != nil {
			d.lost(err, fmt.Sprintf("%s: page %d node %d", t.Name(), row.Page, row.Node))
		}
	}
	return nil
}

// fileRow reads a row of the table Files.
func (d *decoder) fileRow(id winid.GUID, blob []byte, row *ese.Row) error {
	if !bytes.HasPrefix(blob, []byte(fileMark)) {
		return row.Damage("Blob", fmt.Sprintf("% x", blob[:min(len(blob), markSize)]), fmt.Sprintf("% x", fileMark))
	}
	f, rest, ok := fileOf(blob, -1)
	if !ok {
		return row.Damage("Blob", "names that are not those of a file", "a local path and a URL")
	}
	f.ID, f.Offset, f.Record = id, row.Offset, "Files {"+id.String()+"}"
	if rest != nil {
		d.note(damage.Malformed, rest, f.Record)
	}
	d.rows[id] = f
	return nil
}

// fileOf reads a file that begins with fileMark: a download, or an upload. Nothing else
// says which of both it is.
func fileOf(b []byte, offset int64) (f *File, rest error, ok bool) {
	for _, upload := range [...]bool{false, true} {
		c := bin.NewCursor(b[markSize:], offset+markSize)
		if f, err, rest := decodeFile(&c, upload); err == nil {
			f.Offset = offset
			return f, rest, true
		}
	}
	return nil, nil, false
}

// jobRow reads a row of the table Jobs.
func (d *decoder) jobRow(id winid.GUID, blob []byte, row *ese.Row) error {
	j, _, err, rest := d.job(blob, row.Offset, inRow)
	if err != nil {
		return row.Damage("Blob", err.Error(), "a job")
	}
	j.Offset, j.Record = row.Offset, "Jobs {"+id.String()+"}"
	if j.ID != id {
		d.note(damage.Conflict, row.Damage("Blob", "job "+j.ID.String(), id.String()), j.Record)
	}
	d.jobs = append(d.jobs, item{job: j})
	if rest != nil {
		d.note(damage.Malformed, rest, j.Record)
	}
	return nil
}
