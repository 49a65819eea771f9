package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/birthmark-dfir/birthmark/evidence"
)

// An artifact is a file that two parsers can read.
type artifact struct {
	name   string // for the report: the evidence and the path in it
	format string
	path   string // on this machine
}

// marks are the first bytes by which artifacts are recognized.
var marks = []struct{ format, magic string }{
	{"mft", "FILE"},
	{"evtx", "ElfFile\x00"},
	{"evtx", "ElfChnk\x00"},
	{"registry", "regf"},
	{"pe", "MZ"},
}

// headSize is how many bytes formatOf needs.
const headSize = 32

func formatOf(head []byte) string {
	for _, m := range marks {
		if !bytes.HasPrefix(head, []byte(m.magic)) {
			continue
		}
		// The transaction log of a hive begins as a hive does. Only its file
		// type, 4 bytes at offset 28, differs: 1, 2 or 6.
		if m.format == "registry" && len(head) == headSize && slices.Contains([]byte{1, 2, 6}, head[28]) {
			return ""
		}
		return m.format
	}
	return ""
}

// A finder visits the artifacts in evidence. It copies artifacts in an image or
// folder, and compressed ones, into dir, one file at a time.
type finder struct {
	ctx     context.Context
	dir     string
	maxCopy int64 // in bytes; larger files, and files that claim to be larger, are not copied
	problem func(any)
	visit   func(artifact) error
}

func (f *finder) find(name string) error {
	ev, err := evidence.Open(name)
	if err != nil {
		return err
	}
	defer ev.Close()
	for p := range ev.Problems() {
		f.problem(p)
	}
	for _, v := range ev.Volumes() {
		if v.Err != nil {
			f.problem(v.Err)
			continue
		}
		if v.Kind == evidence.Artifact {
			if format := formatOf(headOf(name)); format != "" { // no copy needed
				return f.visit(artifact{name, format, name})
			}
		}
		if v.Kind == evidence.NTFS {
			if err := f.volume(name, v); err != nil {
				return err
			}
		}
		if err := f.walk(name, v); err != nil {
			return err
		}
	}
	return nil
}

func headOf(name string) []byte {
	file, err := os.Open(name)
	if err != nil {
		return nil
	}
	defer file.Close()
	head := make([]byte, headSize)
	n, _ := io.ReadFull(file, head)
	return head[:n]
}

// walk visits the files of a volume and their alternate data streams.
func (f *finder) walk(name string, v *evidence.Volume) error {
	return fs.WalkDir(v.FS, ".", func(path string, d fs.DirEntry, err error) error {
		if f.ctx.Err() != nil {
			return f.ctx.Err()
		}
		if err != nil {
			f.problem(fmt.Errorf("%s: %s: %w", name, v.WindowsPath(path), err))
			return nil
		}
		if d.IsDir() {
			return nil
		}
		paths := []string{path}
		if info, err := d.Info(); err == nil {
			if s, ok := info.(interface{ Streams() []string }); ok {
				for _, stream := range s.Streams() {
					paths = append(paths, path+":"+stream)
				}
			}
		}
		for _, path := range paths {
			if err := f.file(name, v, path); err != nil {
				return err
			}
		}
		return nil
	})
}

// file visits a file if it is an artifact. An error ends the run.
func (f *finder) file(name string, v *evidence.Volume, path string) error {
	label := name
	if v.Kind != evidence.Artifact {
		label += ": " + v.WindowsPath(path)
	}
	file, err := v.FS.Open(path)
	if err != nil {
		f.problem(fmt.Errorf("%s: %w", label, err))
		return nil
	}
	defer file.Close()
	var head [headSize]byte
	n, err := io.ReadFull(file, head[:])
	format := formatOf(head[:n])
	if format == "" {
		if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
			f.problem(fmt.Errorf("%s: %w", label, err))
		}
		return nil
	}
	if info, err := file.Stat(); err != nil || info.Size() > f.maxCopy {
		f.problem(fmt.Errorf("%s: not compared: larger than -copy allows", label))
		return nil
	}
	copied := filepath.Join(f.dir, "artifact")
	defer os.Remove(copied)
	if err := f.copy(copied, label, io.MultiReader(bytes.NewReader(head[:n]), file)); err != nil {
		return err
	}
	return f.visit(artifact{label, format, copied})
}

// copy writes what can be read of r into a file. A read error is reported as a
// problem. An error that copy returns ends the run.
func (f *finder) copy(name, label string, r io.Reader) error {
	out, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("%w: %w", errOfRun, err)
	}
	buf := make([]byte, 1<<20)
	for f.ctx.Err() == nil {
		n, err := r.Read(buf)
		if _, werr := out.Write(buf[:n]); werr != nil {
			out.Close()
			return fmt.Errorf("%w: %w", errOfRun, werr)
		}
		if err != nil {
			if err != io.EOF {
				f.problem(fmt.Errorf("%s: %w", label, err))
			}
			break
		}
	}
	if err := out.Close(); err != nil {
		return fmt.Errorf("%w: %w", errOfRun, err)
	}
	return f.ctx.Err()
}
