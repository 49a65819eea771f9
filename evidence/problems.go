package evidence

import (
	"iter"
	"slices"

	"github.com/birthmark-dfir/birthmark/damage"
)

// TableProblems yields what is wrong with containers, partition tables and folders,
// and with the registry that names the drives. It is quick, while Problems reads all
// volumes.
func (e *Evidence) TableProblems() iter.Seq[Problem] {
	if e == nil {
		return slices.Values[[]Problem](nil)
	}
	return func(yield func(Problem) bool) {
		for _, p := range e.problems {
			if !yield(p) {
				return
			}
		}
		for _, tree := range e.trees {
			for _, p := range tree.Problems() {
				if !yield(damage.Note(p.Kind, p.Err, e.name, "")) {
					return
				}
			}
		}
	}
}

// Problems yields what TableProblems yields, then the problems of the volumes.
func (e *Evidence) Problems() iter.Seq[Problem] {
	return func(yield func(Problem) bool) {
		for p := range e.TableProblems() {
			if !yield(p) {
				return
			}
		}
		for _, v := range e.Volumes() {
			own, ok := v.FS.(interface{ Problems() iter.Seq[Problem] })
			if !ok {
				continue
			}
			for p := range own.Problems() {
				if !yield(e.of(v, p)) {
					return
				}
			}
		}
	}
}

// in names the evidence in an error.
func (e *Evidence) in(err error) error { return damage.In(err, e.name, "") }

// note adds a problem. Path is the place in the evidence.
func (e *Evidence) note(kind damage.Kind, err error, path string) {
	e.problems = append(e.problems, damage.Note(kind, err, e.name, path))
}

// artifactNTFS is the name that package mft gives to a volume.
const artifactNTFS = "ntfs"

// of names the volume in a problem of its file system. Offsets count from the
// beginning of the volume, or of the file on it that the problem names, so volume and
// file are the artifact.
func (e *Evidence) of(v *Volume, p Problem) Problem {
	named := *p.Err
	artifact := e.name
	if v.Kind == NTFS {
		if len(e.volumes) > 1 || v.Offset > 0 {
			artifact += ": " + v.Name
		}
		if named.Artifact != "" && named.Artifact != artifactNTFS {
			artifact += ": " + named.Artifact
		}
	}
	named.Artifact = artifact
	return Problem{Kind: p.Kind, Err: &named}
}
