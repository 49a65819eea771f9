package vss_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/disk"
	"github.com/birthmark-dfir/birthmark/internal/disk/qcow2"
	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/vss"
)

// vsstest opens the public image vsstest.qcow2, which Windows 7 made.
func vsstestImage(t testing.TB) (*vss.Reader, disk.Image) {
	t.Helper()
	f, err := os.Open(testenv.Corpus(t, "images/vsstest.qcow2"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	st, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	img, err := qcow2.Open(disk.File{Name: "vsstest.qcow2", R: f, Size: st.Size()})
	if err != nil {
		t.Fatal(err)
	}
	r, err := vss.NewReader(img.R, img.Size)
	if err != nil {
		t.Fatal(err)
	}
	return r, img
}

// The figures are those of vshadowinfo and the hashes those of what vshadowmount shows.
func TestSnapshotsOfWindows(t *testing.T) {
	r, _ := vsstestImage(t)
	for p := range r.Problems() {
		t.Errorf("problem: %v", p)
	}
	want := []struct {
		created         string
		id, set, store  string
		hash            string
		there, notThere string
	}{
		{"2013-12-03T06:35:09.7363787Z", "4E3C03C2-7BC6-4288-AD96-C1EAC1A55F71", "0A4E3901-6ABB-48FC-95C2-6AB9E38E9E71", "600F0B69-5BDF-11E3-9D6C-005056C00008",
			"c8ada35c641a68447640b250f35e623b7f619aaae26bd55a06b8d4c34ebed1da", "syslog", "another_file"},
		{"2013-12-03T06:37:48.9190583Z", "18F1AC6E-959D-436F-BDCC-E797A729E290", "8438A0EE-0F06-443B-AC0C-2905647CA5D6", "600F0B6D-5BDF-11E3-9D6C-005056C00008",
			"41f940d92a534dd8e940a4983d2a766bcb262373f9dc2006851e81fa3a1fa2f2", "another_file", "password.txt"},
	}
	if got := len(r.Snapshots()); got != len(want) {
		t.Fatalf("%d snapshots, want %d", got, len(want))
	}
	for i, s := range r.Snapshots() {
		w := want[i]
		if got := s.Created.Format(time.RFC3339Nano); s.Number != i+1 || got != w.created {
			t.Errorf("snapshot %d of %s, want %d of %s", s.Number, got, i+1, w.created)
		}
		if s.ID.String() != w.id || s.SetID.String() != w.set || s.StoreID.String() != w.store {
			t.Errorf("snapshot %d: identifiers %v %v %v", s.Number, s.ID, s.SetID, s.StoreID)
		}
		if s.Size != 1<<30 || s.Machine != "infinity" || s.Service != "infinity" || s.Attributes != 0x420009 {
			t.Errorf("snapshot %d: size %d of %q and %q, %v", s.Number, s.Size, s.Machine, s.Service, s.Attributes)
		}
		h := sha256.New()
		if _, err := io.CopyBuffer(struct{ io.Writer }{h}, io.NewSectionReader(s, 0, s.Size), make([]byte, 1<<20)); err != nil {
			t.Fatal(err)
		}
		if got := hex.EncodeToString(h.Sum(nil)); got != w.hash {
			t.Errorf("snapshot %d has SHA-256 %s, want %s", s.Number, got, w.hash)
		}
		v, err := mft.NewVolume(s, s.Size)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := v.Stat(w.there); err != nil {
			t.Errorf("snapshot %d: %v", s.Number, err)
		}
		if _, err := v.Stat(w.notThere); err == nil {
			t.Errorf("snapshot %d has %s already", s.Number, w.notThere)
		}
	}
}

// withoutCatalog is a volume whose catalog has no entries, as after "vssadmin delete shadows".
type withoutCatalog struct {
	io.ReaderAt
	catalog int64
}

func (v withoutCatalog) ReadAt(b []byte, off int64) (int, error) {
	n, err := v.ReaderAt.ReadAt(b, off)
	if first, end := max(off, v.catalog+0x80), min(off+int64(n), v.catalog+0x4000); first < end {
		clear(b[first-off : end-off])
	}
	return n, err
}

// What is carved from the public image without its catalog has the same bytes as what the
// catalog lists. The files of the stores are as in its $MFT.
func TestCarvedSnapshotsOfWindows(t *testing.T) {
	listed, img := vsstestImage(t)
	volume, err := mft.NewVolume(img.R, img.Size)
	if err != nil {
		t.Fatal(err)
	}
	var files []vss.StoreFile
	for rec, err := range volume.MFT().Records() {
		if err != nil {
			t.Fatal(err)
		}
		if id, ok := vss.ParseStoreName(rec.Name()); ok {
			files = append(files, vss.StoreFile{StoreID: id, File: rec.Ref.Uint64(), Created: rec.StandardInformation.Created,
				Offset: rec.Streams[0].Runs[0].LCN * int64(volume.Info().ClusterSize)})
		}
	}
	r, err := vss.Carve(t.Context(), withoutCatalog{img.R, 0x6e30000}, img.Size, vss.Carving{Files: files})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Snapshots()) != 0 || len(r.Carved()) != 2 {
		t.Fatalf("%d listed, %d carved, want none and 2", len(r.Snapshots()), len(r.Carved()))
	}
	for p := range r.Problems() {
		t.Errorf("problem: %v", p)
	}
	a, b := make([]byte, 1<<20), make([]byte, 1<<20)
	for i, s := range r.Carved() {
		want := listed.Snapshots()[i]
		if s.ID != want.ID || s.SetID != want.SetID || s.StoreID != want.StoreID || s.File != want.File || s.Machine != "infinity" || s.Size != want.Size {
			t.Errorf("carved %+v, listed %+v", s, want)
		}
		if early := want.Created.Sub(s.Created); early < 0 || early > time.Second {
			t.Errorf("snapshot %d: the file of the store is of %v, the snapshot of %v", i+1, s.Created, want.Created)
		}
		shown := 0
		var differ []int64
		for off := int64(0); off < s.Size; off += int64(len(a)) {
			if _, err := s.ReadAt(a, off); err != nil {
				t.Fatal(err)
			}
			if _, err := want.ReadAt(b, off); err != nil {
				t.Fatal(err)
			}
			for at := 0; at < len(a); at += 0x4000 {
				if !bytes.Equal(a[at:at+0x4000], b[at:at+0x4000]) {
					differ = append(differ, off+int64(at))
				}
				if s.Shows(off+int64(at), 0x4000) {
					shown++
				}
			}
		}
		// The catalog, which this test made zeros, is in no store.
		if len(differ) > 1 || len(differ) == 1 && differ[0] != 0x6e30000 {
			t.Errorf("snapshot %d: the blocks at %#x differ", i+1, differ)
		}
		t.Logf("snapshot %d: of %d blocks %d differ, and the stores show %d", i+1, s.Size/0x4000, len(differ), shown)
	}
}
