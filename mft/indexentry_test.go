package mft_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
)

// wiped returns a volume from which an intruder deleted his tools.
func wiped() mfttest.Volume {
	at := mfttest.AllAt(time.Date(2024, 3, 4, 5, 6, 7, 123456700, time.UTC))
	return mfttest.Volume{Files: []mfttest.File{
		{Path: "kit/readme.txt", Data: []byte("here"), Times: at, Entry: 70},
		{Path: "kit/dropper.exe", Data: []byte("MZ"), Times: at, Entry: 71, Seq: 3, Deleted: true, IndexSlack: mft.EntryWhole},
		{Path: "kit/nameless-header.exe", Times: at, Entry: 72, Deleted: true, IndexSlack: mft.EntryNoFile},
		{Path: "kit/nowhere.exe", Times: at, Entry: 73, Deleted: true, IndexSlack: mft.EntryNoFolder},
		{Path: "kit/readme.txt", Times: at, Entry: 70, Deleted: true, Overwritten: true, IndexSlack: mft.EntryWhole}, // a copy
		{Path: "kit/reused.exe", Times: at, Entry: 75, Seq: 4, Deleted: true, Overwritten: true, IndexSlack: mft.EntryWhole},
		{Path: "other.txt", Times: at, Entry: 75, Seq: 5, FormerNames: []string{"kit/before.txt"}},
		{Path: "gone", Dir: true, Times: at, Entry: 80, Deleted: true},
		{Path: "gone/stolen.zip", Times: at, Entry: 81, Deleted: true, IndexSlack: mft.EntryWhole},
	}}
}

// entriesOf returns the entries of a folder as text: state, file, path, and whether it is a
// copy.
func entriesOf(t *testing.T, r *mft.Reader, entry uint64) (list []string) {
	t.Helper()
	rec, err := r.Record(entry)
	if err != nil {
		t.Fatal(err)
	}
	for e, err := range r.IndexEntries(rec) {
		if err != nil {
			list = append(list, "error: "+err.Error())
			continue
		}
		list = append(list, entryText(r, &e))
	}
	return list
}

func entryText(r *mft.Reader, e *mft.IndexEntry) string {
	text := fmt.Sprint(e.State, " ", e.File, " ", r.NamePath(&e.FileName))
	if e.Copied {
		text += " copied"
	}
	return text
}

// The names that a folder had stay in the slack of its index, with what is left of them,
// also if the folder is deleted.
func TestIndexEntries(t *testing.T) {
	for _, big := range []bool{false, true} {
		want := wiped()
		if big {
			want.RecordSize = 4096
			for i := range 300 {
				want.Files = append(want.Files, mfttest.File{Path: fmt.Sprintf("kit/z filler %03d.txt", i)})
			}
		}
		v, image := open(t, want)
		noProblems(t, v)
		got := entriesOf(t, v.MFT(), 0) // no folder
		if got != nil {
			t.Errorf("$MFT: %q", got)
		}
		var kit uint64
		if rec, err := v.Lookup("kit"); err == nil {
			kit = rec.Entry
		}
		got = slices.DeleteFunc(entriesOf(t, v.MFT(), kit), func(s string) bool { return strings.Contains(s, "filler") })
		expect := []string{
			"in_use 70-1 kit/readme.txt",
			"whole 71-3 kit/dropper.exe",
			"no_file 0-0 kit/nameless-header.exe",
			"no_folder 0-0 ?/nowhere.exe",
			"whole 70-1 kit/readme.txt copied",
			"whole 75-4 kit/reused.exe",
		}
		if !slices.Equal(got, expect) {
			t.Errorf("big %t: got\n%s\nwant\n%s", big, strings.Join(got, "\n"), strings.Join(expect, "\n"))
		}
		if got, want := entriesOf(t, v.MFT(), 80), []string{"whole 81-1 gone/stolen.zip"}; !slices.Equal(got, want) {
			t.Errorf("big %t: got %q, want %q", big, got, want)
		}
		folder := recordIn(t, v.MFT(), kit)
		for e := range v.MFT().IndexEntries(folder) {
			if e.State != mft.EntryWhole || e.Name != "dropper.exe" {
				continue
			}
			at := e.Offset
			if !big {
				at += folder.VolumeOffset - folder.Offset
			}
			if le.Uint64(image[at:]) != folder.Uint64() || big == (e.Block < 0) {
				t.Errorf("offset %d, block %d: the value is not there", e.Offset, e.Block)
			}
			if !e.Created.Equal(want.Files[1].Times.Created) || e.Size != 2 || e.Namespace != mft.NamespaceWin32DOS {
				t.Errorf("got %+v", e)
			}
			break
		}
	}
}

// A $MFT without its volume has the part of an index that is in the record, and says if
// The offset of an entry is where its name is, in the record of the folder and in a block.
func TestOffsetsOfIndexEntries(t *testing.T) {
	files := []mfttest.File{{Path: "small/a file.txt"}, {Path: "small/was here.txt", Deleted: true, IndexSlack: mft.EntryWhole}}
	for i := range 100 {
		files = append(files, mfttest.File{Path: fmt.Sprintf("large/a longer name %d.txt", i)})
	}
	v, image := open(t, mfttest.Volume{Files: files})
	inRecord, inBlocks := 0, 0
	for _, folder := range []string{"small", "large"} {
		rec, err := v.Lookup(folder)
		if err != nil {
			t.Fatal(err)
		}
		for e, err := range v.MFT().IndexEntries(rec) {
			if err != nil {
				t.Fatal(err)
			}
			at := e.Offset
			if inBlocks++; e.Block == -1 {
				at += rec.VolumeOffset - rec.Offset
				inBlocks--
				inRecord++
			}
			const name = 0x42
			want := wtf8.Encode(e.Name)
			got := image[at+name:][:len(want)]
			if sector := 512 - (at+name)%512; sector < int64(len(want))+2 {
				continue // the name is where NTFS keeps something else in each sector
			}
			if !bytes.Equal(got, want) {
				t.Errorf("%s/%s, block %d: at %#x is %q", folder, e.Name, e.Block, e.Offset, got)
			}
		}
	}
	if inRecord < 2 || inBlocks < 90 {
		t.Errorf("%d in records, %d in blocks", inRecord, inBlocks)
	}
}

// there is more.
func TestIndexEntriesWithoutVolume(t *testing.T) {
	want := wiped()
	for i := range 50 {
		want.Files = append(want.Files, mfttest.File{Path: fmt.Sprintf("big/filler %03d.txt", i)})
	}
	v, _ := open(t, want)
	table, err := fs.ReadFile(v, "$MFT")
	if err != nil {
		t.Fatal(err)
	}
	r, err := mft.NewReader(bytes.NewReader(table), int64(len(table)))
	if err != nil {
		t.Fatal(err)
	}
	for name, more := range map[string]bool{"kit": false, "big": true} {
		rec, err := v.Lookup(name)
		if err != nil {
			t.Fatal(err)
		}
		var last error
		for _, err := range r.IndexEntries(recordIn(t, r, rec.Entry)) {
			last = errors.Join(last, err)
		}
		if more != errors.Is(last, mft.ErrNoVolume) {
			t.Errorf("%s: %v", name, last)
		}
	}
}

func recordIn(t *testing.T, r *mft.Reader, entry uint64) *mft.Record {
	t.Helper()
	rec, err := r.Record(entry)
	if err != nil {
		t.Fatal(err)
	}
	return rec
}

// A record keeps former names of its file, or of a file before it, behind its attributes.
func TestSlackNames(t *testing.T) {
	v, _ := open(t, wiped())
	names := recordIn(t, v.MFT(), 75).SlackNames()
	if len(names) != 1 || !names[0].Whole || v.MFT().NamePath(&names[0].FileName).Name != "kit/before.txt" {
		t.Errorf("got %+v", names)
	}
	for rec, err := range v.MFT().Scan() {
		if err != nil {
			t.Fatal(err)
		}
		if got := rec.SlackNames(); rec.Entry != 75 && got != nil {
			t.Errorf("%s: %+v", rec.Name(), got)
		}
	}
}

// An index that a tool extracted has the same entries as the volume.
func TestIndexFile(t *testing.T) {
	want := wiped()
	for i := range 60 {
		want.Files = append(want.Files, mfttest.File{Path: fmt.Sprintf("kit/z filler %03d.txt", i)})
	}
	v, image := open(t, want)
	at := victim{v, t, image}
	rec, err := v.Lookup("kit")
	if err != nil {
		t.Fatal(err)
	}
	var inBlocks, inRoot []string
	for e, err := range v.MFT().IndexEntries(rec) {
		if err != nil {
			t.Fatal(err)
		}
		inRoot = append(inRoot, entryText(v.MFT(), &e))
		if e.Block >= 0 {
			inBlocks = append(inBlocks, entryText(v.MFT(), &e))
		}
	}
	root, blocks := at.value("kit", mft.AttrIndexRoot, "$I30"), at.cluster("kit", mft.AttrIndexAllocation, "$I30")
	var size int
	for _, a := range rec.Attributes {
		if a.Type == mft.AttrIndexAllocation {
			size = int(a.Size)
		}
	}
	rootLen := int(le.Uint32(image[at.attribute("kit", mft.AttrIndexRoot, "$I30")+0x10:]))
	both := slices.Concat(image[root:root+rootLen], image[blocks:blocks+size])
	for _, tt := range []struct {
		name string
		b    []byte
		want []string
	}{
		{"$INDEX_ALLOCATION", image[blocks : blocks+size], inBlocks},
		{"$INDEX_ROOT and $INDEX_ALLOCATION", both, inRoot},
	} {
		x, err := mft.NewIndexFile(bytes.NewReader(tt.b), int64(len(tt.b)))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for e, err := range x.Entries() {
			if err != nil {
				t.Errorf("%s: %v", tt.name, err)
				continue
			}
			got = append(got, entryText(v.MFT(), &e))
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: got\n%s\nwant\n%s", tt.name, strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
		}
	}
}

// What is damaged in an index loses that and nothing else.
func TestDamagedIndexFile(t *testing.T) {
	var want mfttest.Volume
	for i := range 60 {
		want.Files = append(want.Files, mfttest.File{Path: fmt.Sprintf("f/%060d", i)})
	}
	v, image := open(t, want)
	at := victim{v, t, image}.cluster("f", mft.AttrIndexAllocation, "$I30")
	whole := image[at : at+3*4096]
	intact := 0
	for _, tt := range []struct {
		name   string
		change func([]byte) []byte
		want   string // the error of the file or of an entry
		lost   int    // blocks
	}{
		{"intact", func(b []byte) []byte { return b }, "", 0},
		{"nothing", func([]byte) []byte { return nil }, "$I30: index block at 0x0: got none, want INDX", 3},
		{"another file", func(b []byte) []byte { return bytes.Repeat([]byte("x"), len(b)) }, "$I30: index block at 0x0: got none, want INDX", 3},
		{"the signature", func(b []byte) []byte { copy(b, "XXXX"); return b }, `$I30: index block signature at 0x0: got "XXXX", want INDX`, 1},
		{"a torn block", func(b []byte) []byte { b[510] ^= 0xff; return b }, "$I30: update sequence number of a stride at 0x1fe: got 0x00fe, want 0x0001", 0},
		{"the node", func(b []byte) []byte { le.PutUint32(b[0x1c:], 1<<30); return b }, "$I30: index node at 0x18: got entries from 40 to 1073741824, want inside 16 to 4072", 0},
		{"an entry", func(b []byte) []byte { le.PutUint16(b[0x48:], 7); return b }, "$I30: length of the index entry at 0x48: got 7, want 16 to 3968", 0},
		{"cut", func(b []byte) []byte { return b[:2*4096+1000] }, "$I30: index node at 0x2018: got entries from 40 to", 0},
	} {
		b := tt.change(bytes.Clone(whole))
		x, err := mft.NewIndexFile(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			if !errors.Is(err, mft.ErrNotIndex) || !strings.HasPrefix(err.Error(), tt.want) {
				t.Errorf("%s: %v, want %s", tt.name, err, tt.want)
			}
			continue
		}
		blocks, problems := map[int64]bool{}, []string{}
		n := 0
		for e, err := range x.Entries() {
			if err != nil {
				problems = append(problems, err.Error())
				continue
			}
			n++
			blocks[e.Block] = true
		}
		if tt.want == "" {
			intact = n
		}
		if len(blocks) != 3-tt.lost || (tt.want == "") != (len(problems) == 0) || len(problems) > 0 && !strings.HasPrefix(problems[0], tt.want) {
			t.Errorf("%s: entries %d of %d, blocks %v, problems %q; want %q", tt.name, n, intact, blocks, problems, tt.want)
		}
	}
}

// The names in the slack of real indexes: the files of one folder before, and after two
// deletions.
func TestIndexFileCorpus(t *testing.T) {
	for _, tt := range []struct {
		name         string
		inUse, slack int
	}{{"i30_Start.bin", 50, 51}, {"i30_FirstDelete.bin", 20, 81}, {"i30_SecondDelete.bin", 10, 91}} {
		x, err := mft.OpenIndex(testenv.Corpus(t, "mft/"+tt.name))
		if err != nil {
			t.Fatal(err)
		}
		inUse, slack := 0, 0
		for e, err := range x.Entries() {
			switch {
			case err != nil:
				t.Errorf("%s: %v", tt.name, err)
			case e.State == mft.EntryInUse:
				inUse++
			default:
				slack++
			}
		}
		if inUse != tt.inUse || slack != tt.slack {
			t.Errorf("%s: %d in use and %d in slack, want %d and %d", tt.name, inUse, slack, tt.inUse, tt.slack)
		}
		x.Close()
	}
}
