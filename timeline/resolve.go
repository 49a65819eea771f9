package timeline

import (
	"errors"
	"io/fs"
	"path"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// FindFile returns the name of a file in vol, for the functions of package fs. The
// path may be a Windows path with or without a drive, or slash-separated below the
// root of the volume. It ignores case as Windows does. Ok is false if the file does
// not exist.
func FindFile(vol fs.FS, path string) (name string, ok bool) {
	name = slashPath(path)
	if !fs.ValidPath(name) {
		return "", false
	}
	return resolve(vol, name)
}

// resolve returns the name of a path in vol, ignoring case as Windows does, whether
// or not vol itself does.
func resolve(vol fs.FS, name string) (string, bool) {
	if _, err := fs.Stat(vol, name); err == nil {
		return name, true
	} else if !errors.Is(err, fs.ErrNotExist) {
		return "", false
	}
	dir, base := path.Split(name)
	parent := "."
	if dir != "" {
		var ok bool
		if parent, ok = resolve(vol, path.Clean(dir)); !ok {
			return "", false
		}
	}
	for _, e := range readDir(vol, parent) {
		if winpath.SameName(e.Name(), base) {
			return path.Join(parent, e.Name()), true
		}
	}
	return "", false
}

// readDir returns what can be read of a folder. What cannot be read is missing in the
// coverage, or listed as absent if it was expected.
func readDir(vol fs.FS, dir string) []fs.DirEntry {
	entries, _ := fs.ReadDir(vol, dir)
	return entries
}

func isRegular(vol fs.FS, name string) bool {
	info, err := fs.Stat(vol, name)
	return err == nil && info.Mode().IsRegular()
}

// maxFolders limits how many folders a place with * stands for.
const maxFolders = 1000

// foldersBelow finds the folders of a place, ignoring case.
func foldersBelow(vol fs.FS, parts []string) []string {
	list := []string{"."}
	for _, part := range parts {
		if part == "" {
			continue
		}
		var next []string
		for _, folder := range list {
			for _, d := range readDir(vol, folder) {
				if d.IsDir() && (part == "*" || winpath.Same(d.Name(), part)) && len(next) < maxFolders {
					next = append(next, path.Join(folder, d.Name()))
				}
			}
		}
		list = next
	}
	return list
}
