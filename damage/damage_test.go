package damage

import (
	"errors"
	"fmt"
	"io"
	"testing"
)

func TestErrorText(t *testing.T) {
	for _, tt := range []struct {
		err  *Error
		want string
	}{
		{&Error{Artifact: "evtx", Path: "chunk 3 record 4711", Offset: 0x31a40, What: "data size", Got: "12", Want: "≥ 28"},
			"evtx: chunk 3 record 4711: data size at 0x31a40: got 12, want ≥ 28"},
		{New("signature", -1, nil, "regf"), "signature: want regf"},
		{Truncated("boot sector", 0, 512, -3), "boot sector at 0x0: got 0 bytes, want 512 bytes"},
		{&Error{What: "cell", Offset: 4, Err: io.ErrUnexpectedEOF}, "cell at 0x4: unexpected EOF"},
	} {
		if got := tt.err.Error(); got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}

func TestIn(t *testing.T) {
	low := New("name", 8, 1, 2)
	err := In(fmt.Errorf("wrapped: %w", low), "mft", "entry 5")
	if got, want := err.Error(), "mft: entry 5: name at 0x8: got 1, want 2"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if low.Artifact != "" {
		t.Error("In changed the error it was given")
	}
	if got := In(err, "other", "other"); got.Error() != err.Error() {
		t.Errorf("In renamed a named error: %v", got)
	}
	if got := In(io.EOF, "mft", ""); got != io.EOF {
		t.Errorf("got %v, want io.EOF untouched", got)
	}
	if !Is(err) || Is(io.EOF) || !errors.Is(&Error{Err: io.EOF}, io.EOF) {
		t.Error("Is or Unwrap is wrong")
	}
}

func TestProblemText(t *testing.T) {
	p := Problem{Kind: Checksum, Err: New("chunk header CRC32", 0x1000, "0x1", "0x2")}
	if got, want := p.String(), "checksum: chunk header CRC32 at 0x1000: got 0x1, want 0x2"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := Kind(200).String(); got != "unknown" {
		t.Errorf("got %q", got)
	}
}

func TestNote(t *testing.T) {
	for _, tt := range []struct {
		name string
		err  error
		want string
	}{
		{"the place is added to damage", New("name", 8, 1, 2), "gap: mft: entry 5: name at 0x8: got 1, want 2"},
		{"a known place is kept", &Error{Artifact: "usn", Path: "page 2", What: "name", Offset: -1}, "gap: usn: page 2: name"},
		{"another error becomes the cause", io.ErrUnexpectedEOF, "gap: mft: entry 5: reading: unexpected EOF"},
	} {
		p := Note(Gap, tt.err, "mft", "entry 5")
		if got := p.String(); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
		if !Is(tt.err) && !errors.Is(p.Err, tt.err) {
			t.Errorf("%s: the cause is lost", tt.name)
		}
	}
}
