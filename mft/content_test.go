package mft_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/internal/wof/woftest"
	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
)

func volumeOf(t *testing.T, files ...mfttest.File) *mft.Volume {
	t.Helper()
	img, err := mfttest.Volume{Files: files}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	v, err := mft.NewVolume(bytes.NewReader(img), int64(len(img)))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// A file that CompactOS compressed reads as Windows shows it.
func TestCompactOS(t *testing.T) {
	want := []byte(strings.Repeat("MZ a program, compressed. ", 5000))
	for _, n := range []uint32{woftest.XPRESS4K, woftest.XPRESS8K, woftest.XPRESS16K} {
		v := volumeOf(t, mfttest.File{Path: "a.exe", Sparse: true, Data: make([]byte, len(want)), Reparse: woftest.ReparsePoint(n),
			Streams: []mfttest.Stream{{Name: "WofCompressedData", Data: woftest.Compress(n, want)}}})
		if got, err := fs.ReadFile(v, "a.exe"); err != nil || !bytes.Equal(got, want) {
			t.Errorf("algorithm %d: %d bytes, %v", n, len(got), err)
		}
		if got, err := fs.ReadFile(v, "a.exe:WofCompressedData"); err != nil || !bytes.Equal(got, woftest.Compress(n, want)) {
			t.Errorf("the stream with the compressed bytes: %v", err)
		}
	}
}

// Content that is not on the volume is an error that says where it is, and never zeros.
func TestElsewhere(t *testing.T) {
	hole := make([]byte, 100_000)
	point := func(tag ...byte) []byte { return append(tag, make([]byte, 12)...) }
	wim := woftest.ReparsePoint(0)
	wim[8+4] = 1
	for _, tt := range []struct {
		name string
		file mfttest.File
		want string
	}{
		{"deduplicated", mfttest.File{Reparse: point(0x13, 0, 0, 0x80)}, `deduplicated: it is in the chunk store below System Volume Information\Dedup (reparse tag 0x80000013)`},
		{"single-instance storage", mfttest.File{Reparse: point(7, 0, 0, 0x80)}, "SIS Common Store"},
		{"in the cloud", mfttest.File{Reparse: point(0x1a, 0x60, 0, 0x90), Attributes: uint32(mft.FileRecallOnDataAccess)}, "it is with the provider, such as OneDrive (reparse tag 0x9000601a)"},
		{"in the cloud, by its hole", mfttest.File{Reparse: point(0x1a, 0, 0, 0x90)}, "it is with the provider"},
		{"on another medium", mfttest.File{Reparse: point(4, 0, 0, 0xc0), Attributes: uint32(mft.FileOffline)}, "it is on another medium"},
		{"in the cloud, by Windows 8.1", mfttest.File{Reparse: point(0x15, 0, 0, 0x80)}, "OneDrive of Windows 8.1"},
		{"synchronized by Azure", mfttest.File{Reparse: point(0x1e, 0, 0, 0x80)}, "Azure File Sync"},
		{"on another disk", mfttest.File{Reparse: point(5, 0, 0, 0x80)}, "Drive Extender"},
		{"in a mounted image", mfttest.File{Reparse: point(8, 0, 0, 0x80)}, "it is in a Windows imaging file"},
		{"of an app", mfttest.File{Reparse: point(0x14, 0, 0, 0xc0)}, "streamed app"},
		{"of a container", mfttest.File{Reparse: point(0x28, 0, 0, 0xa0)}, "CimFS"},
		{"with another program", mfttest.File{Reparse: point(0x77, 0, 0, 0)}, "the program that made the reparse point (unknown reparse tag 0x77)"},
		{"with another program, by its attribute", mfttest.File{Reparse: point(0x78, 0, 0, 0), Attributes: uint32(mft.FileOffline)}, "unknown reparse tag 0x78"},
		{"in a Windows imaging file", mfttest.File{Reparse: wim}, "the content is in a Windows imaging file"},
		{"without what is compressed", mfttest.File{Reparse: woftest.ReparsePoint(0)}, "the stream WofCompressedData is missing"},
		{"by an unknown algorithm", mfttest.File{Reparse: woftest.ReparsePoint(77)}, "algorithm of the reparse point at 0x14: got 77, want 0 to 3"},
	} {
		tt.file.Path, tt.file.Sparse, tt.file.Data = "a.exe", true, hole
		got, err := fs.ReadFile(volumeOf(t, tt.file), "a.exe")
		if len(got) > 0 || !errors.Is(err, mft.ErrElsewhere) || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %d bytes, %v", tt.name, len(got), err)
		}
	}
	// A file of the cloud that is there, and tags that have nothing to do with content.
	for _, tag := range [][]byte{point(0x1a, 0, 0, 0x90), point(0x1e, 0, 0, 0x80), point(0x1b, 0, 0, 0x80), point(0x1d, 0, 0, 0xa0), point(0x25, 0, 0, 0x80), point(0x77, 0, 0, 0)} {
		v := volumeOf(t, mfttest.File{Path: "a.exe", Data: []byte("MZ"), Reparse: tag})
		if got, err := fs.ReadFile(v, "a.exe"); err != nil || string(got) != "MZ" {
			t.Errorf("tag % x: %q, %v", tag[:4], got, err)
		}
	}
}

// The case: what wimlib compressed, and the file as it is.
func TestFoundWOF(t *testing.T) {
	name := testenv.UnpackedFound(t, "ntfs/wof-xpress4k-lzx/volume.raw.zst")
	sum, err := os.ReadFile(testenv.Found(t, "ntfs/wof-xpress4k-lzx/plain.sha256"))
	if err != nil {
		t.Fatal(err)
	}
	v, err := mft.OpenVolume(name)
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	for _, file := range []string{"plain.bin", "wof_xpress4k.dll", "wof_lzx.dll"} {
		b, err := fs.ReadFile(v, "Windows/System32/"+file)
		got := sha256.Sum256(b)
		if err != nil || hex.EncodeToString(got[:]) != strings.TrimSpace(string(sum))[:64] {
			t.Errorf("%s: %x, %v", file, got, err)
		}
	}
}
