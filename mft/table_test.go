package mft_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
)

// One damaged place in a $MFT loses only what it hits, and is reported.
func TestDamagedTable(t *testing.T) {
	v, _ := open(t, mfttest.Volume{Files: []mfttest.File{{Path: "a", Data: []byte("a")}, {Path: "b", Data: []byte("b")}}})
	sound, err := fs.ReadFile(v, "$MFT")
	if err != nil {
		t.Fatal(err)
	}
	count := func(table []byte) (records int, problems []string) {
		r, err := mft.NewReader(bytes.NewReader(table), int64(len(table)))
		if err != nil {
			t.Fatal(err)
		}
		for _, err := range r.Records() {
			if err == nil {
				records++
			}
		}
		for p := range r.Problems() {
			problems = append(problems, p.Kind.String()+": "+p.Err.Error())
		}
		return records, problems
	}
	all, problems := count(sound)
	if len(problems) > 0 {
		t.Fatalf("sound, with problems: %q", problems)
	}
	allocated := func(size uint32) func([]byte) []byte {
		return func(b []byte) []byte {
			binary.LittleEndian.PutUint32(b[0x1c:], size)
			return b
		}
	}
	for _, tt := range []struct {
		name    string
		damage  func([]byte) []byte
		lost    int
		problem string // a part of the first; empty if it has none
	}{
		{"allocated size of the first record 512", allocated(512), 0, "entry 0: allocated size of the record at 0x1c: got 512, want 1024"},
		{"allocated size of the first record 4096", allocated(4096), 0, "entry 0: allocated size of the record at 0x1c: got 4096, want 1024"},
		{"records of 4096 bytes in place of the first", func(b []byte) []byte {
			for at := 0; at < 16<<10; at += 4096 {
				clear(b[at : at+4096])
				copy(b[at:], "FILE")
				binary.LittleEndian.PutUint32(b[at+0x1c:], 4096)
			}
			return b
		}, 13, "entry 0: "}, // of 16; the other three are the records that were put there
		{"cut off between records", func(b []byte) []byte { return b[:len(b)-1024] }, 0,
			fmt.Sprintf("truncation: $MFT: entry 0: $MFT at 0x0: got %d bytes, want %d bytes", len(sound)-1024, len(sound))},
	} {
		t.Run(tt.name, func(t *testing.T) {
			left, problems := count(tt.damage(bytes.Clone(sound)))
			if left != all-tt.lost {
				t.Errorf("%d of %d records left, want %d", left, all, all-tt.lost)
			}
			if len(problems) == 0 || !strings.Contains(problems[0], tt.problem) {
				t.Errorf("problems %q, want %q", problems, tt.problem)
			}
		})
	}
}
