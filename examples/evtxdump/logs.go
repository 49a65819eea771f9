package main

import (
	"fmt"
	"io"
	"io/fs"
	"path/filepath"

	"github.com/birthmark-dfir/birthmark/evidence"
	"github.com/birthmark-dfir/birthmark/examples/internal/input"
	"github.com/birthmark-dfir/birthmark/internal/artifact"
	"github.com/birthmark-dfir/birthmark/internal/cli"
	"github.com/birthmark-dfir/birthmark/internal/fsfile"
)

// log is an event log in a piece of evidence.
type log struct {
	name string // for people, and in the output
	r    io.ReaderAt
	size int64
}

// eachLog calls f for each log in a piece of evidence, in the order of their paths.
// The evidence may itself be a log. An error from f ends the walk.
func eachLog(p *cli.Program, name string, f func(log) error) error {
	ev, err := input.Open(p, name)
	if err != nil {
		return err
	}
	defer ev.Close()
	for _, vol := range ev.Volumes() {
		if vol.Err != nil {
			continue // Problems has it
		}
		p.Progress("%s: looking for logs", vol.Name)
		err := fs.WalkDir(vol.FS, ".", func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				p.Problem(fmt.Errorf("%s: %w", vol.Name, err))
				return nil
			}
			if !d.Type().IsRegular() {
				return nil
			}
			return openLog(p, vol.FS, path, shownName(ev, vol, path), f)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// shownName returns the name of a log for people: as the analyst gave it, or as
// Windows writes it if the evidence is laid out like drives. In a folder it has
// forward slashes on every system.
func shownName(ev *evidence.Evidence, vol *evidence.Volume, path string) string {
	switch {
	case vol.Kind == evidence.Artifact:
		return ev.Name()
	case ev.Kind() == "folder":
		return filepath.ToSlash(filepath.Join(ev.Name(), path))
	}
	return vol.WindowsPath(path)
}

// openLog calls f if a file looks like a log: by its content, also if its beginning
// is lost, or by its name. So a file that cannot be read is reported by f.
func openLog(p *cli.Program, fsys fs.FS, path, shown string, f func(log) error) error {
	if !artifact.Is(artifact.EVTX, fsys, path) {
		return nil
	}
	file, err := fsfile.Open(fsys, path)
	if err != nil {
		p.Problem(named(shown, err))
		return nil
	}
	defer file.Close()
	return f(log{shown, file, file.Size})
}
