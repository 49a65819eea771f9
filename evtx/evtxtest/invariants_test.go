package evtxtest_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"os/exec"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/evtx/evtxtest"
	"github.com/birthmark-dfir/birthmark/internal/testenv"
)

var le = binary.LittleEndian

// big returns events of which two fill a chunk, and small ones around them.
func big() []any {
	var all []any
	for _, n := range []int{10, 30_000, 15_000, 14_000, 31_000, 10} {
		all = append(all, &evtx.Security4688{System: evtx.System{Computer: "PC", TimeCreated: when}, CommandLine: strings.Repeat("x", n), NewProcessName: `C:\a.exe`})
	}
	return all
}

// The logs have the invariants of Windows' own, including those that parsers do not
// check.
func TestInvariants(t *testing.T) {
	for _, tt := range []struct {
		name   string
		events []any
		chunks int // 0 for as many as it takes
	}{
		{"no event", nil, 1},
		{"every kind", allTyped(), 0},
		{"several chunks", many(500), 7},
		{"big events", big(), 3},
	} {
		t.Run(tt.name, func(t *testing.T) {
			log, err := evtxtest.Bytes(tt.events...)
			if err != nil {
				t.Fatal(err)
			}
			n := (len(log) - 4096) / 65536
			if tt.chunks > 0 && n != tt.chunks || len(log) != 4096+n*65536 || int(le.Uint16(log[42:])) != n {
				t.Errorf("%d chunks, %d in the header; want %d", n, le.Uint16(log[42:]), tt.chunks)
			}
			if le.Uint32(log[124:]) != crc32.ChecksumIEEE(log[:120]) || le.Uint32(log[120:]) != 0 || le.Uint64(log[16:]) != uint64(n-1) {
				t.Error("file header: checksum, flags or the last chunk")
			}
			next := uint64(0)
			for c := range n {
				next = checkChunk(t, log[4096+c*65536:][:65536], next)
			}
			if len(tt.events) > 0 && le.Uint64(log[24:]) != next {
				t.Errorf("next record %d, want %d", le.Uint64(log[24:]), next)
			}
		})
	}
}

// checkChunk checks the invariants of a chunk, and returns the identifier of the next
// record. Next is that of its first record, or 0 if it may have any.
func checkChunk(t *testing.T, chunk []byte, next uint64) uint64 {
	t.Helper()
	if le.Uint32(chunk[120:]) != 1 || le.Uint32(chunk[40:]) != 128 {
		t.Error("chunk flags or header size")
	}
	free, last := int(le.Uint32(chunk[48:])), int(le.Uint32(chunk[44:]))
	if le.Uint32(chunk[52:]) != crc32.ChecksumIEEE(chunk[512:free]) {
		t.Error("checksum of the records")
	}
	if le.Uint32(chunk[124:]) != crc32.Update(crc32.ChecksumIEEE(chunk[:120]), crc32.IEEETable, chunk[128:512]) {
		t.Error("checksum of the chunk header")
	}
	first, at, lastAt := uint64(0), 512, 512
	for ; at < free; at += int(le.Uint32(chunk[at+4:])) {
		size := int(le.Uint32(chunk[at+4:]))
		id := le.Uint64(chunk[at+8:])
		if le.Uint32(chunk[at:]) != 0x2a2a || at%8 != 0 || size%8 != 0 || int(le.Uint32(chunk[at+size-4:])) != size {
			t.Fatalf("record at %#x: signature, alignment or copy of its size", at)
		}
		if next != 0 && id != next {
			t.Errorf("record %d, want %d", id, next)
		}
		if first == 0 {
			first = id
		}
		next, lastAt = id+1, at
	}
	if at != free || first != 0 && (last != lastAt || le.Uint64(chunk[24:]) != first || le.Uint64(chunk[32:]) != next-1 ||
		le.Uint64(chunk[8:]) != first || le.Uint64(chunk[16:]) != next-1) {
		t.Error("range of the records")
	}
	if bytes.Count(chunk[free:], []byte{0}) != len(chunk)-free {
		t.Error("the free space is not empty")
	}
	names := checkChains(t, chunk, 128, 64, func(at int) int { return int(le.Uint16(chunk[at+4:])) })
	for at := range names {
		units := chunk[at+8:][:2*int(le.Uint16(chunk[at+6:]))]
		if hash(units) != le.Uint16(chunk[at+4:]) {
			t.Errorf("hash of the name at %#x", at)
		}
	}
	templates := checkChains(t, chunk, 384, 32, func(at int) int { return int(hash(chunk[at+4:][:16])) })
	if first != 0 && (len(names) < 20 || len(templates) == 0) {
		t.Errorf("%d names, %d templates", len(names), len(templates))
	}
	for at := range templates {
		// The instance before the definition has its identifier and offset.
		if le.Uint32(chunk[at-8:]) != le.Uint32(chunk[at+4:]) || int(le.Uint32(chunk[at-4:])) != at || chunk[at-10] != 0x0c {
			t.Errorf("template at %#x", at)
		}
	}
	return next
}

// checkChains follows the lists of a table and returns the offsets in them.
func checkChains(t *testing.T, chunk []byte, table, buckets int, hash func(at int) int) map[int]bool {
	t.Helper()
	seen := map[int]bool{}
	for b := range buckets {
		for at := int(le.Uint32(chunk[table+4*b:])); at != 0; at = int(le.Uint32(chunk[at:])) {
			if seen[at] || at < 512 || hash(at)%buckets != b {
				t.Fatalf("entry at %#x of bucket %d", at, b)
			}
			seen[at] = true
		}
	}
	return seen
}

func hash(units []byte) uint16 {
	sum := uint32(0)
	for ; len(units) > 0; units = units[2:] {
		sum = sum*65599 + uint32(le.Uint16(units))
	}
	return uint16(sum)
}

// Other parsers read all records of logs with several chunks and with big events.
func TestBigLogsAreAccepted(t *testing.T) {
	for _, tt := range []struct{ tool, count string }{{"evtxexport", "Event number\t\t\t:"}, {"evtx_dump", "Record "}} {
		t.Run(tt.tool, func(t *testing.T) {
			tool := testenv.Tool(t, tt.tool)
			for _, events := range [][]any{big(), many(500)} {
				log, err := evtxtest.Bytes(events...)
				if err != nil {
					t.Fatal(err)
				}
				cmd := exec.Command(tool, writeTemp(t, log))
				cmd.Dir = t.TempDir()
				out, err := cmd.CombinedOutput()
				if n := bytes.Count(out, []byte(tt.count)); err != nil || n != len(events) {
					t.Errorf("%v: %d records, want %d", err, n, len(events))
				}
				for _, bad := range []string{"orrupt", "nable to", "rror"} {
					if bytes.Contains(out, []byte(bad)) {
						t.Errorf("says %q", bad)
					}
				}
			}
		})
	}
}
