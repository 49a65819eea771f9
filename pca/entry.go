package pca

import (
	"fmt"
	"path"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
)

// Entry is a line. All but the first two fields are only in PcaGeneralDb.
type Entry struct {
	Time      time.Time // in PcaAppLaunchDic, of the last start
	Path      string    // of the program, which may begin with a variable such as %programfiles%
	General   bool      // of PcaGeneralDb
	Status    string    // a number; 2 is a problem with the program
	Name      string    // what the program calls itself
	Publisher string
	Version   string
	ProgramID string // as in the Amcache
	Message   string // what happened, such as Abnormal process exit with code 0x1

	Line   int   // from 1
	Offset int64 // in bytes from the beginning of the file
}

// Named reports whether a file has one of the names that Windows gives these files.
func Named(name string) bool {
	base := winpath.FoldName(path.Base(name))
	return base == "PCAAPPLAUNCHDIC.TXT" || base == "PCAGENERALDB0.TXT" || base == "PCAGENERALDB1.TXT"
}

// stamp is how times are written, in UTC.
const stamp = "2006-01-02 15:04:05.999"

// The fields of a line of PcaGeneralDb, with bars between them.
const generalFields = 8

// item is a line that is an entry, or damage.
type item struct {
	entry Entry
	err   error
}

// decoder reads one file.
type decoder struct {
	name     string // what errors call the file
	raw      []byte
	content  []item
	problems []Problem
}

// decode reads a file. The error is that of a file without an entry.
func (d *decoder) decode() error {
	entries, n := 0, 0
	for line, offset := range d.lines() {
		n++
		if strings.TrimSpace(line) == "" {
			continue
		}
		e, ok := parse(line)
		if !ok {
			err := damage.In(damage.New("line", offset, fmt.Sprintf("%q", line[:min(len(line), 40)]), "a path and a time"), d.name, fmt.Sprintf("line %d", n))
			d.content = append(d.content, item{err: err})
			d.problems = append(d.problems, damage.Note(damage.Malformed, err, d.name, ""))
			continue
		}
		entries++
		e.Line, e.Offset = n, offset
		d.content = append(d.content, item{entry: e})
	}
	if entries == 0 && len(d.raw) > 0 {
		return &FormatError{Offset: 0, What: "line", Got: "none that is an entry", Want: "a path and a time", Err: ErrNotPCA}
	}
	return nil
}

// lines yields the lines with their offsets in bytes. A file is in UTF-16 or UTF-8.
func (d *decoder) lines() func(func(string, int64) bool) {
	wide := len(d.raw) > 3 && (d.raw[0] == 0xff && d.raw[1] == 0xfe || d.raw[1] == 0 && d.raw[3] == 0)
	return func(yield func(string, int64) bool) {
		at := 0
		for at < len(d.raw) {
			end := at
			step := 1
			if wide {
				step = 2
			}
			for end+step <= len(d.raw) && (d.raw[end] != '\n' || wide && d.raw[end+1] != 0) {
				end += step
			}
			next := min(len(d.raw), end+step)
			text := string(d.raw[at:min(end, len(d.raw))])
			if wide {
				text = wtf8.String(d.raw[at:min(end, len(d.raw))])
			}
			if !yield(strings.TrimRight(strings.TrimPrefix(text, "\ufeff"), "\r\x00"), int64(at)) {
				return
			}
			at = next
		}
	}
}

// parse reads a line.
func parse(line string) (Entry, bool) {
	parts := strings.Split(line, "|")
	if len(parts) >= generalFields {
		at, err := time.ParseInLocation(stamp, parts[0], time.UTC)
		return Entry{
			Time: at, General: true, Status: parts[1], Path: parts[2], Name: parts[3], Publisher: parts[4], Version: parts[5], ProgramID: parts[6],
			Message: strings.Join(parts[7:], "|"),
		}, err == nil
	}
	bar := strings.LastIndexByte(line, '|')
	if bar <= 0 {
		return Entry{}, false
	}
	at, err := time.ParseInLocation(stamp, line[bar+1:], time.UTC)
	return Entry{Time: at, Path: line[:bar]}, err == nil
}
