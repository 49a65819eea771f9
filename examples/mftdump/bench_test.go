package main

import (
	"io"
	"testing"

	"github.com/birthmark-dfir/birthmark/internal/testenv"
)

// Prints an $MFT of 205,000 records in each format.
func BenchmarkFormats(b *testing.B) {
	name := testenv.Unpacked(b, "mft/ntfs3g-205k-records.mft.zst")
	for _, f := range formats {
		b.Run(f.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if code := run([]string{"-q", "-workers", "1", "-format", f.name, name}, io.Discard, io.Discard); code != 0 {
					b.Fatal(code)
				}
			}
		})
	}
}
