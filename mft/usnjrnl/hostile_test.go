package usnjrnl_test

import (
	"bytes"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/mft/usnjrnl"
)

// use calls everything that a journal has to offer, and returns the records.
func use(t *testing.T, b []byte) (list []usnjrnl.Record, reported bool) {
	t.Helper()
	r := open(t, b)
	end := int64(-1)
	for rec, err := range r.Records() {
		if err != nil {
			if !damage.Is(err) {
				t.Errorf("%v is not damage", err)
			}
			continue
		}
		if rec.Offset < end || rec.Offset+int64(rec.Size) > int64(len(b)) {
			t.Errorf("a record at %d, %d bytes, behind one that ends at %d", rec.Offset, rec.Size, end)
		}
		end = rec.Offset + int64(rec.Size)
		list = append(list, rec)
	}
	for p := range r.Problems() {
		if p.Err == nil || p.Err.What == "" {
			t.Errorf("a problem that says nothing: %+v", p)
		}
		reported = true
	}
	paths, err := usnjrnl.NewPaths(r, nil)
	if err != nil {
		t.Error(err)
	}
	for i := range list {
		paths.Of(&list[i])
		paths.Directory(list[i].File, list[i].USN)
	}
	for c, err := range usnjrnl.Carve(bytes.NewReader(b), int64(len(b))) {
		if err != nil || c.Offset+int64(c.Size) > int64(len(b)) {
			t.Errorf("carved %+v, error %v", c, err)
		}
	}
	return list, reported
}

// A journal has no checksums, so bytes that change inside a record change what it says.
// What changes sizes or versions is reported, and loses no more than a page.
func TestHostile(t *testing.T) {
	mutants := 400
	if n, err := strconv.Atoi(os.Getenv("BIRTHMARK_MUTANTS")); err == nil {
		mutants = n
	}
	j, want := specimen(0x4000, 300)
	good := j.Bytes()
	rng := rand.New(rand.NewPCG(1, 2))
	silent := 0
	for range mutants {
		b := bytes.Clone(good)
		for range 1 + rng.IntN(4) {
			switch at := rng.IntN(len(b)); rng.IntN(5) {
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
			}
		}
		list, reported := use(t, b)
		if !reported && len(list) == len(want) && !bytes.Equal(b, good) {
			silent++
		}
	}
	t.Logf("%d mutants, %d with changed fields that no checksum protects", mutants, silent)
}

func FuzzReader(f *testing.F) {
	j, _ := specimen(0x1000, 60)
	f.Add(j.Bytes())
	f.Add(j.Tail())
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) { use(t, b) })
}

func BenchmarkRecords(b *testing.B) {
	j, want := specimen(0, 100000)
	data := j.Bytes()
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		n := 0
		for _, err := range open(b, data).Records() {
			if err != nil {
				b.Fatal(err)
			}
			n++
		}
		if n != len(want) {
			b.Fatal(n)
		}
	}
	b.ReportMetric(float64(b.N)*float64(len(want))/b.Elapsed().Seconds(), "records/s")
}

func BenchmarkCarve(b *testing.B) {
	data := make([]byte, 16<<20)
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range data {
		data[i] = byte(rng.Uint32())
	}
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		for range usnjrnl.Carve(bytes.NewReader(data), int64(len(data))) {
			b.Fatal("a record in noise")
		}
	}
}

func BenchmarkPaths(b *testing.B) {
	s := simulate(1, 20000)
	r := open(b, s.journal.Bytes())
	for b.Loop() {
		paths, err := usnjrnl.NewPaths(r, nil)
		if err != nil {
			b.Fatal(err)
		}
		for rec, err := range r.Records() {
			if err != nil {
				b.Fatal(err)
			}
			paths.Of(&rec)
		}
	}
	b.ReportMetric(float64(b.N)*float64(len(s.truth))/b.Elapsed().Seconds(), "paths/s")
}
