package records

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"strings"

	"github.com/birthmark-dfir/birthmark/lab/internal/child"
	"github.com/birthmark-dfir/birthmark/mft"
)

// maxContent is how much of one stream is read, in bytes. A sparse stream may claim
// any size.
const maxContent = 16 << 20

// NTFS emits the files of a volume as MFT does, with the offset of their base record
// in the volume. The data in clusters (the owner, the content of streams and the
// entries of a directory) is a separate record without an offset, "5-5 content".
func NTFS(path string, emit func(child.Record)) (int, error) {
	v, err := mft.OpenVolume(path)
	if err != nil {
		return 0, err
	}
	defer v.Close()
	r := v.MFT()
	damaged := count(v.Problems())
	for rec, err := range r.Records() {
		if err != nil {
			damaged++
			continue
		}
		damaged += len(rec.Problems)
		emitFile(r, rec, rec.VolumeOffset, emit)
		f, failed := contents(v, rec)
		damaged += failed
		emit(child.Record{Key: rec.Ref.String() + " content", Offset: -1, Fields: f})
	}
	return damaged, nil
}

func contents(v *mft.Volume, rec *mft.Record) (f fields, failed int) {
	owner, err := v.MFT().OwnerSID(rec)
	if err != nil {
		failed++
	}
	f.set("owner", owner)
	for _, s := range rec.Streams {
		sum, err := hash(v, rec, s.Name)
		if err != nil {
			failed++
			f.add("error", err.Error())
		}
		f.add("stream "+s.Name, sum)
	}
	if path := v.MFT().Path(rec); rec.InUse() && rec.IsDir() && !path.Orphan {
		// The entries count even if the directory is damaged.
		entries, err := v.ReadDir(path.Name)
		if err != nil {
			failed++
		}
		var names strings.Builder
		for _, e := range entries {
			fmt.Fprintf(&names, "%q ", e.Name())
		}
		f.add("list", Data([]byte(names.String())))
	}
	return f, failed
}

// hash returns the size of a stream and the SHA-256 of its first maxContent bytes,
// or of as much as can be read.
func hash(v *mft.Volume, rec *mft.Record, stream string) (string, error) {
	s, err := v.OpenStream(rec, stream)
	if err != nil {
		return "", err
	}
	sum := sha256.New()
	_, err = io.Copy(sum, io.NewSectionReader(s, 0, min(s.Size(), maxContent)))
	return fmt.Sprintf("%d bytes, SHA-256 %s", s.Size(), hex.EncodeToString(sum.Sum(nil))), err
}
