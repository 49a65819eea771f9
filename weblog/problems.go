package weblog

import (
	"bytes"
	"iter"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
)

// Problems yields what is wrong with the log as a whole: zeros at its end, as a
// crash or a copy of a log in use leaves them, and a damaged gzip file. Damage in lines is what Requests
// yields. It reads the end of the log.
func (r *Reader) Problems() iter.Seq[Problem] {
	return func(yield func(Problem) bool) {
		if !r.isOpen() {
			return
		}
		if r.cut != nil && !yield(r.note(damage.Truncation, r.cut, "")) {
			return
		}
		if end, err := r.trimmedEnd(); err == nil && end < r.size { // Requests yields an error
			yield(r.note(damage.Unclean, damage.New("end of the log", end, "zeros", nil), ""))
		}
	}
}

// trimmedEnd returns the size of the log without the zeros at its end.
func (r *Reader) trimmedEnd() (int64, error) {
	var mem [64 << 10]byte
	for end := r.size; end > 0; {
		block := mem[:min(end, int64(len(mem)))]
		if err := bin.ReadFull(r.r, block, end-int64(len(block)), "end of the log"); err != nil {
			return 0, err
		}
		kept := len(bytes.TrimRight(block, "\x00"))
		end -= int64(len(block) - kept)
		if kept > 0 {
			return end + end%int64(r.encoding.width()), nil // LF is 0A 00 in UTF-16
		}
	}
	return 0, nil
}
