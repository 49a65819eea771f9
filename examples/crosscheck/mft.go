package main

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"strconv"

	"www.velocidex.com/golang/go-ntfs/parser"

	"github.com/birthmark-dfir/birthmark/internal/child"
	"github.com/birthmark-dfir/birthmark/internal/records"
)

func goNTFS(path string, emit func(child.Record)) (int, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return 0, err
	}
	size, err := recordSize(f)
	if err != nil {
		return 0, err
	}
	for row := range parser.ParseMFTFile(context.Background(), f, st.Size(), 4096, size) {
		// It gives a row for each stream; the first is that of the record.
		emit(child.Record{
			Key:    fmt.Sprintf("%d-%d", row.EntryNumber, row.SequenceNumber),
			Offset: row.EntryNumber * size,
			Fields: []child.Field{
				{Name: "in_use", Value: strconv.FormatBool(row.InUse)},
				{Name: "directory", Value: strconv.FormatBool(row.IsDir)},
				{Name: "parent", Value: fmt.Sprintf("%d-%d", row.ParentEntryNumber, row.ParentSequenceNumber)},
				{Name: "name", Value: row.FileName()},
				{Name: "size", Value: strconv.FormatInt(row.FileSize, 10)},
				{Name: "si_created", Value: records.Time(row.Created0x10)},
				{Name: "si_modified", Value: records.Time(row.LastModified0x10)},
				{Name: "si_changed", Value: records.Time(row.LastRecordChange0x10)},
				{Name: "si_accessed", Value: records.Time(row.LastAccess0x10)},
				{Name: "fn_created", Value: records.Time(row.Created0x30)},
				{Name: "fn_modified", Value: records.Time(row.LastModified0x30)},
				{Name: "fn_changed", Value: records.Time(row.LastRecordChange0x30)},
				{Name: "fn_accessed", Value: records.Time(row.LastAccess0x30)},
				{Name: "lsn", Value: strconv.FormatUint(row.LogFileSeqNum, 10)},
			},
		})
	}
	return 0, nil
}

// recordSize reads the size of a record, in bytes, from the first one: the
// allocated size at offset 28.
func recordSize(r io.ReaderAt) (int64, error) {
	var b [4]byte
	if _, err := r.ReadAt(b[:], 28); err != nil {
		return 0, err
	}
	switch n := binary.LittleEndian.Uint32(b[:]); n {
	case 1024, 4096:
		return int64(n), nil
	}
	return 1024, nil
}

// mftRules make the two readings of a record comparable.
var mftRules = []rule{
	{"times cut to whole seconds", cutToSeconds},
}
