package vss_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"github.com/birthmark-dfir/birthmark/mft/vss"
	"github.com/birthmark-dfir/birthmark/mft/vss/vsstest"
)

const block = vsstest.BlockSize

var day = time.Date(2026, 3, 2, 10, 11, 12, 345678900, time.UTC)

// pattern returns n bytes that differ from those of every other seed in every sector.
func pattern(seed uint64, n int) []byte {
	r := rand.New(rand.NewPCG(seed, 1))
	b := make([]byte, n)
	for i := 0; i+8 <= n; i += 8 {
		binary.LittleEndian.PutUint64(b[i:], r.Uint64())
	}
	return b
}

// changed returns b with new content in some sectors.
func changed(b []byte, seed uint64, sectors ...int) []byte {
	b = bytes.Clone(b)
	for _, s := range sectors {
		copy(b[min(len(b), s*512):min(len(b), s*512+512)], pattern(seed+uint64(s)<<8, 512))
	}
	return b
}

// bootSector puts a boot sector, without which libvshadow refuses a volume, at its beginning
// and its end.
func bootSector(b []byte, size int) {
	boot := b[:512]
	copy(boot, "\xeb\x52\x90NTFS    \x00\x02\x08")
	binary.LittleEndian.PutUint64(boot[0x28:], uint64(size/512-1))
	copy(boot[0x30:], []byte{4, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0xf6, 0, 0, 0, 1, 0, 0, 0})
	copy(boot[510:], "\x55\xaa")
	if len(b) == size {
		copy(b[size-512:], boot)
	}
}

func write(t testing.TB, v vsstest.Volume) []byte {
	t.Helper()
	bootSector(v.Current, len(v.Current))
	for _, s := range v.Snapshots {
		bootSector(s.State, len(v.Current))
	}
	b, err := v.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func tryOpen(b []byte) (*vss.Reader, error) {
	return vss.NewReader(bytes.NewReader(b), int64(len(b)))
}

func open(t testing.TB, b []byte) *vss.Reader {
	t.Helper()
	r, err := tryOpen(b)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func content(s *vss.Snapshot) ([]byte, error) {
	return io.ReadAll(io.NewSectionReader(s, 0, s.Size))
}

func problems(r *vss.Reader) (list []string) {
	for p := range r.Problems() {
		list = append(list, p.String())
	}
	return list
}

// history returns the states of a volume, the oldest first. In each state some sectors and
// whole blocks have changed.
func history(states, size int) [][]byte {
	r := rand.New(rand.NewPCG(7, uint64(size)))
	all := [][]byte{pattern(1, size)}
	for i := 1; i < states; i++ {
		var sectors []int
		for range 30 {
			sectors = append(sectors, r.IntN(size/512+1))
		}
		first := r.IntN(size/block+1) * 32
		for s := range 64 {
			sectors = append(sectors, first+s)
		}
		all = append(all, changed(all[i-1], uint64(i), sectors...))
	}
	return all
}

// specimens are volumes and what their snapshots hold.
func specimens() map[string]vsstest.Volume {
	all := map[string]vsstest.Volume{}
	for name, size := range map[string]int{"whole blocks": 64 * block, "half a block at the end": 40*block + 512*7, "one block": block} {
		states := history(5, size)
		v := vsstest.Volume{Current: states[4]}
		for i, state := range states[:4] {
			v.Snapshots = append(v.Snapshots, vsstest.Snapshot{State: state, Created: day.Add(time.Duration(i) * time.Hour), Machine: "HOST-é-\U0001F600"})
		}
		all[name] = v
		w := v
		w.Snapshots = slices.Clone(v.Snapshots)
		for i := range w.Snapshots {
			w.Snapshots[i].Sectors = i != 1
		}
		all[name+", sectors"] = w
	}
	long := pattern(3, 1200*block)
	all["lists of several blocks"] = vsstest.Volume{Current: pattern(4, 1200*block), Snapshots: []vsstest.Snapshot{{State: long[:1000*block], Created: day}, {State: long, Created: day.Add(time.Second)}}}
	all["many snapshots"] = vsstest.Volume{Current: pattern(3, 4*block)}
	many := all["many snapshots"]
	for i := range 130 { // whose entries fill more than a block of the catalog
		many.Snapshots = append(many.Snapshots, vsstest.Snapshot{State: changed(many.Current, 9, i%128), Created: day.Add(time.Duration(i) * time.Minute)})
	}
	all["many snapshots"] = many
	all["no snapshots"] = vsstest.Volume{Current: pattern(3, 4*block)}
	return all
}

func TestRoundTrip(t *testing.T) {
	for name, v := range specimens() {
		r := open(t, write(t, v))
		if got := len(r.Snapshots()); got != len(v.Snapshots) {
			t.Errorf("%s: %d snapshots, want %d", name, got, len(v.Snapshots))
			continue
		}
		for i, s := range r.Snapshots() {
			want := v.Snapshots[i]
			if s.Number != i+1 || !s.Created.Equal(want.Created) || s.Size != int64(len(want.State)) || s.Machine != want.Machine || s.Service != want.Machine || s.Attributes != 0x420009 {
				t.Errorf("%s: snapshot %+v", name, s)
			}
			if s.ID.IsZero() || s.SetID.IsZero() || s.StoreID.IsZero() || s.File == 0 || s.Err() != nil {
				t.Errorf("%s: snapshot %+v", name, s)
			}
			got, err := content(s)
			if err != nil || !bytes.Equal(got, want.State) {
				t.Errorf("%s: snapshot %d differs: %v", name, i+1, err)
			}
		}
		if got := problems(r); got != nil {
			t.Errorf("%s: problems %q", name, got)
		}
	}
}

// The stores of a real volume are in files of it.
func TestRoomInTheVolume(t *testing.T) {
	states := history(3, 100*block)
	v := vsstest.Volume{Current: states[2], Room: 20 * block, RoomSize: 64 * block, Snapshots: []vsstest.Snapshot{{State: states[0], Created: day}, {State: states[1], Created: day.Add(time.Second)}}}
	r := open(t, write(t, v))
	for i, s := range r.Snapshots() {
		got, err := content(s)
		if err != nil || !bytes.Equal(got[:v.Room], states[i][:v.Room]) || !bytes.Equal(got[84*block:], states[i][84*block:]) {
			t.Errorf("snapshot %d differs: %v", i+1, err)
		}
	}
	v.RoomSize = 4 * block
	if _, err := v.Bytes(); err == nil {
		t.Error("too little room is enough")
	}
}

func TestReadAtIsThatOfAReader(t *testing.T) {
	v := specimens()["half a block at the end, sectors"]
	for i, s := range open(t, write(t, v)).Snapshots() {
		if iotest.TestReader(io.NewSectionReader(s, 0, s.Size), v.Snapshots[i].State) != nil {
			t.Error("not a reader of the state") // the error has all of it
		}
		if _, err := s.ReadAt(make([]byte, 1), -1); err == nil {
			t.Error("a negative offset is accepted")
		}
		if n, err := s.ReadAt(make([]byte, 2), s.Size-1); n != 1 || err != io.EOF {
			t.Errorf("at the end: %d, %v", n, err)
		}
	}
}

func TestSnapshotsAreReadConcurrently(t *testing.T) {
	v := specimens()["whole blocks, sectors"]
	r := open(t, write(t, v))
	var wg sync.WaitGroup
	for i, s := range slices.Concat(r.Snapshots(), r.Snapshots()) {
		wg.Add(1)
		go func() {
			defer wg.Done()
			if got, err := content(s); err != nil || !bytes.Equal(got, v.Snapshots[i%4].State) {
				t.Errorf("snapshot %d differs: %v", s.Number, err)
			}
		}()
	}
	wg.Wait()
}

// The specification says what successive descriptors of a block mean. Each volume has two
// snapshots of the same state; the descriptors are those of one of them.
func TestDescriptors(t *testing.T) {
	state := pattern(1, 8*block)
	a, b := pattern(11, block), pattern(12, block)
	block2, block3, block4 := state[2*block:3*block], state[3*block:4*block], state[4*block:5*block]
	mixed := func(base, over []byte, sectors uint32) []byte {
		out := bytes.Clone(base)
		for i := range 32 {
			if sectors>>i&1 != 0 {
				copy(out[i*512:], over[i*512:i*512+512])
			}
		}
		return out
	}
	const at2, at3, at4 = 2 * block, 3 * block, 4 * block
	for _, tt := range []struct {
		name     string
		newer    bool // the descriptors are those of the newer snapshot
		list     []vsstest.Descriptor
		old, new []byte // block 2 of the snapshots
	}{
		{"a block of the newer one is in the older one", true, []vsstest.Descriptor{{Original: at2, Data: a}}, a, a},
		{"a block of the older one is not in the newer one", false, []vsstest.Descriptor{{Original: at2, Data: a}}, a, block2},
		{"the later descriptor of two", true, []vsstest.Descriptor{{Original: at2, Data: a}, {Original: at2, Data: b}}, b, b},
		{"not used", true, []vsstest.Descriptor{{Original: at2, Data: a}, {Original: at2, Data: b, Flags: vsstest.NotUsed}}, a, a},
		{"an overlay is of its own snapshot only", true, []vsstest.Descriptor{{Original: at2, Data: a, Flags: vsstest.Overlay, Sectors: 0xff00ff}}, block2, mixed(block2, a, 0xff00ff)},
		{"an overlay in the older one", false, []vsstest.Descriptor{{Original: at2, Data: a, Flags: vsstest.Overlay, Sectors: 0x80000001}}, mixed(block2, a, 0x80000001), block2},
		{"an overlay in two descriptors", true, []vsstest.Descriptor{
			{Original: at2, Data: a, Flags: vsstest.Overlay, Sectors: 0xf}, {Original: at2, Data: b, Relative: 1, Flags: vsstest.Overlay, Sectors: 0xf0},
		}, block2, mixed(block2, a, 0xff)},
		{"an overlay, then the block", true, []vsstest.Descriptor{{Original: at2, Data: a, Flags: vsstest.Overlay, Sectors: 0xf}, {Original: at2, Data: b}}, b, mixed(b, a, 0xf)},
		{"the block, then an overlay", true, []vsstest.Descriptor{{Original: at2, Data: b}, {Original: at2, Data: a, Flags: vsstest.Overlay, Sectors: 0xf}}, b, mixed(b, a, 0xf)},
		{"a forwarder of the newest is the block that it names", true, []vsstest.Descriptor{{Original: at2, Relative: at3, Flags: vsstest.Forwarder}}, block3, block3},
		{"a forwarder asks the newer one", false, []vsstest.Descriptor{{Original: at2, Relative: at3, Flags: vsstest.Forwarder}}, block3, block2},
		{"a forwarder to itself", true, []vsstest.Descriptor{{Original: at2, Relative: at2, Flags: vsstest.Forwarder}}, block2, block2},
		{"a forwarder, then the block that it names", true, []vsstest.Descriptor{{Original: at2, Relative: at3, Flags: vsstest.Forwarder}, {Original: at3, Data: a}}, a, a},
		{"a forwarder, then another from there", true, []vsstest.Descriptor{
			{Original: at2, Relative: at3, Flags: vsstest.Forwarder}, {Original: at3, Relative: at4, Flags: vsstest.Forwarder},
		}, block4, block4},
		{"a forwarder, then another back", true, []vsstest.Descriptor{
			{Original: at3, Relative: at2, Flags: vsstest.Forwarder}, {Original: at2, Relative: at3, Flags: vsstest.Forwarder},
		}, block2, block2},
		{"an overlay, then a forwarder", true, []vsstest.Descriptor{
			{Original: at2, Data: a, Flags: vsstest.Overlay, Sectors: 1}, {Original: at2, Relative: at3, Flags: vsstest.Forwarder},
		}, block3, mixed(block3, a, 1)},
	} {
		v := vsstest.Volume{Current: state, Snapshots: []vsstest.Snapshot{{State: state, Created: day}, {State: state, Created: day.Add(time.Second)}}}
		if tt.newer {
			v.Snapshots[1].Extra = tt.list
		} else {
			v.Snapshots[0].Extra = tt.list
		}
		image := write(t, v)
		for i, s := range open(t, image).Snapshots() {
			got := make([]byte, block)
			if _, err := s.ReadAt(got, at2); err != nil || !bytes.Equal(got, [][]byte{tt.old, tt.new}[i]) {
				t.Errorf("%s: snapshot %d differs: %v", tt.name, i+1, err)
			}
		}
		compareWithPeers(t, tt.name, image)
	}
}

// What was not in use is undefined: the newest snapshot reads zeros, older ones what is
// there now.
func TestBlocksThatWereNotInUse(t *testing.T) {
	state := pattern(1, 8*block)
	zeros := make([]byte, block)
	for _, tt := range []struct {
		name   string
		unused []int64
		before []int64
		extra  []vsstest.Descriptor
		want   []byte // block 2 of the newest
	}{
		{"unused", []int64{2}, nil, nil, zeros},
		{"another is unused", []int64{3}, nil, nil, state[2*block : 3*block]},
		{"the snapshot before used it", []int64{2}, []int64{3}, nil, state[2*block : 3*block]},
		{"the snapshot before did not use it either", []int64{2, 3}, []int64{2}, nil, zeros},
		{"kept all the same", []int64{2}, nil, []vsstest.Descriptor{{Original: 2 * block, Data: state[:block]}}, state[:block]},
		{"what a forwarder names", []int64{2}, nil, []vsstest.Descriptor{{Original: 3 * block, Relative: 2 * block, Flags: vsstest.Forwarder}}, state[2*block : 3*block]},
	} {
		v := vsstest.Volume{Current: state, Snapshots: []vsstest.Snapshot{{State: state, Created: day}, {State: state, Created: day.Add(time.Second), Unused: tt.unused, Before: tt.before, Extra: tt.extra}}}
		image := write(t, v)
		s := open(t, image).Snapshots()
		got := make([]byte, 6*block)
		if _, err := s[1].ReadAt(got, 0); err != nil || !bytes.Equal(got[2*block:3*block], tt.want) {
			t.Errorf("%s: the newest snapshot differs: %v", tt.name, err)
		}
		if _, err := s[0].ReadAt(got, 0); tt.extra == nil && (err != nil || !bytes.Equal(got, state[:6*block])) {
			t.Errorf("%s: the older snapshot differs: %v", tt.name, err)
		}
		compareWithPeers(t, tt.name, image)
	}
}

func TestNoShadowCopies(t *testing.T) {
	for _, b := range [][]byte{nil, make([]byte, 100), make([]byte, 0x2000)} {
		_, err := vss.NewReader(bytes.NewReader(b), int64(len(b)))
		if !errors.Is(err, vss.ErrNone) || !strings.HasPrefix(err.Error(), "vss: header of the shadow copies at 0x1e00") {
			t.Errorf("%d bytes: %v", len(b), err)
		}
	}
	var none *vss.Reader
	if none.Snapshots() != nil || none.Close() != nil || none.Name() != "" || none.Limit() != 0 || !none.Volume().IsZero() || !none.Storage().IsZero() || problems(none) != nil {
		t.Error("a nil Reader has something")
	}
}

func TestAttributes(t *testing.T) {
	for a, want := range map[vss.Attributes]string{
		0:             "",
		0x420009:      "persistent, no auto release, differential, auto recovered",
		0x80000001:    "persistent, 0x80000000",
		vss.NoWriters: "no writers",
	} {
		if got := a.String(); got != want {
			t.Errorf("%#x: got %q, want %q", uint32(a), got, want)
		}
	}
}
