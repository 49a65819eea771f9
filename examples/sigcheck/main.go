// Sigcheck prints what executables claim about themselves: hashes, version
// strings, link time, and who signed them.
//
// It does not verify signatures yet. It compares the digest of the image with the
// signed digest, so it detects that a file was changed after it was signed. The
// signer is only what the file claims. With -catalogs it also searches catalogs, such as
// those of Windows in System32\CatRoot, for files without a signature of their own.
//
// Findings name what is damaged or unusual in the file, and what in its name or its
// place it has in common with a disguise.
package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/artifact"
	"github.com/birthmark-dfir/birthmark/internal/cli"
	"github.com/birthmark-dfir/birthmark/pe"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

const verdicts = `
The verdict is one of
  unsigned    the file has no embedded signature, and no catalog in -catalogs lists it
  cataloged   the same, but a catalog lists it whose signature matches the list; its
              certificates are claims, as for unverified
  unverified  the digest of the image matches the signed one; the certificates,
              their chain and the times are claims that were not verified
  tampered    the digest of the image, or that of the signed content, differs: the
              file was changed after signing, or was given the signature of another
  uncovered   the digest matches, but covers less than the loader maps: what runs is
              not what was signed
  malformed   the signature cannot be decoded or compared
Anyone can make an unverified file with any name as its signer.`

func run(args []string, stdout, stderr io.Writer) int {
	p := cli.New("sigcheck", "[-format F] [-catalogs DIR] FILE|FOLDER…", stdout, stderr)
	format := p.String("format", "text", "write `F`: text, jsonl, csv")
	dir := p.String("catalogs", "", "search the catalogs (.cat) in `DIR` for files without a signature of their own")
	usage := p.Usage
	p.Usage = func() {
		usage()
		fmt.Fprintln(stderr, verdicts)
	}
	return p.Run(args, func() error {
		if p.NArg() == 0 {
			return cli.Usagef("want at least one FILE or FOLDER")
		}
		write, err := writer(*format, p.Out)
		if err != nil {
			return err
		}
		catalogs := new(pe.Catalogs)
		if *dir != "" {
			if catalogs, err = pe.OpenCatalogs(os.DirFS(*dir), "."); err != nil {
				return fmt.Errorf("catalogs: %w", err)
			}
			for problem := range catalogs.Problems() {
				p.Problem(problem)
			}
		}
		read := 0
		for _, name := range p.Args() {
			err := eachFile(name, func(name string, named bool) error {
				f, err := pe.Open(name)
				if errors.Is(err, pe.ErrNotExecutable) && !named && artifact.Named(name) != artifact.PE {
					return nil // nobody asked for the other files of a folder
				}
				if err != nil {
					p.Problem(err)
					return nil
				}
				read++
				p.Progress("%d files, %s", read, name)
				r := newRow(name, f)
				r.find(catalogs.Find(f.CatalogDigests()...))
				return write(r)
			})
			if errors.Is(err, errFileType) {
				p.Problem(err)
			} else if err != nil {
				return err
			}
		}
		if read == 0 {
			return errors.New("no executable found: want a file that begins with MZ and has a PE header")
		}
		return nil
	})
}

var errFileType = errors.New("want a file or a folder")

// eachFile calls f for a named file, or for the regular files below a folder, in
// the order of their names. It also calls f with a folder that cannot be listed,
// for which f then fails. The name of a file in a folder has forward slashes on
// every system. A pipe or a device is not read, since it may never end.
func eachFile(name string, f func(name string, named bool) error) error {
	st, err := os.Stat(name)
	switch {
	case err == nil && st.IsDir():
		name += string(os.PathSeparator) // follows a link to a folder
	case err == nil && !st.Mode().IsRegular():
		return fmt.Errorf("%s: %w", name, errFileType)
	default:
		return f(name, true)
	}
	return filepath.WalkDir(name, func(path string, d fs.DirEntry, err error) error {
		path = filepath.ToSlash(path)
		switch {
		case err != nil:
			return f(path, true)
		case d.Type().IsRegular():
			return f(path, false)
		}
		return nil
	})
}

// writer returns the function that writes a row in a format.
func writer(format string, w io.Writer) (func(row) error, error) {
	switch format {
	case "text":
		return func(r row) error { return r.text(w) }, nil
	case "jsonl":
		return jsonLines(w), nil
	case "csv":
		return csvLines(w)
	}
	return nil, cli.Usagef("format %q: want one of %s", format, strings.Join([]string{"text", "jsonl", "csv"}, ", "))
}
