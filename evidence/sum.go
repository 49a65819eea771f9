package evidence

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/fsfile"
)

// SHA256 returns the SHA-256 of the image or artifact as it is on the analyst's disk, in
// lower-case hexadecimal. A folder has none: the error wraps errors.ErrUnsupported.
func (e *Evidence) SHA256(ctx context.Context) (string, error) {
	if e == nil || e.file == nil {
		return "", damage.In(&damage.Error{Offset: -1, What: "SHA-256 of a folder", Err: errors.ErrUnsupported}, e.Name(), "")
	}
	sum := sha256.New()
	if _, err := io.Copy(sum, fsfile.WithContext(ctx, io.NewSectionReader(e.file, 0, e.size))); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}
