package evidence

import (
	"errors"
	"fmt"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/vss"
)

// Snapshots returns the shadow copies of an NTFS volume, the oldest first. They are not
// among the volumes of the evidence: nothing is read or searched in them unless they are
// opened. After CarveSnapshots they include those that the catalog does not list; one of
// unknown age, whose time is zero, comes first. Callers must not change the slice.
func (v *Volume) Snapshots() []*Snapshot {
	if v == nil {
		return nil
	}
	return v.snapshots
}

// Snapshots returns the shadow copies of all volumes, in the order of the volumes.
func (e *Evidence) Snapshots() []*Snapshot {
	var all []*Snapshot
	for _, v := range e.Volumes() {
		all = append(all, v.Snapshots()...)
	}
	return all
}

// Open returns the volume as it was. It has the name of the snapshot and no letter, so that its
// paths are not those of the volume now.
// If the stores are damaged so that the file system cannot be
// read, Err of the volume is set, and it is empty.
func (s *Snapshot) Open() *Volume {
	if s == nil || s.Snapshot == nil || s.Volume == nil {
		return &Volume{FS: emptyFS{}, Err: errors.New("evidence: no snapshot")}
	}
	v := &Volume{
		Name: s.Name, Machine: s.Volume.Machine, Kind: NTFS, FileSystem: s.Volume.FileSystem,
		Offset: s.Volume.Offset, Size: s.Size, Partition: s.Volume.Partition, FS: emptyFS{}, Snapshot: s,
	}
	volume, err := mft.NewVolume(s, s.Size)
	if err != nil {
		if !damage.Is(err) {
			v.Err = fmt.Errorf("%s: %s: %w", s.e.name, s.Name, err)
			return v
		}
		v.Err = s.e.of(v, damage.Note(damage.Malformed, err, artifactNTFS, "")).Err
		return v
	}
	v.FS = volume
	return v
}

// findSnapshots reads the catalog of the shadow copies of a volume.
func (e *Evidence) findSnapshots(v *Volume, img image) {
	r, err := vss.NewReader(img.r, img.size, vss.WithName(artifactNTFS))
	switch {
	case errors.Is(err, vss.ErrNone):
		return
	case err != nil:
		e.problems = append(e.problems, e.of(v, damage.Note(damage.Malformed, err, artifactNTFS, "")))
		return
	}
	v.shadowed = true
	for _, p := range r.CatalogProblems() {
		e.problems = append(e.problems, e.of(v, p))
	}
	for _, s := range r.Snapshots() {
		v.snapshots = append(v.snapshots, &Snapshot{Snapshot: s, Name: fmt.Sprintf("%s/vss%d", v.Name, s.Number), Volume: v, e: e})
	}
}
