package mft_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
)

var le = binary.LittleEndian

// victim is a volume that is about to be damaged.
type victim struct {
	*mft.Volume
	t     *testing.T
	image []byte
}

// record returns the offset of the record of a file in the image.
func (v victim) record(name string) int {
	rec, err := v.Lookup(name)
	if err != nil {
		v.t.Fatal(err)
	}
	return int(rec.VolumeOffset)
}

// extension returns the offset of an extension record in the image.
func (v victim) extension(ref mft.Ref) int {
	rec, err := v.MFT().Record(ref.Entry)
	if err != nil {
		v.t.Fatal(err)
	}
	return int(rec.VolumeOffset)
}

// attribute returns the offset of an attribute of a file in the image.
func (v victim) attribute(name string, typ mft.AttributeType, attr string) int {
	rec, err := v.Lookup(name)
	if err != nil {
		v.t.Fatal(err)
	}
	for _, a := range rec.Attributes {
		if a.Type == typ && a.Name == attr && a.Record == rec.Ref {
			return int(rec.VolumeOffset + a.Offset - rec.Offset)
		}
	}
	v.t.Fatalf("%s has no %v %q", name, typ, attr)
	return 0
}

// value returns the offset of the value of a resident attribute in the image.
func (v victim) value(name string, typ mft.AttributeType, attr string) int {
	at := v.attribute(name, typ, attr)
	return at + int(le.Uint16(v.image[at+0x14:]))
}

// runs returns the offset of the run list of an attribute in the image.
func (v victim) runs(name string, typ mft.AttributeType, attr string) int {
	at := v.attribute(name, typ, attr)
	return at + int(le.Uint16(v.image[at+0x20:]))
}

// cluster returns the offset of the first cluster of an attribute in the image.
func (v victim) cluster(name string, typ mft.AttributeType, attr string) int {
	rec, err := v.Lookup(name)
	if err != nil {
		v.t.Fatal(err)
	}
	for _, a := range rec.Attributes {
		if a.Type == typ && a.Name == attr && len(a.Runs) > 0 {
			return int(a.Runs[0].LCN) * v.Info().ClusterSize
		}
	}
	v.t.Fatalf("%s has no %v %q with clusters", name, typ, attr)
	return 0
}

// patient returns the volume that the tests damage.
func patient() mfttest.Volume {
	v := mfttest.Volume{Files: []mfttest.File{
		{Path: "dir/resident.txt", Data: []byte("in the record")},
		{Path: "dir/clusters.bin", Data: bytes.Repeat([]byte("0123456789abcdef"), 1000)},
		{Path: "dir/packed.bin", Data: packable(), Compressed: true},
		{Path: "dir/streams.txt", Streams: []mfttest.Stream{{Name: "one", Data: []byte("1")}, {Name: "two", Data: []byte("2")}}},
		{Path: "dir/owned.txt", Owner: alice},
	}}
	var links []string
	for i := range 40 {
		links = append(links, fmt.Sprintf("links/a name that is long enough to fill a record after a few, %02d", i))
	}
	v.Files = append(v.Files, mfttest.File{Path: "dir/linked.txt", Links: links, Data: []byte("names")})
	for i := range 200 {
		v.Files = append(v.Files, mfttest.File{Path: fmt.Sprintf("many/file number %03d.txt", i), Data: []byte("x")})
	}
	return v
}

// contents reads every file and every stream, with the error in place of what
// cannot be read.
func contents(v *mft.Volume) map[string]string {
	all := map[string]string{}
	read := func(name string) {
		b, err := fs.ReadFile(v, name)
		if err != nil {
			all[name] = err.Error()
			return
		}
		all[name] = string(b)
	}
	_ = fs.WalkDir(v, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || strings.HasPrefix(name, "$") {
			return nil // part of a directory is damaged; the test looks for its problem
		}
		info, err := d.Info()
		if err != nil {
			return nil
		}
		if !d.IsDir() {
			read(name)
		}
		for _, s := range info.(*mft.FileInfo).Streams() {
			read(name + ":" + s)
		}
		return nil
	})
	return all
}

// Damage is reported at its place, and loses what it hits and nothing else.
func TestDamage(t *testing.T) {
	for _, tt := range []struct {
		name     string
		change   func(v victim)
		problems []string // one for each problem: its beginning, with offsets as %x
		lost     []string // files and streams that read differently; a star matches anything
	}{
		{"boot sector", func(v victim) { clear(v.image[:512]) },
			[]string{`malformed: ntfs: boot sector signature at 0x3: got "\x00\x00`}, nil},
		{"record of the $MFT", func(v victim) { copy(v.image[v.record("$MFT"):], "XXXX") },
			[]string{`malformed: ntfs: $MFT: record of the $MFT at`, `malformed: $MFT: entry 0: record signature at 0x0: got "XXXX"`}, nil},
		{"dirty", func(v victim) { v.image[v.value("$Volume", mft.AttrVolumeInformation, "")+0x0a] |= 1 },
			[]string{"unclean: ntfs: dirty flag at"}, nil},
		{"$UpCase", func(v victim) { le.PutUint64(v.image[v.attribute("$UpCase", mft.AttrData, "")+0x30:], 10) },
			[]string{"malformed: ntfs: $UpCase: $UpCase: got 10 bytes, want 131072 bytes"}, nil},

		{"a torn stride", func(v victim) { v.image[v.record("dir/resident.txt")+1022]++ },
			[]string{"torn: $MFT: entry 65: update sequence number of a stride at 0x107fe"}, nil},
		{"BAAD", func(v victim) { copy(v.image[v.record("dir/resident.txt"):], "BAAD") },
			[]string{"torn: $MFT: entry 65: record signature at 0x10400: got BAAD, want FILE"}, nil},
		{"record signature", func(v victim) { copy(v.image[v.record("dir/resident.txt"):], "XXXX") },
			[]string{`malformed: $MFT: entry 65: record signature at 0x10400: got "XXXX", want FILE`}, []string{"dir/resident.txt"}},
		{"number of the update sequence array", func(v victim) { le.PutUint16(v.image[v.record("dir/resident.txt")+6:], 2) },
			[]string{"malformed: $MFT: entry 65: update sequence array length at 0x10406: got 2, want 3"}, nil},
		{"offset of the update sequence array", func(v victim) { le.PutUint16(v.image[v.record("dir/resident.txt")+4:], 0xffff) },
			[]string{"malformed: $MFT: entry 65: update sequence array at 0x10404: got 3 values at 0xffff"}, nil},
		{"record number", func(v victim) { le.PutUint32(v.image[v.record("dir/resident.txt")+0x2c:], 7) },
			[]string{"malformed: $MFT: entry 65: record number at 0x1042c: got 7, want 65"}, nil},
		{"offset of the first attribute", func(v victim) { le.PutUint16(v.image[v.record("dir/resident.txt")+0x14:], 2000) },
			[]string{"malformed: $MFT: entry 65: offset of the first attribute at 0x10414: got 2000, want 42 to 1024"}, []string{"dir/resident.txt"}},
		{"used size, too large", func(v victim) { le.PutUint32(v.image[v.record("dir/resident.txt")+0x18:], 1<<31) },
			[]string{"malformed: $MFT: entry 65: used size of the record at 0x10418: got 2147483648"}, nil},
		{"used size, too small", func(v victim) { le.PutUint32(v.image[v.record("dir/resident.txt")+0x18:], 0x40) },
			[]string{"malformed: $MFT: entry 65: used size of the record at 0x10418: got 64"}, nil},

		{"length of an attribute", func(v victim) {
			le.PutUint32(v.image[v.attribute("dir/resident.txt", mft.AttrData, "")+4:], 1<<30)
		}, []string{"malformed: $MFT: entry 65: length of the attribute at 0x"}, []string{"dir/resident.txt"}},
		{"length of an attribute, 0", func(v victim) {
			le.PutUint32(v.image[v.attribute("dir/resident.txt", mft.AttrData, "")+4:], 0)
		}, []string{"malformed: $MFT: entry 65: length of the attribute at 0x"}, []string{"dir/resident.txt"}},
		{"value beyond its attribute", func(v victim) {
			le.PutUint32(v.image[v.attribute("dir/resident.txt", mft.AttrData, "")+0x10:], 0xffffffff)
		}, []string{"malformed: $MFT: entry 65 $DATA: attribute value at 0x"}, []string{"dir/resident.txt"}},
		{"name of a stream beyond its attribute", func(v victim) {
			v.image[v.attribute("dir/streams.txt", mft.AttrData, "one")+9] = 255
		}, []string{"malformed: $MFT: entry 68 $DATA: attribute name at 0x"}, []string{"dir/streams.txt:one"}},
		{"$STANDARD_INFORMATION, cut", func(v victim) {
			le.PutUint32(v.image[v.attribute("dir/resident.txt", mft.AttrStandardInformation, "")+0x10:], 8)
		}, []string{"malformed: $MFT: entry 65 $STANDARD_INFORMATION: $STANDARD_INFORMATION at 0x10438: got 8 bytes, want 48 bytes"}, nil},
		{"$FILE_NAME, cut", func(v victim) {
			v.image[v.value("dir/resident.txt", mft.AttrFileName, "")+0x40] = 255
		}, []string{"malformed: $MFT: entry 65 $FILE_NAME: name of $FILE_NAME at 0x"}, nil},

		{"a run outside the volume", func(v victim) {
			at := v.runs("dir/clusters.bin", mft.AttrData, "")
			copy(v.image[at:], []byte{0x41, 4, 0, 0, 0, 0x10, 0})
		}, nil, []string{"dir/clusters.bin"}},
		{"a run of length 0", func(v victim) { v.image[v.runs("dir/clusters.bin", mft.AttrData, "")+1] = 0 },
			[]string{"malformed: $MFT: entry 66 $DATA: run length at 0x"}, []string{"dir/clusters.bin"}},
		{"a run of 15 bytes", func(v victim) { v.image[v.runs("dir/clusters.bin", mft.AttrData, "")] = 0xff },
			[]string{"malformed: $MFT: entry 66 $DATA: run header at 0x"}, []string{"dir/clusters.bin"}},
		{"fewer clusters than claimed", func(v victim) { v.image[v.runs("dir/clusters.bin", mft.AttrData, "")+1]-- },
			[]string{"malformed: $MFT: entry 66 $DATA: clusters in the run list at 0x"}, []string{"dir/clusters.bin"}},
		{"run list outside its attribute", func(v victim) {
			le.PutUint16(v.image[v.attribute("dir/clusters.bin", mft.AttrData, "")+0x20:], 0xfff0)
		}, []string{"malformed: $MFT: entry 66 $DATA: run list offset at 0x"}, []string{"dir/clusters.bin"}},
		{"a size larger than the volume", func(v victim) {
			at := v.attribute("dir/clusters.bin", mft.AttrData, "")
			le.PutUint64(v.image[at+0x30:], 1<<60)
			le.PutUint64(v.image[at+0x38:], 1<<60)
		}, nil, []string{"dir/clusters.bin"}},
		{"a size of 64 bits", func(v victim) {
			le.PutUint64(v.image[v.attribute("dir/clusters.bin", mft.AttrData, "")+0x30:], 1<<63)
		}, nil, []string{"dir/clusters.bin"}},
		{"VCNs of 64 bits", func(v victim) {
			le.PutUint64(v.image[v.attribute("dir/clusters.bin", mft.AttrData, "")+0x18:], 1<<62)
		}, []string{"malformed: $MFT: entry 66 $DATA: VCN range at 0x"}, []string{"dir/clusters.bin"}},
		{"compression unit", func(v victim) { v.image[v.attribute("dir/packed.bin", mft.AttrData, "")+0x22] = 200 },
			nil, []string{"dir/packed.bin"}},
		{"compressed data", func(v victim) { copy(v.image[v.cluster("dir/packed.bin", mft.AttrData, ""):], "\xff\xbf\xff\xff\xff") },
			nil, []string{"dir/packed.bin"}},

		{"an attribute list that names its own record for all", func(v victim) {
			at, n := v.list("dir/linked.txt")
			for i := 0; i < n; i += int(le.Uint16(v.image[at+i+4:])) {
				le.PutUint64(v.image[at+i+0x10:], mft.Ref{Entry: 71, Seq: 1}.Uint64())
			}
		}, []string{"gap: $MFT: entry 27", "gap: $MFT: entry 28"}, nil},
		{"an attribute list whose entry has no length", func(v victim) {
			at, _ := v.list("dir/linked.txt")
			le.PutUint16(v.image[at+4:], 0)
		}, []string{"malformed: $MFT: entry 71 $ATTRIBUTE_LIST: $ATTRIBUTE_LIST entry length: got 0, want ≥ 26"}, nil},

		{"$INDEX_ROOT, cut", func(v victim) {
			le.PutUint32(v.image[v.attribute("dir", mft.AttrIndexRoot, "$I30")+0x10:], 8)
		}, []string{"malformed: ntfs: entry 64 $I30: $INDEX_ROOT at 0x"}, []string{"dir/*"}},
		{"the node of $INDEX_ROOT", func(v victim) {
			le.PutUint32(v.image[v.value("dir", mft.AttrIndexRoot, "$I30")+0x10+4:], 1<<30)
		}, []string{"malformed: ntfs: entry 64 $I30: index node at 0x"}, []string{"dir/*"}},
		{"length of an index entry, 0", func(v victim) {
			le.PutUint16(v.image[v.value("dir", mft.AttrIndexRoot, "$I30")+0x20+8:], 0)
		}, []string{"malformed: ntfs: entry 64 $I30: length of the index entry at 0x"}, []string{"dir/*"}},
		{"key of an index entry", func(v victim) {
			le.PutUint16(v.image[v.value("dir", mft.AttrIndexRoot, "$I30")+0x20+10:], 0xffff)
		}, []string{"malformed: ntfs: entry 64 $I30: key of the index entry at 0x"}, []string{"dir/*"}},
		{"signature of an index block", func(v victim) { copy(v.image[v.cluster("many", mft.AttrIndexAllocation, "$I30"):], "XXXX") },
			[]string{`malformed: ntfs: entry 72 $I30: index block signature at 0x`}, []string{"many/*"}},
		{"VCN of an index block", func(v victim) { v.image[v.cluster("many", mft.AttrIndexAllocation, "$I30")+0x10]++ },
			[]string{`malformed: ntfs: entry 72 $I30: VCN of the index block at 0x`}, []string{"many/*"}},
		{"a torn index block", func(v victim) { v.image[v.cluster("many", mft.AttrIndexAllocation, "$I30")+4094]++ },
			[]string{`malformed: ntfs: entry 72 $I30: update sequence number of a stride at 0x`}, nil},
		{"an index of 2⁶⁰ bytes", func(v victim) {
			at := v.attribute("many", mft.AttrIndexAllocation, "$I30")
			le.PutUint64(v.image[at+0x30:], 1<<60)
			le.PutUint64(v.image[at+0x38:], 1<<60)
		}, nil, nil},
		{"bytes per index block", func(v victim) {
			le.PutUint32(v.image[v.value("many", mft.AttrIndexRoot, "$I30")+8:], 3)
		}, []string{"malformed: ntfs: entry 72 $I30: bytes per index block at 0x"}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			whole, image := open(t, patient())
			want := contents(whole)
			v := victim{whole, t, slices.Clone(image)}
			tt.change(v)
			damaged, err := mft.NewVolume(bytes.NewReader(v.image), int64(len(v.image)))
			if err != nil {
				t.Fatal(err)
			}
			var problems []string
			for p := range damaged.Problems() {
				problems = append(problems, p.String())
			}
			expectProblems(t, problems, tt.problems)
			got := contents(damaged)
			lost := 0
			for name, content := range want {
				if got[name] == content {
					continue
				}
				if !slices.ContainsFunc(tt.lost, func(p string) bool {
					prefix, star := strings.CutSuffix(p, "*")
					return star && strings.HasPrefix(name, prefix) || p == name || strings.HasPrefix(name, p+":")
				}) {
					t.Errorf("%s is lost: %.100q", name, got[name])
				}
				lost++
			}
			if lost == 0 && len(tt.lost) > 0 {
				t.Errorf("nothing is lost, want %q", tt.lost)
			}
		})
	}
}

// list returns the offset of the $ATTRIBUTE_LIST of a file, resident or not, and
// its length.
func (v victim) list(name string) (at, n int) {
	at = v.attribute(name, mft.AttrAttributeList, "")
	if v.image[at+8] == 0 {
		return v.value(name, mft.AttrAttributeList, ""), int(le.Uint32(v.image[at+0x10:]))
	}
	return v.cluster(name, mft.AttrAttributeList, ""), int(le.Uint64(v.image[at+0x30:]))
}

func expectProblems(t *testing.T, got, want []string) {
	t.Helper()
	for _, w := range want {
		if !slices.ContainsFunc(got, func(g string) bool { return strings.HasPrefix(g, w) }) {
			t.Errorf("no problem %q among %q", w, got)
		}
	}
	for _, g := range got {
		if !slices.ContainsFunc(want, func(w string) bool { return strings.HasPrefix(g, w) }) {
			t.Errorf("unexpected problem %q", g)
		}
	}
}
