package mfttest_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
)

// A fragmented $MFT reads back with clusters of any size and any number of files, also
// when its attribute list needs clusters. NTFS-3G and The Sleuth Kit read it too.
func TestFragmentMFT(t *testing.T) {
	counts := []int{100, 600, 2500, 12000}
	if testing.Short() {
		counts = counts[:2]
	}
	created := time.Date(2026, 3, 2, 13, 42, 9, 213456700, time.UTC)
	for _, cluster := range []int{512, 1024, 2048, 4096} {
		for _, n := range counts {
			v := mfttest.Volume{ClusterSize: cluster, Created: created, FragmentMFT: true}
			for i := range n {
				v.Files = append(v.Files, mfttest.File{Path: fmt.Sprintf("d/file_%05d.txt", i), Data: []byte("x"), Times: mfttest.AllAt(created)})
			}
			b, err := v.Bytes()
			if err != nil {
				t.Fatalf("clusters of %d, %d files: %v", cluster, n, err)
			}
			vol, err := mft.NewVolume(bytes.NewReader(b), int64(len(b)))
			if err != nil {
				t.Fatalf("clusters of %d, %d files: %v", cluster, n, err)
			}
			for p := range vol.StructureProblems() {
				t.Errorf("clusters of %d, %d files: %v", cluster, n, p)
				break
			}
			if list, err := vol.ReadDir("d"); err != nil || len(list) != n {
				t.Errorf("clusters of %d: %d files of %d, %v", cluster, len(list), n, err)
			}
			if n == 600 || n == 2500 {
				judged(t, b, n)
			}
		}
	}
}

// judged lets independent tools read a volume.
func judged(t *testing.T, image []byte, n int) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "volume.raw")
	if err := os.WriteFile(name, image, 0o600); err != nil {
		t.Fatal(err)
	}
	if tool, err := exec.LookPath("ntfsinfo"); err == nil {
		if out, err := exec.Command(tool, "-f", "-m", name).CombinedOutput(); err != nil || bytes.Contains(out, []byte("ailed")) {
			t.Errorf("ntfsinfo: %v: %s", err, out)
		}
	}
	// The Sleuth Kit does not read an $ATTRIBUTE_LIST of the $MFT that has clusters.
	if tool, err := exec.LookPath("fls"); err == nil && n < 2500 {
		out, err := exec.Command(tool, "-r", "-F", name).Output()
		if files := bytes.Count(out, []byte("file_")); err != nil || files != n {
			t.Errorf("fls lists %d files of %d, %v", files, n, err)
		}
	}
}
