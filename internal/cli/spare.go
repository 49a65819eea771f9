package cli

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// maxLinks bounds the chain of symbolic links to an output file.
const maxLinks = 255

// SparesEvidence returns an error for wrong usage if writing to name, a file or folder that
// a flag names, would change what the program reads.
func (p *Program) SparesEvidence(flag, name string) error {
	target, err := destination(name)
	if err != nil {
		return err
	}
	if input := evidenceAt(target, append(p.Args(), p.files...)); input != "" {
		return Usagef("%s %s would overwrite the evidence %s", flag, name, input)
	}
	return nil
}

// destination returns the absolute path that a name refers to after following links,
// even if no file exists there yet.
func destination(name string) (string, error) {
	for range maxLinks {
		abs, err := filepath.Abs(name)
		if err != nil {
			return "", err
		}
		dir, err := resolved(filepath.Dir(abs))
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

// resolved returns a folder with the links in its path followed, as far as the path
// exists.
func resolved(dir string) (string, error) {
	followed, err := filepath.EvalSymlinks(dir)
	parent := filepath.Dir(dir)
	if !errors.Is(err, fs.ErrNotExist) || parent == dir {
		return followed, err
	}
	if parent, err = resolved(parent); err != nil {
		return "", err
	}
	return filepath.Join(parent, filepath.Base(dir)), nil
}

// evidenceAt returns the input that writing to target would change: the same file, a
// folder that contains target at any depth, or a folder that contains another name of
// the same file. It returns "" if nothing would change.
//
// Files are compared by their identity in the system, never by name. So links, case,
// 8.3 names and mounts do not hide one.
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
		if input == StandardInput {
			st, err = os.Stdin.Stat()
		}
		if err != nil {
			continue // the program reports it
		}
		if touches(st) || st.IsDir() && holds(input, touches) {
			return input
		}
	}
	return ""
}

// holds reports whether a file or folder below dir satisfies touches. Links in an
// evidence folder are not followed, so their targets are not evidence.
func holds(dir string, touches func(os.FileInfo) bool) bool {
	found := false
	root := dir + string(filepath.Separator) // follows a link to a folder
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
