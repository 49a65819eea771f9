package hostile

import (
	"fmt"
	"time"

	"github.com/birthmark-dfir/birthmark/lab/internal/records"
	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/usnjrnl"
	"github.com/birthmark-dfir/birthmark/mft/usnjrnl/usnjrnltest"
)

// The stream $Max, and the records of the change journal, of versions 2 and 3.
var (
	journalMaxFields = []field{{0, 8, "maximum size", nil}, {8, 8, "allocation delta", nil}, {0x10, 8, "journal identifier", nil}, {0x18, 8, "lowest valid USN", nil}}
	journalHead      = []field{{0, 4, "record length", []uint64{8, 60, 4096, 4104}}, {4, 2, "version of a record", []uint64{1, 2, 3, 4}}, {8, 8, "file reference", nil}}
	journalTails     = map[uint16][]field{
		2: {{0x10, 8, "folder reference", nil}, {0x18, 8, "USN", nil}, {0x20, 8, "time", nil}, {0x28, 4, "reason", nil}, {0x38, 2, "length of the name", nil}, {0x3a, 2, "offset of the name", nil}},
		3: {{0x18, 8, "folder reference", nil}, {0x28, 8, "USN", nil}, {0x30, 8, "time", nil}, {0x38, 4, "reason", nil}, {0x48, 2, "length of the name", nil}, {0x4a, 2, "offset of the name", nil}},
	}
)

// journalFields finds the fields of a journal that our writer made.
func journalFields(data []byte) []field {
	if len(data) < records.MaxPage {
		return nil
	}
	list := shifted(nil, 0, journalMaxFields)
	for at := records.MaxPage; at+0x50 <= len(data); {
		n := int(le.Uint32(data[at:]))
		if n < 0x40 || n > len(data)-at {
			at += 8
			continue
		}
		list = shifted(shifted(list, at, journalHead), at, journalTails[le.Uint16(data[at+4:])])
		at += n
	}
	return list
}

// sampleJournals are $Max in a page of its own, and a journal of files in folders that are
// made, renamed and deleted.
func sampleJournals() map[string][]byte {
	var j usnjrnltest.Journal
	at := sampleTime
	add := func(file, parent mft.Ref, name string, dir bool, reason usnjrnl.Reason) {
		rec := usnjrnl.Record{Major: 2 + uint16(file.Entry%2), File: usnjrnl.IDOf(file), Parent: usnjrnl.IDOf(parent), Time: at, Reason: reason, Name: name, Attributes: mft.FileArchive}
		if dir {
			rec.Attributes = mft.FileDirectory
		}
		j.Add(rec)
		at = at.Add(time.Second)
	}
	root := mft.Ref{Entry: 5, Seq: 5}
	for i := range uint64(40) {
		dir, file := mft.Ref{Entry: 40 + i%5, Seq: 1 + uint16(i/5)}, mft.Ref{Entry: 100 + i, Seq: 1}
		add(dir, root, fmt.Sprint("kit", i), true, usnjrnl.FileCreate)
		add(file, dir, "a.tmp", false, usnjrnl.FileCreate|usnjrnl.Close)
		add(file, dir, "a.tmp", false, usnjrnl.RenameOldName)
		add(file, dir, "tool.exe", false, usnjrnl.RenameNewName|usnjrnl.Close)
		add(file, dir, "tool.exe", false, usnjrnl.FileDelete|usnjrnl.Close)
		add(dir, root, fmt.Sprint("kit", i), true, usnjrnl.FileDelete|usnjrnl.Close)
	}
	page := make([]byte, records.MaxPage)
	copy(page, usnjrnltest.EncodeMax(usnjrnltest.MaxAt(sampleTime)))
	return map[string][]byte{"journal": append(page, j.Bytes()...)}
}
