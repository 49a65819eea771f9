package hostile

import (
	"hash/crc32"
)

// The fields of partition tables.
var (
	partitionFields = []field{
		{0, 1, "partition status", nil}, {4, 1, "partition type", []uint64{0, 5, 7, 0xf, 0xee}}, {8, 4, "first sector", nil}, {12, 4, "sectors of a partition", nil},
	}
	gptHeaderFields = []field{
		{8, 4, "GPT revision", nil}, {12, 4, "GPT header size", nil}, {24, 8, "GPT own sector", nil}, {32, 8, "GPT other sector", nil},
		{40, 8, "first usable sector", nil}, {48, 8, "last usable sector", nil}, {72, 8, "sector of the entries", nil},
		{80, 4, "number of entries", nil}, {84, 4, "entry size", nil},
	}
	gptEntryFields = []field{{0, 4, "partition type GUID", nil}, {32, 8, "first sector of an entry", nil}, {40, 8, "last sector of an entry", nil}, {56, 2, "partition label", nil}}
)

func diskFields(data []byte) []field {
	if len(data) < 512 {
		return nil
	}
	list := volumeFields(data)
	for at := sector; at+sector <= len(data); at += sector {
		if string(data[at+3:at+7]) == "NTFS" && le.Uint16(data[at+510:]) == 0xaa55 {
			list = shifted(list, at, bootFields)
		}
	}
	// The master boot record, and extended boot records at any sector. The boot
	// sector of NTFS has code at these offsets.
	for at := 0; at+sector <= len(data); at += sector {
		if le.Uint16(data[at+510:]) == 0xaa55 && string(data[at+3:at+7]) != "NTFS" {
			for i := range 4 {
				list = shifted(list, at+446+16*i, partitionFields)
			}
		}
	}
	eachGPT(data, func(header, entries int) {
		list = shifted(list, header, gptHeaderFields)
		for i := range 8 {
			list = shifted(list, entries+128*i, gptEntryFields)
		}
	})
	// The fields of the hives and logs in the volumes. A fragmented file has only
	// the fields of its first fragment.
	for at := 0; at+4096 <= len(data); at += sector {
		var inner []field
		switch {
		case string(data[at:at+8]) == "ElfChnk\x00":
			chunk := data[at:min(len(data), at+chunkSize)]
			w := newBinXML(chunk)
			for _, r := range recordsOf(chunk) {
				w.record(r)
			}
			inner = append(w.fields, chunkFields...)
		case isHive(data[at:]):
			inner = hiveFields(data[at:])
		}
		list = shifted(list, at, inner)
	}
	return list
}

// eachGPT calls do for the offsets of each GPT header and of its entries.
func eachGPT(data []byte, do func(header, entries int)) {
	for _, header := range []int{sector, len(data) - sector} {
		if header < sector || header+92 > len(data) || string(data[header:header+8]) != "EFI PART" {
			continue
		}
		if at := le.Uint64(data[header+72:]); at < uint64(len(data)/sector) {
			do(header, sector*int(at))
		}
	}
}

// withinDisk runs change and corrects the structure around an offset: the checksums
// of the GPT, of a chunk of a log or of the base block of a hive, or the fixups of a
// block.
func withinDisk(data []byte, at int, change func()) {
	for start := at &^ (sector - 1); start >= 0 && at-start < chunkSize; start -= sector {
		switch {
		case blockSize(data, start) > at-start:
			withinBlock(data, at, change)
			return
		case start+chunkHeader <= len(data) && string(data[start:start+8]) == "ElfChnk\x00":
			change()
			sealChunk(data[start:min(len(data), start+chunkSize)])
			return
		case isHive(data[start:]) && at-start < 512:
			withinHive(data[start:], at-start, change)
			return
		}
	}
	change()
	sealGPT(data)
}

func sealGPT(data []byte) {
	eachGPT(data, func(header, entries int) {
		h := data[header:]
		size := uint64(le.Uint32(h[80:])) * uint64(le.Uint32(h[84:]))
		if size <= uint64(len(data)-entries) {
			le.PutUint32(h[88:], crc32.ChecksumIEEE(data[entries:entries+int(size)]))
		}
		if n := le.Uint32(h[12:]); n >= 92 && uint64(n) <= uint64(len(h)) {
			le.PutUint32(h[16:], 0)
			le.PutUint32(h[16:], crc32.ChecksumIEEE(h[:n]))
		}
	})
}
