package evidence

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/vss"
)

// UnlistedStores returns the files of stores of shadow copies, deleted ones too, that the
// catalog of the volume does not list: after "vssadmin delete shadows" it lists none. It reads
// the $MFT, if the volume has the header of shadow copies: without it, it never had any. A store
// whose record or header is gone may be left all the same; CarveSnapshots looks for the stores
// themselves.
func (v *Volume) UnlistedStores() []vss.StoreFile {
	if v == nil || !v.shadowed {
		return nil
	}
	var unlisted []vss.StoreFile
	for _, f := range v.storeFiles() {
		if !slices.ContainsFunc(v.Snapshots(), func(s *Snapshot) bool { return s.StoreID == f.StoreID }) {
			unlisted = append(unlisted, f.StoreFile)
		}
	}
	return unlisted
}

// storeFile is the file of a store with its clusters.
type storeFile struct {
	vss.StoreFile
	runs []mft.Run
}

// storeFiles returns the files of stores that the $MFT has.
func (v *Volume) storeFiles() []storeFile {
	if v == nil {
		return nil
	}
	volume, ok := v.FS.(*mft.Volume)
	if !ok {
		return nil
	}
	var files []storeFile
	for rec, err := range volume.MFT().Scan() {
		if err != nil {
			continue
		}
		id, ok := vss.ParseStoreName(rec.Name())
		if !ok {
			continue
		}
		f := storeFile{StoreFile: vss.StoreFile{StoreID: id, File: rec.Ref.Uint64(), Created: rec.StandardInformation.Created, Deleted: !rec.InUse(), Offset: -1}}
		if s, ok := rec.Stream(""); ok && len(s.Runs) > 0 {
			f.runs = slices.Clone(s.Runs)
			if first := f.runs[0].LCN; first >= 0 && first <= v.Size/int64(volume.Info().ClusterSize) {
				f.Offset = first * int64(volume.Info().ClusterSize)
			}
		}
		files = append(files, f)
	}
	return files
}

// CarveSnapshots looks on all NTFS volumes for shadow copies that the catalogs do not list,
// and adds them to those that Snapshots returns, marked as Carved. It reads every volume once.
// See [vss.Carve] for what they are worth.
func (e *Evidence) CarveSnapshots(ctx context.Context) error {
	for _, v := range e.Volumes() {
		volume, ok := v.FS.(*mft.Volume)
		if !ok || v.image.r == nil || v.Snapshot != nil {
			continue
		}
		files := v.storeFiles()
		with := vss.Carving{Reused: reusedClusters(volume, files)}
		for _, f := range files {
			with.Files = append(with.Files, f.StoreFile)
		}
		r, err := vss.Carve(ctx, v.image.r, v.image.size, with, vss.WithName(artifactNTFS))
		switch {
		case errors.Is(err, vss.ErrNone):
			continue
		case err != nil:
			return fmt.Errorf("%s: %s: %w", e.name, v.Name, err)
		}
		v.snapshots = slices.DeleteFunc(slices.Clone(v.snapshots), func(s *Snapshot) bool { return s.Carved })
		for _, s := range r.Carved() {
			v.snapshots = append(v.snapshots, &Snapshot{Snapshot: s, Name: fmt.Sprintf("%s/carved%d", v.Name, s.Number), Volume: v, e: e})
		}
		slices.SortStableFunc(v.snapshots, func(a, b *Snapshot) int { return a.Created.Compare(b.Created) })
		for _, p := range r.CatalogProblems() {
			if p.Kind == damage.Limit {
				e.problems = append(e.problems, e.of(v, p))
			}
		}
	}
	return nil
}

// reusedClusters returns a function that reports whether a file that is not a store has one
// of the clusters of a range of the volume, according to $Bitmap; nil if that cannot be read.
func reusedClusters(volume *mft.Volume, files []storeFile) func(off, n int64) bool {
	bitmap, err := volume.MFT().Record(mft.EntryBitmap)
	if err != nil {
		return nil
	}
	used, err := volume.OpenStream(bitmap, "")
	if err != nil {
		return nil
	}
	var own []mft.Run // of the files that exist
	for _, f := range files {
		for _, run := range f.runs {
			if !f.Deleted && run.LCN >= 0 {
				own = append(own, run)
			}
		}
	}
	slices.SortFunc(own, func(a, b mft.Run) int { return cmp.Compare(a.LCN, b.LCN) })
	ofStore := func(cluster int64) bool {
		i, _ := slices.BinarySearchFunc(own, cluster, func(run mft.Run, cluster int64) int { return cmp.Compare(run.LCN, cluster+1) })
		return i > 0 && uint64(cluster-own[i-1].LCN) < own[i-1].Length
	}
	unit := int64(volume.Info().ClusterSize)
	return func(off, n int64) bool {
		for cluster := off / unit; cluster <= (off+n-1)/unit; cluster++ {
			var b [1]byte
			if _, err := used.ReadAt(b[:], cluster/8); err == nil && b[0]>>(cluster%8)&1 != 0 && !ofStore(cluster) {
				return true
			}
		}
		return false
	}
}
