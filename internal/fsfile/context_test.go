package fsfile

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
)

func TestWithContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	r := WithContext(ctx, strings.NewReader("text"))
	if b, err := io.ReadAll(io.LimitReader(r, 2)); string(b) != "te" || err != nil {
		t.Errorf("before the end: %q, %v", b, err)
	}
	cancel()
	if b, err := io.ReadAll(r); len(b) != 0 || !errors.Is(err, context.Canceled) {
		t.Errorf("after the end: %q, %v", b, err)
	}
}
