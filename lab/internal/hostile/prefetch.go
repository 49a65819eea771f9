package hostile

import (
	"fmt"
	"time"

	"github.com/birthmark-dfir/birthmark/prefetch"
	"github.com/birthmark-dfir/birthmark/prefetch/prefetchtest"
)

// prefetchFields finds the fields of a prefetch file that is not compressed. Of one that
// is, those of the container.
func prefetchFields(data []byte) []field {
	if len(data) > 16 && string(data[:3]) == "MAM" {
		return []field{
			{3, 1, "algorithm", []uint64{0x84, 0x04, 0x83}}, {4, 4, "size once decompressed", nil}, {8, 4, "checksum", nil},
			{12, 1, "length of a codeword", nil}, {len(data) - 4, 4, "last words", nil},
		}
	}
	if len(data) < 0x98 {
		return nil
	}
	list := []field{
		{0, 4, "version", []uint64{17, 23, 26, 30, 31}}, {4, 4, "signature", nil}, {0x0c, 4, "size of the file", nil}, {0x10, 2, "name", nil},
		{0x54, 4, "offset of the metrics", nil}, {0x58, 4, "number of metrics", nil}, {0x64, 4, "offset of the names", nil},
		{0x68, 4, "size of the names", nil}, {0x6c, 4, "offset of the volumes", nil}, {0x70, 4, "number of volumes", nil},
		{0x74, 4, "size of the volumes", nil}, {0x80, 8, "time of a run", nil},
	}
	metrics := int(le.Uint32(data[0x54:]))
	for at := metrics; at+24 <= len(data) && at < metrics+64; at += 4 {
		list = append(list, field{at, 4, "metric", nil})
	}
	volumes := int(le.Uint32(data[0x6c:]))
	for off, what := range map[int]string{0: "device", 4: "length of the device", 20: "references", 24: "size of the references", 28: "folders", 32: "number of folders"} {
		if volumes+off+4 <= len(data) {
			list = append(list, field{volumes + off, 4, what, nil})
		}
	}
	for _, f := range [...]struct {
		pointer, at, size int
		what              string
	}{{20, 4, 4, "number of references"}, {28, 0, 2, "length of a folder"}} {
		if volumes+f.pointer+4 <= len(data) {
			if at := volumes + int(le.Uint32(data[volumes+f.pointer:])) + f.at; at > 0 && at+f.size <= len(data) {
				list = append(list, field{at, f.size, f.what, nil})
			}
		}
	}
	return list
}

// samplePrefetch returns a file of each version, and one that is compressed.
func samplePrefetch() (map[string][]byte, error) {
	list := map[string][]byte{}
	for _, version := range []uint32{17, 23, 26, 30, 31} {
		v := prefetch.Volume{
			Device: `\DEVICE\HARDDISKVOLUME2`, Created: sampleTime, Serial: 7, Refs: []prefetch.Ref{5, 6}, Folders: []string{`\DEVICE\HARDDISKVOLUME2\DATA`},
		}
		f := prefetchtest.Program(version, v.Device+`\DATA\UP.EXE`, v, []time.Time{sampleTime}, v.Device+`\WINDOWS\SYSTEM32\NTDLL.DLL`)
		f.Compressed = version == 31
		b, err := prefetchtest.Bytes(f)
		if err != nil {
			return nil, err
		}
		list[fmt.Sprint("version", version)] = b
	}
	return list, nil
}
