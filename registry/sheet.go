package registry

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"slices"
	"sort"
)

// A sheet is a part of a hive: the hive file itself, or pages of it in a log.
type sheet struct {
	data  []byte
	cell  int64       // cell offset of the first byte; -4096 for the hive file
	log   *logRemains // nil for the hive file
	start int64       // offset of the first byte in the log file
}

// logRemains are the pages of one write in a transaction log.
type logRemains struct {
	name   string
	sheets []*sheet       // in the order of their cell offsets
	values map[uint32]int // indices of deleted values, by cell offset
}

// content returns n bytes from a cell offset on, or nil if the write does not have them
// all.
func (l *logRemains) content(cell int64, n int) []byte {
	i := sort.Search(len(l.sheets), func(i int) bool { return l.sheets[i].cell > cell }) - 1
	if i < 0 || n == 0 {
		return nil
	}
	s := l.sheets[i]
	if from := cell - s.cell; from+int64(n) <= int64(len(s.data)) {
		return s.data[from : from+int64(n) : from+int64(n)]
	}
	return nil
}

// writesIn returns the writes that are still in a log, also those that were not replayed
// and those that are left from earlier use of the file.
func writesIn(f logFile) []logEntry {
	base, err := parseBaseBlock(f.data)
	if err != nil {
		return nil
	}
	l := &transactionLog{data: f.data, base: base, old: base.fileType != logTypeNew}
	if l.old {
		e, err := l.sectors()
		if err != nil {
			return nil
		}
		return []logEntry{e}
	}
	var list []logEntry
	for at := headerSize; at+entryPages <= len(f.data); {
		if !bytes.HasPrefix(f.data[at:], []byte("HvLE")) {
			at += sectorSize
			continue
		}
		e, ok, _ := l.entry(at, binary.LittleEndian.Uint32(f.data[at+entrySequence:]))
		if !ok {
			at += sectorSize
			continue
		}
		list = append(list, e)
		at = e.end
	}
	return list
}

// remainsOf returns the pages of a write. Pages that follow each other are one sheet.
func remainsOf(f logFile, e logEntry) *logRemains {
	l := &logRemains{name: f.name, values: map[uint32]int{}}
	slices.SortStableFunc(e.pages, func(a, b logPage) int { return cmp.Compare(a.cell, b.cell) })
	for _, p := range e.pages {
		if n := len(l.sheets); n > 0 {
			last := l.sheets[n-1]
			if last.cell+int64(len(last.data)) == int64(p.cell) && last.start+int64(len(last.data)) == int64(p.at) {
				last.data = f.data[last.start : p.at+len(p.data)]
				continue
			}
		}
		l.sheets = append(l.sheets, &sheet{data: p.data, cell: int64(p.cell), log: l, start: int64(p.at)})
	}
	return l
}
