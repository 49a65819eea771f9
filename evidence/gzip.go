package evidence

import (
	"errors"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/disk"
	"github.com/birthmark-dfir/birthmark/internal/gunzip"
)

// unpackGzip reads a whole gzip file. If the file is damaged the image is what precedes
// the damage.
func unpackGzip(from disk.File) (disk.Image, error) {
	f, err := gunzip.Open(from.R, from.Size)
	if errors.Is(err, gunzip.ErrGzipSize) || errors.Is(err, gunzip.ErrUnpackedSize) {
		return disk.Image{}, &damage.Error{Offset: -1, What: err.Error(), Want: "an unpacked image", Err: ErrUnsupported}
	}
	if f == nil {
		return disk.Image{}, err
	}
	held := disk.Image{R: f, Size: f.Size()}
	if err != nil {
		held.Problems = []damage.Problem{damage.Note(damage.Truncation, err, "", "")}
	}
	return held, nil
}
