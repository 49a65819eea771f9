package bin

import (
	"errors"
	"strings"
	"testing"
)

func TestCursor(t *testing.T) {
	c := NewCursor([]byte{1, 2, 0, 3, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 'x', 'y'}, 0x100)
	if a, b, d, e := c.U8("a"), c.U16("b"), c.U32("c"), c.U64("d"); a != 1 || b != 2 || d != 3 || e != 4 {
		t.Errorf("got %d %d %d %d", a, b, d, e)
	}
	if c.Offset() != 0x10f || c.Len() != 2 || c.Err() != nil {
		t.Errorf("Offset %#x, Len %d, Err %v", c.Offset(), c.Len(), c.Err())
	}
	if got := c.U32("security id"); got != 0 {
		t.Errorf("a read past the end returned %d", got)
	}
	const want = "security id at 0x10f: got 2 bytes, want 4 bytes"
	if err := c.Err(); err == nil || err.Error() != want {
		t.Errorf("Err() = %v, want %s", err, want)
	}
	if c.U8("later"); c.Err().Error() != want {
		t.Errorf("a later read changed the error to %v", c.Err())
	}
}

func TestCursorSeek(t *testing.T) {
	c := NewCursor([]byte("abc"), 0)
	if c.Seek("list", 2); c.U8("byte") != 'c' {
		t.Error("wrong byte after Seek")
	}
	for _, pos := range []int{-1, 4} {
		c := NewCursor([]byte("abc"), 0)
		if c.Seek("list", pos); c.Err() == nil {
			t.Errorf("Seek(%d) succeeded", pos)
		}
	}
}

func TestSlice(t *testing.T) {
	buf := []byte("abcdef")
	for _, tt := range []struct {
		off, n uint64
		want   string
		err    string
	}{
		{0, 6, "abcdef", ""},
		{6, 0, "", ""},
		{2, 3, "cde", ""},
		{2, 5, "", "cell at 0x12: got 4 bytes, want 5 bytes"},
		{7, 0, "", "cell at 0x17: got 0 bytes, want 0 bytes"},
		{1, 1<<64 - 1, "", "cell at 0x11: got 5 bytes, want 4611686018427387904 bytes"},
	} {
		got, err := Slice(buf, 0x10, tt.off, tt.n, "cell")
		if string(got) != tt.want || (err == nil) != (tt.err == "") || err != nil && err.Error() != tt.err {
			t.Errorf("Slice(%d, %d) = %q, %v; want %q, %s", tt.off, tt.n, got, err, tt.want, tt.err)
		}
	}
}

func TestReadAt(t *testing.T) {
	r := strings.NewReader("abcdef")
	if b, err := ReadAt(r, 6, 2, 3, "x"); string(b) != "cde" || err != nil {
		t.Errorf("got %q, %v", b, err)
	}
	for _, tt := range []struct{ size, off, n int64 }{{6, 4, 3}, {6, -1, 1}, {6, 0, -1}, {6, 7, 0}, {100, 4, 50}, {6, 1, 1 << 62}} {
		if _, err := ReadAt(r, tt.size, tt.off, tt.n, "x"); err == nil {
			t.Errorf("ReadAt(size %d, off %d, n %d) succeeded", tt.size, tt.off, tt.n)
		}
	}
	broken := errors.New("bad sector")
	if err := ReadFull(readerAt{broken}, make([]byte, 1), 0, "x"); !errors.Is(err, broken) {
		t.Errorf("got %v, want the error of the reader", err)
	}
}

type readerAt struct{ err error }

func (r readerAt) ReadAt([]byte, int64) (int, error) { return 0, r.err }
