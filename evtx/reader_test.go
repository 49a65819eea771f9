package evtx_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/evtx"
)

// The three ways to open a log differ only in the name of the log in errors and
// problems.
func TestOpen(t *testing.T) {
	dir := t.TempDir()
	damaged := several()
	damaged[4096+512+24+4] = 0x7f // a token of the first record
	for name, content := range map[string][]byte{"a.evtx": damaged, "no.evtx": []byte("not a log at all"), "empty.evtx": nil} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	const token = "chunk 0 record 1: token at 0x121c: got 0x7f, want a token of binary XML"
	const sum = "chunk 0: records checksum at 0x1034: "
	for _, tt := range []struct {
		name     string
		open     func(file string, opts ...evtx.Option) (*evtx.Reader, error)
		artifact string // of a.evtx
	}{
		{"Open", func(file string, opts ...evtx.Option) (*evtx.Reader, error) {
			return evtx.Open(filepath.Join(dir, file), opts...)
		}, filepath.Join(dir, "a.evtx")},
		{"OpenFS", func(file string, opts ...evtx.Option) (*evtx.Reader, error) {
			return evtx.OpenFS(os.DirFS(dir), file, opts...)
		}, "a.evtx"},
		{"NewReader", func(file string, opts ...evtx.Option) (*evtx.Reader, error) {
			b, err := os.ReadFile(filepath.Join(dir, file))
			if err != nil {
				return nil, err
			}
			return evtx.NewReader(bytes.NewReader(b), int64(len(b)), opts...)
		}, "evtx"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, named := range []struct {
				opts []evtx.Option
				want string
			}{{nil, tt.artifact}, {[]evtx.Option{evtx.WithName("Security log")}, "Security log"}} {
				r, err := tt.open("a.evtx", named.opts...)
				if err != nil {
					t.Fatal(err)
				}
				if major, minor := r.Version(); major != 3 || minor != 1 || r.Dirty() {
					t.Errorf("version %d.%d, dirty %v", major, minor, r.Dirty())
				}
				n := 0
				for rec, err := range r.Records() {
					if err != nil {
						t.Fatal(err)
					}
					_, err := rec.Event()
					if n++; n == 1 && (err == nil || err.Error() != named.want+": "+token) || n > 1 && err != nil {
						t.Errorf("record %d: got %v, want %s: %s", n, err, named.want, token)
					}
				}
				if n != 6 {
					t.Errorf("%d records", n)
				}
				for p := range r.Problems() {
					if !strings.HasPrefix(p.String(), "checksum: "+named.want+": "+sum) {
						t.Errorf("got %v, want checksum: %s: %s", p, named.want, sum)
					}
				}
				for range 2 {
					if err := r.Close(); err != nil {
						t.Errorf("Close: %v", err)
					}
				}
			}
			for _, file := range []string{"no.evtx", "empty.evtx"} {
				r, err := tt.open(file)
				if r != nil || !errors.Is(err, evtx.ErrNotEventLog) || !damage.Is(err) {
					t.Errorf("%s: got %v, %v", file, r, err)
				}
				if want := strings.Replace(tt.artifact, "a.evtx", file, 1) + ": file "; !strings.HasPrefix(err.Error(), want) {
					t.Errorf("%s: got %v, want %s…", file, err, want)
				}
				if err := r.Close(); err != nil { // as a defer before the check of the error does
					t.Errorf("Close of nil: %v", err)
				}
			}
			if _, err := tt.open("absent"); !errors.Is(err, fs.ErrNotExist) || strings.Count(err.Error(), "absent") != 1 {
				t.Errorf("got %v", err)
			}
		})
	}
}

// Close closes what was opened. A file that is not a log is closed at once.
func TestClose(t *testing.T) {
	for name, content := range map[string][]byte{"a log": several(), "not a log": []byte("not a log")} {
		files := &counted{FS: fstest.MapFS{"a.evtx": {Data: content}}}
		r, err := evtx.OpenFS(files, "a.evtx")
		if files.open != 1 && err == nil {
			t.Errorf("%s: %d files open", name, files.open)
		}
		r.Close()
		r.Close()
		if files.open != 0 || files.closed != 1 {
			t.Errorf("%s: %d files open, closed %d times", name, files.open, files.closed)
		}
	}
}

// counted counts the open files of a file system whose files have no random
// access.
type counted struct {
	fs.FS
	open, closed int
}

func (c *counted) Open(name string) (fs.File, error) {
	f, err := c.FS.Open(name)
	if err == nil {
		c.open++
	}
	return countedFile{f, c}, err
}

type countedFile struct {
	fs.File
	of *counted
}

func (f countedFile) Close() error {
	f.of.open--
	f.of.closed++
	return f.File.Close()
}
