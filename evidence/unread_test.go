package evidence

import (
	"bytes"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/mft/mfttest"
)

// "Not in the evidence" says which volumes were not searched.
func TestNotFoundNamesUnreadVolumes(t *testing.T) {
	volume, err := mfttest.Volume{Files: []mfttest.File{{Path: "Windows/System32/cmd.exe"}}}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	locked := make([]byte, 1<<20)
	copy(locked[3:], "-FVE-FS-")
	image, err := mfttest.Disk(mfttest.Partition{Data: volume}, mfttest.Partition{Data: bytes.Repeat([]byte{0xaa}, 1<<20)}, mfttest.Partition{Data: locked})
	if err != nil {
		t.Fatal(err)
	}
	e, err := New("disk.raw", bytes.NewReader(image), int64(len(image)))
	if err != nil {
		t.Fatal(err)
	}
	const want = "; volumes that could not be read: partition 2 (no known file system), partition 3 (BitLocker)"
	for _, path := range []string{`C:\Users\a\tool.exe`, "tool.exe", "*.php"} {
		if _, err := e.Locate(t.Context(), path); err == nil || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("Locate(%s): %v", path, err)
		}
	}
	if _, _, err := e.Resolve(`C:\tool.exe`); err == nil || !strings.HasSuffix(err.Error(), want) {
		t.Errorf("Resolve: %v", err)
	}
}
