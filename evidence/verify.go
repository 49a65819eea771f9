package evidence

import (
	"context"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/disk"
)

// ImageHash is a hash of a disk that its container stored when the disk was acquired,
// beside the hash of the disk as it is read now.
type ImageHash struct {
	Image     string // the name of the evidence, or of the image in a folder of images
	Algorithm string // "MD5", "SHA-1" or "SHA-256"
	Stored    string // in lower-case hexadecimal
	Computed  string // in lower-case hexadecimal
}

// Matches reports whether the disk is still what was acquired.
func (h ImageHash) Matches() bool { return h.Stored == h.Computed }

// String returns a sentence about the hash, as in
//
//	disk.E01: the image's stored MD5 0fe1b03cbddbdc513027991572ac8bd7 matches its content
func (h ImageHash) String() string {
	s := fmt.Sprintf("%s: the image's stored %s %s ", h.Image, h.Algorithm, h.Stored)
	if h.Matches() {
		return s + "matches its content"
	}
	return s + "does not match its content, which has " + h.Computed
}

// algorithms compute the hashes that containers store.
var algorithms = map[string]func() hash.Hash{"MD5": md5.New, "SHA-1": sha1.New, "SHA-256": sha256.New}

// VerifyImage computes the hashes that the containers of the evidence store of their
// disks, for which it reads these whole. If the evidence is not such a container, or stores
// no hash, the result is empty. With more than one worker, so many goroutines read ahead.
//
// The error is for a disk that cannot be read whole: its hashes cannot be computed, and
// it is not what was acquired.
func (e *Evidence) VerifyImage(ctx context.Context, workers int) ([]ImageHash, error) {
	if e == nil {
		return nil, nil
	}
	var list []ImageHash
	var errs []error
	for _, v := range e.verifiable {
		sums := map[string]hash.Hash{}
		for _, h := range v.hashes {
			sums[h.Algorithm] = algorithms[h.Algorithm]()
		}
		err := disk.InOrder(ctx, v.image.r, v.image.size, workers, func(b []byte) error {
			for _, sum := range sums {
				sum.Write(b)
			}
			return nil
		})
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			errs = append(errs, damage.In(&damage.Error{Offset: -1, What: "the image's stored hash cannot be checked", Err: err}, v.name, ""))
			continue
		}
		for _, h := range v.hashes {
			list = append(list, ImageHash{v.name, h.Algorithm, hex.EncodeToString(h.Sum), hex.EncodeToString(sums[h.Algorithm].Sum(nil))})
		}
	}
	return list, errors.Join(errs...)
}
