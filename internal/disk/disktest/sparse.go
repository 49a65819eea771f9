package disktest

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/birthmark-dfir/birthmark/internal/disk"
)

// Sparse lets qemu-img convert a disk of 64 MiB, or of 2 GiB if BIRTHMARK_LARGE is set,
// and compares what open makes of it with the disk. The disk has content at odd places,
// and holes between.
func Sparse(t *testing.T, name, format, options string, open func(disk.File) (disk.Image, error)) {
	t.Helper()
	tool, size := Tool(t, "qemu-img"), int64(64<<20)
	if os.Getenv("BIRTHMARK_LARGE") != "" {
		size = 2 << 30
	}
	source, target := filepath.Join(t.TempDir(), "disk.raw"), filepath.Join(t.TempDir(), name)
	raw, err := os.Create(source)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	if err := raw.Truncate(size); err != nil {
		t.Fatal(err)
	}
	for i, at := 0, int64(511); at < size-2<<20; i, at = i+1, at*5/4+99_991 {
		if _, err := raw.WriteAt(bytes.Repeat(fmt.Appendf(nil, "%d at %d,", i, at), 1+i*977%50_000), at); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := raw.WriteAt([]byte("the end"), size-7); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(tool, "convert", "-f", "raw", "-O", format, "-o", options, source, target).CombinedOutput(); err != nil {
		t.Skipf("qemu-img: %v: %s", err, out)
	}
	img, err := open(File(t, target))
	if err != nil || len(img.Problems) > 0 || img.Size < size {
		t.Fatalf("%s: %d bytes, %v, %v", options, img.Size, img.Problems, err)
	}
	want, got := make([]byte, 1<<20-100), make([]byte, 1<<20-100)
	for at := int64(0); at < size; at += int64(len(want)) {
		part := min(int64(len(want)), size-at)
		if _, err := io.ReadFull(io.NewSectionReader(raw, at, part), want[:part]); err != nil {
			t.Fatal(err)
		}
		if n, err := img.R.ReadAt(got[:part], at); int64(n) < part {
			t.Fatalf("%s: %d bytes at %#x: %v", options, n, at, err)
		}
		if !bytes.Equal(got[:part], want[:part]) {
			t.Fatalf("%s: the %d bytes at %#x differ", options, part, at)
		}
	}
}
