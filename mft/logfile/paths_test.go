package logfile_test

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
	"github.com/birthmark-dfir/birthmark/mft/logfile"
	"github.com/birthmark-dfir/birthmark/mft/logfile/logfiletest"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
)

// sim is a volume whose operations are known.
type sim struct {
	rng   *rand.Rand
	log   logfiletest.Log
	seqs  []uint16 // by entry
	free  []uint64
	nodes []*simNode // that exist; the first is the root
	truth map[logfile.LSN]string
	now   time.Time
	count int // of names
}

type simNode struct {
	entry    uint64
	parent   *simNode
	name     string
	dir      bool
	children int
	times    logfile.Info
	lsn      logfile.LSN // of the last change of its record
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

func (n *simNode) depth() (d int) {
	for ; n.entry != 5; n = n.parent {
		d++
	}
	return d
}

func (s *sim) ref(n *simNode) mft.Ref {
	if n.entry == 5 {
		return root
	}
	return mft.Ref{Entry: n.entry, Seq: s.seqs[n.entry]}
}

func (s *sim) file(n *simNode) logfiletest.File {
	return logfiletest.File{Ref: s.ref(n), Parent: s.ref(n.parent), Name: n.name, Dir: n.dir, Times: n.times}
}

func (s *sim) name() string {
	s.count++
	return fmt.Sprint([]string{"tool", "data", "logs", "tmp", "Ünï"}[s.rng.IntN(5)], s.count)
}

func (s *sim) folder() *simNode {
	for {
		if n := s.nodes[s.rng.IntN(len(s.nodes))]; n.dir && n.depth() < 12 {
			return n
		}
	}
}

func (s *sim) tick() time.Time {
	s.now = s.now.Add(time.Duration(s.rng.IntN(1000)) * time.Millisecond)
	return s.now
}

func (s *sim) create(dir, recorded bool) {
	n := &simNode{dir: dir, name: s.name(), parent: s.folder(), times: logfiletest.AllAt(s.tick())}
	n.parent.children++
	if k := len(s.free); k > 0 {
		i := s.rng.IntN(k)
		n.entry, s.free[i] = s.free[i], s.free[k-1]
		s.free = s.free[:k-1]
	} else {
		n.entry, s.seqs = uint64(len(s.seqs)), append(s.seqs, 1)
	}
	s.nodes = append(s.nodes, n)
	if recorded {
		s.did(n, s.log.Create(s.file(n)))
	}
}

func (s *sim) did(n *simNode, rec logfile.Record) {
	n.lsn = rec.LSN
	s.truth[rec.LSN] = n.path()
}

// step does one operation.
func (s *sim) step() {
	i := s.rng.IntN(len(s.nodes))
	n := s.nodes[i]
	switch what := s.rng.IntN(100); {
	case what < 30 || n.entry == 5:
		s.create(s.rng.IntN(3) == 0, true)
	case what < 55 && n.children == 0: // its entry is used again
		s.did(n, s.log.Delete(s.file(n)))
		n.parent.children--
		s.nodes = slices.Delete(s.nodes, i, i+1)
		s.seqs[n.entry]++
		s.free = append(s.free, n.entry)
	case what < 80: // renamed or moved, folders with all that is in them
		old := s.file(n)
		if other := s.folder(); s.rng.IntN(2) == 0 && !other.below(n) {
			n.parent.children--
			n.parent = other
			n.parent.children++
		}
		n.name = s.name()
		s.did(n, s.log.Rename(old, s.file(n)))
	default:
		old := s.file(n)
		n.times.Modified, n.times.Changed = s.tick(), s.now
		s.did(n, s.log.SetTimes(old, n.times))
	}
}

func simulate(seed uint64, operations int, size int64) *sim {
	s := &sim{rng: rand.New(rand.NewPCG(seed, 1)), seqs: make([]uint16, 64), truth: map[logfile.LSN]string{}, now: day}
	s.log.Size = size
	s.nodes = []*simNode{{entry: 5, dir: true}}
	for i := range 300 {
		s.create(i%2 == 0, false)
	}
	s.log.Checkpoint()
	for range operations {
		s.step()
	}
	return s
}

// table returns the $MFT at the end, in which each record has the LSN of its last change.
func (s *sim) table(t testing.TB) *mft.Reader {
	t.Helper()
	v := mfttest.Volume{}
	lsn := map[uint64]logfile.LSN{}
	nodes := slices.Clone(s.nodes[1:])
	slices.SortFunc(nodes, func(a, b *simNode) int { return a.depth() - b.depth() })
	for _, n := range nodes {
		lsn[n.entry] = max(n.lsn, 1)
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
		binary.LittleEndian.PutUint64(b[rec.Offset+8:], uint64(lsn[rec.Entry]))
	}
	r, err := mft.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// judge compares the path of every event with the truth.
func (s *sim) judge(t testing.TB, log []byte, table *mft.Reader) (right, unknown, wrong int) {
	t.Helper()
	r := open(t, log)
	paths, err := logfile.NewPaths(r, table)
	if err != nil {
		t.Fatal(err)
	}
	for e, err := range r.Events() {
		if err != nil {
			continue
		}
		want, ok := s.truth[e.LSN]
		if !ok {
			continue // what is left of a transaction
		}
		switch got := paths.Of(&e); {
		case !got.Orphan && got.Name == want:
			right++
		case got.Orphan && (got.Name == "" || got.Name == want || strings.HasSuffix(want, "/"+got.Name)):
			unknown++
		default:
			if wrong++; wrong < 4 {
				t.Logf("LSN %d %v %v: got %+v, want %s", e.LSN, e.File, e.Kind, got, want)
			}
		}
	}
	return right, unknown, wrong
}

// Of many operations every event gets the path that its file had then.
func TestPathsOfManyOperations(t *testing.T) {
	operations := 40000
	if testing.Short() {
		operations = 5000
	}
	s := simulate(1, operations, 80<<20)
	table, whole := s.table(t), s.log.Bytes()
	report := func(t *testing.T, right, unknown, wrong int) {
		t.Logf("%d operations: %d events right, %d unknown, %d wrong", operations, right, unknown, wrong)
		if wrong > 0 || right == 0 {
			t.Errorf("%d right, %d unknown, %d wrong", right, unknown, wrong)
		}
	}
	right, unknown, wrong := s.judge(t, whole, table)
	report(t, right, unknown, wrong)
	if right != len(s.truth) {
		t.Errorf("%d of %d paths are right", right, len(s.truth))
	}
	t.Run("without the $MFT", func(t *testing.T) {
		right, unknown, wrong := s.judge(t, whole, nil)
		report(t, right, unknown, wrong)
	})
	t.Run("the ring has gone round", func(t *testing.T) {
		s := simulate(2, operations/2, 4<<20)
		right, unknown, wrong := s.judge(t, s.log.Bytes(), s.table(t))
		report(t, right, unknown, wrong)
		if unknown > 0 {
			t.Errorf("%d unknown", unknown)
		}
	})
	t.Run("one page of twenty is lost", func(t *testing.T) {
		b := slices.Clone(whole)
		for at := int64(20 * 4096); at < s.log.Page(); at += 20 * 4096 {
			clear(b[at : at+4096])
		}
		right, unknown, wrong := s.judge(t, b, table)
		t.Logf("%d right, %d unknown, %d wrong", right, unknown, wrong)
		if wrong*1000 > right || right == 0 { // a folder was moved away in one lost page and back in another
			t.Errorf("%d right, %d unknown, %d wrong", right, unknown, wrong)
		}
	})
}

// What surrounds an event in time is what NTFS wrote.
func TestBetween(t *testing.T) {
	var l logfiletest.Log
	l.Create(kit)
	l.Delete(kit)
	l.Create(tool)
	r := open(t, l.Bytes())
	paths, err := logfile.NewPaths(r, nil)
	if err != nil {
		t.Fatal(err)
	}
	for e := range r.Events() {
		after, before := paths.Between(e.LSN)
		if want := day.Add(time.Second); e.Kind == logfile.Deleted && (!after.Equal(day) || !before.Equal(want)) {
			t.Errorf("between %v and %v", after, before)
		}
	}
}
