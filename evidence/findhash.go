package evidence

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"math"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/fsfile"
	"github.com/birthmark-dfir/birthmark/mft"
)

// hashes are the supported hashes by their number of hexadecimal digits.
var hashes = map[int]func() hash.Hash{
	2 * md5.Size:    md5.New,
	2 * sha1.Size:   sha1.New,
	2 * sha256.Size: sha256.New,
}

const (
	maxHashed = 4 << 30 // size in bytes of the largest file that is hashed

	// On a volume of an image, at most volumeReads times its size plus spareReads
	// bytes are hashed: compressed and sparse files are larger than the space they
	// use.
	volumeReads = 4
	spareReads  = 64 << 20

	// Of an archive it is more, because logs compress well.
	archiveReads      = 200
	archiveSpareReads = 1 << 30
)

// budget returns how many bytes of a volume are hashed.
func (s *search) budget(v *Volume) int64 {
	size, times, spare := v.Size, int64(volumeReads), int64(spareReads)
	switch {
	case v.Kind == NTFS:
	case v.Kind == Folder && len(s.e.trees) > 0:
		size, times, spare = s.e.size, archiveReads, archiveSpareReads
	default:
		return math.MaxInt64
	}
	return spare + times*min(size, math.MaxInt64/(2*times))
}

// byHash adds the files of a volume whose content has the hash want.
func (s *search) byHash(v *Volume, want string) error {
	h := hashes[len(want)]()
	buf := make([]byte, 256<<10)
	budget := s.budget(v)
	linked := map[mft.Ref]bool{} // files with several names: whether they match
	return s.walk(v, func(string) bool { return true }, func(name string, d fs.DirEntry) error {
		info, err := d.Info()
		if err != nil {
			s.fail(damage.Malformed, v, name, err)
			return nil
		}
		rec, _ := info.Sys().(*mft.Record)
		several := v.Kind == NTFS && rec != nil && len(rec.FileNames) > 1
		if several {
			if same, seen := linked[rec.Ref]; seen {
				if same {
					s.add(Match{Volume: v, Name: name})
				}
				return nil
			}
		}
		size := info.Size()
		if limit := min(maxHashed, budget); size > limit {
			s.fail(damage.Limit, v, name, damage.New("size", -1, size, fmt.Sprintf("≤ %d for hashing", limit)))
			return nil
		}
		budget -= size
		h.Reset()
		if err := s.sum(h, v.FS, name, buf); err != nil {
			if err := s.ctx.Err(); err != nil {
				return err
			}
			s.fail(damage.Malformed, v, name, err)
			return nil
		}
		s.Files++
		same := hex.EncodeToString(h.Sum(nil)) == want
		if several {
			linked[rec.Ref] = same
		}
		if same {
			s.add(Match{Volume: v, Name: name})
		}
		return nil
	})
}

// sum writes the content of a file to a hash.
func (s *search) sum(h hash.Hash, fsys fs.FS, name string, buf []byte) error {
	f, err := fsys.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.CopyBuffer(h, fsfile.WithContext(s.ctx, f), buf)
	return err
}
