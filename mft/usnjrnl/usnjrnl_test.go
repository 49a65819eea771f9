package usnjrnl_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/usnjrnl"
	"github.com/birthmark-dfir/birthmark/mft/usnjrnl/usnjrnltest"
)

var day = time.Date(2026, 3, 2, 10, 11, 12, 345678900, time.UTC)

func id(entry uint64, seq uint16) usnjrnl.FileID {
	return usnjrnl.IDOf(mft.Ref{Entry: entry, Seq: seq})
}

var root = id(5, 5)

// specimen returns a journal with records of all versions, and the records.
func specimen(head int64, n int) (*usnjrnltest.Journal, []usnjrnl.Record) {
	j := &usnjrnltest.Journal{Head: head}
	var want []usnjrnl.Record
	for i := range n {
		rec := usnjrnl.Record{
			Major: 2, File: id(uint64(64+i), 1), Parent: root, Time: day.Add(time.Duration(i) * time.Second), Reason: usnjrnl.FileCreate | usnjrnl.Close,
			SecurityID: uint32(i), Attributes: mft.FileArchive, Name: fmt.Sprintf("file %d %s.exe", i, strings.Repeat("é", i%90)),
		}
		switch i % 5 {
		case 1:
			rec.Major, rec.File.High, rec.Parent.High = 3, 7, 8
		case 2:
			rec = usnjrnl.Record{Major: 4, File: rec.File, Parent: root, Reason: usnjrnl.DataExtend, Extents: []usnjrnl.Extent{{0, 0x4000}, {0x5000, 0x1000}}, Remaining: 1}
		case 3:
			rec.Name, rec.Source = "half\xed\xa0\x80\xf0\x9f\x98\x80", usnjrnl.DataManagement
		}
		want = append(want, j.Add(rec))
	}
	return j, want
}

func open(t testing.TB, b []byte) *usnjrnl.Reader {
	t.Helper()
	r, err := usnjrnl.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// all returns the records, and the errors in between.
func all(r *usnjrnl.Reader) (list []usnjrnl.Record, errs []error) {
	for rec, err := range r.Records() {
		if err != nil {
			errs = append(errs, err)
			continue
		}
		list = append(list, rec)
	}
	return list, errs
}

func problems(r *usnjrnl.Reader) (list []string) {
	for p := range r.Problems() {
		list = append(list, p.String())
	}
	return list
}

func TestRoundTrip(t *testing.T) {
	for _, n := range []int{0, 1, 5, 500, 20000} {
		for _, head := range []int64{0, 3 << 20} {
			j, want := specimen(head, n)
			r := open(t, j.Bytes())
			got, errs := all(r)
			if len(errs) > 0 || !slices.EqualFunc(got, want, func(a, b usnjrnl.Record) bool { return reflect.DeepEqual(a, b) }) {
				t.Errorf("%d records behind %d zeros: %d records, errors %v", n, head, len(got), errs)
			}
			if p := problems(r); len(p) > 0 {
				t.Errorf("problems of an intact journal: %q", p[:min(3, len(p))])
			}
		}
	}
}

// A page that is damaged loses its records, and the others are all there.
func TestDamageLosesOnlyItself(t *testing.T) {
	j, want := specimen(0, 400)
	for _, tt := range []struct {
		name   string
		harm   func(b []byte) []byte
		lost   func(r usnjrnl.Record) bool
		report string
	}{
		{"a page of zeros", func(b []byte) []byte { clear(b[0x2000:0x3000]); return b },
			func(r usnjrnl.Record) bool { return r.Offset>>12 == 2 }, "gap: $UsnJrnl:$J: USN at 0x3000"},
		{"a page of text", func(b []byte) []byte { copy(b[0x2000:0x3000], bytes.Repeat([]byte("text"), 1024)); return b },
			func(r usnjrnl.Record) bool { return r.Offset>>12 == 2 }, "malformed: $UsnJrnl:$J: 4096 bytes at 0x2000: record at 0x2000"},
		{"the size of one record", func(b []byte) []byte { b[0]++; return b },
			func(r usnjrnl.Record) bool { return r.Offset == 0 }, "malformed: $UsnJrnl:$J: "},
		{"the last record is cut off", func(b []byte) []byte { return b[:len(b)-8] },
			func(r usnjrnl.Record) bool { return r.USN == want[len(want)-1].USN }, "truncation: $UsnJrnl:$J: "},
		{"a version that is unknown", func(b []byte) []byte { b[4] = 5; return b },
			func(r usnjrnl.Record) bool { return r.Offset == 0 }, "malformed: $UsnJrnl:$J: "},
	} {
		r := open(t, tt.harm(j.Bytes()))
		kept := slices.DeleteFunc(slices.Clone(want), tt.lost)
		got, _ := all(r)
		if !reflect.DeepEqual(got, kept) {
			t.Errorf("%s: got %d records, want %d", tt.name, len(got), len(kept))
		}
		p := problems(r)
		if len(p) == 0 || !slices.ContainsFunc(p, func(s string) bool { return strings.HasPrefix(s, tt.report) }) {
			t.Errorf("%s: problems %q, want one that begins with %q", tt.name, p, tt.report)
		}
	}
}

func TestFollows(t *testing.T) {
	_, list := specimen(0, 200)
	for i := range list[1:] {
		if !list[i+1].Follows(&list[i]) {
			t.Errorf("record %d does not follow the one before it", i+1)
		}
		if list[i].Follows(&list[i+1]) {
			t.Errorf("record %d follows the one behind it", i)
		}
	}
	if list[2].Follows(&list[0]) {
		t.Error("a record is missing, and that is not noticed")
	}
}

// Records that a collector put in another order are told apart by their USN.
func TestOutOfOrder(t *testing.T) {
	j, want := specimen(0, 200)
	b := j.Bytes()
	n := int64(len(b)) &^ 0xfff
	b = slices.Concat(b[n:], make([]byte, 0x1000-len(b[n:])), b[:n])
	r := open(t, b)
	got, errs := all(r)
	slices.SortFunc(got, func(a, b usnjrnl.Record) int { return int(a.USN - b.USN) })
	if len(errs) > 0 || len(got) != len(want) || got[0].USN != want[0].USN || got[len(got)-1].Name != want[len(want)-1].Name {
		t.Errorf("%d of %d records, errors %v", len(got), len(want), errs)
	}
	if p := problems(r); len(p) != 1 || !strings.HasPrefix(p[0], "conflict: $UsnJrnl:$J: USN, out of order") {
		t.Errorf("problems %q", p)
	}
}

// hollow is a journal of which only the end has clusters.
type hollow struct {
	bytes.Reader
	size int64
	read int64
	tail []byte
}

func (h *hollow) NextData(off int64) int64 { return max(off, h.size-int64(len(h.tail))) }

func (h *hollow) ReadAt(p []byte, off int64) (int, error) {
	at := h.size - int64(len(h.tail))
	if off < at {
		return 0, errors.New("a hole was read")
	}
	h.read += int64(len(p))
	return bytes.NewReader(h.tail).ReadAt(p, off-at)
}

func TestHolesAreNotRead(t *testing.T) {
	j, want := specimen(1<<44, 300)
	tail := j.Tail()
	h := &hollow{size: 1<<44 + int64(len(tail)), tail: tail}
	r, err := usnjrnl.NewReader(h, h.size)
	if err != nil {
		t.Fatal(err)
	}
	got, errs := all(r)
	if len(errs) > 0 || !reflect.DeepEqual(got, want) {
		t.Errorf("%d of %d records, errors %v", len(got), len(want), errs)
	}
	if h.read > int64(len(tail))+1<<20 {
		t.Errorf("read %d bytes for %d", h.read, len(tail))
	}
}

func TestIndexOfVelociraptor(t *testing.T) {
	j, want := specimen(1<<30, 50)
	name := filepath.Join(t.TempDir(), "$UsnJrnl%3A$J")
	write(t, name, j.Tail())
	write(t, name+".idx", fmt.Appendf(nil, `{"ranges":[{"length":%d},{"original_offset":%d,"file_length":%d,"length":%d}]}`, 1<<30, 1<<30, len(j.Tail()), len(j.Tail())))
	r, err := usnjrnl.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if got, errs := all(r); len(errs) > 0 || !reflect.DeepEqual(got, want) {
		t.Errorf("%d of %d records, errors %v", len(got), len(want), errs)
	}
}

func write(t *testing.T, name string, b []byte) {
	t.Helper()
	if err := os.WriteFile(name, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestCarve(t *testing.T) {
	j, want := specimen(0, 100)
	noise := bytes.Repeat([]byte("no record at all "), 1000)
	noise = noise[:len(noise)&^7]
	alone := usnjrnltest.Encode(usnjrnl.Record{Major: 2, USN: 0x4000, File: id(70, 2), Parent: root, Time: day, Reason: usnjrnl.Close, Name: "alone.exe"})
	odd := usnjrnltest.Encode(usnjrnl.Record{Major: 2, USN: 0x8000, File: id(70, 2), Parent: root, Time: day.AddDate(300, 0, 0), Reason: usnjrnl.Close, Name: "odd.exe"})
	b := slices.Concat(noise, j.Bytes(), noise, alone, noise, odd, noise)
	count := map[usnjrnl.Confidence]int{}
	for c, err := range usnjrnl.Carve(bytes.NewReader(b), int64(len(b))) {
		if err != nil {
			t.Fatal(err)
		}
		count[c.Confidence]++
	}
	if count[usnjrnl.Chained] != len(want) || count[usnjrnl.Likely] != 1 || count[usnjrnl.Possible] != 1 {
		t.Errorf("got %v, want %d chained, one likely and one possible", count, len(want))
	}
}

func TestFlagsAsText(t *testing.T) {
	for _, tt := range []struct{ got, want string }{
		{(usnjrnl.FileCreate | usnjrnl.Close).String(), "FILE_CREATE|CLOSE"},
		{usnjrnl.Reason(0x80).String(), "0x80"},
		{usnjrnl.DataManagement.String(), "DATA_MANAGEMENT"},
		{usnjrnl.Source(0).String(), ""},
		{id(40, 3).String(), "40-3"},
		{usnjrnl.FileID{Low: 1, High: 2}.String(), "00000000000000020000000000000001"},
	} {
		if tt.got != tt.want {
			t.Errorf("got %q, want %q", tt.got, tt.want)
		}
	}
}

// The counts of public journals.
func TestPublicJournals(t *testing.T) {
	for _, tt := range []struct {
		name     string
		find     func(testing.TB, string) string
		rel      string
		versions [5]int
		last     int64
	}{
		{"271 records, 264 of version 2 and 7 of version 4", testenv.Corpus, "mft/dfir_ntfs_usnjrnlj.bin", [5]int{2: 264, 4: 7}, 29968},
		{"one of version 2 with a name", testenv.Corpus, "mft/dfir_ntfs_usn_1170953448.bin", [5]int{2: 1}, 1170953448},
		{"one of version 4", testenv.Corpus, "mft/dfir_ntfs_usn_1170955904.bin", [5]int{4: 1}, 1170955904},
		{"19 records of plaso", testenv.Sample, "traces/usnjrnl/UsnJrnl.raw", [5]int{2: 19}, -1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, err := usnjrnl.Open(tt.find(t, tt.rel))
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			list, errs := all(r)
			var versions [5]int
			for _, rec := range list {
				versions[rec.Major]++
			}
			if len(errs) > 0 || versions != tt.versions || len(list) > 0 && tt.last >= 0 && list[len(list)-1].USN != tt.last {
				t.Errorf("versions %v, errors %v, last %+v", versions, errs, list[len(list)-1])
			}
		})
	}
}

// The records that fsutil printed of the same journal, which it shows as version 3 and
// without those of version 4.
func TestPublicJournalAgreesWithFsutil(t *testing.T) {
	text, err := os.ReadFile(testenv.Corpus(t, "mft/dfir_ntfs_usnjrnlj.fsutil.txt"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := usnjrnl.Open(testenv.Corpus(t, "mft/dfir_ntfs_usnjrnlj.bin"))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	ours := map[string]usnjrnl.Record{}
	for rec, err := range r.Records() {
		if err != nil {
			t.Fatal(err)
		}
		ours[fmt.Sprint(rec.USN)] = rec
	}
	n := 0
	_, blocks, _ := strings.Cut(strings.ReplaceAll(string(text), "\r\n", "\n"), "\nUsn ")
	for _, block := range strings.Split("Usn "+blocks, "\nUsn ") {
		block = "Usn " + strings.TrimPrefix(block, "Usn ")
		f := map[string]string{}
		for _, line := range strings.Split(block, "\n") {
			name, value, _ := strings.Cut(line, ":")
			f[strings.TrimSpace(name)] = strings.TrimSpace(value)
		}
		rec, ok := ours[f["Usn"]]
		if !ok {
			t.Errorf("USN %s: not found", f["Usn"])
			continue
		}
		n++
		reason, _, _ := strings.Cut(f["Reason"], ":")
		if got := fmt.Sprintf("0x%08x %016x%016x %016x%016x", uint32(rec.Reason), rec.File.High, rec.File.Low, rec.Parent.High, rec.Parent.Low); got != reason+" "+f["File ID"]+" "+f["Parent file ID"] {
			t.Errorf("USN %s: got %s", f["Usn"], got)
		}
		if rec.Major < 4 && rec.Name != f["File name"] {
			t.Errorf("USN %s: name %q, fsutil %q", f["Usn"], rec.Name, f["File name"])
		}
	}
	if n != 268 {
		t.Errorf("%d records compared, want 268", n)
	}
}

// A journal that Velociraptor collected, of which only the beginning is in the sample.
func TestCollectionOfVelociraptor(t *testing.T) {
	z, err := zip.OpenReader(testenv.Sample(t, "triage/velociraptor/Collection-WIN-E5K9RC5GU23-2021-11-21T18_05_56-08_00.zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	dir := t.TempDir()
	for _, f := range z.File {
		if strings.Contains(f.Name, "$UsnJrnl%3A$J") {
			r, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			b, err := io.ReadAll(r)
			if err != nil {
				t.Fatal(err)
			}
			_, ext, _ := strings.Cut(f.Name, "$UsnJrnl%3A$J")
			write(t, filepath.Join(dir, "J"+ext), b)
		}
	}
	r, err := usnjrnl.Open(filepath.Join(dir, "J"))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	list, errs := all(r)
	if len(list) != 50 || list[0].Offset != 13732151296 || list[0].Name != "2024-08-14.json.tidx" || len(errs) == 0 || !damage.Is(errs[0]) {
		t.Errorf("%d records, errors %v", len(list), errs)
	}
}
