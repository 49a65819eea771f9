package whole

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/birthmark-dfir/birthmark/damage"
)

var errNotText = errors.New("not text")

// text is a format of one line. A zero byte is damage, and an empty file is something else.
var text = Format[string]{
	Part: "line", Max: 8, TooLarge: errNotText,
	Decode: func(name string, raw []byte, size int64) (string, []damage.Problem, error) {
		if len(raw) == 0 {
			return "", nil, &damage.Error{Offset: 0, What: "line", Err: errNotText}
		}
		var problems []damage.Problem
		if i := bytes.IndexByte(raw, 0); i >= 0 {
			problems = append(problems, damage.Note(damage.Malformed, damage.New("line", int64(i), 0, nil), name, ""))
		}
		return string(raw), problems, nil
	},
}

// start is the same format without a limit of the file.
var start = Format[string]{Part: text.Part, Max: text.Max, Decode: text.Decode}

func TestRead(t *testing.T) {
	tests := []struct {
		name     string
		format   *Format[string]
		raw      string
		more     int64 // bytes that the size claims and the file does not have
		want     string
		problems int
		err      string
	}{
		{"a file", &text, "line", 0, "line", 0, ""},
		{"a damaged file", &text, "li\x00e", 0, "li\x00e", 1, ""},
		{"a file of the largest size", &text, "12345678", 0, "12345678", 0, ""},
		{"a larger file", &text, "123456789", 0, "", 0, "artifact: size of the file: got 9, want ≤ 8: not text"},
		{"a larger file that is read up to the limit", &start, "123456789", 0, "12345678", 0, ""},
		{"something else", &text, "", 0, "", 0, "artifact: line at 0x0: not text"},
		{"a file that ends early", &text, "line", 2, "", 0, "artifact: "},
	}
	for _, test := range tests {
		f, err := test.format.Read(strings.NewReader(test.raw), int64(len(test.raw))+test.more, "artifact")
		if test.err != "" {
			if f != nil || err == nil || !strings.HasPrefix(err.Error(), test.err) {
				t.Errorf("%s: %v, %v; want %s", test.name, f, err, test.err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if problems := slices.Collect(f.Problems()); f.Content() != test.want || len(problems) != test.problems {
			t.Errorf("%s: %q, %v", test.name, f.Content(), problems)
		}
		if err := f.Close(); err != nil {
			t.Errorf("%s: Close: %v", test.name, err)
		}
	}
}

// counted counts how often its file is closed.
type counted struct {
	fs.FS
	closes int
}

type countedFile struct {
	fs.File
	of *counted
}

func (c *counted) Open(name string) (fs.File, error) {
	f, err := c.FS.Open(name)
	return countedFile{f, c}, err
}

func (f countedFile) Close() error {
	f.of.closes++
	return f.File.Close()
}

func TestTheFileIsClosedOnce(t *testing.T) {
	fsys := &counted{FS: fstest.MapFS{"file": {Data: []byte("line")}, "empty": {}}}
	f, err := text.OpenFS(fsys, "file", "file")
	if err != nil || f.Content() != "line" || fsys.closes != 0 {
		t.Fatalf("%v, %v, closed %d times", f, err, fsys.closes)
	}
	if err := errors.Join(f.Close(), f.Close()); err != nil || fsys.closes != 1 {
		t.Errorf("%v, closed %d times", err, fsys.closes)
	}
	if f, err := text.OpenFS(fsys, "empty", "empty"); f != nil || !errors.Is(err, errNotText) || fsys.closes != 2 {
		t.Errorf("something else: %v, %v, closed %d times", f, err, fsys.closes)
	}
}

func TestOpen(t *testing.T) {
	name := filepath.Join(t.TempDir(), "file")
	if f, err := text.Open(name, name); f != nil || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("an absent file: %v, %v", f, err)
	}
	if err := os.WriteFile(name, []byte("line"), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := text.Open(name, name)
	if err != nil || f.Content() != "line" {
		t.Fatalf("%v, %v", f, err)
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
}

func TestNil(t *testing.T) {
	var f *File[string]
	if f.Content() != "" || len(slices.Collect(f.Problems())) != 0 || f.Close() != nil {
		t.Error("a nil File has content, problems or a file")
	}
}
