package records

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

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
	damaged := count(r.Problems())
	for _, s := range r.Snapshots() {
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
	return damaged, nil
}
