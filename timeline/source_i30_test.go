package timeline

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
)

// Names that only slack has become events, with what they prove. Those that the $MFT has
// too do not.
func TestFormerNames(t *testing.T) {
	at := time.Date(2024, 3, 4, 5, 6, 7, 123456700, time.UTC)
	times := mfttest.Times{Created: at, Modified: at.Add(time.Second), Changed: at.Add(time.Second), Accessed: at.Add(time.Second)}
	image, err := mfttest.Volume{Files: []mfttest.File{
		{Path: "kit", Dir: true, Entry: 100},
		{Path: "kit/known.exe", Times: times, Entry: 102, Deleted: true, IndexSlack: mft.EntryWhole},
		{Path: "kit/reused.exe", Times: times, Entry: 103, Deleted: true, Overwritten: true, IndexSlack: mft.EntryWhole},
		{Path: "kit/header.exe", Times: times, Entry: 104, Deleted: true, Overwritten: true, IndexSlack: mft.EntryNoFile},
		{Path: "kit/lost.exe", Times: times, Entry: 105, Deleted: true, Overwritten: true, IndexSlack: mft.EntryNoFolder},
		{Path: "photo.jpg", Times: times, Entry: 103, Seq: 2, FormerNames: []string{"kit/before.exe"}},
	}}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	vol, err := mft.NewVolume(bytes.NewReader(image), int64(len(image)))
	if err != nil {
		t.Fatal(err)
	}
	tl, err := Collect(t.Context(), vol, WithDrive("C"))
	if err != nil {
		t.Fatal(err)
	}
	defer tl.Close()
	var got []string
	for e := range tl.ByKind(FileFormerName) {
		if e.Time.Equal(at) && e.Source.Type == TypeIndex && e.Data != nil && e.Source.Offset > 0 {
			got = append(got, e.Message)
		}
	}
	slices.Sort(got)
	want := []string{
		`C:\?\lost.exe was created (slack of $I30: some folder had the name, for which file is not known)`,
		`C:\kit\before.exe was created (slack of the record 103-2: the file of the record had the name, or one before it)`,
		`C:\kit\header.exe was created (slack of $I30: the folder had the name, for which file is not known)`,
		`C:\kit\reused.exe was created (slack of $I30: the folder had the name for that file)`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
	for _, c := range tl.Coverage() {
		if c.Type == TypeIndex && (c.Records != 4 || c.State != Parsed || !c.First.Equal(at)) {
			t.Errorf("coverage %+v", c)
		}
	}
}
