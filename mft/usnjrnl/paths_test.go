package usnjrnl_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
	"github.com/birthmark-dfir/birthmark/mft/usnjrnl"
	"github.com/birthmark-dfir/birthmark/mft/usnjrnl/usnjrnltest"
)

// sim is a volume whose operations are known.
type sim struct {
	rng     *rand.Rand
	journal usnjrnltest.Journal
	seqs    []uint16 // by entry
	free    []uint64
	nodes   []*simNode // that exist
	truth   []string   // by record
	now     time.Time
	plain   bool // all records are of version 2
}

type simNode struct {
	entry    uint64
	parent   *simNode
	name     string
	dir      bool
	children int
	at       int // in nodes
	usn      int64
	names    map[string]bool // in a folder
}

func (s *sim) id(n *simNode) usnjrnl.FileID {
	if n.entry == 5 {
		return root
	}
	return id(n.entry, s.seqs[n.entry])
}

func (n *simNode) path() string {
	if n.parent.entry == 5 {
		return n.name
	}
	return n.parent.path() + "/" + n.name
}

// below reports whether n is in a folder, or is it.
func (n *simNode) below(dir *simNode) bool {
	for ; n != nil; n = n.parent {
		if n == dir {
			return true
		}
	}
	return false
}

func newSim(seed uint64) *sim {
	s := &sim{rng: rand.New(rand.NewPCG(seed, 1)), seqs: make([]uint16, 64), now: day}
	s.nodes = []*simNode{{entry: 5, dir: true, names: map[string]bool{}}}
	return s
}

// record adds a record about a node, as it is now.
func (s *sim) record(n *simNode, reason usnjrnl.Reason) {
	s.now = s.now.Add(time.Duration(s.rng.IntN(1000)) * time.Millisecond)
	rec := usnjrnl.Record{Major: 2, File: s.id(n), Parent: s.id(n.parent), Time: s.now, Reason: reason, Name: n.name, Attributes: mft.FileArchive}
	if n.dir {
		rec.Attributes = mft.FileDirectory
	}
	if !s.plain && s.rng.IntN(2) == 0 {
		rec.Major = 3
	}
	n.usn = s.journal.Add(rec).USN
	s.truth = append(s.truth, n.path())
}

// put gives a node a name in a folder that no other there has. Names come back.
func (s *sim) put(n, dir *simNode) {
	for {
		n.name = []string{"tool", "data", "logs", "tmp", "Ünï"}[s.rng.IntN(5)] + fmt.Sprint(s.rng.IntN(100))
		if !dir.names[n.name] && len(dir.names) < 200 {
			break
		}
		if len(dir.names) >= 200 {
			n.name = fmt.Sprint("more ", len(dir.names), s.rng.IntN(1e9))
			break
		}
	}
	n.parent = dir
	dir.children++
	dir.names[n.name] = true
}

// take removes a node from its folder.
func (n *simNode) take() {
	n.parent.children--
	delete(n.parent.names, n.name)
}

func (n *simNode) depth() (d int) {
	for ; n.entry != 5; n = n.parent {
		d++
	}
	return d
}

func (s *sim) folder() *simNode {
	for {
		if n := s.nodes[s.rng.IntN(len(s.nodes))]; n.dir && n.depth() < 12 {
			return n
		}
	}
}

func (s *sim) create(dir bool, recorded bool) {
	n := &simNode{dir: dir, at: len(s.nodes), names: map[string]bool{}}
	s.put(n, s.folder())
	if k := len(s.free); k > 0 {
		i := s.rng.IntN(k)
		n.entry, s.free[i] = s.free[i], s.free[k-1]
		s.free = s.free[:k-1]
	} else {
		n.entry, s.seqs = uint64(len(s.seqs)), append(s.seqs, 1)
	}
	s.nodes = append(s.nodes, n)
	if recorded {
		s.record(n, usnjrnl.FileCreate)
		s.record(n, usnjrnl.FileCreate|usnjrnl.Close)
	}
}

// step does one operation.
func (s *sim) step() {
	n := s.nodes[s.rng.IntN(len(s.nodes))]
	switch what := s.rng.IntN(100); {
	case what < 30 || n.entry == 5:
		s.create(s.rng.IntN(3) == 0, true)
	case what < 55 && n.children == 0: // its entry is used again
		s.record(n, usnjrnl.FileDelete|usnjrnl.Close)
		n.take()
		last := s.nodes[len(s.nodes)-1]
		s.nodes[n.at], last.at = last, n.at
		s.nodes = s.nodes[:len(s.nodes)-1]
		s.seqs[n.entry]++
		s.free = append(s.free, n.entry)
	case what < 80: // renamed or moved, folders with all that is in them
		s.record(n, usnjrnl.RenameOldName)
		to := n.parent
		if other := s.folder(); s.rng.IntN(2) == 0 && !other.below(n) {
			to = other
		}
		n.take()
		s.put(n, to)
		s.record(n, usnjrnl.RenameNewName)
		s.record(n, usnjrnl.RenameNewName|usnjrnl.Close)
	default:
		s.record(n, usnjrnl.DataExtend)
		if n.dir || s.plain || s.rng.IntN(8) > 0 {
			s.record(n, usnjrnl.DataExtend|usnjrnl.Close)
			return
		}
		rec := s.journal.Add(usnjrnl.Record{Major: 4, File: s.id(n), Parent: s.id(n.parent), Reason: usnjrnl.DataExtend | usnjrnl.Close, Extents: []usnjrnl.Extent{{0, 4096}}})
		n.usn = rec.USN
		s.truth = append(s.truth, n.path())
	}
}

// table returns the $MFT at the end.
func (s *sim) table(t testing.TB) *mft.Reader {
	t.Helper()
	b := s.tableBytes(t)
	r, err := mft.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (s *sim) tableBytes(t testing.TB) []byte {
	t.Helper()
	v := mfttest.Volume{}
	usn := map[uint64]int64{}
	nodes := slices.Clone(s.nodes[1:])
	slices.SortFunc(nodes, func(a, b *simNode) int { return a.depth() - b.depth() })
	for _, n := range nodes {
		usn[n.entry] = n.usn
		v.Files = append(v.Files, mfttest.File{Path: n.path(), Dir: n.dir, Entry: n.entry, Seq: s.seqs[n.entry]})
	}
	image, err := v.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	vol, err := mft.NewVolume(bytes.NewReader(image), int64(len(image)))
	if err != nil {
		t.Fatal(err)
	}
	b, err := fs.ReadFile(vol, "$MFT")
	if err != nil {
		t.Fatal(err)
	}
	for rec, err := range vol.MFT().Scan() {
		if err != nil {
			t.Fatal(err)
		}
		if at := rec.StandardInformation.Offset; rec.StandardInformation.Present {
			binary.LittleEndian.PutUint64(b[at+0x18+0x40:], uint64(usn[rec.Entry]))
		}
	}
	return b
}

// simulate runs operations on a volume that has some folders when its journal begins.
func simulate(seed uint64, operations int) *sim {
	s := newSim(seed)
	s.run(operations)
	return s
}

func (s *sim) run(operations int) {
	for i := range 300 {
		s.create(i%2 == 0, false)
	}
	for range operations {
		s.step()
	}
}

// judge compares the path of every record with the truth.
func judge(t testing.TB, journal []byte, table *mft.Reader, truth map[int64]string) (right, unknown, wrong int) {
	t.Helper()
	r := open(t, journal)
	paths, err := usnjrnl.NewPaths(r, table)
	if err != nil {
		t.Fatal(err)
	}
	for rec, err := range r.Records() {
		if err != nil {
			continue
		}
		switch got, want := paths.Of(&rec), truth[rec.USN]; {
		case !got.Orphan && got.Name == want:
			right++
		case got.Orphan && (got.Name == "" || got.Name == want || strings.HasSuffix(want, "/"+got.Name)):
			unknown++
		default:
			if wrong++; wrong < 4 {
				t.Logf("USN %d %v %v: got %+v, want %s", rec.USN, rec.File, rec.Reason, got, want)
			}
		}
	}
	return right, unknown, wrong
}

func (s *sim) known(t testing.TB) map[int64]string {
	truth, i := map[int64]string{}, 0
	for rec, err := range open(t, s.journal.Bytes()).Records() {
		if err != nil {
			t.Fatal(err)
		}
		truth[rec.USN] = s.truth[i]
		i++
	}
	if i != len(s.truth) {
		t.Fatalf("%d records, want %d", i, len(s.truth))
	}
	return truth
}

// Of 100,000 operations every record gets the path that its file had then.
func TestPathsOfManyOperations(t *testing.T) {
	operations := 100000
	if testing.Short() {
		operations = 5000
	}
	s := simulate(1, operations)
	truth, whole, table := s.known(t), s.journal.Bytes(), s.table(t)
	right, unknown, wrong := judge(t, whole, table, truth)
	t.Logf("%d operations, %d records: %d right, %d unknown, %d wrong", operations, len(s.truth), right, unknown, wrong)
	if right != len(s.truth) {
		t.Errorf("%d of %d paths are right, %d wrong", right, len(s.truth), wrong)
	}

	t.Run("without the $MFT", func(t *testing.T) {
		right, unknown, wrong := judge(t, whole, nil, truth)
		t.Logf("%d right, %d unknown, %d wrong", right, unknown, wrong)
		if wrong > 0 || right == 0 {
			t.Errorf("%d right, %d unknown, %d wrong", right, unknown, wrong)
		}
	})
	t.Run("the older half is gone", func(t *testing.T) {
		b := slices.Clone(whole)
		clear(b[:len(b)/2&^0xfff])
		right, unknown, wrong := judge(t, b, table, truth)
		t.Logf("%d right, %d unknown, %d wrong", right, unknown, wrong)
		if wrong+unknown > 0 || right == 0 {
			t.Errorf("%d right, %d unknown, %d wrong", right, unknown, wrong)
		}
	})
	t.Run("the halves are in the other order", func(t *testing.T) {
		half := len(whole) / 2 &^ 0xfff
		b := slices.Concat(whole[half:], make([]byte, -len(whole[half:])&0xfff), whole[:half])
		right, unknown, wrong := judge(t, b, table, truth)
		t.Logf("%d right, %d unknown, %d wrong", right, unknown, wrong)
		if wrong > 0 || right < len(truth)*9/10 {
			t.Errorf("%d right, %d unknown, %d wrong", right, unknown, wrong)
		}
	})
	t.Run("one page of twenty is lost", func(t *testing.T) {
		b := slices.Clone(whole)
		for at := 0; at < len(b); at += 20 * 0x1000 {
			clear(b[at:min(at+0x1000, len(b))])
		}
		right, unknown, wrong := judge(t, b, table, truth)
		t.Logf("%d right, %d unknown, %d wrong", right, unknown, wrong)
		if wrong*10000 > right || right == 0 { // a folder was moved away in one lost page and back in another
			t.Errorf("%d right, %d unknown, %d wrong", right, unknown, wrong)
		}
	})
}
