package hostile

import (
	"fmt"
	"time"

	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/logfile/logfiletest"
)

// The headers of the pages of a transaction log, and of its log records.
var (
	logRestartFields = []field{
		{0, 4, "page signature", nil}, {4, 2, "fixup offset", nil}, {6, 2, "fixup count", nil}, {0x10, 4, "restart page size", []uint64{512, 4096}},
		{0x14, 4, "page size", []uint64{512, 4096, 65536}}, {0x18, 2, "restart offset", nil}, {0x1a, 2, "minor version", []uint64{0, 1}},
		{0x1c, 2, "major version", []uint64{1, 2, 3}}, {0x30, 8, "LSN", nil}, {0x38, 2, "number of clients", nil}, {0x40, 4, "sequence bits", []uint64{8, 20, 60}},
		{0x46, 2, "offset of the clients", nil}, {0x48, 8, "log size", nil}, {0x54, 2, "record header size", nil}, {0x56, 2, "data offset", nil}, {0x8c, 4, "name length", nil},
	}
	logPageFields = []field{
		{0, 4, "page signature", nil}, {4, 2, "fixup offset", nil}, {6, 2, "fixup count", nil}, {8, 8, "LSN", nil},
		{0x18, 2, "free offset", nil}, {0x20, 8, "LSN", nil}, {0x3c, 4, "offset of a copy", nil},
	}
	logRecordFields = []field{
		{0, 8, "LSN", nil}, {8, 8, "previous LSN", nil}, {0x18, 4, "record size", nil}, {0x20, 4, "record type", []uint64{1, 2}}, {0x24, 4, "transaction", nil},
		{0x28, 2, "record flags", []uint64{1, 2, 4, 6}}, {0x30, 2, "redo operation", []uint64{0, 2, 3, 5, 6, 7, 12, 14, 27, 28, 29, 30}},
		{0x32, 2, "undo operation", []uint64{0, 1, 2, 3, 5, 6, 7, 13, 15}}, {0x34, 2, "offset of the data", nil}, {0x36, 2, "size of the data", nil},
		{0x38, 2, "offset of the data", nil}, {0x3a, 2, "size of the data", nil}, {0x3c, 2, "target attribute", nil}, {0x3e, 2, "number of LCNs", nil},
		{0x40, 2, "record offset", nil}, {0x42, 2, "attribute offset", nil}, {0x44, 2, "block offset", nil}, {0x46, 2, "block size", nil}, {0x48, 8, "VCN", nil},
		{0x58, 8, "redo data", nil}, {0x60, 4, "redo data", nil}, {0x68, 2, "redo data", nil}, {0x6c, 2, "redo data", nil},
	}
)

// transactionLogFields finds the fields of a transaction log that our writer made.
func transactionLogFields(data []byte) []field {
	const page, first, header = 4096, 0x40, 0x30
	var list []field
	for at := 0; at+page <= len(data); at += page {
		switch string(data[at : at+4]) {
		case "RSTR":
			list = shifted(list, at, logRestartFields)
		case "RCRD":
			list = shifted(list, at, logPageFields)
			for o := first; o+0x70 <= page; {
				n := int(le.Uint32(data[at+o+0x18:]))
				if n <= 0 || n > 1<<20 {
					break
				}
				list = shifted(list, at+o, logRecordFields)
				o += (header + n + 7) &^ 7
			}
		}
	}
	return list
}

// sampleTransactionLogs are logs of both versions whose ring has gone round, and one of
// which the last page is only in a copy.
func sampleTransactionLogs() map[string][]byte {
	list := map[string][]byte{}
	for name, l := range map[string]*logfiletest.Log{"1.1": {Size: 24 * 4096}, "2.0": {Major: 2, Size: 50 * 4096}, "copy": {Size: 24 * 4096, OnlyCopy: true}} {
		l.Checkpoint()
		for i := range 30 {
			f := logfiletest.File{Ref: mft.Ref{Entry: uint64(40 + i%7), Seq: uint16(1 + i/7)}, Parent: mft.Ref{Entry: 5, Seq: 5}, Name: fmt.Sprint("file", i), Dir: i%3 == 0,
				Times: logfiletest.AllAt(sampleTime.Add(time.Duration(i) * time.Second))}
			l.Create(f)
			to := f
			to.Name = fmt.Sprint("renamed", i)
			l.Rename(f, to)
			l.SetTimes(to, logfiletest.AllAt(sampleTime.AddDate(-1, 0, 0)))
			l.AddStream(to, "Zone.Identifier", make([]byte, 300*(i%8)))
			l.Delete(to)
		}
		list["log"+name] = l.Bytes()
	}
	return list
}
