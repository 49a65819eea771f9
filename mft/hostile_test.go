package mft_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
)

// A file that is not a volume gives an error with the reason and the place.
func TestNotAVolume(t *testing.T) {
	_, image := open(t, patient())
	for _, tt := range []struct {
		name   string
		change func([]byte) []byte
		want   string
	}{
		{"nothing", func([]byte) []byte { return nil }, "ntfs: boot sector at 0x0: got 0 bytes, want 512 bytes"},
		{"a cut boot sector", func(b []byte) []byte { return b[:100] }, "ntfs: boot sector at 0x0: got 100 bytes, want 512 bytes"},
		{"no boot sector", func(b []byte) []byte { clear(b[:512]); clear(b[len(b)-512:]); return b }, "ntfs: boot sector signature at 0x3: got"},
		{"the boot sector alone", func(b []byte) []byte { return b[:512] }, "ntfs: $MFT: first cluster of the $MFT: got"},
		{"neither $MFT nor $MFTMirr", func(b []byte) []byte {
			le.PutUint64(b[0x30:], 1)
			le.PutUint64(b[0x38:], 1)
			return b
		}, "ntfs: $MFT: record of the $MFT at 0x1000: got"},
		{"a $MFT far outside", func(b []byte) []byte {
			le.PutUint64(b[0x30:], 1<<40)
			le.PutUint64(b[0x38:], 1<<40)
			return b
		}, "ntfs: $MFT: first cluster of the $MFT: got 1099511627776"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := tt.change(slices.Clone(image))
			_, err := mft.NewVolume(bytes.NewReader(b), int64(len(b)))
			var format *mft.FormatError
			if !errors.As(err, &format) || !strings.HasPrefix(err.Error(), tt.want) {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}

// In an image that was cut off, everything before the cut can be read, and
// reading what is after it returns an error.
func TestTruncatedVolume(t *testing.T) {
	const lcn, clusters = 1000, 4
	image, err := mfttest.Volume{Size: 5 << 20, Files: patient().Files}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	whole, err := mft.NewVolume(bytes.NewReader(image), int64(len(image)))
	if err != nil {
		t.Fatal(err)
	}
	// Move the clusters of a file behind everything else.
	v := victim{whole, t, image}
	copy(image[lcn*4096:][:clusters*4096], image[v.cluster("dir/clusters.bin", mft.AttrData, ""):])
	copy(image[v.runs("dir/clusters.bin", mft.AttrData, ""):], []byte{0x21, clusters, lcn & 0xff, lcn >> 8, 0})
	if whole, err = mft.NewVolume(bytes.NewReader(image), int64(len(image))); err != nil {
		t.Fatal(err)
	}
	noProblems(t, whole)
	want := contents(whole)

	cut := image[:lcn*4096+100]
	damaged, err := mft.NewVolume(bytes.NewReader(cut), int64(len(cut)))
	if err != nil {
		t.Fatal(err)
	}
	var problems []string
	for p := range damaged.Problems() {
		problems = append(problems, p.String())
	}
	expectProblems(t, problems, []string{fmt.Sprintf("truncation: ntfs: volume at 0x0: got %d bytes, want %d bytes", len(cut), len(image)-512)})
	if _, err := fs.ReadFile(damaged, "dir/clusters.bin"); err == nil || !strings.HasSuffix(err.Error(), "clusters at 0x3e8000: got 100 bytes, want 16000 bytes") {
		t.Errorf("got %v", err)
	}
	for name, content := range contents(damaged) {
		if name != "dir/clusters.bin" && want[name] != content {
			t.Errorf("%s is lost: %.100q", name, content)
		}
	}
}

// If a directory is its own ancestor, the path ends and nothing hangs.
func TestCyclicParents(t *testing.T) {
	v, image := open(t, mfttest.Volume{Files: []mfttest.File{{Path: "a/b/c/file.txt"}}})
	at := victim{v, t, image}
	c, err := v.Lookup("a/b/c")
	if err != nil {
		t.Fatal(err)
	}
	a := at.value("a", mft.AttrFileName, "")
	le.PutUint64(image[a:], c.Ref.Uint64()) // a is in a/b/c
	v, err = mft.NewVolume(bytes.NewReader(image), int64(len(image)))
	if err != nil {
		t.Fatal(err)
	}
	for rec, err := range v.MFT().Records() {
		if err != nil {
			t.Fatal(err)
		}
		if p := v.MFT().Path(rec); rec.Entry >= 64 && !p.Orphan {
			t.Errorf("%s: %+v is not an orphan", rec.Name(), p)
		}
	}
}

// A path is followed only as long as the sequence numbers match.
func TestOrphans(t *testing.T) {
	v, image := open(t, mfttest.Volume{Files: []mfttest.File{{Path: "gone/sub/file.txt", Seq: 3}}})
	le.PutUint16(image[victim{v, t, image}.record("gone")+0x10:], 9) // the entry was used again
	v, err := mft.NewVolume(bytes.NewReader(image), int64(len(image)))
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for rec, err := range v.MFT().Records() {
		if err != nil {
			t.Fatal(err)
		}
		if rec.Name() != "file.txt" {
			continue
		}
		found = true
		got := v.MFT().Path(rec)
		if got.Name != "sub/file.txt" || !got.Orphan || got.Missing.Seq != 1 || got.Deleted {
			t.Errorf("got %+v", got)
		}
	}
	if !found {
		t.Error("file.txt is lost")
	}
}

// A file of several names, of which one is in a folder that is gone: its path is in the one
// that is known, and each of its names has a path.
func TestPathsOfSeveralNames(t *testing.T) {
	v := volumeOf(t,
		mfttest.File{Path: "gone", Dir: true, Deleted: true, Overwritten: true, Entry: 100},
		mfttest.File{Path: "gone/tool.exe", Links: []string{"kept/other.exe", "gone/third.exe"}, Data: []byte("MZ"), Deleted: true, Entry: 101},
		mfttest.File{Path: "gone/alone.exe", Data: []byte("MZ"), Deleted: true, Entry: 102})
	paths := func(entry uint64) (best string, all []string) {
		rec, err := v.MFT().Record(entry)
		if err != nil {
			t.Fatal(err)
		}
		for i := range rec.FileNames {
			all = append(all, v.MFT().PathOf(rec, &rec.FileNames[i]).String())
		}
		return v.MFT().Path(rec).String(), all
	}
	if best, all := paths(101); best != "kept/other.exe" || !slices.Equal(all, []string{"?/tool.exe", "kept/other.exe", "?/third.exe"}) {
		t.Errorf("%s of %q", best, all)
	}
	if best, all := paths(102); best != "?/alone.exe" || !slices.Equal(all, []string{"?/alone.exe"}) {
		t.Errorf("%s of %q", best, all)
	}
	if p := v.MFT().PathOf(nil, nil); !p.Orphan {
		t.Errorf("no name: %+v", p)
	}
}

// If an entry of $SDS is damaged, the owner is found in its copy; if $SII is
// damaged, by reading all of $SDS; if both copies are damaged, not at all.
func TestDamagedSecure(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(v victim)
		owner  string
		err    string
	}{
		{"the first copy of $SDS", func(v victim) {
			clear(v.image[v.cluster("$Secure", mft.AttrData, "$SDS"):][:4096])
		}, alice, ""},
		{"$SII", func(v victim) {
			le.PutUint32(v.image[v.value("$Secure", mft.AttrIndexRoot, "$SII")+0x14:], 0)
		}, alice, ""},
		{"both copies of $SDS", func(v victim) {
			at := v.cluster("$Secure", mft.AttrData, "$SDS")
			clear(v.image[at:][:4096])
			clear(v.image[at+256<<10:][:256])
		}, "", "ntfs: $Secure id 257: "},
		{"the size of an entry", func(v victim) {
			at := v.cluster("$Secure", mft.AttrData, "$SDS")
			for _, copy := range []int{0, 256 << 10} {
				for off := 0; off < 512; off += 16 {
					if le.Uint32(v.image[at+copy+off+4:]) == 257 {
						le.PutUint32(v.image[at+copy+off+0x10:], 0xffffffff)
						le.PutUint32(v.image[at+copy+off+0x18:], 0xffffffff) // offset of the owner
					}
				}
			}
		}, "", "ntfs: $Secure id 257: "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			whole, image := open(t, patient())
			tt.change(victim{whole, t, image})
			v, err := mft.NewVolume(bytes.NewReader(image), int64(len(image)))
			if err != nil {
				t.Fatal(err)
			}
			rec, err := v.Lookup("dir/owned.txt")
			if err != nil {
				t.Fatal(err)
			}
			owner, err := v.MFT().OwnerSID(rec)
			if owner != tt.owner || (err == nil) != (tt.err == "") || err != nil && !strings.HasPrefix(err.Error(), tt.err) {
				t.Errorf("got %q, %v, want %q, %s", owner, err, tt.owner, tt.err)
			}
		})
	}
}

// A file without any record is not a $MFT. A $MFT that was cut off in a record
// loses that record.
func TestBareMFTDamaged(t *testing.T) {
	for _, b := range [][]byte{nil, []byte("FILE"), bytes.Repeat([]byte{0xff}, 1<<20)} {
		if _, err := mft.NewReader(bytes.NewReader(b), int64(len(b))); !errors.Is(err, mft.ErrNotMFT) || err.Error() != "$MFT: record at 0x0: got none, want FILE: not a $MFT" {
			t.Errorf("%d bytes: got %v", len(b), err)
		}
	}
	v, _ := open(t, patient())
	table, err := fs.ReadFile(v, "$MFT")
	if err != nil {
		t.Fatal(err)
	}
	r, err := mft.NewReader(bytes.NewReader(table), int64(len(table))-100)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := r.Len(), uint64(len(table)/1024-1); got != want {
		t.Errorf("%d records, want %d", got, want)
	}
	if _, err := r.Record(r.Len()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
	if _, err := mft.NewReader(bytes.NewReader(table), int64(len(table)), mft.WithRecordSize(1000)); err == nil {
		t.Error("records of 1000 bytes were taken")
	}
	small, err := mft.NewReader(bytes.NewReader(table), int64(len(table)), mft.WithRecordSize(512))
	if err != nil {
		t.Fatal(err)
	}
	damaged := 0
	for _, err := range small.Records() {
		if err != nil {
			damaged++
		}
	}
	if damaged == 0 {
		t.Error("records of the wrong size have no damage")
	}
}

// failing is a reader that fails from an offset on: a broken disk, which is not
// damage of the evidence.
type failing struct {
	io.ReaderAt
	from int64
}

var errBroken = errors.New("broken disk")

func (f failing) ReadAt(p []byte, off int64) (int, error) {
	if off+int64(len(p)) > f.from {
		return 0, errBroken
	}
	return f.ReaderAt.ReadAt(p, off)
}

// A failure of the disk ends an iteration and is passed on unchanged.
func TestBrokenDisk(t *testing.T) {
	v, image := open(t, patient())
	table, err := fs.ReadFile(v, "$MFT")
	if err != nil {
		t.Fatal(err)
	}
	for _, size := range []int64{0, 512, 4096, 20000} {
		if _, err := mft.NewVolume(failing{bytes.NewReader(image), size}, int64(len(image))); !errors.Is(err, errBroken) {
			t.Errorf("NewVolume with %d bytes: got %v", size, err)
		}
	}
	r, err := mft.NewReader(failing{bytes.NewReader(table), 64 << 10}, int64(len(table)))
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, err := range r.Records() {
		n++
		if !errors.Is(err, errBroken) {
			t.Errorf("got %v", err)
		}
	}
	if n != 1 {
		t.Errorf("%d items after a final error, want 1", n)
	}
	if p := r.Path(&mft.Record{FileNames: []mft.FileName{{Name: "x", Parent: mft.Ref{Entry: 64, Seq: 1}}}}); !p.Orphan {
		t.Errorf("got %+v", p)
	}
}

// A directory that an index lists in a second place is not walked again and
// again.
func TestDirectoriesInACircle(t *testing.T) {
	v, image := open(t, mfttest.Volume{Files: []mfttest.File{{Path: "a/b/x"}, {Path: "a/b/y"}}})
	a, err := v.Lookup("a")
	if err != nil {
		t.Fatal(err)
	}
	at := victim{v, t, image}.value("a/b", mft.AttrIndexRoot, "$I30") + 0x20
	le.PutUint64(image[at:], a.Ref.Uint64()) // x is a
	v, err = mft.NewVolume(bytes.NewReader(image), int64(len(image)))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	err = fs.WalkDir(v, "a", func(name string, _ fs.DirEntry, err error) error {
		if names = append(names, name); len(names) > 10 {
			return errors.New("no end")
		}
		return err
	})
	if want := []string{"a", "a/b", "a/b/y"}; err != nil || !slices.Equal(names, want) {
		t.Errorf("got %q, %v, want %q", names, err, want)
	}
}

// If many indexes lead to the same clusters, not all of them are read.
func TestIndexesOfSharedClusters(t *testing.T) {
	want := mfttest.Volume{}
	for d := range 5 {
		for i := range 100 {
			want.Files = append(want.Files, mfttest.File{Path: fmt.Sprintf("directory %d/a file with a long name, number %d", d, i)})
		}
	}
	v, image := open(t, want)
	at := victim{v, t, image}
	clusters := len(image) / 4096
	for d := range 5 {
		attr := at.attribute(fmt.Sprintf("directory %d", d), mft.AttrIndexAllocation, "$I30")
		le.PutUint64(image[attr+0x18:], uint64(clusters)-1)
		for _, off := range []int{0x28, 0x30, 0x38} {
			le.PutUint64(image[attr+off:], uint64(clusters)*4096)
		}
		run := attr + int(le.Uint16(image[attr+0x20:]))
		copy(image[run:], []byte{0x12, byte(clusters), byte(clusters >> 8), 0, 0})
		bits := at.value(fmt.Sprintf("directory %d", d), mft.AttrBitmap, "$I30")
		image[bits] = 0xff
	}
	v, err := mft.NewVolume(bytes.NewReader(image), int64(len(image)))
	if err != nil {
		t.Fatal(err)
	}
	refused := 0
	for p := range v.Problems() {
		if strings.Contains(p.String(), "$INDEX_ALLOCATION of all files together at 0x") {
			refused++
		}
	}
	if refused < 4 {
		t.Errorf("%d indexes of 5 were refused, want 4 at least", refused)
	}
}

// The content of a stream encrypted by EFS is not returned as if it were
// readable.
func TestEncrypted(t *testing.T) {
	v, image := open(t, patient())
	at := victim{v, t, image}.attribute("dir/clusters.bin", mft.AttrData, "")
	image[at+0x0d] |= 0x40
	v, err := mft.NewVolume(bytes.NewReader(image), int64(len(image)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fs.ReadFile(v, "dir/clusters.bin"); !errors.Is(err, mft.ErrEncrypted) {
		t.Errorf("got %v, want %v", err, mft.ErrEncrypted)
	}
	info, err := v.Stat("dir/clusters.bin")
	if err != nil {
		t.Fatal(err)
	}
	if s, ok := info.Sys().(*mft.Record).Stream(""); !ok || !s.Encrypted {
		t.Errorf("the stream does not say that it is encrypted: %v", err)
	}
}
