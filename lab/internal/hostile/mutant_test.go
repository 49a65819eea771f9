package hostile

import (
	"bytes"
	"fmt"
	"hash/crc32"
	"hash/fnv"
	"slices"
	"strings"
	"testing"
)

// sounds returns the samples of a format, in order of their names.
func sounds(t *testing.T, format string) []*Sound {
	t.Helper()
	f, ok := FormatNamed(format)
	if !ok {
		t.Fatalf("no format %q", format)
	}
	samples, err := Samples(format)
	if err != nil {
		t.Fatal(err)
	}
	var list []*Sound
	for name, data := range samples {
		list = append(list, f.NewSound(name, data))
	}
	slices.SortFunc(list, func(a, b *Sound) int { return strings.Compare(a.Name, b.Name) })
	return list
}

// The mutants of a seed are the same on every machine, so that the numbers of a
// finding identify it. The file and its fields are made up, so that they do not
// depend on a writer.
func TestMutantsOfASeed(t *testing.T) {
	data := make([]byte, 5000)
	for i := range data {
		data[i] = byte(i * i)
	}
	f := Format{fields: func([]byte) []field {
		return []field{{10, 2, "a count", nil}, {20, 8, "a size", nil}, {30, 4, "an offset", []uint64{7, 8}}, {40, 4, "an offset", nil}, {4999, 4, "outside", nil}}
	}}
	s := f.NewSound("made up", data)
	sum := fnv.New64a()
	for n := range uint64(500) {
		m := s.Mutate([]*Sound{s}, 42, n)
		if again := s.Mutate([]*Sound{s}, 42, n); !bytes.Equal(m.Data, again.Data) {
			t.Fatalf("mutant %d differs the second time", n)
		}
		fmt.Fprintln(sum, m.What)
		sum.Write(m.Data)
	}
	if got, want := sum.Sum64(), uint64(0xd5b647345399b9c9); got != want {
		t.Errorf("500 mutants have the digest %#x, want %#x", got, want)
	}
}

// The samples have all these kinds of fields, so that damage reaches all code.
func TestFieldsReachEverything(t *testing.T) {
	for format, want := range map[string][]string{
		"evtx": {
			"first chunk", "chunk signature", "free space offset", "name list", "template list", "record size", "copy of the record size",
			"token", "element size", "element name", "size of the attributes", "attribute name", "literal length", "slot", "slot type",
			"template offset", "template size", "number of values", "value size", "value type", "name length", "dependency",
			"SID subauthorities", "month of a SYSTEMTIME", "end of an array",
		},
		"mft": {
			"fixup offset", "fixup count", "first attribute", "attribute length", "non-resident", "content size", "run list offset",
			"run header", "run length", "run offset", "compression unit", "record in an attribute list", "VCN in an attribute list",
			"parent entry", "file name length", "indexed entry", "index entry length", "base record",
		},
		"ntfs": {
			"bytes per sector", "cluster of the $MFT", "size of a record", "run header of a metadata file", "index signature",
			"VCN of an index", "index child", "index key length", "used size of an index",
		},
		"vss": {
			"catalog offset", "kind of record", "next block", "catalog entry", "original offset", "relative offset of a block", "flags",
			"allocation bitmap", "range size", "name length", "bitmap",
		},
		"vsscarve": {"relative offset", "offset of the block", "kind of record", "next block", "original offset", "store offset", "flags", "range offset", "bitmap"},
		"registry": {
			"root cell", "length of the bins", "bin size", "size of a cell in use", "size of a free cell", "number of subkeys", "subkey list",
			"number of values", "value list", "class length", "key name length", "count of an lh", "key of an lh", "hash of an lh",
			"count of an ri", "list of an ri", "value of a list", "data size", "data", "descriptor size", "owner offset", "segments",
			"segment list", "segment of a list",
		},
		"pe": {
			"e_lfanew", "sections", "raw offset", "number of directories", "address of the resources", "number in the imports",
			"number in the exports", "numbered resources", "resource offset", "resource address", "version block length", "version value length",
			"certificate length", "ASN.1 frame length", "ASN.1 signed data tag", "ASN.1 signer or certificate length", "ASN.1 element content",
			"CodeView signature",
		},
		"catalog":   {"ASN.1 frame length", "ASN.1 content tag", "ASN.1 signed data length", "ASN.1 element content"},
		"hivelogs":  {"size of a cell in use", "number of dirty pages", "size of an entry", "offset of a dirty page", "hash of an entry", "bitmap of the dirty sectors", "file type"},
		"regtext":   {"bracket", "quote", "backslash", "comma", "deletion", "comment", "byte order mark"},
		"task":      {"markup", "entity", "quote"},
		"cim":       {"number of a record", "offset of a record", "size of a record", "field of a record", "mark of a page", "number of keys", "page below", "place or number of a part", "field of a mapping"},
		"taskcache": {"number in a task", "flag in a task", "mark in a task", "size in an action", "version of triggers", "data size"},
		"logfile":   {"page signature", "sequence bits", "free offset", "LSN", "record size", "redo operation", "offset of the data", "record offset", "block size", "redo data"},
		"usn":       {"maximum size", "journal identifier", "lowest valid USN", "record length", "version of a record", "file reference", "folder reference", "USN", "time", "reason", "length of the name", "offset of the name"},
		"lnk": {
			"flags", "IDList size", "LinkInfo size", "LinkInfo flags", "offset in LinkInfo", "structure size", "offset in a structure",
			"string length", "block size", "block signature", "size of an item", "class of an item", "offset of an extension", "size of an extension",
			"version of an extension", "size of a storage", "size of a property",
		},
		"jumplist": {
			"size of a sector", "first sector of the directory", "first sector of the mini FAT", "next sector", "kind of an entry", "first sector of a stream",
			"size of a stream", "type of a category", "number of links",
		},
		"ewf":      {"offset of the next section", "offset of a chunk", "size of the disk", "base of a table", "offset of the descriptor before", "flags of a chunk"},
		"vhd":      {"offset of the table", "offset of a block", "size of the disk", "type of the disk"},
		"vhdx":     {"sequence number", "log", "region", "metadata", "state and offset of a block"},
		"vmdk":     {"size or offset", "entry or marker", "entry", "header that changes", "compression"},
		"qcow2":    {"size of a cluster", "features", "entry", "backing file"},
		"vdi":      {"offset", "size of a block", "entry"},
		"zstd":     {"mark of a frame", "flags of a frame", "window or size of a frame", "header of a block"},
		"prefetch": {"algorithm", "size once decompressed", "version", "number of metrics", "metric", "device", "number of references", "length of a folder"},
		"ese": {
			"state", "size of a page", "next page", "object", "number of tags", "flags of a page", "size of a node", "offset of a node", "size of a prefix",
			"size of a key", "page below", "size of a long value", "last fixed column", "last variable column", "end of the fixed columns",
			"end of a variable column", "tagged column", "offset of a tagged column", "flags of a value",
		},
		"recyclebin": {"version", "length of the path"},
		"bits": {
			"mark", "first number of a job", "priority", "state", "type", "length of a name", "number of files", "length of a path", "length of an error", "time of a job",
			"number of jobs", "flags of a value",
		},
		"detectionhistory": {"size of a value", "type of a value", "size of a name in tracking", "number"},
		"image": {
			"first sector", "partition type", "GPT header size", "number of entries", "sector of the entries", "first sector of an entry",
			"run header", "value list", "token", "bytes per sector",
		},
	} {
		kinds := map[string]bool{}
		for _, s := range sounds(t, format) {
			for _, k := range s.kinds {
				kinds[k[0].kind] = true
			}
		}
		for _, kind := range want {
			if !kinds[kind] {
				t.Errorf("%s: the samples have no %q", format, kind)
			}
		}
	}
}

// After a change, checksums and fixups are correct.
func TestFieldsAreSealed(t *testing.T) {
	for format, sealed := range map[string]func(data []byte) error{
		"evtx": logSealed, "mft": fixupsHold, "ntfs": fixupsHold, "logfile": fixupsHold, "registry": hiveSealed, "image": gptSealed,
	} {
		for _, s := range sounds(t, format) {
			if err := sealed(s.Data); err != nil {
				t.Fatalf("%s %s is not sound: %v", format, s.Name, err)
			}
			for n := range uint64(400) {
				m := newMutator(s, []*Sound{s}, 1, n)
				if !m.field() {
					t.Fatalf("%s %s: nothing to change", format, s.Name)
				}
				if unsealable(m.What[0]) {
					continue
				}
				if err := sealed(m.Data); err != nil {
					t.Errorf("%s %s: %s: %v", format, s.Name, m.What, err)
				}
			}
		}
	}
}

// unsealable reports whether a change moves what the checksum or the fixups cover.
func unsealable(what string) bool {
	return slices.ContainsFunc([]string{
		"chunk signature", "free space offset", "fixup offset", "fixup count", "record signature", "index signature", "hive signature",
		"allocated size of a record", "sector of the entries", "number of entries", "entry size", "GPT header size", "GPT own sector",
	}, func(kind string) bool { return strings.Contains(what, kind) })
}

func logSealed(log []byte) (err error) {
	if got, want := le.Uint32(log[124:]), crc32.ChecksumIEEE(log[:120]); got != want {
		return fmt.Errorf("checksum of the file header %#x, want %#x", got, want)
	}
	eachChunk(log, func(base int, chunk []byte) {
		again := bytes.Clone(chunk)
		sealChunk(again)
		if !bytes.Equal(again, chunk) {
			err = fmt.Errorf("checksums of the chunk at %#x", base)
		}
	})
	return err
}

func fixupsHold(data []byte) error {
	for at := 0; at+1024 <= len(data); at += sector {
		size := blockSize(data, at)
		if size == 0 || at+size > len(data) || le.Uint16(data[at+4:]) < 42 {
			continue
		}
		block, torn := data[at:at+size], 0
		fixups(block, func(end, _, number []byte) {
			if !bytes.Equal(end, number) {
				torn++
			}
		})
		if torn > 0 {
			return fmt.Errorf("%d strides of the block at %#x do not end with the update sequence number", torn, at)
		}
	}
	return nil
}

func hiveSealed(hive []byte) error {
	again := bytes.Clone(hive)
	sealBaseBlock(again)
	if !bytes.Equal(again, hive) {
		return fmt.Errorf("checksum %x, want %x", hive[508:512], again[508:512])
	}
	return nil
}

func gptSealed(disk []byte) error {
	again := bytes.Clone(disk)
	sealGPT(again)
	if !bytes.Equal(again, disk) {
		return fmt.Errorf("checksums of the GPT")
	}
	return fixupsHold(disk)
}
