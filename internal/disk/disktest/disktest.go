// Package disktest is what the tests of the readers of disk containers share.
package disktest

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/birthmark-dfir/birthmark/internal/disk"
)

// Files are the files of a folder in memory, by name.
type Files map[string][]byte

// Open implements disk.Folder.
func (f Files) Open(name string) (disk.File, error) {
	b, ok := f[name]
	if !ok {
		return disk.File{}, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return disk.File{Name: name, R: bytes.NewReader(b), Size: int64(len(b)), Beside: f}, nil
}

// Names implements disk.Folder.
func (f Files) Names() ([]string, error) { return slices.Sorted(maps.Keys(f)), nil }

// Disk returns the content of a disk: places with random bytes, with text and with
// zeros, and no two blocks alike.
func Disk(size int) []byte {
	b := make([]byte, size)
	r := rand.New(rand.NewPCG(1, 2))
	for at := 0; at < size; at += 64 << 10 {
		part := b[at:min(size, at+64<<10)]
		switch r.IntN(4) {
		case 0:
			for i := range part {
				part[i] = byte(r.Uint32())
			}
		case 1:
			for i := range part {
				part[i] = byte('a' + (at>>16+i/7)%26)
			}
		case 2:
			copy(part[len(part)/2:], "in the middle")
		}
	}
	if size > 0 {
		b[size-1] = 0x55
	}
	return b
}

// Tool returns the path of a program, and skips the test if the machine lacks it.
func Tool(t testing.TB, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("%s is not installed", name)
	}
	return path
}

// Convert writes a disk to a file and lets qemu-img convert it. It returns the name of
// the result, in a folder of its own.
func Convert(t testing.TB, raw []byte, name, format string, options ...string) string {
	t.Helper()
	tool := Tool(t, "qemu-img")
	dir := t.TempDir()
	source, target := filepath.Join(t.TempDir(), "disk.raw"), filepath.Join(dir, name)
	if err := os.WriteFile(source, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	args := append([]string{"convert", "-f", "raw", "-O", format}, options...)
	if out, err := exec.Command(tool, append(args, source, target)...).CombinedOutput(); err != nil {
		t.Skipf("qemu-img: %v: %s", err, out)
	}
	return target
}

// File opens a file with the folder that holds it, until the test ends.
func File(t testing.TB, name string) disk.File {
	t.Helper()
	folder := disk.NewFolder(filepath.Dir(name))
	t.Cleanup(func() { folder.Close() })
	f, err := folder.Open(filepath.Base(name))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// Same fails the test if an image does not hold the disk: from its beginning, and at
// places of all kinds.
func Same(t testing.TB, img disk.Image, want []byte) {
	t.Helper()
	if img.Size < int64(len(want)) {
		t.Fatalf("the disk has %d bytes, want %d", img.Size, len(want))
	}
	got, err := io.ReadAll(io.NewSectionReader(img.R, 0, img.Size))
	if err != nil {
		t.Fatalf("after %d bytes: %v", len(got), err)
	}
	if !bytes.Equal(got[:len(want)], want) {
		for i := range want {
			if got[i] != want[i] {
				t.Fatalf("the first difference is at %#x of %#x", i, len(want))
			}
		}
	}
	if bytes.ContainsFunc(got[len(want):], func(r rune) bool { return r != 0 }) {
		t.Fatal("what follows the disk is not zeros")
	}
	r := rand.New(rand.NewPCG(3, 4))
	for range 200 {
		at := r.IntN(len(want))
		b := make([]byte, 1+r.IntN(min(200_000, len(want))))
		n, err := img.R.ReadAt(b, int64(at))
		if err != nil && !errors.Is(err, io.EOF) {
			t.Fatalf("%d bytes at %#x: %v", len(b), at, err)
		}
		if whole := append(bytes.Clone(want), make([]byte, img.Size-int64(len(want)))...); n < min(len(b), len(whole)-at) || !bytes.Equal(b[:n], whole[at:at+n]) {
			t.Fatalf("%d bytes at %#x differ", len(b), at)
		}
	}
	if n, err := img.R.ReadAt(make([]byte, 10), img.Size); n != 0 || !errors.Is(err, io.EOF) {
		t.Errorf("at the end: %d bytes, %v", n, err)
	}
}

// Mutants opens damaged copies of the files and reads them whole. It returns how many of
// them were read without an error and a problem, and have other bytes than the disk. Open
// must not panic or hang. Half of the mutants are damaged in the first bytes of a file,
// where its structures are.
func Mutants(t testing.TB, files Files, name string, want []byte, count int, open func(disk.File) (disk.Image, error)) (silent int) {
	t.Helper()
	r := rand.New(rand.NewPCG(5, 6))
	names, _ := files.Names()
	for range count {
		damaged := maps.Clone(files)
		which := names[r.IntN(len(names))]
		b := bytes.Clone(damaged[which])
		for range 1 + r.IntN(3) {
			at := r.IntN(len(b))
			if r.IntN(2) == 0 {
				at = r.IntN(min(len(b), 4096))
			}
			switch r.IntN(5) {
			case 0:
				b[at] ^= 1 << r.IntN(8)
			case 1:
				b[at] = byte(r.Uint32())
			case 2:
				copy(b[at:], []byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}[:1+r.IntN(8)])
			case 3:
				clear(b[at:min(len(b), at+1+r.IntN(16))])
			case 4:
				b = b[:max(at, 1)]
			}
		}
		damaged[which] = b
		f, err := damaged.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		img, err := open(f)
		if err != nil {
			continue
		}
		limit := min(img.Size, 4*int64(len(want)))
		got, err := io.ReadAll(io.NewSectionReader(img.R, 0, max(limit, 0)))
		if err == nil && len(img.Problems) == 0 && !bytes.Equal(got[:min(len(got), len(want))], want[:min(len(got), len(want))]) {
			silent++
		}
	}
	return silent
}
