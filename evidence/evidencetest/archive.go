package evidencetest

import (
	"archive/tar"
	"compress/gzip"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/internal/archive/archivetest"
)

// CyLR copies names of vol as CyLR does, and returns the folder. The files are below C,
// and names have no colons.
func CyLR(t testing.TB, vol fs.FS, names ...string) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range expand(t, vol, names) {
		to := strings.ReplaceAll(name, ":", "")
		if strings.Contains(name, ":") && !strings.HasPrefix(name, "$") {
			continue
		}
		copyFile(t, vol, name, filepath.Join(dir, "C", filepath.FromSlash(to)))
	}
	write(t, filepath.Join(dir, "CyLR.log"), strings.NewReader("collected\r\n"))
	return dir
}

// Zip packs a folder into a zip file, and returns its name. The members are encrypted if
// the password is not empty.
func Zip(t testing.TB, dir, password string) string {
	t.Helper()
	var members []archivetest.Member
	walk(t, dir, func(name string, d fs.DirEntry, content []byte) {
		if d.IsDir() {
			name += "/"
		}
		m := archivetest.Member{Name: name, Content: content, UTF8: true}
		if info, err := d.Info(); err == nil {
			m.ModTime = info.ModTime()
		}
		if !d.IsDir() {
			m.Password = password
		}
		members = append(members, m)
	})
	to := filepath.Join(t.TempDir(), "collection.zip")
	if err := os.WriteFile(to, archivetest.Zip(t, members...), 0o600); err != nil {
		t.Fatal(err)
	}
	return to
}

// TarGz packs a folder into a compressed tar file as dissect's acquire does, with drives
// named "C:" below fs, and returns its name.
func TarGz(t testing.TB, dir string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "collection.tar.gz")
	f, err := os.Create(to)
	if err != nil {
		t.Fatal(err)
	}
	z := gzip.NewWriter(f)
	w := tar.NewWriter(z)
	walk(t, dir, func(name string, d fs.DirEntry, content []byte) {
		if drive, rest, _ := strings.Cut(name, "/"); len(drive) == 1 {
			name = path.Join("fs", drive+":", rest)
		}
		h := &tar.Header{Name: name, Size: int64(len(content)), Mode: 0o600, Format: tar.FormatPAX}
		if d.IsDir() {
			h.Name, h.Typeflag = name+"/", tar.TypeDir
		}
		if info, err := d.Info(); err == nil {
			h.ModTime = info.ModTime()
		}
		if err := w.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(content); err != nil {
			t.Fatal(err)
		}
	})
	for _, close := range []func() error{w.Close, z.Close, f.Close} {
		if err := close(); err != nil {
			t.Fatal(err)
		}
	}
	return to
}

// walk visits the files and folders below dir.
func walk(t testing.TB, dir string, visit func(name string, d fs.DirEntry, content []byte)) {
	t.Helper()
	fsys := os.DirFS(dir)
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || name == "." {
			return err
		}
		var content []byte
		if !d.IsDir() {
			if content, err = fs.ReadFile(fsys, name); err != nil {
				return err
			}
		}
		visit(name, d, content)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
