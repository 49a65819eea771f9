package vmdk

import (
	"bytes"
	"encoding/binary"
	"io"
	"os"
	"testing"

	"github.com/birthmark-dfir/birthmark/internal/disk"
	"github.com/birthmark-dfir/birthmark/internal/disk/disktest"
)

// What is left of a stream that was cut off is read, and what was lost is an error.
func TestCutStream(t *testing.T) {
	all, base, _ := files(t)
	whole := all["stream.vmdk"]
	for _, length := range []int{len(whole) - sector, len(whole) - 3*sector, len(whole) - len(whole)/4, len(whole) / 2, len(whole)/2 + 7} {
		b := whole[:length]
		img, err := Open(disk.File{Name: "a", R: bytes.NewReader(b), Size: int64(len(b))})
		if err != nil || len(img.Problems) != 1 {
			t.Fatalf("%d bytes: %v, %v", length, err, img.Problems)
		}
		got, err := io.ReadAll(io.NewSectionReader(img.R, 0, img.Size))
		if !bytes.Equal(got, base[:len(got)]) {
			t.Errorf("%d bytes: wrong content", length)
		}
		tail := bytes.TrimRight(base, "\x00") // grains of zeros at the end are not stored
		if lost := len(got) < len(base); lost != (err != nil) || length < len(whole)*3/4 && !lost || len(got) < min(length/4, len(tail)) {
			t.Errorf("%d bytes: %d bytes of %d, then %v", length, len(got), len(base), err)
		}
	}
}

// The grains that qemu-img writes, without their directory: its streams have no footer.
func TestStreamOfQEMU(t *testing.T) {
	raw := disktest.Disk(9 << 20)
	b, err := os.ReadFile(disktest.Convert(t, raw, "disk.vmdk", "vmdk", "-o", "subformat=streamOptimized"))
	if err != nil {
		t.Fatal(err)
	}
	binary.LittleEndian.PutUint64(b[0x38:], atEnd)
	img, err := Open(disk.File{Name: "disk.vmdk", R: bytes.NewReader(b), Size: int64(len(b))})
	if err != nil || len(img.Problems) != 1 {
		t.Fatal(err, img.Problems)
	}
	disktest.Same(t, img, raw)
}
