package evidence

import (
	"errors"
	"io"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/disk"
	"github.com/birthmark-dfir/birthmark/internal/inflate"
)

// unpackGzip reads a gzip file by an index. If the file is damaged the image is what
// precedes the damage.
func unpackGzip(from disk.File) (disk.Image, error) {
	f, err := inflate.OpenGzip(from.R, from.Size)
	if errors.Is(err, inflate.ErrTooLarge) {
		return disk.Image{}, &damage.Error{Offset: -1, What: err.Error(), Want: "an unpacked image", Err: ErrUnsupported}
	}
	if f == nil {
		return disk.Image{}, err
	}
	held := disk.Image{R: f, Size: f.Size()}
	if err != nil {
		kind := damage.Malformed
		switch {
		case errors.Is(err, inflate.ErrChecksum):
			kind = damage.Checksum
		case errors.Is(err, io.ErrUnexpectedEOF):
			kind = damage.Truncation
		}
		held.Problems = []damage.Problem{damage.Note(kind, err, "", "")}
	}
	return held, nil
}
