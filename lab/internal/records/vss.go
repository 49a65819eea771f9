package records

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"

	"github.com/birthmark-dfir/birthmark/lab/internal/child"
	"github.com/birthmark-dfir/birthmark/mft/vss"
)

// Snapshots emits a record for each shadow copy of a volume, with a hash of each part of
// its content that can be read.
func Snapshots(path string, emit func(child.Record)) (int, error) {
	r, err := vss.Open(path)
	if err != nil {
		return 0, err
	}
	defer r.Close()
	return emitSnapshots(r, r.Snapshots(), emit), nil
}

// CarvedSnapshots emits the same for the shadow copies of a volume that its catalog does not
// list.
func CarvedSnapshots(path string, emit func(child.Record)) (int, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	r, err := vss.Carve(context.Background(), f, info.Size(), vss.Carving{})
	if err != nil {
		return 0, err
	}
	return emitSnapshots(r, r.Carved(), emit), nil
}

func emitSnapshots(r *vss.Reader, list []*vss.Snapshot, emit func(child.Record)) int {
	damaged := count(r.Problems())
	for _, s := range list {
		var f fields
		f.set("created", Time(s.Created))
		f.set("id", s.ID.String())
		f.set("machine", s.Machine)
		f.number("size", uint64(s.Size))
		b := make([]byte, 1<<16)
		for off := int64(0); off < min(s.Size, maxContent); off += int64(len(b)) {
			n, err := s.ReadAt(b[:min(int64(len(b)), s.Size-off)], off)
			if err != nil {
				f.add("error", err.Error())
				damaged++
			}
			sum := sha256.Sum256(b[:n])
			f.add(fmt.Sprintf("content at %#x", off), hex.EncodeToString(sum[:]))
		}
		emit(child.Record{Key: "snapshot " + s.StoreID.String(), Offset: s.Offset, Fields: f})
	}
	return damaged
}
