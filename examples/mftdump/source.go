package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/birthmark-dfir/birthmark/evidence"
	"github.com/birthmark-dfir/birthmark/examples/internal/input"
	"github.com/birthmark-dfir/birthmark/internal/artifact"
	"github.com/birthmark-dfir/birthmark/internal/cli"
	"github.com/birthmark-dfir/birthmark/internal/fsfile"
	"github.com/birthmark-dfir/birthmark/mft"
)

// source is an $MFT in the evidence.
type source struct {
	name   string // for the column SourceFile
	drive  string // "C:", or "" if the letter is not known
	mft    *mft.Reader
	vol    *evidence.Volume // that the $MFT is on
	volume *mft.Volume      // nil if there is only the $MFT

	dirs     map[uint64]folder // by reference in 64 bits, as on disk; see parentPath
	dirsSize int               // in bytes
	lastRef  mft.Ref           // the last that was asked for
	lastDir  folder
	file     file // that is being written, and its row
	row      row
	seen     map[string]bool // problems with owners that this worker had
	reported map[string]bool // and those that were printed
	problems int
}

// maxProblems is how many problems of one $MFT are printed one by one.
const maxProblems = 1000

// find returns the sources in the evidence. A volume without an $MFT is not an
// error; a volume that cannot be read is reported.
func find(p *cli.Program, ev *evidence.Evidence, snapshot int) ([]*source, error) {
	var sources []*source
	for problem := range ev.TableProblems() {
		p.Problem(problem)
	}
	volumes, err := volumesOf(p, ev, snapshot)
	if err != nil {
		return nil, err
	}
	for _, vol := range volumes {
		if vol.Err != nil {
			p.Problem(vol.Err)
			continue
		}
		s := source{name: p.Arg(0), vol: vol, seen: map[string]bool{}, reported: map[string]bool{}}
		if vol.Letter != "" {
			s.drive = vol.Letter + ":"
		}
		if len(ev.Volumes()) > 1 || vol.Partition.Scheme != 0 || vol.Snapshot != nil {
			s.name += ": " + vol.Name
		}
		if v, ok := vol.FS.(*mft.Volume); ok {
			s.name += ": $MFT"
			s.mft, s.volume = v.MFT(), v
			for problem := range v.StructureProblems() {
				p.Problem(problem)
			}
			sources = append(sources, &s)
			continue
		}
		err := fs.WalkDir(vol.FS, ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return nil // a folder that cannot be listed holds nothing that can be read
			}
			if vol.Kind != evidence.Artifact && !artifact.Is(artifact.MFT, vol.FS, name) {
				return nil
			}
			s := s
			if vol.Kind != evidence.Artifact {
				s.name += ": " + name
			}
			if s.mft, err = open(vol.FS, name); err != nil {
				p.Problem(fmt.Errorf("%s: %w", name, err))
				return nil
			}
			sources = append(sources, &s)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return sources, nil
}

// volumesOf returns the volumes that are read: those of the evidence or, if a number is
// given, the shadow copies with that number.
func volumesOf(p *cli.Program, ev *evidence.Evidence, number int) ([]*evidence.Volume, error) {
	if number == 0 {
		return ev.Volumes(), nil
	}
	if err := input.Carve(context.Background(), p, ev); err != nil {
		return nil, err
	}
	var list []*evidence.Volume
	for _, s := range ev.Snapshots() {
		if s.Number != number {
			continue
		}
		list = append(list, s.Open())
		for problem := range s.Problems() {
			p.Problem(problem)
		}
	}
	if len(list) == 0 {
		return nil, errors.New("no shadow copy has that number: -snapshots lists them")
	}
	return list, nil
}

// open opens an $MFT that is a file and, for the owners, the $Secure:$SDS beside it
// if there is one. Both stay open until the program ends.
func open(vol fs.FS, name string) (*mft.Reader, error) {
	table, err := fsfile.Open(vol, name)
	if err != nil {
		return nil, err
	}
	var opts []mft.Option
	dir := strings.TrimSuffix(name, "$MFT")
	if sds, err := fsfile.Open(vol, dir+"$Secure:$SDS"); err == nil {
		opts = append(opts, mft.WithSecure(sds, sds.Size))
	}
	return mft.NewReader(table, table.Size, opts...)
}

// file is a record and what all its rows share.
type file struct {
	*mft.Record
	owner string
}

// absent reports whether an owner is unknown only because the evidence holds
// nothing but the $MFT.
func absent(err error) bool {
	return errors.Is(err, mft.ErrNoSecure) || errors.Is(err, mft.ErrNoVolume)
}

func (s *source) problem(p *cli.Program, problem any) {
	if s.problems++; s.problems <= maxProblems {
		p.Problem(problem)
	}
}
