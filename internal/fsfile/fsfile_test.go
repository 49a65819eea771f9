package fsfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"
)

// streamFS has files without random access, as a zip archive does.
type streamFS struct{ fs.FS }

func (s streamFS) Open(name string) (fs.File, error) {
	f, err := s.FS.Open(name)
	return struct{ fs.File }{f}, err
}

func TestOpen(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "file"), []byte("content"), 0o600); err != nil {
		t.Fatal(err)
	}
	fsys := fstest.MapFS{"file": {Data: []byte("content")}}
	for name, open := range map[string]func() (*File, error){
		"a file in memory":             func() (*File, error) { return Open(fsys, "file") },
		"a file without random access": func() (*File, error) { return Open(streamFS{fsys}, "file") },
		"a file below os.DirFS":        func() (*File, error) { return Open(os.DirFS(dir), "file") },
		"a file by its name":           func() (*File, error) { return OpenOS(filepath.Join(dir, "file")) },
	} {
		f, err := open()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		b := make([]byte, 4)
		if n, err := f.ReadAt(b, 3); n != 4 || string(b) != "tent" || f.Size != 7 {
			t.Errorf("%s: read %q of %d bytes, %v", name, b[:n], f.Size, err)
		}
		if err := f.Close(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, open := range map[string]func() (*File, error){
		"open folder: is a directory":                 func() (*File, error) { return Open(fstest.MapFS{"folder/file": {}}, "folder") },
		"open " + dir + ": is a directory":            func() (*File, error) { return OpenOS(dir) },
		"open absent: file does not exist":            func() (*File, error) { return Open(fsys, "absent") },
		"open " + filepath.Join(dir, "absent") + ": ": func() (*File, error) { return OpenOS(filepath.Join(dir, "absent")) },
	} {
		f, err := open()
		var located *fs.PathError
		if f != nil || !errors.As(err, &located) || len(err.Error()) < len(name) || err.Error()[:len(name)] != name {
			t.Errorf("got %v, want %s", err, name)
		}
	}
}
