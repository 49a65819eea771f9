package mft_test

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
)

// A file whose attributes need several records, with a list of them that is resident
// or not.
func TestAttributeLists(t *testing.T) {
	const long = "a name of a file that is so long that a few of them fill a record, even if it has no other attributes, number"
	few := mfttest.File{Path: "few", Data: []byte("few")}
	many := mfttest.File{Path: "many", Data: []byte("many"), Streams: []mfttest.Stream{{Name: "stream", Data: packable()}}}
	for i := range 100 {
		if i < 4 {
			few.Links = append(few.Links, fmt.Sprintf("f/%s %d", long, i))
		}
		many.Links = append(many.Links, fmt.Sprintf("m/%s %d", long, i))
	}
	want := mfttest.Volume{Files: []mfttest.File{few, many}}
	v, _ := open(t, want)
	noProblems(t, v)
	sameFiles(t, v, want)
	for name, resident := range map[string]bool{"few": true, "many": false} {
		rec, err := v.Lookup(name)
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(rec.Attributes, func(a mft.Attribute) bool { return a.Type == mft.AttrAttributeList })
		if i < 0 || rec.Attributes[i].Resident != resident || len(rec.ExtensionRefs) == 0 {
			t.Errorf("%s: attribute %d, want a list that is resident %t; extensions %v", name, i, resident, rec.ExtensionRefs)
		}
	}

	// Without the volume a list that is not resident cannot be read. The extension
	// records, which name their base, make up for it.
	table, err := fs.ReadFile(v, "$MFT")
	if err != nil {
		t.Fatal(err)
	}
	r, err := mft.NewReader(bytes.NewReader(table), int64(len(table)))
	if err != nil {
		t.Fatal(err)
	}
	for rec, err := range r.Records() {
		if err != nil {
			t.Fatal(err)
		}
		if want := map[string]int{"few": 5, "many": 101}[rec.Name()]; want > 0 && len(r.Paths(rec)) != want {
			t.Errorf("%s: %d paths, want %d", rec.Name(), len(r.Paths(rec)), want)
		}
	}
}

// A $MFT in so many runs that its own record cannot hold them all.
func TestFragmentedMFT(t *testing.T) {
	want := machine()
	want.FragmentMFT = true
	for i := range 600 {
		want.Files = append(want.Files, mfttest.File{Path: fmt.Sprintf("more/file number %03d.txt", i)})
	}
	v, image := open(t, want)
	rec, err := v.Lookup("$MFT")
	if err != nil {
		t.Fatal(err)
	}
	if s, _ := rec.Stream(""); len(rec.ExtensionRefs) == 0 || len(s.Runs) < 200 {
		t.Errorf("%d runs, extensions %v", len(s.Runs), rec.ExtensionRefs)
	}
	noProblems(t, v)
	sameFiles(t, v, want)

	// If an extension is lost, only the records that it leads to are lost.
	copy(image[victim{v, t, image}.extension(rec.ExtensionRefs[0]):], "XXXX")
	damaged, err := mft.NewVolume(bytes.NewReader(image), int64(len(image)))
	if err != nil {
		t.Fatal(err)
	}
	var problems []string
	for p := range damaged.StructureProblems() {
		problems = append(problems, p.String())
	}
	expectProblems(t, problems, []string{
		"malformed: $MFT: entry 16: record signature at 0x4000: got \"XXXX\", want FILE",
		"truncation: ntfs: $MFT: runs of the $MFT at 0x",
	})
	// The part of the stream $MFT that it leads to is lost as well: what is before
	// it can be read, and reading what is after it returns an error that names what
	// is missing.
	table, err := damaged.Open("$MFT")
	if err != nil {
		t.Fatal(err)
	}
	defer table.Close()
	head := make([]byte, 4)
	if _, err := table.(io.ReaderAt).ReadAt(head, 0); err != nil || string(head) != "FILE" {
		t.Errorf("got %q, %v", head, err)
	}
	if _, err := table.(io.ReaderAt).ReadAt(head, int64(damaged.MFT().Len())*1024); err == nil || !strings.Contains(err.Error(), "runs of the stream: got ") {
		t.Errorf("got %v", err)
	}
	for entry := range damaged.MFT().Len() {
		if entry == 16 {
			continue
		}
		a, errA := v.MFT().Record(entry)
		b, errB := damaged.MFT().Record(entry)
		if (errA == nil) != (errB == nil) || errA == nil && a.Name() != b.Name() {
			t.Errorf("entry %d: %v, %v", entry, errA, errB)
		}
	}
	if damaged.MFT().Len() < 24 || damaged.MFT().Len() >= v.MFT().Len() {
		t.Errorf("%d of %d records", damaged.MFT().Len(), v.MFT().Len())
	}
}

// The record of a part of the $MFT may be in a part that the list names later: the list of
// a real volume is not in the order of the VCNs (libyal/libfsntfs issue 35).
func TestPartsOfTheMFTOutOfOrder(t *testing.T) {
	want := mfttest.Volume{FragmentMFT: true, ClusterSize: 1024}
	for i := range 900 {
		want.Files = append(want.Files, mfttest.File{Path: fmt.Sprintf("file number %03d.txt", i)})
	}
	v, image := open(t, want)
	table, err := v.MFT().Record(mft.EntryMFT)
	if err != nil {
		t.Fatal(err)
	}
	var parts []mft.Attribute
	for _, a := range table.Attributes {
		if a.Type == mft.AttrData {
			parts = append(parts, a)
		}
	}
	if len(parts) < 3 {
		t.Fatalf("the $MFT has %d parts", len(parts))
	}
	// The record of the third part takes the place of a file whose record is in the second,
	// and the list names it first.
	second, third := parts[1], parts[2]
	moved := mft.Ref{Entry: second.LastVCN - 1, Seq: 1}
	at := victim{v, t, image}
	from, to := at.extension(third.Record), at.extension(moved)
	copy(image[to:to+1024], image[from:from+1024])
	le.PutUint32(image[to+0x2c:], uint32(moved.Entry))
	clear(image[from : from+1024])
	entry := func(part mft.Attribute) []byte {
		off, n := at.list("$MFT")
		for list := image[off : off+n]; len(list) > 0; {
			n := int(le.Uint16(list[4:]))
			if mft.AttributeType(le.Uint32(list)) == mft.AttrData && le.Uint64(list[8:]) == part.StartVCN {
				return list[:n]
			}
			list = list[n:]
		}
		t.Fatalf("the list does not name the part at %d", part.StartVCN)
		return nil
	}
	a, b := entry(second), entry(third)
	le.PutUint64(b[0x10:], moved.Uint64())
	swapped := slices.Clone(a)
	copy(a, b)
	copy(b, swapped)

	again, err := mft.NewVolume(bytes.NewReader(image), int64(len(image)))
	if err != nil {
		t.Fatal(err)
	}
	for p := range again.StructureProblems() {
		t.Error(p)
	}
	if again.MFT().Len() != v.MFT().Len() {
		t.Errorf("%d of %d records", again.MFT().Len(), v.MFT().Len())
	}
	if _, err := fs.Stat(again, "file number 899.txt"); err != nil {
		t.Error(err)
	}
}
