package evidence

import (
	"errors"
	"fmt"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/disk"
	"github.com/birthmark-dfir/birthmark/internal/unzstd"
)

// slowFrame is the size of a frame's content above which reading out of order is slow.
const slowFrame = 256 << 20

// unpackZstd reads a zstandard file by the headers of its frames. If the file is damaged
// the image is what precedes the damage.
func unpackZstd(from disk.File) (disk.Image, error) {
	f, err := unzstd.Open(from.R, from.Size)
	if errors.Is(err, unzstd.ErrTooLarge) {
		return disk.Image{}, &damage.Error{Offset: -1, What: err.Error(), Want: "an unpacked image", Err: ErrUnsupported}
	}
	if f == nil {
		return disk.Image{}, err
	}
	held := disk.Image{R: f, Size: f.Size()}
	if err != nil {
		held.Problems = append(held.Problems, damage.Note(damage.Truncation, err, "", ""))
	}
	if f.Largest() > slowFrame {
		held.Problems = append(held.Problems, damage.Note(damage.Limit, &damage.Error{Offset: -1, What: "frame", Got: fmt.Sprintf("one of %d MiB", f.Largest()>>20),
			Want: "smaller ones: each step back reads it again from its beginning, which is slow; unpack the file with zstd -d"}, "", ""))
	}
	return held, nil
}
