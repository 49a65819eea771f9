// Package velociraptor reads what Velociraptor's collector leaves beside the files that
// it copied. A collection is
//
//	uploads/ACCESSOR/…    the files, and the indexes of sparse ones
//	uploads.json          what was uploaded, one JSON object a line
//	results/*.json        the rows of its artifacts, one JSON object a line
//
// The times of the files are in the results, not those of the copies.
package velociraptor

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// The folders of a collection.
const (
	Uploads = "uploads"
	Results = "results"
)

const (
	maxResults = 256 << 20 // bytes of results that are read for the times
	maxRow     = 1 << 20
)

// Times are the times of a file on its volume.
type Times struct {
	Created, Modified, Accessed time.Time
}

// A Table has the times of the files of a drive by their paths in it, as winpath.Fold
// returns them.
type Table map[string]Times

// Of returns the times of a file by its path in the drive.
func (t Table) Of(name string) (Times, bool) {
	times, ok := t[winpath.Fold(name)]
	return times, ok
}

// ReadTimes reads the times of the files of a drive, whose letter is in upper case. Dir
// is a folder below the uploads of the collection. The table is nil if dir is in no
// collection.
func ReadTimes(fsys fs.FS, dir, letter string) (Table, []damage.Problem) {
	top, ok := Top(dir)
	if !ok || letter == "" {
		return nil, nil
	}
	results := path.Join(top, Results)
	list, err := fs.ReadDir(fsys, results)
	if err != nil {
		_ = err // a collection may have no results
		return nil, nil
	}
	// The rows of the metadata have the times of all files, the others of some.
	slices.SortStableFunc(list, func(a, b fs.DirEntry) int { return order(a.Name()) - order(b.Name()) })
	t := Table{}
	var problems []damage.Problem
	left := int64(maxResults)
	for _, d := range list {
		if !d.Type().IsRegular() || path.Ext(d.Name()) != ".json" {
			continue
		}
		at := path.Join(results, d.Name())
		n, err := t.read(fsys, at, left, letter)
		if err != nil {
			problems = append(problems, damage.Note(damage.Malformed, err, "", at))
		}
		if left -= n; left <= 0 {
			e := damage.New("results with the times of files", -1, "more", fmt.Sprintf("≤ %d bytes; the rest was not read", maxResults))
			return t, append(problems, damage.Note(damage.Limit, e, "", at))
		}
	}
	return t, problems
}

// Top returns the folder of the collection that has a folder below its uploads.
func Top(dir string) (top string, ok bool) {
	top, _, ok = strings.Cut("/"+dir, "/"+Uploads+"/")
	return path.Join(".", strings.TrimPrefix(top, "/")), ok
}

func order(name string) int {
	if strings.Contains(name, "Metadata") {
		return 0
	}
	return 1
}

// read reads the rows of one artifact, and returns how many bytes they are.
func (t Table) read(fsys fs.FS, name string, most int64, letter string) (int64, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	in := bufio.NewReaderSize(io.LimitReader(f, most), maxRow)
	read := int64(0)
	for {
		line, err := in.ReadSlice('\n')
		read += int64(len(line))
		if bytes.Contains(line, []byte(`"SourceFile"`)) {
			t.add(line, letter)
		}
		switch err {
		case nil, bufio.ErrBufferFull: // a long row has no times
		case io.EOF:
			return read, nil
		default:
			return read, err
		}
	}
}

// add keeps the times of a row. Rows of other kinds are passed over. The path begins with
// the drive, which may be `\\.\C:`.
func (t Table) add(line []byte, letter string) {
	var row struct {
		SourceFile                      string
		Created, Modified, LastAccessed time.Time
	}
	if err := json.Unmarshal(line, &row); err != nil || row.Created.IsZero() && row.Modified.IsZero() {
		return
	}
	device, rest, ok := strings.Cut(row.SourceFile, `:\`)
	if !ok || device == "" || !strings.EqualFold(device[len(device)-1:], letter) {
		return
	}
	key := winpath.Fold(strings.ReplaceAll(rest, `\`, "/"))
	if _, ok := t[key]; !ok {
		t[key] = Times{row.Created.UTC(), row.Modified.UTC(), row.LastAccessed.UTC()}
	}
}

// OnlyResults reports whether a folder is a collection with what artifacts answered, but
// without files.
func OnlyResults(list []fs.DirEntry) bool {
	results := false
	for _, d := range list {
		if d.Name() == Uploads {
			return false
		}
		results = results || d.IsDir() && (d.Name() == Results || strings.HasPrefix(d.Name(), "Generic.Client.Info"))
	}
	return results
}
