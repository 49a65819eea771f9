package hostile

import (
	"bytes"
	"os"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/marvin"
	"github.com/birthmark-dfir/birthmark/lab/internal/child"
	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

// A hive and its transaction logs are attacked in one file, one after the other: each
// begins with a base block at a multiple of 512 bytes, as in
//
//	cat SYSTEM SYSTEM.LOG1 SYSTEM.LOG2

// The fields of transaction logs besides those of their base blocks.
var (
	logEntryFields = []field{
		{0, 4, "signature of an entry", nil}, {4, 4, "size of an entry", []uint64{0, 40, 512, 1024}}, {8, 4, "flags of an entry", nil}, {12, 4, "number of an entry", nil},
		{16, 4, "length of the bins after an entry", []uint64{0, 4096, 8192, 1 << 20, 1 << 31}}, {20, 4, "number of dirty pages", nil}, {24, 8, "hash of an entry", nil}, {32, 8, "hash of the header of an entry", nil},
		{40, 4, "offset of a dirty page", []uint64{0, 4096, 8192, 1 << 20}}, {44, 4, "size of a dirty page", []uint64{0, 512, 4096, 8192, 1 << 20}},
	}
	dirtyVectorFields = []field{{0, 4, "signature of the dirty sectors", nil}, {4, 1, "bitmap of the dirty sectors", nil}, {5, 8, "bitmap of the dirty sectors", nil}}
)

// logParts returns where the hive and its logs begin.
func logParts(data []byte) []int {
	var list []int
	for at := 0; at+sector <= len(data); at += sector {
		if string(data[at:at+4]) == "regf" {
			list = append(list, at)
		}
	}
	return list
}

// partOf returns the part of the file around an offset, and where it begins.
func partOf(data []byte, at int) ([]byte, int) {
	start, end := 0, len(data)
	for _, part := range logParts(data) {
		if part <= at {
			start = part
		} else {
			end = min(end, part)
		}
	}
	return data[start:end], start
}

func hiveLogFields(data []byte) (list []field) {
	for i, at := range logParts(data) {
		part, _ := partOf(data, at)
		if i == 0 {
			list = shifted(list, at, hiveFields(part))
			continue
		}
		list = shifted(list, at, baseBlockFields)
		eachLogEntry(part, func(start, _ int) { list = shifted(list, at+start, logEntryFields) })
		if len(part) >= 2*sector && string(part[sector:sector+4]) == "DIRT" {
			list = shifted(list, at+sector, dirtyVectorFields)
		}
	}
	return list
}

// eachLogEntry calls do for the entries of a log of the new format.
func eachLogEntry(log []byte, do func(start, size int)) {
	for at := sector; at+40 <= len(log); {
		size := int(le.Uint32(log[at+4:]))
		if string(log[at:at+4]) != "HvLE" || size < sector || size > len(log)-at {
			at += sector
			continue
		}
		do(at, size)
		at += size &^ (sector - 1)
	}
}

// withinHiveLogs runs change, and corrects the checksum of the base block, or the hashes of
// the entries in the log around an offset.
func withinHiveLogs(data []byte, at int, change func()) {
	_, start := partOf(data, at)
	change()
	part, _ := partOf(data[start:], 0)
	if at-start < sector && len(part) >= sector {
		sealBaseBlock(part)
	}
	if start > 0 {
		eachLogEntry(part, func(at, size int) {
			e := part[at : at+size]
			le.PutUint64(e[24:], marvin.Sum64(e[40:], marvin.LogSeed))
			le.PutUint64(e[32:], marvin.Sum64(e[:32], marvin.LogSeed))
		})
	}
}

// HiveLogs reads a hive after a replay of its logs, with what is deleted in all of them.
func HiveLogs(path string, emit func(child.Record)) (int, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return 0, err
	}
	hive, start := partOf(data, 0)
	var logs []registry.Log
	for _, at := range logParts(data) {
		if at > start {
			part, _ := partOf(data, at)
			logs = append(logs, registry.Log{Name: "LOG", ReaderAt: bytes.NewReader(part), Size: int64(len(part))})
		}
	}
	r, err := registry.NewReader(bytes.NewReader(hive), int64(len(hive)), registry.WithLogs(logs...))
	if err != nil {
		return 0, err
	}
	problems := 0
	for range r.Problems() {
		problems++
	}
	for k, err := range r.Keys() {
		if err != nil {
			problems++
			continue
		}
		emit(child.Record{Key: k.Path(), Offset: k.Offset})
	}
	readHive(r)
	return problems, nil
}

// sampleHiveLogs returns hives with logs of both formats, written at a time.
func sampleHiveLogs(at time.Time) (map[string][]byte, error) {
	h := registrytest.Hive{Name: "SYSTEM", LastWrite: at}
	h.Set(`Select`, at, registrytest.DWord("Current", 1))
	h.Set(`ControlSet001\Services\kept`, at, registrytest.ExpandSZ("ImagePath", `C:\a.exe`), registrytest.DWord("Start", 2))
	h.Set(`ControlSet001\Services\gone`, at, registrytest.ExpandSZ("ImagePath", `C:\b.exe`), registrytest.Binary("big", bytes.Repeat([]byte("0123456789"), 2000)))
	var states [][]byte
	for n := range 4 {
		if n == 1 {
			h.Key(`ControlSet001\Services\gone`, at).Deleted = true
		}
		h.Set(`ControlSet001\Control\Change`, at, registrytest.DWord("n", uint32(n)), registrytest.Binary("data", bytes.Repeat([]byte{byte(n)}, 3000*n)))
		state, err := h.Bytes()
		if err != nil {
			return nil, err
		}
		states = append(states, state)
	}
	list := map[string][]byte{}
	for name, parts := range map[string][][]byte{
		"new":         {registrytest.Interrupted(states[0], 8), registrytest.NewLog(7, states[0], states[1], states[2]), registrytest.NewLog(9, states[2], states[3])},
		"new, behind": {registrytest.Interrupted(states[0], 8), registrytest.NewLog(9, states[2], states[3]), registrytest.NewLog(7, states[0], states[1], states[2])},
		"old":         {registrytest.Interrupted(states[2], 8), registrytest.OldLog(states[2], states[3])},
	} {
		for _, part := range parts {
			list[name] = append(list[name], part...)
			list[name] = append(list[name], make([]byte, -len(list[name])&(sector-1))...)
		}
	}
	return list, nil
}
