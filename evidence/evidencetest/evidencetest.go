// Package evidencetest copies files of a volume into a folder as collectors do, under
// the names that collectors give them, for tests that investigate such folders.
package evidencetest

import (
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Windows lists what collectors copy from every machine: files, and folders, which
// end in a slash, with everything below them. Names that a volume does not have are
// skipped.
var Windows = []string{
	"$MFT", "$Boot", "$Secure:$SDS", "$Extend/$UsnJrnl:$J",
	"Windows/System32/config/", "Windows/System32/winevt/Logs/", "inetpub/logs/",
	"Users/",
}

// KAPE copies names of vol as KAPE does, and returns the folder. The files are below
// C, without the colon in the names of metadata files' streams. Streams of other
// files are not copied.
func KAPE(t testing.TB, vol fs.FS, names ...string) string {
	t.Helper()
	special := map[string]string{"$Secure:$SDS": "$Secure_$SDS", "$Extend/$UsnJrnl:$J": "$Extend/$J"}
	dir := t.TempDir()
	for _, name := range expand(t, vol, names) {
		to := name
		if other := special[name]; other != "" {
			to = other
		} else if strings.Contains(name, ":") {
			continue
		}
		copyFile(t, vol, name, filepath.Join(dir, "C", filepath.FromSlash(to)))
	}
	write(t, filepath.Join(dir, "2026-03-03T01_00_00_0000000_ConsoleLog.txt"), strings.NewReader("KAPE version\r\n"))
	return dir
}

// expand lists the files that names mean.
func expand(t testing.TB, vol fs.FS, names []string) (files []string) {
	t.Helper()
	for _, name := range names {
		folder, isFolder := strings.CutSuffix(name, "/")
		if !isFolder {
			if f, err := vol.Open(name); err == nil {
				f.Close()
				files = append(files, name)
			}
			continue
		}
		fs.WalkDir(vol, folder, func(name string, d fs.DirEntry, err error) error {
			if err == nil && d.Type().IsRegular() {
				files = append(files, name)
			}
			return nil
		})
	}
	slices.Sort(files)
	return slices.Compact(files)
}

func copyFile(t testing.TB, vol fs.FS, name, to string) {
	t.Helper()
	f, err := vol.Open(path.Clean(name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	write(t, to, f)
}

func write(t testing.TB, to string, content io.Reader) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		t.Fatal(err)
	}
	f, err := os.Create(to)
	if err != nil {
		t.Fatal(err)
	}
	_, err = io.Copy(f, content)
	if err2 := f.Close(); err == nil {
		err = err2
	}
	if err != nil {
		t.Fatal(err)
	}
}
