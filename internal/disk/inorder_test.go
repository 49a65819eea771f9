package disk

import (
	"bytes"
	"context"
	"errors"
	"io"
	"testing"
)

func TestInOrder(t *testing.T) {
	want := make([]byte, 5*partSize+777)
	for i := range want {
		want[i] = byte(uint32(i) * 2654435761 >> 13)
	}
	for _, workers := range []int{0, 1, 2, 7} {
		for _, size := range []int{0, 1, partSize, len(want)} {
			var got []byte
			err := InOrder(t.Context(), bytes.NewReader(want[:size]), int64(size), workers, func(b []byte) error {
				got = append(got, b...)
				return nil
			})
			if err != nil || !bytes.Equal(got, want[:size]) {
				t.Errorf("%d workers: %d of %d bytes, %v", workers, len(got), size, err)
			}
		}
		if err := InOrder(t.Context(), bytes.NewReader(want), int64(len(want))+1, workers, func([]byte) error { return nil }); err == nil {
			t.Errorf("%d workers: no error beyond the end", workers)
		}
		if err := InOrder(t.Context(), bytes.NewReader(want), int64(len(want)), workers, func([]byte) error { return io.ErrShortWrite }); !errors.Is(err, io.ErrShortWrite) {
			t.Errorf("%d workers: %v", workers, err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		calls := 0
		err := InOrder(ctx, bytes.NewReader(want), int64(len(want)), workers, func([]byte) error { calls++; cancel(); return nil })
		if !errors.Is(err, context.Canceled) || calls != 1 {
			t.Errorf("%d workers: %d calls, %v", workers, calls, err)
		}
	}
}
