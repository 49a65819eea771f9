package vss_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/mft/vss"
	"github.com/birthmark-dfir/birthmark/mft/vss/vsstest"
)

// records returns the offsets of the blocks of a kind in an image, in order.
func records(image []byte, kind uint32) (list []int) {
	for at := 0x4000; at+block <= len(image); at += block {
		if bytes.HasPrefix(image[at:], image[0x1e00:0x1e10]) && binary.LittleEndian.Uint32(image[at+0x14:]) == kind {
			list = append(list, at)
		}
	}
	return list
}

// The volume of the damage tests has three snapshots. Blocks 2, 3 and 4 changed after each
// of them; the newest store comes first in the image.
func damageable(t testing.TB) (image []byte, states [][]byte) {
	states = [][]byte{pattern(1, 16*block)}
	for i := range uint64(3) {
		states = append(states, changed(states[i], i+2, 2*32, 3*32+5, 4*32+31))
	}
	v := vsstest.Volume{Current: states[3]}
	for i, s := range states[:3] {
		v.Snapshots = append(v.Snapshots, vsstest.Snapshot{State: s, Created: day.Add(time.Duration(i) * time.Hour), Machine: "HOST"})
	}
	image = write(t, v)
	return image, states
}

func put64(b []byte, at int, v uint64) { binary.LittleEndian.PutUint64(b[at:], v) }

func TestDamageLosesOnlyItself(t *testing.T) {
	const (
		catalog, list, header, ranges, bitmap = 2, 3, 4, 5, 6
		first                                 = 128 // record of a block
	)
	for _, tt := range []struct {
		name     string
		damage   func(b []byte, at func(kind uint32, i int) int)
		problems []string // what each begins with
		lost     string   // the blocks that give an error in snapshots 1, 2 and 3, of blocks 0 to 5
	}{
		{"nothing", func([]byte, func(uint32, int) int) {}, nil, "------ ------ ------"},
		{"kind in the header", func(b []byte, _ func(uint32, int) int) { b[0x1e14] = 7 },
			[]string{"malformed: vss: kind of record at 0x1e14: got 0x7, want 0x1"}, "------ ------ ------"},
		{"list of the newest store", func(b []byte, at func(uint32, int) int) { b[at(list, 0)] ^= 1 },
			[]string{"malformed: vss: shadow copy 3: block of the list of blocks at 0x48000: got 6a"}, "xx---x xx---x xxxxxx"},
		{"list of the oldest store", func(b []byte, at func(uint32, int) int) { b[at(list, 2)+0x14] = 9 },
			[]string{"malformed: vss: shadow copy 1: kind of a block of the list of blocks at"}, "xxxxxx ------ ------"},
		{"a list that leads back", func(b []byte, at func(uint32, int) int) { put64(b, at(list, 1)+0x28, uint64(at(list, 1))) },
			[]string{"malformed: vss: shadow copy 2: block of the list of blocks at"}, "xx---x xx---x ------"},
		{"a list in the list of another store", func(b []byte, at func(uint32, int) int) { put64(b, at(list, 0)+0x28, uint64(at(list, 1))) },
			[]string{"malformed: vss: shadow copy 2: block of the list of blocks at", "conflict: vss: shadow copy 3: offset of the content of a changed block at", "conflict: vss: shadow copy 3: offset of the content of a changed block at", "conflict: vss: shadow copy 3: offset of the content of a changed block at"}, "xx---x xxxxxx ------"},
		{"a list that goes on behind the volume", func(b []byte, at func(uint32, int) int) { put64(b, at(list, 1)+0x28, 1<<63) },
			[]string{"malformed: vss: shadow copy 2: offset of a block of the list of blocks: got 0x8000000000000000"}, "xx---x xx---x ------"},
		{"a block of a descriptor that is not a block", func(b []byte, at func(uint32, int) int) { b[at(list, 1)+first]++ },
			[]string{"malformed: vss: shadow copy 2: offset of a changed block at"}, "xx---x xxx--x ------"},
		{"a block of a descriptor behind the volume", func(b []byte, at func(uint32, int) int) { b[at(list, 1)+first+6] = 1 },
			[]string{"malformed: vss: shadow copy 2: offset of a changed block at"}, "------ ------ ------"},
		{"a content behind the volume", func(b []byte, at func(uint32, int) int) { b[at(list, 1)+first+0x16] = 1 },
			[]string{"malformed: vss: shadow copy 2: offset of the content of a changed block at"}, "------ --x--- ------"},
		{"flags that exclude each other", func(b []byte, at func(uint32, int) int) { b[at(list, 1)+first+0x18] = 3 },
			[]string{"malformed: vss: shadow copy 2: flags of a changed block at"}, "------ --x--- ------"},
		{"a forwarder with an offset", func(b []byte, at func(uint32, int) int) { b[at(list, 1)+first+0x18] = 1 },
			[]string{"malformed: vss: shadow copy 2: offset of a forwarder at"}, "------ --x--- ------"},
		{"a forwarder to no block", func(b []byte, at func(uint32, int) int) {
			b[at(list, 1)+first+0x18], b[at(list, 1)+first+8] = 1, 5
			put64(b, at(list, 1)+first+0x10, 0)
		}, []string{"malformed: vss: shadow copy 2: block that a forwarder names at"}, "------ --x--- ------"},
		{"another place than the ranges say", func(b []byte, at func(uint32, int) int) { b[at(list, 1)+first+0x11] += 2 },
			[]string{"conflict: vss: shadow copy 2: offset of the content of a changed block at"}, "------ ------ ------"},
		{"list of ranges", func(b []byte, at func(uint32, int) int) { b[at(ranges, 0)+0x20]++ },
			[]string{"malformed: vss: shadow copy 3: offset in a block of the list of ranges at"}, "------ ------ ------"},
		{"bitmap of the newest", func(b []byte, at func(uint32, int) int) { b[at(bitmap, 0)+3] = 0 },
			[]string{"malformed: vss: shadow copy 3: block of the bitmap at"}, "------ ------ ------"},
		{"bitmap of an older one, which is not needed", func(b []byte, at func(uint32, int) int) { b[at(bitmap, 1)+3] = 0 }, nil, "------ ------ ------"},
		{"header of a store", func(b []byte, at func(uint32, int) int) { b[at(header, 1)+5] = 0 },
			[]string{"malformed: vss: shadow copy 2: block of the store at"}, "------ ------ ------"},
		{"length of the name of a machine", func(b []byte, at func(uint32, int) int) { b[at(header, 1)+first+0x41] = 0xff },
			[]string{"malformed: vss: shadow copy 2: length of the name of a machine at"}, "------ ------ ------"},
		{"length of the name of the second machine", func(b []byte, at func(uint32, int) int) {
			b[at(header, 1)+first+0x40], b[at(header, 1)+first+0x41] = 0x3e, 0x3f
		},
			[]string{"malformed: vss: shadow copy 2: name of a machine at"}, "------ ------ ------"},
		{"catalog entry of another kind", func(b []byte, at func(uint32, int) int) { b[at(catalog, 0)+first+6*128] = 9 },
			[]string{"malformed: vss: kind of the catalog entry at 0x40380: got 9"}, "-x---x -x---x -x---x"},
		{"a snapshot without its store", func(b []byte, at func(uint32, int) int) { b[at(catalog, 0)+first+3*128] = 1 },
			[]string{"unsupported: vss: shadow copy 2: store at"}, "xx---x xxxxxx ------"},
		{"a store without its snapshot", func(b []byte, at func(uint32, int) int) { b[at(catalog, 0)+first+2*128] = 1 },
			[]string{"malformed: vss: catalog entry of a store at"}, "-x---x -x---x"},
		{"two snapshots of one store", func(b []byte, at func(uint32, int) int) {
			copy(b[at(catalog, 0)+first+6*128:], b[at(catalog, 0)+first:][:128])
		}, []string{"malformed: vss: catalog entry of a snapshot at"}, "-x---x -x---x -x---x"},
		{"two stores of one snapshot", func(b []byte, at func(uint32, int) int) {
			copy(b[at(catalog, 0)+first+6*128:], b[at(catalog, 0)+first+128:][:128])
		}, []string{"malformed: vss: catalog entry of a store at"}, "-x---x -x---x -x---x"},
		{"a catalog that leads back", func(b []byte, at func(uint32, int) int) { put64(b, at(catalog, 0)+0x28, uint64(at(catalog, 0))) },
			[]string{"malformed: vss: block of the catalog at 0x40000: got a block that was read already"}, "-x---x -x---x -x---x"},
		{"a snapshot larger than the volume", func(b []byte, at func(uint32, int) int) { b[at(catalog, 0)+first+8+6] = 1 },
			[]string{"malformed: vss: size of the volume in a snapshot at"}, "------ ------ ------"},
		{"a time that another number contradicts", func(b []byte, at func(uint32, int) int) { b[at(catalog, 0)+first+0x20] = 1 },
			[]string{"conflict: vss: number of a snapshot at"}, "------ ------ ------"},
		{"a size that is not in sectors", func(b []byte, at func(uint32, int) int) { b[at(catalog, 0)+first+8]++ },
			[]string{"malformed: vss: size of the volume in a snapshot at"}, "------ ------ ------"},
		{"no catalog", func(b []byte, at func(uint32, int) int) { b[at(catalog, 0)] = 0 },
			[]string{"malformed: vss: block of the catalog at 0x40000"}, ""},
	} {
		image, states := damageable(t)
		image = append(image, make([]byte, block)...) // a snapshot larger than the volume reads zeros
		tt.damage(image, func(kind uint32, i int) int { return records(image, kind)[i] })
		r := open(t, image)
		got := problems(r)
		if len(got) != len(tt.problems) {
			t.Errorf("%s: problems %q", tt.name, got)
		}
		for i, p := range got[:min(len(got), len(tt.problems))] {
			if !strings.HasPrefix(p, tt.problems[i]) {
				t.Errorf("%s: problem %q, want %q", tt.name, p, tt.problems[i])
			}
		}
		var lost []string
		for _, s := range r.Snapshots() {
			hour := int(s.Created.Sub(day) / time.Hour)
			marks := ""
			for i := range 6 {
				b := make([]byte, block)
				_, err := s.ReadAt(b, int64(i)*block)
				switch want := states[hour][i*block:][:block]; {
				case err != nil && !damage.Is(err):
					t.Errorf("%s: %v", tt.name, err)
				case err != nil:
					marks += "x"
				case !bytes.Equal(b, want) && len(tt.problems) == 0:
					t.Errorf("%s: block %d of snapshot %d is wrong", tt.name, i, s.Number)
				default:
					marks += "-"
				}
			}
			lost = append(lost, marks)
		}
		if got := strings.Join(lost, " "); got != tt.lost {
			t.Errorf("%s: lost %q, want %q", tt.name, got, tt.lost)
		}
	}
}

func TestErrorNamesThePlace(t *testing.T) {
	image, _ := damageable(t)
	at := records(image, 3)[0]
	image[at]++
	r, err := vss.NewReader(bytes.NewReader(image), int64(len(image)), vss.WithName("partition 2"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = r.Snapshots()[0].ReadAt(make([]byte, 1), 0)
	var e *vss.FormatError
	if !errors.As(err, &e) || e.Artifact != "partition 2" || e.Path != "shadow copy 3" || e.Offset != int64(at) {
		t.Errorf("got %v", err)
	}
}

// An image that was cut loses what was behind its end.
func TestImageThatWasCut(t *testing.T) {
	image, states := damageable(t)
	lists := records(image, 3)
	for _, n := range []int{len(image) - 1, lists[2], lists[1], records(image, 2)[0] + 100} {
		r := open(t, image[:n])
		if len(problems(r)) == 0 {
			lost := false // only the content of a block
			for _, s := range r.Snapshots() {
				_, err := content(s)
				lost = lost || err != nil
			}
			if !lost {
				t.Errorf("%d bytes: nothing is reported", n)
			}
		}
		for _, s := range r.Snapshots() {
			b, err := content(s)
			if want := states[int(s.Created.Sub(day)/time.Hour)][:len(b)]; !bytes.Equal(b, want) {
				t.Errorf("%d bytes: snapshot %d is wrong before %v", n, s.Number, err)
			}
		}
	}
}

type failing struct {
	io.ReaderAt
	from int64
}

var errDisk = errors.New("the disk is gone")

func (f failing) ReadAt(b []byte, off int64) (int, error) {
	if off+int64(len(b)) > f.from {
		return 0, errDisk
	}
	return f.ReaderAt.ReadAt(b, off)
}

// A failure of the disk is not damage: nothing is known of the evidence.
func TestFailureOfTheDisk(t *testing.T) {
	image, _ := damageable(t)
	var all []int64
	for _, kind := range []uint32{2, 3, 4, 5, 6} {
		for _, at := range records(image, kind) {
			all = append(all, int64(at))
		}
	}
	slices.Sort(all)
	for _, from := range append(all, 100) {
		r, err := vss.NewReader(failing{bytes.NewReader(image), from}, int64(len(image)))
		if err == nil && len(r.Snapshots()) != 0 {
			_, err = r.Snapshots()[0].ReadAt(make([]byte, 10*block), 0)
		}
		if !errors.Is(err, errDisk) {
			t.Errorf("from %#x: %v", from, err)
		}
	}
}

func TestMoreSnapshotsThanWindowsMakes(t *testing.T) {
	state := pattern(1, block)
	v := vsstest.Volume{Current: state}
	for i := range 600 {
		v.Snapshots = append(v.Snapshots, vsstest.Snapshot{State: state, Created: day.Add(time.Duration(i) * time.Second)})
	}
	r := open(t, write(t, v))
	if got := len(r.Snapshots()); got != 512 {
		t.Errorf("%d snapshots", got)
	}
	if got := problems(r); len(got) != 1 || !strings.HasPrefix(got[0], "limit: vss: snapshots in the catalog at") {
		t.Errorf("problems %q", got)
	}
}

func TestProblemsOfAStoreAreBounded(t *testing.T) {
	state := pattern(1, 2*block)
	var list []vsstest.Descriptor
	for range 6000 {
		list = append(list, vsstest.Descriptor{Original: 1 << 40, Offset: 4})
	}
	r := open(t, write(t, vsstest.Volume{Current: state, Snapshots: []vsstest.Snapshot{{State: state, Created: day, Extra: list}}}))
	if got := problems(r); len(got) != 4097 || got[4096] != "limit: vss: shadow copy 1: problems of a store: got more, want ≤ 4096" {
		t.Errorf("%d problems, the last %q", len(got), got[len(got)-1])
	}
}

func FuzzReader(f *testing.F) {
	for _, name := range []string{"whole blocks, sectors", "one block", "no snapshots"} {
		v := specimens()[name]
		f.Add(write(f, v))
	}
	f.Fuzz(func(t *testing.T, b []byte) { exercise(t, b) })
}

// FuzzDescriptor puts descriptors into the two stores of a small volume.
func FuzzDescriptor(f *testing.F) {
	f.Add(uint64(0x8000), uint64(0xc000), uint64(0), uint32(1), uint32(0), uint64(0xc000), uint64(0x8000), uint64(0), uint32(1), uint32(0))
	f.Add(uint64(0x8000), uint64(0), uint64(0x4000), uint32(2), uint32(0xff), uint64(0x8000), uint64(1), uint64(0), uint32(0x88), uint32(0))
	state := pattern(1, 8*block)
	f.Fuzz(func(t *testing.T, o1, r1, a1 uint64, f1, s1 uint32, o2, r2, a2 uint64, f2, s2 uint32) {
		list := []vsstest.Descriptor{{Original: o1, Relative: r1, Offset: a1, Flags: f1, Sectors: s1}, {Original: o2, Relative: r2, Offset: a2, Flags: f2, Sectors: s2}}
		image := write(t, vsstest.Volume{Current: state, Snapshots: []vsstest.Snapshot{
			{State: state, Created: day, Extra: list}, {State: state, Created: day.Add(time.Hour), Extra: list[1:]},
		}})
		exercise(t, image)
	})
}

// exercise reads everything of a volume, whatever it is.
func exercise(t *testing.T, b []byte) {
	r, err := vss.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		if !damage.Is(err) {
			t.Error(err)
		}
		return
	}
	n := 0
	for p := range r.Problems() {
		_ = p.String()
		n++
	}
	for i, s := range r.Snapshots() {
		if i == 8 {
			break
		}
		if s.Number != i+1 || s.Size > int64(len(b)) || i > 0 && s.Created.Before(r.Snapshots()[i-1].Created) {
			t.Errorf("snapshot %+v", s)
		}
		buf := make([]byte, 3*block-100)
		for off := int64(0); off < s.Size; off += int64(len(buf)) {
			got, err := s.ReadAt(buf, off)
			if err != nil && err != io.EOF && !damage.Is(err) || got < len(buf) && err == nil {
				t.Errorf("%d bytes at %d: %v", got, off, err)
			}
		}
		_ = fmt.Sprint(s.Attributes, s.Err())
	}
}
