package vss_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/mft/vss"
	"github.com/birthmark-dfir/birthmark/mft/vss/vsstest"
)

func carve(t testing.TB, image []byte, with vss.Carving) *vss.Reader {
	t.Helper()
	r, err := vss.Carve(t.Context(), bytes.NewReader(image), int64(len(image)), with)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// storeFiles returns the files of the stores of a volume as its file system records them.
func storeFiles(t testing.TB, v vsstest.Volume) (files []vss.StoreFile) {
	t.Helper()
	v.Catalog, v.Snapshots = vsstest.Whole, slices.Clone(v.Snapshots)
	for i := range v.Snapshots {
		v.Snapshots[i].Deleted, v.Snapshots[i].Overwrite = false, nil
	}
	image := write(t, v)
	starts := records(image, 4) // the newest first
	for i, s := range open(t, image).Snapshots() {
		files = append(files, vss.StoreFile{StoreID: s.StoreID, File: s.File, Created: s.Created, Deleted: true, Offset: int64(starts[len(starts)-1-i])})
	}
	return files
}

// A carved snapshot is what it was when the catalog listed it, whatever is left of the catalog.
func TestCarvedSnapshotsAreThoseThatWereListed(t *testing.T) {
	all := specimens()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		v := all[name]
		for i := range v.Snapshots {
			if v.Snapshots[i].Elsewhere {
				v.Snapshots = v.Snapshots[:0]
				break
			}
		}
		if len(v.Snapshots) == 0 {
			continue
		}
		files := storeFiles(t, v)
		want := open(t, write(t, v)).Snapshots()
		for _, catalog := range []vsstest.Catalog{vsstest.Emptied, vsstest.Zeroed, vsstest.Lost} {
			if len(want) > 8 && catalog != vsstest.Emptied {
				continue // it takes long
			}
			v.Catalog = catalog
			r := carve(t, write(t, v), vss.Carving{Files: files})
			if p := problems(r); len(p) > 0 {
				t.Errorf("%s, %d: problems %q", name, catalog, p)
			}
			if len(r.Snapshots()) != 0 || len(r.Carved()) != len(want) {
				t.Fatalf("%s, %d: %d listed, %d carved, want none and %d", name, catalog, len(r.Snapshots()), len(r.Carved()), len(want))
			}
			for i, s := range r.Carved() {
				w := want[i]
				if !s.Carved || s.Number != i+1 || s.ID != w.ID || s.SetID != w.SetID || s.StoreID != w.StoreID || !s.Created.Equal(w.Created) || s.Machine != w.Machine || s.Attributes != w.Attributes || s.File != w.File {
					t.Errorf("%s, %d: carved %+v, listed %+v", name, catalog, s, w)
				}
				listed, err := content(w)
				if err != nil {
					t.Fatal(err)
				}
				got, err := content(s)
				if err != nil || len(got) < len(listed) || !bytes.Equal(got[:len(listed)], listed) {
					t.Errorf("%s, %d: carved snapshot %d differs from the listed one: %v", name, catalog, s.Number, err)
				}
			}
		}
	}
}

// deletable returns a volume with three snapshots whose stores keep blocks 2, 3 and 4.
func deletable(t testing.TB) (vsstest.Volume, [][]byte) {
	states := [][]byte{pattern(1, 16*block)}
	bootSector(states[0], 16*block)
	for i := range uint64(3) {
		states = append(states, changed(states[i], i+2, 2*32, 3*32+5, 4*32+31))
	}
	v := vsstest.Volume{Current: states[3]}
	for i, s := range states[:3] {
		v.Snapshots = append(v.Snapshots, vsstest.Snapshot{State: s, Created: day.Add(time.Duration(i) * time.Hour), Machine: "HOST"})
	}
	return v, states
}

// What is lost of a store is an error where it matters, and the carved snapshots never read
// wrong: each block is as it was ("="), as it was and shown ("s"), or an error ("x").
func TestWhatCannotBeCarvedIsAnError(t *testing.T) {
	// The blocks of each store.
	const header, list, ranges, bitmap, content2, content3 = 0, 1, 2, 3, 4, 5
	overwrite := func(snapshot int, blocks ...int64) func(*vsstest.Volume, *vss.Carving) {
		return func(v *vsstest.Volume, _ *vss.Carving) { v.Snapshots[snapshot].Overwrite = blocks }
	}
	for _, tt := range []struct {
		name     string
		damage   func(*vsstest.Volume, *vss.Carving)
		problems []string // what each contains
		blocks   string   // 0 to 5 of each snapshot
	}{
		{"all are whole", overwrite(0), nil, "s=sss= s=sss= s=sss="},
		{"the header of a store", overwrite(1, header), []string{"block of the store at"}, "s=sss= s=sss= s=sss="},
		{"the list of blocks of the oldest", overwrite(0, list), []string{"list of blocks at 0x80000: got none: the store is overwritten"}, "xxxxxx s=sss= s=sss="},
		{"the list of blocks of the newest", overwrite(2, list), []string{"list of blocks at"}, "xxsssx xxsssx xxxxxx"},
		{"the list of ranges", overwrite(1, ranges), []string{"list of ranges at", "bitmap at"}, "s=sss= s=sss= s=sss="},
		{"the bitmap", overwrite(2, bitmap), []string{"bitmap at"}, "s=sss= s=sss= s=sss="},
		{"all of the newest", overwrite(2, header, list, ranges, bitmap, content2, content3), []string{"store at 0x44000: the store is overwritten"}, "xxsssx xxsssx xxxxxx"},
		{"all of the oldest", overwrite(0, header, list, ranges, bitmap, content2, content3), []string{"the store is overwritten"}, "xxxxxx s=sss= s=sss="},
		{"the clusters of a block are reused", func(v *vsstest.Volume, with *vss.Carving) {
			at := with.Files[1].Offset + content3*block
			with.Reused = func(off, n int64) bool { return off < at+4096 && at < off+n }
		}, []string{"content of changed blocks at"}, "s=sss= s=sxs= s=sss="},
		{"the clusters of a list are reused", func(v *vsstest.Volume, with *vss.Carving) {
			at := with.Files[1].Offset + list*block + 8192
			with.Reused = func(off, n int64) bool { return off < at+4096 && at < off+n }
		}, []string{"overwritten: another file has its clusters"}, "xxsssx xxxxxx s=sss="},
		{"the age of the oldest is not known", func(_ *vsstest.Volume, with *vss.Carving) { with.Files = with.Files[1:] }, nil, "s=sss= s=sss= x=sss="},
		{"no age is known", func(v *vsstest.Volume, with *vss.Carving) { with.Files = nil }, nil, "s=sss= x=sss= x=sss="},
	} {
		v, states := deletable(t)
		v.Catalog = vsstest.Emptied
		with := vss.Carving{Files: storeFiles(t, v)}
		tt.damage(&v, &with)
		r := carve(t, write(t, v), with)
		got := problems(r)
		if len(got) != len(tt.problems) {
			t.Errorf("%s: problems %q, want %q", tt.name, got, tt.problems)
		}
		for i := range min(len(got), len(tt.problems)) {
			if !strings.Contains(got[i], tt.problems[i]) {
				t.Errorf("%s: problem %q, want %q", tt.name, got[i], tt.problems[i])
			}
		}
		var blocks []string
		for _, s := range r.Carved() {
			hour := 2 - (int(s.Offset)-0x44000)/(7*block)
			marks := ""
			for i := range 6 {
				b := make([]byte, block)
				_, err := s.ReadAt(b, int64(i)*block)
				shown := s.Shows(int64(i)*block, block)
				switch right := bytes.Equal(b, states[hour][i*block:][:block]); {
				case err != nil && !shown:
					marks += "x"
				case shown && right:
					marks += "s"
				case right:
					marks += "="
				default:
					marks += "!"
				}
			}
			blocks = append(blocks, marks)
		}
		if got := strings.Join(blocks, " "); got != tt.blocks {
			t.Errorf("%s: blocks %q, want %q", tt.name, got, tt.blocks)
		}
	}
}

// A block that only a store of unknown age keeps is an error in the others: they may be
// newer or older.
func TestStoresOfUnknownAge(t *testing.T) {
	states := [][]byte{pattern(1, 16*block)}
	states = append(states, changed(states[0], 2, 2*32))
	states = append(states, changed(states[1], 3, 3*32))
	v := vsstest.Volume{Current: states[2], Catalog: vsstest.Emptied, Snapshots: []vsstest.Snapshot{{State: states[0], Created: day}, {State: states[1], Created: day.Add(time.Hour)}}}
	files := storeFiles(t, v)
	image := write(t, v)
	for _, tt := range []struct {
		name  string
		files []vss.StoreFile
		want  string
	}{
		{"both are known", files, "--- ---"},
		{"none is known", nil, "-x- --x"}, // the newer one is first on the volume
		{"the newer one is known", files[1:], "-x- --x"},
		{"the older one is known", files[:1], "--x -x-"},
	} {
		var got []string
		for _, s := range carve(t, image, vss.Carving{Files: tt.files}).Carved() {
			marks := ""
			for i := int64(1); i < 4; i++ {
				if _, err := s.ReadAt(make([]byte, block), i*block); err != nil {
					marks += "x"
					continue
				}
				marks += "-"
			}
			got = append(got, marks)
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

// A snapshot that was deleted alone needs the newer ones, which the catalog lists; these read
// as before.
func TestOneDeletedSnapshot(t *testing.T) {
	for deleted := range 3 {
		v, states := deletable(t)
		files := storeFiles(t, v)
		v.Snapshots[deleted].Deleted = true
		image := write(t, v)
		r := carve(t, image, vss.Carving{Files: files})
		if p := problems(r); len(p) > 0 {
			t.Errorf("%d deleted: problems %q", deleted, p)
		}
		if len(r.Carved()) != 1 || len(r.Snapshots()) != 2 {
			t.Fatalf("%d deleted: %d listed, %d carved", deleted, len(r.Snapshots()), len(r.Carved()))
		}
		s := r.Carved()[0]
		if got, err := content(s); err != nil || !bytes.Equal(got[:16*block], states[deleted]) {
			t.Errorf("%d deleted: the carved snapshot differs: %v", deleted, err)
		}
		if got, want := s.Shows(0, 16*block), deleted != 2; got != want {
			t.Errorf("%d deleted: shown: %v, want %v", deleted, got, want)
		}
		for i, plain := range open(t, image).Snapshots() {
			want, err1 := content(plain)
			got, err2 := content(r.Snapshots()[i])
			if err1 != nil || err2 != nil || !bytes.Equal(got, want) {
				t.Errorf("%d deleted: listed snapshot %d reads otherwise: %v %v", deleted, i+1, err1, err2)
			}
		}
	}
}

// What changed after the deletion is read as it is now, and is not shown.
func TestChangesAfterTheDeletion(t *testing.T) {
	v, states := deletable(t)
	v.Catalog = vsstest.Emptied
	with := vss.Carving{Files: storeFiles(t, v)}
	image := write(t, v)
	copy(image[9*block:], "written after the deletion")
	s := carve(t, image, with).Carved()[2]
	got, err := content(s)
	if err != nil || !bytes.Equal(got[:9*block], states[2][:9*block]) || !bytes.HasPrefix(got[9*block:], []byte("written")) {
		t.Errorf("the content is not that of the stores and of the volume: %v", err)
	}
	for off, want := range map[int64]bool{2 * block: true, 9 * block: false} {
		if got := s.Shows(off, 4); got != want {
			t.Errorf("block at %#x: shown: %v, want %v", off, got, want)
		}
	}
	var none *vss.Snapshot
	if none.Shows(0, 1) || s.Shows(-1, 1) || s.Shows(s.Size, 1) || !s.Shows(0, 0) {
		t.Error("what is not in the snapshot is shown")
	}
}

func TestNothingToCarve(t *testing.T) {
	for _, n := range []int{0, 100, 0x2000, 4 * block} {
		_, err := vss.Carve(t.Context(), bytes.NewReader(make([]byte, n)), int64(n), vss.Carving{})
		if !errors.Is(err, vss.ErrNone) {
			t.Errorf("%d bytes: %v", n, err)
		}
	}
	v, _ := deletable(t)
	if r := carve(t, write(t, v), vss.Carving{Files: storeFiles(t, v)}); len(r.Carved()) != 0 || len(r.Snapshots()) != 3 {
		t.Errorf("%d carved, %d listed, want none and 3", len(r.Carved()), len(r.Snapshots()))
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := vss.Carve(ctx, bytes.NewReader(make([]byte, 4*block)), 4*block, vss.Carving{}); !errors.Is(err, context.Canceled) {
		t.Errorf("canceled: %v", err)
	}
	var none *vss.Reader
	if none.Carved() != nil {
		t.Error("a nil Reader has carved snapshots")
	}
}

func FuzzCarve(f *testing.F) {
	for _, catalog := range []vsstest.Catalog{vsstest.Whole, vsstest.Emptied, vsstest.Lost} {
		v := vsstest.Volume{Current: pattern(3, 2*block), Catalog: catalog, Snapshots: []vsstest.Snapshot{
			{State: pattern(1, block), Created: day, Deleted: true}, {State: pattern(2, block), Created: day, Sectors: true},
		}}
		f.Add(write(f, v), int64(3*block), int64(8*block))
	}
	f.Fuzz(func(t *testing.T, b []byte, store, reused int64) {
		with := vss.Carving{Files: []vss.StoreFile{{StoreID: vss.GUID{1}, Created: day, Offset: store}},
			Reused: func(off, n int64) bool { return off <= reused && reused < off+n }}
		r, err := vss.Carve(t.Context(), bytes.NewReader(b), int64(len(b)), with)
		if err != nil {
			if !damage.Is(err) {
				t.Error(err)
			}
			return
		}
		for p := range r.Problems() {
			_ = p.String()
		}
		buf := make([]byte, block)
		for _, s := range r.Carved()[:min(len(r.Carved()), 8)] {
			for off := int64(0); off < s.Size; off += block {
				n := min(block, s.Size-off)
				if _, err := s.ReadAt(buf[:n], off); err != nil && (!damage.Is(err) || s.Shows(off, n)) {
					t.Errorf("block at %#x: %v", off, err)
				}
			}
		}
	})
}

func TestStoreNames(t *testing.T) {
	const format = "{3808876b-c176-4e48-b7ae-04046e6cc752}"
	for name, want := range map[string]string{
		"{600f0b69-5bdf-11e3-9d6c-005056c00008}" + format:                  "600F0B69-5BDF-11E3-9D6C-005056C00008",
		"{600F0B69-5BDF-11E3-9D6C-005056C00008}" + strings.ToUpper(format): "600F0B69-5BDF-11E3-9D6C-005056C00008",
		format: "",
		"{600f0b69-5bdf-11e3-9d6c-005056c0000x}" + format: "",
		"tracking.log": "",
		"":             "",
	} {
		got, ok := vss.ParseStoreName(name)
		text := ""
		if ok {
			text = got.String()
		}
		if text != want {
			t.Errorf("%q: got %q, want %q", name, text, want)
		}
	}
}

func ExampleCarve() {
	v := vsstest.Volume{Current: pattern(2, 8*block), Catalog: vsstest.Emptied, Snapshots: []vsstest.Snapshot{{State: pattern(1, 8*block), Created: day, Machine: "WEB01"}}}
	image, err := v.Bytes()
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := vss.Carve(context.Background(), bytes.NewReader(image), int64(len(image)), vss.Carving{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(r.Snapshots()), "listed")
	for _, s := range r.Carved() {
		fmt.Println("carved:", s.Machine, s.Shows(0, 8*block))
	}
	// Output:
	// 0 listed
	// carved: WEB01 true
}
