package fsfile

import (
	"context"
	"io"
)

// WithContext returns a reader of r that fails with the error of ctx once that is
// done, so that reading a large file can be interrupted.
func WithContext(ctx context.Context, r io.Reader) io.Reader { return contextReader{ctx, r} }

type contextReader struct {
	ctx context.Context
	r   io.Reader
}

func (r contextReader) Read(b []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(b)
}
