package evidence

import (
	"errors"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/gunzip"
)

// unpackGzip reads a whole gzip file. If the file is damaged it returns what precedes
// the damage, and the error.
func unpackGzip(img image) (image, error) {
	f, err := gunzip.Open(img.r, img.size)
	if errors.Is(err, gunzip.ErrGzipSize) || errors.Is(err, gunzip.ErrUnpackedSize) {
		return image{}, &damage.Error{Offset: -1, What: err.Error(), Want: "an unpacked image", Err: ErrUnsupported}
	}
	if f == nil {
		return image{}, err
	}
	return image{f, f.Size()}, err
}
