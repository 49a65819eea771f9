package hostile

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"fmt"
	"maps"
	"slices"

	"github.com/birthmark-dfir/birthmark/internal/disk/ewf/ewftest"
)

// The fields of zip and tar files.
var (
	zipLocalFields = []field{
		{6, 2, "flags of a local header", nil}, {8, 2, "method of compression", []uint64{0, 8, 9, 12, 99}}, {14, 4, "CRC-32", nil}, {18, 4, "compressed size", nil}, {22, 4, "size", nil},
		{26, 2, "length of a name", nil}, {28, 2, "length of extra fields", nil}, {30, 1, "name", []uint64{'/', '\\', 0, '.'}},
	}
	zipCentralFields = []field{
		{8, 2, "flags of an entry", []uint64{1, 8, 0x800, 0x2000}}, {10, 2, "method of compression", []uint64{0, 8, 9, 12, 99}}, {16, 4, "CRC-32", nil}, {20, 4, "compressed size", nil}, {24, 4, "size", nil},
		{28, 2, "length of a name", nil}, {30, 2, "length of extra fields", nil}, {32, 2, "length of a comment", nil}, {42, 4, "offset of a local header", nil},
		{46, 1, "name", []uint64{'/', '\\', 0, '.'}},
	}
	zipEndFields = []field{{8, 2, "entries on this disk", nil}, {10, 2, "entries", nil}, {12, 4, "size of the directory", nil}, {16, 4, "offset of the directory", nil}, {20, 2, "length of a comment", nil}}

	tarFields = []field{
		{0, 1, "name", []uint64{'/', '\\', '.'}}, {0x7c, 8, "size", nil}, {0x84, 2, "size", []uint64{0x3030, 0x3737}}, {0x88, 8, "time", nil},
		{0x9c, 1, "type", []uint64{'0', '1', '2', '5', 'x', 'g', 'L', 'K', 'S', 0}}, {0x9d, 1, "name of a link", nil}, {0x159, 1, "prefix", nil}, {0x182, 8, "map of a sparse file", nil},
	}
)

func archiveFields(data []byte) (list []field) {
	for at := 0; at+46 <= len(data); at++ {
		switch string(data[at : at+4]) {
		case "PK\x03\x04":
			list = shifted(list, at, zipLocalFields)
		case "PK\x01\x02":
			list = shifted(list, at, zipCentralFields)
		}
	}
	if at := bytes.LastIndex(data, []byte("PK\x05\x06")); at >= 0 && at+22 <= len(data) {
		list = shifted(list, at, zipEndFields)
	}
	for at := 0; at+sector <= len(data); at += sector {
		if isTarHeader(data[at:]) {
			list = shifted(list, at, tarFields)
		}
	}
	return list
}

func isTarHeader(b []byte) bool { return len(b) >= sector && string(b[257:262]) == "ustar" }

// withinArchive runs change and corrects the checksum of the tar header around an offset.
func withinArchive(data []byte, at int, change func()) {
	header := data[at&^(sector-1):]
	change()
	if !isTarHeader(header) {
		return
	}
	sum := 8 * int(' ')
	for i, c := range header[:sector] {
		if i < 148 || i >= 156 {
			sum += int(c)
		}
	}
	copy(header[148:], fmt.Sprintf("%06o\x00 ", sum))
}

// sampleArchives returns collections as archives.
func sampleArchives() (map[string][]byte, error) {
	logs, err := sampleLogs()
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{
		"uploads/auto/C%3A/Windows/win.ini": []byte("[fonts]\r\n"), `uploads\auto\C%3A\Users\a.txt`: bytes.Repeat([]byte("text "), 2000),
		"uploads/ntfs/%5C%5C.%5CC%3A/$Extend/$UsnJrnl%3A$J":     make([]byte, 4096),
		"uploads/ntfs/%5C%5C.%5CC%3A/$Extend/$UsnJrnl%3A$J.idx": []byte(`{"ranges":[{"length":50000},{"original_offset":50000,"file_length":4096,"length":4096}]}`),
		"results/Windows%2FMetadata.json":                       []byte(`{"SourceFile":"C:\\Windows\\win.ini","Created":"2021-08-21T20:04:11Z","Modified":"2021-08-21T20:04:11Z"}` + "\n"),
	}
	first := slices.Sorted(maps.Keys(logs))[0]
	files["uploads/auto/C%3A/Windows/System32/winevt/Logs/Security.evtx"] = logs[first]
	zipped, err := zipOf(files)
	if err != nil {
		return nil, err
	}
	nested, err := zipOf(map[string][]byte{"data.zip": zipped})
	if err != nil {
		return nil, err
	}
	packed, err := tarOf(files, tar.FormatPAX)
	if err != nil {
		return nil, err
	}
	gnu, err := tarOf(files, tar.FormatGNU)
	if err != nil {
		return nil, err
	}
	var compressed bytes.Buffer
	w := gzip.NewWriter(&compressed)
	w.Write(gnu)
	if err := w.Close(); err != nil {
		return nil, err
	}
	text, content := ewftest.Text(ewftest.Types7, "LogicalEntries", []ewftest.Item{{Name: "C", Folder: true, Inside: []ewftest.Item{
		{Name: "Windows", Folder: true, Inside: []ewftest.Item{{Name: "win.ini", Content: []byte("[fonts]\r\n")}, {Name: "Security.evtx", Content: logs[first]}}},
		{Name: "zeros.bin", Content: []byte{0}, Sparse: 5000}, {Name: "win.ini·Zone.Identifier", Content: []byte("[ZoneTransfer]\r\n"), Flags: 0x2000},
	}}})
	logical := ewftest.Bytes(text, content, 1<<20)["files.L01"]
	program := append([]byte("MZ"), make([]byte, 4096)...)
	return map[string][]byte{"collection.exe": append(program, zipped...), "files.L01": logical, "collection.zip": zipped, "nested.zip": nested, "collection.tar": packed, "collection.tar.gz": compressed.Bytes()}, nil
}

func zipOf(files map[string][]byte) ([]byte, error) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		f, err := w.Create(name)
		if err != nil {
			return nil, err
		}
		if _, err := f.Write(files[name]); err != nil {
			return nil, err
		}
	}
	err := w.Close()
	return b.Bytes(), err
}

func tarOf(files map[string][]byte, format tar.Format) ([]byte, error) {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if err := w.WriteHeader(&tar.Header{Name: name, Size: int64(len(files[name])), Mode: 0o600, Format: format}); err != nil {
			return nil, err
		}
		if _, err := w.Write(files[name]); err != nil {
			return nil, err
		}
	}
	err := w.Close()
	return b.Bytes(), err
}
