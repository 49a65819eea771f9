package logfile_test

import (
	"bytes"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/mft/logfile"
	"github.com/birthmark-dfir/birthmark/mft/logfile/logfiletest"
)

// use calls everything that a log has to offer, and returns how many records it has.
func use(t *testing.T, b []byte) (records int, reported bool) {
	t.Helper()
	r, err := logfile.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		if !damage.Is(err) {
			t.Errorf("%v is not damage", err)
		}
		return 0, true
	}
	last := logfile.LSN(0)
	for rec, err := range r.Records() {
		if err != nil {
			if !damage.Is(err) {
				t.Errorf("%v is not damage", err)
			}
			continue
		}
		if rec.LSN <= last || rec.Offset < 0 || rec.Offset >= int64(len(b)) || len(rec.RedoData)+len(rec.UndoData) > 2*len(b) {
			t.Errorf("LSN %d at %d, behind %d", rec.LSN, rec.Offset, last)
		}
		last = rec.LSN
		rec.Entry()
		records++
	}
	for p := range r.Problems() {
		if p.Err == nil || p.Err.What == "" {
			t.Errorf("a problem that says nothing: %+v", p)
		}
		reported = true
	}
	paths, err := logfile.NewPaths(r, nil)
	if err != nil {
		t.Error(err)
	}
	for e, err := range r.Events() {
		if err != nil {
			continue
		}
		paths.Of(&e)
		paths.OldOf(&e)
		paths.File(&e)
		paths.Between(e.LSN)
		e.TimeChanges()
	}
	r.Restarts()
	return records, reported
}

// A log has no checksums but the ends of its strides, so bytes that change inside a record
// change what it says. What changes sizes, pages or LSNs is reported.
func TestHostile(t *testing.T) {
	mutants := 400
	if n, err := strconv.Atoi(os.Getenv("BIRTHMARK_MUTANTS")); err == nil {
		mutants = n
	}
	for _, major := range []uint16{0, 2} {
		l := logfiletest.Log{Major: major}
		story(&l)
		many(&l, 600)
		good := l.Bytes()
		want, _ := use(t, good)
		rng := rand.New(rand.NewPCG(1, 2))
		silent := 0
		for range mutants / 2 {
			b := bytes.Clone(good)
			for range 1 + rng.IntN(4) {
				switch at := rng.IntN(len(b)); rng.IntN(6) {
				case 0:
					b[at] ^= 1 << rng.IntN(8)
				case 1:
					b[at] = []byte{0, 0xff, 0x7f, 0x80}[rng.IntN(4)]
				case 2:
					clear(b[at:min(len(b), at+rng.IntN(5000))])
				case 3:
					b = b[:max(at, 1)]
				case 4:
					copy(b[at:], b[rng.IntN(len(b)):])
				case 5: // the headers of pages
					at = at&^0xfff | rng.IntN(0x100)
					b[min(at, len(b)-1)] ^= 1 << rng.IntN(8)
				}
			}
			records, reported := use(t, b)
			if !reported && records == want {
				silent++
			}
		}
		t.Logf("version %d: %d mutants, %d with changed fields that no checksum protects", major, mutants/2, silent)
	}
}

// A log of pages that each claim a record of the whole log takes neither the time nor the
// memory that they claim.
func TestLongRecords(t *testing.T) {
	l := logfiletest.Log{Size: 4 << 20}
	long := make([]byte, 60000)
	for range 2000 {
		l.Add(logfile.Record{Redo: logfile.UpdateResidentValue, RedoData: long})
	}
	if n, _ := use(t, l.Bytes()); n < 60 {
		t.Errorf("%d records", n)
	}
}

func FuzzReader(f *testing.F) {
	for _, major := range []uint16{0, 2} {
		l := logfiletest.Log{Major: major, Size: 40 * 4096}
		story(&l)
		many(&l, 30)
		b := l.Bytes()
		f.Add(b)
		f.Add(b[8192:])
	}
	f.Add([]byte{})
	f.Add(bytes.Repeat([]byte{0xff}, 8192))
	f.Fuzz(func(t *testing.T, b []byte) { use(t, b) })
}

func benchLog(b *testing.B) []byte {
	s := simulate(1, 40000, 32<<20)
	data := s.log.Bytes()
	b.SetBytes(int64(len(data)))
	return data
}

func BenchmarkRecords(b *testing.B) {
	data := benchLog(b)
	n := 0
	for b.Loop() {
		n = 0
		for _, err := range open(b, data).Records() {
			if err != nil {
				b.Fatal(err)
			}
			n++
		}
	}
	b.ReportMetric(float64(b.N)*float64(n)/b.Elapsed().Seconds(), "records/s")
}

func BenchmarkEvents(b *testing.B) {
	data := benchLog(b)
	n := 0
	for b.Loop() {
		r := open(b, data)
		paths, err := logfile.NewPaths(r, nil)
		if err != nil {
			b.Fatal(err)
		}
		n = 0
		for e, err := range r.Events() {
			if err != nil {
				b.Fatal(err)
			}
			paths.Of(&e)
			n++
		}
	}
	b.ReportMetric(float64(b.N)*float64(n)/b.Elapsed().Seconds(), "events/s")
}
