package mft_test

import (
	"iter"
	"os"
	"testing"

	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/mft"
)

// benchmark reads the 205,000 records of a $MFT. Each round opens it anew, so
// that the time to find out which records belong together counts too.
func benchmark(b *testing.B, records func(*mft.Reader) iter.Seq2[*mft.Record, error], visit func(*mft.Reader, *mft.Record) int) {
	f, err := os.Open(testenv.Unpacked(b, "mft/ntfs3g-205k-records.mft.zst"))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(st.Size())
	b.ReportAllocs()
	for b.Loop() {
		r, err := mft.NewReader(f, st.Size())
		if err != nil {
			b.Fatal(err)
		}
		n := 0
		for rec, err := range records(r) {
			if err != nil {
				b.Fatal(err)
			}
			n += visit(r, rec)
		}
		if n < 200_000 {
			b.Fatal(n)
		}
	}
}

func one(*mft.Reader, *mft.Record) int { return 1 }

func BenchmarkRecords(b *testing.B) { benchmark(b, (*mft.Reader).Records, one) }
func BenchmarkScan(b *testing.B)    { benchmark(b, (*mft.Reader).Scan, one) }

// The path of every file.
func BenchmarkPaths(b *testing.B) {
	benchmark(b, (*mft.Reader).Scan, func(r *mft.Reader, rec *mft.Record) int { return len(r.Path(rec).Name) })
}

// The signs of forged times in every file.
func BenchmarkTimestomp(b *testing.B) {
	benchmark(b, (*mft.Reader).Scan, func(r *mft.Reader, rec *mft.Record) int { return r.Timestomp(rec).Score + 1 })
}

// The names of an index that is a file, those in slack too.
func BenchmarkIndexFile(b *testing.B) {
	name := testenv.Corpus(b, "mft/i30_SecondDelete.bin")
	x, err := mft.OpenIndex(name)
	if err != nil {
		b.Fatal(err)
	}
	defer x.Close()
	b.SetBytes(20480)
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		for range x.Entries() {
			n++
		}
		if n != 101 {
			b.Fatal(n)
		}
	}
}
