package mft_test

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
)

// damagedVolume returns a volume with a damaged boot sector, index and record,
// and its $MFT.
func damagedVolume(t *testing.T) (image, table []byte) {
	v, image := open(t, mfttest.Volume{Files: []mfttest.File{{Path: "dir/a.txt", Data: []byte("a")}, {Path: "b.txt"}}})
	rec, err := v.Lookup("b.txt")
	if err != nil {
		t.Fatal(err)
	}
	index := victim{v, t, image}.attribute("dir", mft.AttrIndexRoot, "$I30")
	copy(image[rec.VolumeOffset:], "XXXX")
	le.PutUint32(image[index+0x10:], 8) // length of its value
	clear(image[:512])
	if v, err = mft.NewVolume(bytes.NewReader(image), int64(len(image))); err != nil {
		t.Fatal(err)
	}
	if table, err = fs.ReadFile(v, "$MFT"); err != nil {
		t.Fatal(err)
	}
	return image, table
}

func artifacts(problems iter.Seq[mft.Problem]) map[string]bool {
	found := map[string]bool{}
	for p := range problems {
		found[p.Err.Artifact] = true
	}
	return found
}

// However a $MFT is opened, it has the same name in problems and errors.
func TestOpen(t *testing.T) {
	_, table := damagedVolume(t)
	file := filepath.Join(t.TempDir(), "table")
	if err := os.WriteFile(file, table, 0o600); err != nil {
		t.Fatal(err)
	}
	fsys := fstest.MapFS{"C/$MFT": {Data: table}}
	for _, tt := range []struct {
		name  string
		open  func() (*mft.Reader, error)
		calls string
	}{
		{"Open", func() (*mft.Reader, error) { return mft.Open(file) }, file},
		{"OpenFS", func() (*mft.Reader, error) { return mft.OpenFS(fsys, "C/$MFT") }, "C/$MFT"},
		{"NewReader", func() (*mft.Reader, error) { return mft.NewReader(bytes.NewReader(table), int64(len(table))) }, "$MFT"},
		{"Open with options", func() (*mft.Reader, error) { return mft.Open(file, mft.WithName("mine"), mft.WithRecordSize(1024)) }, "mine"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, err := tt.open()
			if err != nil {
				t.Fatal(err)
			}
			if got := artifacts(r.Problems()); len(got) != 1 || !got[tt.calls] {
				t.Errorf("problems of %v, want %s", got, tt.calls)
			}
			_, err = r.Record(20)
			if want := tt.calls + ": entry 20 was never used: file does not exist"; !errors.Is(err, fs.ErrNotExist) || err.Error() != want {
				t.Errorf("got %v, want %s", err, want)
			}
			for range 2 {
				if err := r.Close(); err != nil {
					t.Error(err)
				}
			}
			if _, err := r.Record(mft.EntryRoot); (err == nil) != (tt.name == "NewReader" || tt.name == "OpenFS") {
				t.Errorf("after Close: %v", err)
			}
		})
	}
}

// However a volume is opened, it has the same name in problems and errors.
func TestOpenVolume(t *testing.T) {
	image, _ := damagedVolume(t)
	file := filepath.Join(t.TempDir(), "volume")
	if err := os.WriteFile(file, image, 0o600); err != nil {
		t.Fatal(err)
	}
	fsys := fstest.MapFS{"disk/volume": {Data: image}}
	for _, tt := range []struct {
		name   string
		open   func() (*mft.Volume, error)
		volume string
		table  string
	}{
		{"OpenVolume", func() (*mft.Volume, error) { return mft.OpenVolume(file) }, file, file + "/$MFT"},
		{"OpenVolumeFS", func() (*mft.Volume, error) { return mft.OpenVolumeFS(fsys, "disk/volume") }, "disk/volume", "disk/volume/$MFT"},
		{"NewVolume", func() (*mft.Volume, error) { return mft.NewVolume(bytes.NewReader(image), int64(len(image))) }, "ntfs", "$MFT"},
		{"OpenVolume with options", func() (*mft.Volume, error) {
			return mft.OpenVolume(file, mft.WithName("partition 1"), mft.WithSecure(bytes.NewReader(nil), 0))
		}, "partition 1", "partition 1/$MFT"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			v, err := tt.open()
			if err != nil {
				t.Fatal(err)
			}
			if got := artifacts(v.MFT().Problems()); len(got) != 1 || !got[tt.table] {
				t.Errorf("problems of the $MFT of %v, want %s", got, tt.table)
			}
			for name, problems := range map[string]iter.Seq[mft.Problem]{"structure": v.StructureProblems(), "indexes": v.IndexProblems()} {
				if got := artifacts(problems); len(got) != 1 || !got[tt.volume] {
					t.Errorf("problems of the %s of %v, want %s", name, got, tt.volume)
				}
			}
			if got := artifacts(v.Problems()); len(got) != 2 {
				t.Errorf("problems of %v", got)
			}
			for range 2 {
				if err := v.MFT().Close(); err != nil { // it owns nothing
					t.Error(err)
				}
			}
			if _, err := v.Stat("."); err != nil {
				t.Error(err)
			}
			for range 2 {
				if err := v.Close(); err != nil {
					t.Error(err)
				}
			}
			if _, err := v.Stat("."); (err == nil) != (tt.name == "NewVolume" || tt.name == "OpenVolumeFS") {
				t.Errorf("after Close: %v", err)
			}
		})
	}
}

func TestOpenFails(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "passwd")
	content := bytes.Repeat([]byte("root:x:0:0\n"), 100)
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	fsys := fstest.MapFS{"etc/passwd": {Data: content}, "etc/empty": {}}
	const (
		notMFT  = `: record at 0x0: got none, want FILE: not a $MFT`
		notNTFS = `: boot sector signature at 0x3: got "t:x:0:0\n", want "NTFS    ": not an NTFS volume`
	)
	for _, tt := range []struct {
		name   string
		table  func() (*mft.Reader, error)
		volume func() (*mft.Volume, error)
		is     error
		want   string
	}{
		{"Open of another kind of file", func() (*mft.Reader, error) { return mft.Open(file) }, nil, mft.ErrNotMFT, file + notMFT},
		{"OpenFS of another kind of file", func() (*mft.Reader, error) { return mft.OpenFS(fsys, "etc/passwd") }, nil, mft.ErrNotMFT, "etc/passwd" + notMFT},
		{"OpenFS of an empty file", func() (*mft.Reader, error) { return mft.OpenFS(fsys, "etc/empty") }, nil, mft.ErrNotMFT, "etc/empty" + notMFT},
		{"Open WithName", func() (*mft.Reader, error) { return mft.Open(file, mft.WithName("mine")) }, nil, mft.ErrNotMFT, "mine" + notMFT},
		{"Open of a missing file", func() (*mft.Reader, error) { return mft.Open(filepath.Join(dir, "absent")) }, nil, fs.ErrNotExist, ""},
		{"OpenFS of a missing file", func() (*mft.Reader, error) { return mft.OpenFS(fsys, "absent") }, nil, fs.ErrNotExist, "open absent: file does not exist"},
		{"Open of a folder", func() (*mft.Reader, error) { return mft.Open(dir) }, nil, nil, "open " + dir + ": is a directory"},
		{"OpenVolume of another kind of file", nil, func() (*mft.Volume, error) { return mft.OpenVolume(file) }, mft.ErrNotNTFS, file + notNTFS},
		{"OpenVolumeFS of another kind of file", nil, func() (*mft.Volume, error) { return mft.OpenVolumeFS(fsys, "etc/passwd") },
			mft.ErrNotNTFS, "etc/passwd" + notNTFS},
		{"OpenVolumeFS of an empty file", nil, func() (*mft.Volume, error) { return mft.OpenVolumeFS(fsys, "etc/empty") },
			mft.ErrNotNTFS, "etc/empty: boot sector at 0x0: got 0 bytes, want 512 bytes: not an NTFS volume"},
		{"OpenVolume WithName", nil, func() (*mft.Volume, error) { return mft.OpenVolume(file, mft.WithName("mine")) }, mft.ErrNotNTFS, "mine" + notNTFS},
		{"OpenVolume of a missing file", nil, func() (*mft.Volume, error) { return mft.OpenVolume(filepath.Join(dir, "absent")) }, fs.ErrNotExist, ""},
		{"OpenVolume of a folder", nil, func() (*mft.Volume, error) { return mft.OpenVolume(dir) }, nil, "open " + dir + ": is a directory"},
	} {
		var closer io.Closer
		var err error
		if tt.table != nil {
			var r *mft.Reader
			r, err = tt.table()
			closer = r
		} else {
			var v *mft.Volume
			v, err = tt.volume()
			closer = v
		}
		if err == nil || tt.is != nil && !errors.Is(err, tt.is) || tt.want != "" && err.Error() != tt.want {
			t.Errorf("%s: got %v, want %s", tt.name, err, tt.want)
		}
		if err := closer.Close(); err != nil { // deferred before the error was checked
			t.Errorf("%s: Close: %v", tt.name, err)
		}
	}
}

// A damaged NTFS volume is not taken for a file of another kind.
func TestDamagedIsNotAnotherKind(t *testing.T) {
	_, image := open(t, mfttest.Volume{})
	bad := bytes.Clone(image)
	for _, at := range []int{0, len(bad) - 512} {
		bad[at+0x0d] = 3 // sectors per cluster
	}
	if _, err := mft.NewVolume(bytes.NewReader(bad), int64(len(bad))); err == nil || errors.Is(err, mft.ErrNotNTFS) {
		t.Errorf("got %v, want damage", err)
	}
}

// Code that ignores errors, or whether there is a result, gets empty records.
func TestEmptyRecords(t *testing.T) {
	image, _ := damagedVolume(t)
	v, err := mft.NewVolume(bytes.NewReader(image), int64(len(image)))
	if err != nil {
		t.Fatal(err)
	}
	records := map[string]*mft.Record{"zero": {}}
	for rec, err := range v.MFT().Records() {
		if err != nil {
			records["damaged"] = rec
		}
	}
	for rec, err := range v.MFT().Scan() {
		if err != nil {
			records["damaged, of Scan"] = rec
		}
	}
	if bad := records["damaged"]; bad == nil || bad.Entry < 64 || bad.Offset != int64(bad.Entry)*1024 || bad.VolumeOffset < bad.Offset {
		t.Errorf("the damaged record is %+v", bad)
	}
	records["by its entry"], _ = v.MFT().Record(records["damaged"].Entry)
	records["never used"], _ = v.MFT().Record(20)
	records["beyond the end"], _ = v.MFT().Record(1 << 63)
	records["absent"], _ = v.Lookup("no/such/file")
	if len(records) != 7 {
		t.Fatalf("%d records", len(records))
	}
	for name, rec := range records {
		fn, named := rec.FileName()
		s, ok := rec.Stream("Zone.Identifier")
		created, _, _, _ := rec.Times()
		owner, err := v.MFT().OwnerSID(rec)
		if named || fn.Name != "" || ok || s.Size != 0 || rec.Name() != "" || rec.Size() != 0 || !created.IsZero() || owner != "" || err != nil ||
			rec.StandardInformation.Present || !rec.StandardInformation.Created.IsZero() || rec.ReparseTarget() != "" || rec.InUse() || rec.IsDir() || rec.IsOrphanExtension() {
			t.Errorf("%s: not empty: %+v", name, rec)
		}
		if p := v.MFT().Path(rec); !p.Orphan || p.Name != "" || v.MFT().Paths(rec) != nil || v.MFT().Timestomp(rec).Score != 0 {
			t.Errorf("%s: path %+v", name, p)
		}
		if r, err := v.OpenStream(rec, ""); !errors.Is(err, fs.ErrNotExist) || r.Size() != 0 {
			t.Errorf("%s: content: %v", name, err)
		}
	}
}

// The zero Reader is a $MFT without entries.
func TestZeroReader(t *testing.T) {
	var r mft.Reader
	for range r.Records() {
		t.Error("a record")
	}
	for range r.Problems() {
		t.Error("a problem")
	}
	if rec, err := r.Record(0); !errors.Is(err, fs.ErrNotExist) || r.Len() != 0 || !r.Path(rec).Orphan || r.Close() != nil {
		t.Errorf("got %+v, %v", rec, err)
	}
}
