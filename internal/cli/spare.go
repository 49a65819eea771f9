package cli

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// maxLinks bounds the symbolic links that lead to an output file.
const maxLinks = 255

// destination returns the absolute path to which a name leads once links are
// followed, also if there is no such file yet.
func destination(name string) (string, error) {
	for range maxLinks {
		abs, err := filepath.Abs(name)
		if err != nil {
			return "", err
		}
		dir, err := filepath.EvalSymlinks(filepath.Dir(abs))
		if err != nil {
			return "", err
		}
		abs = filepath.Join(dir, filepath.Base(abs))
		link, err := os.Readlink(abs)
		if err != nil {
			return abs, nil // it is not a link
		}
		if !filepath.IsAbs(link) {
			link = filepath.Join(dir, link)
		}
		name = link
	}
	return "", &fs.PathError{Op: "open", Path: name, Err: errors.New("too many symbolic links")}
}

// evidenceAt returns the input that writing to target would change: one that is
// the same file, or a folder in or below which target lies or that holds another
// name of the same file. It returns "" if there is none.
//
// Files are compared as the system identifies them, never by their names. So
// neither links nor case, 8.3 names or mounts hide one.
func evidenceAt(target string, inputs []string) string {
	var forbidden []os.FileInfo // the target and every folder above it
	for at := target; ; at = filepath.Dir(at) {
		if st, err := os.Stat(at); err == nil {
			forbidden = append(forbidden, st)
		}
		if at == filepath.Dir(at) {
			break
		}
	}
	touches := func(st os.FileInfo) bool {
		return slices.ContainsFunc(forbidden, func(f os.FileInfo) bool { return os.SameFile(st, f) })
	}
	for _, input := range inputs {
		st, err := os.Stat(input)
		if err != nil {
			continue // the program reports it
		}
		if touches(st) || st.IsDir() && holds(input, touches) {
			return input
		}
	}
	return ""
}

// holds reports whether a file or folder below dir fulfils touches. Links in an
// evidence folder are not followed, so what they lead to is not evidence.
func holds(dir string, touches func(os.FileInfo) bool) bool {
	found := false
	root := dir + string(filepath.Separator) // a link to a folder is that folder
	_ = filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return nil // what cannot be listed cannot be compared
		}
		if st, err := d.Info(); err == nil && touches(st) {
			found = true
			return filepath.SkipAll
		}
		return nil
	})
	return found
}
