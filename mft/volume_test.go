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
	"testing/fstest"
	"time"

	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
)

var (
	day     = time.Date(2024, 3, 4, 5, 6, 7, 123456700, time.UTC)
	laterBy = func(d time.Duration) time.Time { return day.Add(d) }
)

const alice = "S-1-5-21-1111-2222-3333-1001"

// machine returns a volume with one of everything.
func machine() mfttest.Volume {
	v := mfttest.Volume{Label: "System", Serial: 0x1122334455667788, Files: []mfttest.File{
		{Path: "Windows/System32/cmd.exe", Data: bytes.Repeat([]byte("MZ\x90\x00"), 20000), Times: mfttest.AllAt(day)},
		{
			Path: "Users/alice/Downloads/payload tool.exe", ShortName: "PAYLOA~1.EXE", Data: []byte("small enough to stay"),
			Owner: alice, Links: []string{"Windows/helper.exe"},
			Streams: []mfttest.Stream{
				{Name: "Zone.Identifier", Data: []byte("[ZoneTransfer]\r\nZoneId=3\r\nHostUrl=http://198.51.100.7/payload.exe\r\n")},
				{Name: "big", Data: bytes.Repeat([]byte("stream "), 3000)},
			},
			Times:         mfttest.Times{Created: day, Modified: laterBy(time.Second), Changed: laterBy(time.Minute), Accessed: laterBy(time.Hour)},
			FileNameTimes: &mfttest.Times{Created: laterBy(-time.Hour), Modified: day, Changed: day, Accessed: day},
			Attributes:    uint32(mft.FileHidden | mft.FileReadOnly), Seq: 7,
		},
		{Path: "Users/alice", Dir: true, Owner: alice, Times: mfttest.AllAt(laterBy(-24 * time.Hour))},
		{Path: "Users/alice/ÜBER straße.txt", Data: []byte("ü")},
		{Path: "Users/alice/removed.txt", Data: bytes.Repeat([]byte("gone"), 3000), Deleted: true, Seq: 3},
		{Path: "old/dir", Dir: true, Deleted: true},
		{Path: "old/dir/child.txt", Deleted: true, Data: []byte("child")},
		{Path: "holes.bin", Sparse: true, Data: append(append(make([]byte, 1<<20), "end of a hole"...), make([]byte, 1<<20)...)},
		{Path: "packed.log", Compressed: true, Data: packable()},
		{Path: "forced.txt", NonResident: true, Data: []byte("clusters of its own")},
		{Path: "empty.txt"},
		{Path: "empty clusters.txt", NonResident: true},
		{Path: "own descriptor.txt", OwnSecurity: true, Owner: alice},
		{Path: "at 200.txt", Entry: 200, Seq: 9},
	}}
	var links []string
	for i := range 60 {
		links = append(links, fmt.Sprintf("links/one of many hard links to a file, number %02d", i))
	}
	v.Files = append(v.Files, mfttest.File{Path: "linked.txt", Links: links, Data: []byte("names that fill records")})
	for i := range 500 {
		v.Files = append(v.Files, mfttest.File{Path: fmt.Sprintf("many/file number %03d.txt", i), Owner: fmt.Sprintf("S-1-5-21-1-2-3-%d", 2000+i%40)})
	}
	return v
}

// packable returns parts that compress, zeros, and parts that do not compress.
func packable() []byte {
	b := bytes.Repeat([]byte("2024-03-04 05:06:07 GET /index.html 200\r\n"), 5000)
	b = append(b, make([]byte, 200<<10)...)
	for i, x := 0, uint32(1); i < 100<<10; i++ {
		x = x*1664525 + 1013904223
		b = append(b, byte(x>>24))
	}
	return append(b, "the end"...)
}

func open(t testing.TB, v mfttest.Volume) (*mft.Volume, []byte) {
	t.Helper()
	image, err := v.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	vol, err := mft.NewVolume(bytes.NewReader(image), int64(len(image)))
	if err != nil {
		t.Fatal(err)
	}
	return vol, image
}

func noProblems(t testing.TB, v *mft.Volume) {
	t.Helper()
	for p := range v.Problems() {
		t.Error(p)
	}
}

// What mfttest writes reads back equal, whatever the geometry.
func TestGeometries(t *testing.T) {
	for _, g := range []struct{ sector, cluster, record int }{
		{512, 512, 1024}, {512, 1024, 1024}, {512, 2048, 1024}, {512, 4096, 1024}, {512, 4096, 4096},
		{512, 8192, 1024}, {512, 65536, 1024}, {512, 131072, 1024}, {512, 2 << 20, 1024}, {512, 2 << 20, 4096},
		{1024, 4096, 1024}, {4096, 4096, 4096}, {4096, 65536, 4096}, {4096, 2 << 20, 4096},
	} {
		t.Run(fmt.Sprintf("sectors of %d clusters of %d records of %d", g.sector, g.cluster, g.record), func(t *testing.T) {
			want := machine()
			want.SectorSize, want.ClusterSize, want.RecordSize = g.sector, g.cluster, g.record
			for i := range want.Files {
				want.Files[i].Compressed = want.Files[i].Compressed && g.cluster <= 4096
			}
			v, image := open(t, want)
			info := v.Info()
			if info.SectorSize != g.sector || info.ClusterSize != g.cluster || info.RecordSize != g.record {
				t.Errorf("got %+v", info)
			}
			if info.Label != want.Label || info.Serial != want.Serial || info.MajorVersion != 3 || info.MinorVersion != 1 || info.Dirty {
				t.Errorf("got %+v", info)
			}
			if got := info.Size + int64(g.sector); got != int64(len(image)) {
				t.Errorf("size %d with the last sector, want %d", got, len(image))
			}
			noProblems(t, v)
			sameFiles(t, v, want)
		})
	}
}

// sameFiles compares the files of v with those that were written.
func sameFiles(t *testing.T, v *mft.Volume, want mfttest.Volume) {
	t.Helper()
	for _, f := range want.Files {
		if f.Deleted {
			continue
		}
		for _, name := range append([]string{f.Path}, f.Links...) {
			info, err := v.Stat(name)
			if err != nil {
				t.Error(err)
				continue
			}
			owner := f.Owner
			if owner == "" {
				owner = "S-1-5-18"
			}
			if got := info.(*mft.FileInfo).OwnerSID(); got != owner {
				t.Errorf("%s: owner %q, want %q", name, got, owner)
			}
			rec := info.Sys().(*mft.Record)
			if info.IsDir() != f.Dir || !rec.InUse() || rec.Seq != max(f.Seq, 1) || f.Entry != 0 && rec.Entry != f.Entry {
				t.Errorf("%s: got %v, directory %t, in use %t", name, rec.Ref, info.IsDir(), rec.InUse())
			}
			if f.Times != (mfttest.Times{}) {
				si := rec.StandardInformation
				if got := (mfttest.Times{Created: si.Created, Modified: si.Modified, Changed: si.Changed, Accessed: si.Accessed}); got != f.Times {
					t.Errorf("%s: times %v, want %v", name, got, f.Times)
				}
			}
			if f.FileNameTimes != nil {
				for _, fn := range rec.FileNames {
					if got := (mfttest.Times{Created: fn.Created, Modified: fn.Modified, Changed: fn.Changed, Accessed: fn.Accessed}); got != *f.FileNameTimes {
						t.Errorf("%s: times of %s %v, want %v", name, fn.Name, got, *f.FileNameTimes)
					}
				}
			}
			if f.Dir {
				continue
			}
			sameContent(t, v, name, f.Data)
			for _, s := range f.Streams {
				sameContent(t, v, name+":"+s.Name, s.Data)
				sameContent(t, v, name+":"+s.Name+":$DATA", s.Data)
			}
			if got := len(info.(*mft.FileInfo).Streams()); got != len(f.Streams) {
				t.Errorf("%s: %d named streams, want %d", name, got, len(f.Streams))
			}
		}
	}
}

func sameContent(t *testing.T, v *mft.Volume, name string, want []byte) {
	t.Helper()
	got, err := fs.ReadFile(v, name)
	if err != nil {
		t.Error(err)
		return
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s: %d bytes that differ from the %d written", name, len(got), len(want))
	}
}

func TestVolumeIsAnFS(t *testing.T) {
	want := machine()
	want.Files = slices.DeleteFunc(want.Files, func(f mfttest.File) bool { return strings.HasPrefix(f.Path, "many/file number 4") })
	v, _ := open(t, want)
	if err := fstest.TestFS(v, "Windows/System32/cmd.exe", "links/one of many hard links to a file, number 59", "$MFT", "many/file number 001.txt"); err != nil {
		t.Error(err)
	}
}

func TestLookupIgnoresCase(t *testing.T) {
	v, _ := open(t, machine())
	for _, name := range []string{
		"users/ALICE/downloads/PAYLOAD TOOL.EXE", "Users/alice/Downloads/payloa~1.exe", "users/alice/über STRAßE.TXT",
	} {
		if _, err := v.Lookup(name); err != nil {
			t.Error(err)
		}
	}
	info, err := v.Stat("USERS/alice/DOWNLOADS/payloa~1.exe:zone.identifier")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := info.Name(), "PAYLOA~1.EXE:Zone.Identifier"; got != want {
		t.Errorf("name %q, want %q", got, want)
	}
}

func TestNamesThatAreNotThere(t *testing.T) {
	v, _ := open(t, machine())
	for name, want := range map[string]error{
		"Windows/none.exe":              fs.ErrNotExist,
		"none/none.exe":                 fs.ErrNotExist,
		"empty.txt/below a file":        fs.ErrNotExist,
		"empty.txt:none":                fs.ErrNotExist,
		"none.txt:stream":               fs.ErrNotExist,
		"Users/alice/removed.txt":       fs.ErrNotExist,
		"/Windows":                      fs.ErrInvalid,
		"Windows/../Windows":            fs.ErrInvalid,
		"Windows/System32/cmd.exe:none": fs.ErrNotExist,
	} {
		var path *fs.PathError
		if _, err := v.Open(name); !errors.Is(err, want) || !errors.As(err, &path) || path.Path != name {
			t.Errorf("Open(%q): got %v, want %v", name, err, want)
		}
	}
}

func TestShortNamesAreNotListed(t *testing.T) {
	v, _ := open(t, machine())
	entries, err := v.ReadDir("Users/alice/Downloads")
	if err != nil || len(entries) != 1 || entries[0].Name() != "payload tool.exe" {
		t.Errorf("got %v, %v", entries, err)
	}
}

func TestDeletedFilesAreRead(t *testing.T) {
	v, _ := open(t, machine())
	found := map[string]mft.Path{}
	for rec, err := range v.MFT().Records() {
		if err != nil {
			t.Fatal(err)
		}
		if rec.InUse() || rec.Name() == "" {
			continue
		}
		found[rec.Name()] = v.MFT().Path(rec)
		if rec.Name() == "removed.txt" {
			if rec.Seq != 4 {
				t.Errorf("sequence number %d, want one more than in life", rec.Seq)
			}
			r, err := v.OpenStream(rec, "")
			if err != nil {
				t.Fatal(err)
			}
			if got, _ := io.ReadAll(io.NewSectionReader(r, 0, r.Size())); !bytes.Equal(got, bytes.Repeat([]byte("gone"), 3000)) {
				t.Error("the content differs")
			}
		}
	}
	for name, want := range map[string]mft.Path{
		"removed.txt": {Name: "Users/alice/removed.txt"},
		"dir":         {Name: "old/dir"},
		"child.txt":   {Name: "old/dir/child.txt", Deleted: true},
	} {
		if found[name] != want {
			t.Errorf("%s: got %+v, want %+v", name, found[name], want)
		}
	}
}

// Every way to a record gives the same record.
func TestRecordIsWhatRecordsYields(t *testing.T) {
	v, _ := open(t, machine())
	extended := 0
	for rec, err := range v.MFT().Records() {
		if err != nil {
			t.Fatal(err)
		}
		again, err := v.MFT().Record(rec.Entry)
		if err != nil {
			t.Fatal(err)
		}
		if a, b := fmt.Sprintf("%+v", rec), fmt.Sprintf("%+v", again); a != b {
			t.Errorf("entry %d:\n%s\n%s", rec.Entry, a, b)
		}
		if len(rec.ExtensionRefs) > 0 {
			extended++
			if got := len(v.MFT().Paths(rec)); got != 61 {
				t.Errorf("%s: %d paths, want 61", rec.Name(), got)
			}
		}
	}
	if extended != 1 {
		t.Errorf("%d files with extension records, want 1", extended)
	}
}

// The records of a volume and those of its $MFT alone are the same, except for
// the places on the volume and for lists and descriptors outside the $MFT.
func TestBareMFT(t *testing.T) {
	v, _ := open(t, machine())
	table, err := fs.ReadFile(v, "$MFT")
	if err != nil {
		t.Fatal(err)
	}
	sds, err := v.Open("$Secure:$SDS")
	if err != nil {
		t.Fatal(err)
	}
	size, _ := sds.Stat()
	r, err := mft.NewReader(bytes.NewReader(table), int64(len(table)), mft.WithSecure(sds.(io.ReaderAt), size.Size()))
	if err != nil {
		t.Fatal(err)
	}
	if r.RecordSize() != 1024 || r.Len() != v.MFT().Len() {
		t.Errorf("%d records of %d bytes", r.Len(), r.RecordSize())
	}
	n := 0
	for rec, err := range r.Records() {
		if err != nil {
			t.Fatal(err)
		}
		n++
		other, err := v.MFT().Record(rec.Entry)
		if err != nil {
			t.Fatal(err)
		}
		if rec.VolumeOffset != -1 || other.VolumeOffset < 0 {
			t.Errorf("entry %d: offsets in the volume %d and %d", rec.Entry, rec.VolumeOffset, other.VolumeOffset)
		}
		if got, want := r.Paths(rec), v.MFT().Paths(other); !slices.Equal(got, want) {
			t.Errorf("paths %v, want %v", got, want)
		}
		owner, err := r.OwnerSID(rec)
		if want, _ := v.MFT().OwnerSID(other); err != nil || owner != want {
			t.Errorf("owner %q, %v, want %q", owner, err, want)
		}
	}
	if want := 0; n <= want {
		t.Errorf("%d records", n)
	}
	bare, err := mft.NewReader(bytes.NewReader(table), int64(len(table)))
	if err != nil {
		t.Fatal(err)
	}
	rec, err := bare.Record(mft.EntryRoot)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := bare.OwnerSID(rec); !errors.Is(err, mft.ErrNoSecure) {
		t.Errorf("got %v, want %v", err, mft.ErrNoSecure)
	}
}

func TestFilesAreReadersAndSeekers(t *testing.T) {
	v, _ := open(t, machine())
	want := packable()
	f, err := v.Open("packed.log")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	b := make([]byte, 70000)
	for _, off := range []int64{0, 1, 65535, 65536, 200000, 300000, int64(len(want)) - 70000} {
		if n, err := f.(io.ReaderAt).ReadAt(b, off); n != len(b) || !bytes.Equal(b, want[off:off+int64(n)]) {
			t.Errorf("ReadAt(%d): %d, %v or content that differs", off, n, err)
		}
	}
	if n, err := f.(io.ReaderAt).ReadAt(b, int64(len(want))-7); n != 7 || err != io.EOF || string(b[:n]) != "the end" {
		t.Errorf("at the end: %d, %v", n, err)
	}
	if pos, err := f.(io.Seeker).Seek(-3, io.SeekEnd); err != nil || pos != int64(len(want))-3 {
		t.Errorf("Seek: %d, %v", pos, err)
	}
	if rest, err := io.ReadAll(f); err != nil || string(rest) != "end" {
		t.Errorf("rest %q, %v", rest, err)
	}
}
