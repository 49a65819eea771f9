package evidencetest

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
	"github.com/birthmark-dfir/birthmark/mft/vss/vsstest"
)

// Shadows is an NTFS volume with shadow copies whose stores are files of it, as Windows has
// them in System Volume Information.
type Shadows struct {
	Now     mfttest.Volume // its clusters are made 16 KiB; without a Size it has 4 MiB besides the stores
	Then    []Shadow       // the oldest first
	Catalog vsstest.Catalog
}

// Shadow is one of the shadow copies.
type Shadow struct {
	State     mfttest.Volume
	Created   time.Time
	Machine   string
	Deleted   bool    // it is not in the catalog, and the file of its store is deleted
	Overwrite []int64 // blocks of the store, from 0 on, that were overwritten
	Reused    bool    // another file has the clusters of the store, without their content
}

// storeSize is the size of each store.
const storeSize = 2 << 20

// firstEntry is that of the file of the catalog in the $MFT; the stores follow, the newest first.
const firstEntry = 30

const storeFolder = "System Volume Information/"

// Bytes returns the image of the volume.
func (s Shadows) Bytes() ([]byte, error) {
	room := func(name string, size int, deleted bool, at time.Time) mfttest.File {
		return mfttest.File{Path: storeFolder + name, Data: bytes.Repeat([]byte{0xff}, size), Deleted: deleted, Times: mfttest.AllAt(at)}
	}
	// All states have these files first, so that nothing else takes their clusters.
	now := s.Now
	now.ClusterSize, now.Size = vsstest.BlockSize, cmp.Or(now.Size, int64(len(s.Then)+2)*storeSize)
	gone := s.Catalog != vsstest.Whole
	files := []mfttest.File{room(vsstest.FormatName, vsstest.BlockSize, gone, now.Created)}
	for i := len(s.Then) - 1; i >= 0; i-- {
		f := room(vsstest.StoreName(i), storeSize, gone || s.Then[i].Deleted, s.Then[i].Created.Add(-250*time.Millisecond))
		if s.Then[i].Reused {
			f.Path, f.Deleted = fmt.Sprintf("reused%d.bin", i), false
		}
		files = append(files, f)
	}
	for i := range files {
		files[i].Entry = firstEntry + uint64(i)
	}
	now.Files = slices.Concat(files, now.Files)
	current, err := now.Bytes()
	if err != nil {
		return nil, err
	}
	table, err := mft.NewVolume(bytes.NewReader(current), int64(len(current)))
	if err != nil {
		return nil, err
	}
	places := map[string]int64{}
	for rec, err := range table.MFT().Scan() {
		if err != nil {
			continue
		}
		if data, ok := rec.Stream(""); ok && len(data.Runs) > 0 {
			places[rec.Name()] = data.Runs[0].LCN * vsstest.BlockSize
		}
	}
	v := vsstest.Volume{Current: current, Room: places[vsstest.FormatName], RoomSize: vsstest.BlockSize + int64(len(s.Then))*storeSize, Catalog: s.Catalog}
	for i, then := range s.Then {
		state := then.State
		state.ClusterSize, state.Size = vsstest.BlockSize, int64(len(current))
		state.Files = slices.Concat(files, state.Files)
		b, err := state.Bytes()
		if err != nil {
			return nil, err
		}
		at := places[vsstest.StoreName(i)]
		if then.Reused {
			at = places[fmt.Sprintf("reused%d.bin", i)]
		}
		v.Snapshots = append(v.Snapshots, vsstest.Snapshot{State: b, Created: then.Created, Machine: then.Machine, Deleted: then.Deleted, At: at, Overwrite: then.Overwrite})
	}
	return v.Bytes()
}
