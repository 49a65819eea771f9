package hostile

import (
	"github.com/birthmark-dfir/birthmark/internal/ole"
	"github.com/birthmark-dfir/birthmark/lnk"
	"github.com/birthmark-dfir/birthmark/lnk/jumplist"
	"github.com/birthmark-dfir/birthmark/lnk/jumplist/jumplisttest"
)

// jumpListFields finds the fields of the compound file of a jump list, or of a list of a
// program.
func jumpListFields(data []byte) []field {
	if len(data) < 512 || string(data[:8]) != ole.Magic {
		if len(data) < 24 {
			return nil
		}
		list := []field{{0, 4, "version", []uint64{1, 2, 3}}, {4, 4, "number of categories", nil}, {12, 4, "type of a category", []uint64{0, 1, 2, 3}}}
		if le.Uint32(data[12:]) == 2 {
			return append(list, field{16, 4, "number of links", nil})
		}
		return append(list, field{16, 2, "length of a name", nil})
	}
	list := []field{
		{30, 2, "size of a sector", []uint64{9, 12}}, {48, 4, "first sector of the directory", nil}, {60, 4, "first sector of the mini FAT", nil},
		{68, 4, "first sector of the DIFAT", []uint64{0, 1, 0xfffffffe}}, {76, 4, "sector of the FAT", nil},
	}
	sector := func(at int) int { return (int(le.Uint32(data[at:])) + 1) * 512 }
	for _, table := range [...]int{sector(76), sector(60)} {
		for at := table; table > 0 && at+4 <= len(data) && at < table+256; at += 4 {
			list = append(list, field{at, 4, "next sector", []uint64{0, 1, 2, 0xfffffffe, 0xffffffff}})
		}
	}
	for at := sector(48); at > 0 && at+128 <= len(data) && at < sector(48)+512; at += 128 {
		list = append(list, field{at + 66, 1, "kind of an entry", []uint64{0, 1, 2, 5}}, field{at + 116, 4, "first sector of a stream", nil}, field{at + 120, 4, "size of a stream", []uint64{0, 4095, 4096, 1 << 31}})
	}
	return list
}

// sampleJumpLists returns a list of the shell of each version, and one of a program.
func sampleJumpLists() (map[string][]byte, error) {
	entries := []jumplist.Entry{
		{Listed: true, Number: 1, Path: `C:\Data\日本.exe`, Host: "web01", LastAccess: sampleTime, Pinned: true, Accesses: 3, Link: &lnk.Link{LocalPath: `C:\Data\日本.exe`}},
		{Number: 0x2a, Link: &lnk.Link{NetworkPath: `\\srv\tools\up.exe`}},
	}
	own := []jumplist.Entry{{Category: "tasks", Link: &lnk.Link{LocalPath: `C:\a.exe`}}, {Category: "mine", Link: &lnk.Link{LocalPath: `C:\b.exe`, Arguments: "-x"}}}
	list := map[string][]byte{}
	for name, l := range map[string]jumplist.List{"version1": {Version: 1, Entries: entries}, "version4": {Version: 4, Entries: entries}, "program": {Custom: true, Entries: own}} {
		b, err := jumplisttest.Bytes(l)
		if err != nil {
			return nil, err
		}
		list[name] = b
	}
	return list, nil
}
