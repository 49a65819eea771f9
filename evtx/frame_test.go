package evtx_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/evtx/evtxtest"
)

// resealed corrects the checksums of the first chunk, as an attacker would.
func resealed(log []byte) {
	chunk := log[4096:][:65536]
	le := binary.LittleEndian
	if free := le.Uint32(chunk[48:]); free <= 65536 {
		le.PutUint32(chunk[52:], crc32.ChecksumIEEE(chunk[512:max(512, free)]))
	}
	le.PutUint32(chunk[124:], crc32.Update(crc32.ChecksumIEEE(chunk[:120]), crc32.IEEETable, chunk[128:512]))
}

// The frames of records and chunks are changed, and all checksums corrected. No other
// record is lost, and every loss is reported.
func TestFramesDoNotHideRecords(t *testing.T) {
	le := binary.LittleEndian
	const records = 6
	var events []any
	for range records {
		events = append(events, &evtx.RDP1149{System: made, User: "admin", Address: "203.0.113.9"})
	}
	sound, err := evtxtest.Bytes(events...)
	if err != nil {
		t.Fatal(err)
	}
	var at []int // of the records
	for p := 4096 + 512; len(at) < records; p += int(le.Uint32(sound[p+4:])) {
		at = append(at, p)
	}
	size := func(log []byte, n int) []byte { return log[at[n]+4:] }
	for _, tt := range []struct {
		name    string
		damage  func(log []byte)
		lost    string // numbers of lost records
		errs    string // a part of the only error of Records
		problem string // a part of the only problem
	}{
		{"sound", func([]byte) {}, "", "", ""},
		{"a size swallows the rest of the chunk", func(log []byte) { le.PutUint32(size(log, 2), uint32(at[5]-at[2]+8)) }, "",
			"", "copy of the record size"},
		{"a size swallows one record", func(log []byte) { le.PutUint32(size(log, 2), uint32(at[4]-at[2])) }, "",
			"", "copy of the record size"},
		{"a size is one too large", func(log []byte) { le.PutUint32(size(log, 2), uint32(at[3]-at[2]+1)) }, "",
			"", "copy of the record size"},
		{"a size is one too small", func(log []byte) { le.PutUint32(size(log, 2), uint32(at[3]-at[2]-1)) }, "",
			"", "copy of the record size"},
		{"a size is half", func(log []byte) { le.PutUint32(size(log, 2), uint32(at[3]-at[2])/2) }, "",
			"", "copy of the record size"},
		{"a size is larger than the chunk", func(log []byte) { le.PutUint32(size(log, 2), 0x80000000) }, "",
			"", "record size"},
		{"a size is too small for a header", func(log []byte) { le.PutUint32(size(log, 2), 8) }, "",
			"", "record size"},
		{"the copy of a size is wrong", func(log []byte) { log[at[3]-4]++ }, "",
			"", "copy of the record size"},
		{"the copy of the last size is wrong", func(log []byte) { log[at[5]+int(le.Uint32(size(log, 5)))-4]++ }, "",
			"", "copy of the record size"},
		{"a record has no signature", func(log []byte) { log[at[2]]++ }, "3",
			"record signature", ""},
		{"a record has no signature, and the chunk header has other identifiers", func(log []byte) {
			log[at[2]]++
			le.PutUint64(log[4096+24:], 1<<63)
			le.PutUint64(log[4096+32:], 1)
		}, "3", "record signature", ""},
		{"a record is gone", func(log []byte) { clear(log[at[2]+8 : at[3]]); log[at[2]] = 0 }, "3",
			"record signature", ""},
		{"the free space begins before most records", func(log []byte) { le.PutUint32(log[4096+48:], uint32(at[1]-4096)) }, "",
			"", "free space offset"},
		{"the free space begins before most records, and the last record outside of the chunk", func(log []byte) {
			le.PutUint32(log[4096+48:], uint32(at[1]-4096))
			le.PutUint32(log[4096+44:], 1<<31)
		}, "", "", "free space offset"},
		{"the free space begins outside of the chunk", func(log []byte) { le.PutUint32(log[4096+48:], 1<<31) }, "",
			"", "free space offset"},
		{"the chunk has no signature", func(log []byte) { log[4096]++ }, "",
			"", "chunk signature"},
		{"the file has no signature", func(log []byte) { log[0]++ }, "",
			"", "file signature"},
		{"the file header is gone", func(log []byte) { clear(log[:4096]) }, "",
			"", "file signature"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			log := bytes.Clone(sound)
			tt.damage(log)
			resealed(log)
			r, err := evtx.NewReader(bytes.NewReader(log), int64(len(log)))
			if err != nil {
				t.Fatal(err)
			}
			seen := map[int64]bool{}
			var errs, problems, lost []string
			for rec, err := range r.Records() {
				if err != nil {
					errs = append(errs, err.Error())
					continue
				}
				if typed, err := rec.Typed(); err != nil || typed.(*evtx.RDP1149).User != "admin" {
					t.Errorf("record at %#x: %v, %v", rec.Offset, typed, err)
				}
				seen[rec.Offset] = true
			}
			for p := range r.Problems() {
				problems = append(problems, p.Err.Error())
			}
			for n, at := range at {
				if !seen[int64(at)] {
					lost = append(lost, fmt.Sprint(n+1))
				}
			}
			if got := strings.Join(lost, " "); got != tt.lost {
				t.Errorf("lost records %q, want %q", got, tt.lost)
			}
			one := func(what string, got []string, want string) {
				if want == "" && len(got) > 0 || want != "" && (len(got) != 1 || !strings.Contains(got[0], want)) {
					t.Errorf("%s: %q, want %q", what, got, want)
				}
			}
			one("errors", errs, tt.errs)
			one("problems", problems, tt.problem)
		})
	}
}
