package evidence

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
	"sync"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// A collection of Velociraptor is
//
//	uploads/ACCESSOR/…    the files
//	uploads.json          what was uploaded, one JSON object a line
//	results/*.json        the rows of its artifacts, one JSON object a line
//
// The times of the files are in results, not those of the copies.
const (
	uploadsFolder = "uploads"
	resultsFolder = "results"

	maxResults   = 256 << 20 // bytes of results that are read for the times
	maxResultRow = 1 << 20
)

// collectedTimes are the times of files in the results of Velociraptor. They are read on
// first use.
type collectedTimes struct {
	letter string // of the drive

	once   sync.Once
	byPath map[string]*collected // by the path in the volume, as winpath.Fold returns it
}

// of returns the times of a file, or nil.
func (x *collectedTimes) of(f *folderFS, name string) *collected {
	x.once.Do(func() { x.load(f) })
	return x.byPath[winpath.Fold(name)]
}

// resultRow is a row with the times of a file.
type resultRow struct {
	SourceFile                      string
	Created, Modified, LastAccessed time.Time
}

// load reads the results beside the uploads.
func (x *collectedTimes) load(f *folderFS) {
	dir := ""
	for _, p := range f.root.places {
		if top, _, ok := strings.Cut(p.path, "/"+uploadsFolder+"/"); ok {
			dir = path.Join(top, resultsFolder)
		} else if strings.HasPrefix(p.path, uploadsFolder+"/") {
			dir = resultsFolder
		}
	}
	if dir == "" {
		return
	}
	list, _ := fs.ReadDir(f.fsys, dir) // a collection may have no results
	// The rows of the metadata have the times of all files, the others of some.
	slices.SortStableFunc(list, func(a, b fs.DirEntry) int { return order(a.Name()) - order(b.Name()) })
	x.byPath = map[string]*collected{}
	left := int64(maxResults)
	for _, d := range list {
		if !d.Type().IsRegular() || path.Ext(d.Name()) != ".json" {
			continue
		}
		at := path.Join(dir, d.Name())
		n, err := x.read(f, at, left)
		if left -= n; err != nil {
			f.addProblem(at, damage.Note(damage.Malformed, err, "", at))
		}
		if left <= 0 {
			f.addProblem(at, damage.Note(damage.Limit, damage.New("results with the times of files", -1, "more", fmt.Sprintf("≤ %d bytes; the rest was not read", maxResults)), "", at))
			return
		}
	}
}

func order(name string) int {
	if strings.Contains(name, "Metadata") {
		return 0
	}
	return 1
}

// read reads the rows of one artifact, and returns how many bytes they are.
func (x *collectedTimes) read(f *folderFS, name string, most int64) (int64, error) {
	file, err := f.fsys.Open(name)
	if err != nil {
		return 0, cause(err)
	}
	defer file.Close()
	in := bufio.NewReaderSize(io.LimitReader(file, most), maxResultRow)
	read := int64(0)
	for {
		line, err := in.ReadSlice('\n')
		read += int64(len(line))
		if bytes.Contains(line, []byte(`"SourceFile"`)) {
			x.add(line)
		}
		switch err {
		case nil, bufio.ErrBufferFull: // a long row is no row of times
		case io.EOF:
			return read, nil
		default:
			return read, err
		}
	}
}

// add keeps the times of a row. Rows of other kinds are passed over.
func (x *collectedTimes) add(line []byte) {
	var row resultRow
	if err := json.Unmarshal(line, &row); err != nil || row.Created.IsZero() && row.Modified.IsZero() {
		return
	}
	device, rest, ok := strings.Cut(row.SourceFile, `:\`)
	if !ok || device == "" || !strings.EqualFold(device[len(device)-1:], x.letter) {
		return
	}
	key := winpath.Fold(strings.ReplaceAll(rest, `\`, "/"))
	if x.byPath[key] == nil {
		x.byPath[key] = &collected{created: row.Created.UTC(), modified: row.Modified.UTC(), accessed: row.LastAccessed.UTC()}
	}
}

// onlyResults notes that a collection holds what artifacts answered, but no files.
func (e *Evidence) onlyResults(fsys fs.FS, drives []*drive) {
	if len(drives) != 1 || drives[0].letter != "" || len(drives[0].layers) != 1 || drives[0].layers[0].dir != "." {
		return
	}
	list, err := fs.ReadDir(fsys, ".")
	if err != nil || slices.ContainsFunc(list, func(d fs.DirEntry) bool { return d.Name() == uploadsFolder }) {
		return
	}
	for _, d := range list {
		if d.IsDir() && (d.Name() == resultsFolder || strings.HasPrefix(d.Name(), "Generic.Client.Info")) {
			e.note(damage.Gap, &damage.Error{Offset: -1, What: "collection of Velociraptor", Got: "only the results of its artifacts", Want: "files of a volume, below " + uploadsFolder}, "")
			return
		}
	}
}
