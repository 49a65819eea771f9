package vss_test

import (
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
