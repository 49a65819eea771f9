package inflate

import (
	"bytes"
	"compress/flate"
	"io"

	"github.com/birthmark-dfir/birthmark/internal/bin"
)

const (
	firstSpacing = 1 << 20   // bytes of output between checkpoints, at the beginning
	maxIndex     = 128 << 20 // bytes that the index may take

	checkpointSize = 96 // bytes of a checkpoint without its history
)

// A checkpoint is where decoding can continue.
type checkpoint struct {
	out    int64 // offset in the output
	at     position
	n      int    // bytes of history before out that distances may reach
	packed []byte // the history as a deflate stream; nil if it is zeros
}

// An index is the checkpoints of a stream in order.
type index struct {
	points  []checkpoint
	spacing int64
	size    int // of the checkpoints in memory

	w   *flate.Writer
	buf bytes.Buffer
}

// add makes a checkpoint if the last one is far enough. It is called where d has
// just returned output, of which there is out in total.
func (x *index) add(d *decoder, out int64) error {
	if n := len(x.points); n > 0 && out-x.points[n-1].out < x.spacing {
		return nil
	}
	at, ok := d.position()
	if !ok {
		return nil
	}
	history := d.history()
	p := checkpoint{out: out, at: at, n: len(history)}
	if !bin.AllZero(history) {
		packed, err := x.pack(history)
		if err != nil {
			return err
		}
		p.packed = packed
	}
	x.points = append(x.points, p)
	x.size += checkpointSize + len(p.packed)
	if x.size > maxIndex {
		x.thin()
	}
	return nil
}

// thin drops every other checkpoint.
func (x *index) thin() {
	kept := x.points[:0]
	x.size = 0
	for i, p := range x.points {
		if i%2 == 0 {
			kept = append(kept, p)
			x.size += checkpointSize + len(p.packed)
		}
	}
	clear(x.points[len(kept):])
	x.points = kept
	x.spacing *= 2
}

func (x *index) pack(history []byte) ([]byte, error) {
	if x.w == nil {
		w, err := flate.NewWriter(io.Discard, flate.BestSpeed)
		if err != nil {
			return nil, err
		}
		x.w = w
	}
	x.buf.Reset()
	x.w.Reset(&x.buf)
	if _, err := x.w.Write(history); err != nil {
		return nil, err
	}
	if err := x.w.Close(); err != nil {
		return nil, err
	}
	return bytes.Clone(x.buf.Bytes()), nil
}

// history returns the output before a checkpoint.
func (p checkpoint) history() ([]byte, error) {
	b := make([]byte, p.n)
	if p.packed != nil {
		if _, err := io.ReadFull(flate.NewReader(bytes.NewReader(p.packed)), b); err != nil {
			return nil, err
		}
	}
	return b, nil
}
