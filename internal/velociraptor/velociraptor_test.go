package velociraptor

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
)

func index(t testing.TB, text string) (Index, error) {
	t.Helper()
	return ReadIndex(fstest.MapFS{"a.idx": {Data: []byte(text)}}, "a.idx")
}

func TestReadIndex(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		size       int64 // -1 for an error
	}{
		{"a hole and a range", `{"ranges":[{"length":100},{"original_offset":100,"file_length":10,"length":10}]}`, 110},
		{"a range that is missing", `{"ranges":[{"original_offset":100,"file_length":10,"length":10}]}`, 110},
		{"no ranges", `{"ranges":[]}`, -1},
		{"not JSON", `ranges`, -1},
		{"another object", `{"a":1}`, -1},
		{"ranges that overlap", `{"ranges":[{"length":100},{"original_offset":99,"length":10}]}`, -1},
		{"a negative length", `{"ranges":[{"length":-1}]}`, -1},
		{"a negative offset in the copy", `{"ranges":[{"length":10,"file_length":10,"file_offset":-1}]}`, -1},
		{"more than 2⁶³", `{"ranges":[{"original_offset":9223372036854775807,"length":9223372036854775807}]}`, -1},
		{"more in the copy than in the file", `{"ranges":[{"length":10,"file_length":11}]}`, -1},
	} {
		x, err := index(t, tt.text)
		if (err != nil) != (tt.size < 0) || err == nil && x.Size() != tt.size || err != nil && !damage.Is(err) {
			t.Errorf("%s: %+v, %v", tt.name, x, err)
		}
	}
	if Index(nil).Size() != 0 || Index(nil).NextData(5) != 0 {
		t.Error("an empty index has a size")
	}
}

// Holes are zeros; what the copy does not have is an error for its range.
func TestSparse(t *testing.T) {
	x, err := index(t, `{"ranges":[{"length":4},{"original_offset":4,"file_length":4,"length":4},{"original_offset":10,"file_length":4,"length":6},{"original_offset":16,"length":2}]}`)
	if err != nil {
		t.Fatal(err)
	}
	copied := []byte("abcdefgh")
	s := &Sparse{bytes.NewReader(copied), int64(len(copied)), x}
	for _, tt := range []struct {
		off, n int
		want   string
		err    error
	}{
		{0, 8, "\x00\x00\x00\x00abcd", nil},
		{6, 2, "cd", nil},
		{6, 4, "cd", io.ErrUnexpectedEOF}, // the index has no range from 8 to 10
		{10, 4, "efgh", nil},
		{10, 6, "efgh", io.ErrUnexpectedEOF}, // 6 bytes of which 4 were kept
		{16, 4, "\x00\x00", io.EOF},
		{18, 1, "", io.EOF},
	} {
		b := make([]byte, tt.n)
		n, err := s.ReadAt(b, int64(tt.off))
		if string(b[:n]) != tt.want || !errors.Is(err, tt.err) {
			t.Errorf("%d bytes at %d: %q, %v; want %q, %v", tt.n, tt.off, b[:n], err, tt.want, tt.err)
		}
	}
	if _, err := s.ReadAt(make([]byte, 1), -1); err == nil {
		t.Error("a negative offset is read")
	}
}

func TestReadTimes(t *testing.T) {
	const row = `{"SourceFile":"C:\\Users\\a.txt","Created":"2021-01-02T03:04:05Z","Modified":"2021-01-03T00:00:00Z","LastAccessed":"2021-01-04T00:00:00Z"}` + "\n"
	fsys := fstest.MapFS{
		"x/results/A%2FUploads.json":           {Data: []byte(strings.ReplaceAll(row, "2021", "2022"))},
		"x/results/Z%2FAll File Metadata.json": {Data: []byte("broken \"SourceFile\"\n" + row + strings.Repeat("long ", 300000) + "\n" + strings.ReplaceAll(row, `a.txt`, `b.txt`))},
		"x/results/index.json.index":           {Data: []byte(row)},
	}
	table, problems := ReadTimes(fsys, "x/uploads/auto/C%3A", "C")
	if len(problems) > 0 || len(table) != 2 {
		t.Fatalf("%v, %v", table, problems)
	}
	if times, ok := table.Of("users/A.TXT"); !ok || !times.Created.Equal(time.Date(2021, 1, 2, 3, 4, 5, 0, time.UTC)) || times.Modified.Day() != 3 || times.Accessed.Day() != 4 {
		t.Errorf("%+v, %v", times, ok)
	}
	for _, dir := range []string{"x/C", "y/uploads/auto/C%3A", "uploads"} {
		if table, problems := ReadTimes(fsys, dir, "C"); len(table) > 0 || problems != nil {
			t.Errorf("%s: %v, %v", dir, table, problems)
		}
	}
	if table, _ := ReadTimes(fsys, "x/uploads/auto/D%3A", "D"); len(table) > 0 {
		t.Errorf("the times of another drive: %v", table)
	}
}

func TestReadClient(t *testing.T) {
	const basic = `{"Name":"velociraptor","Hostname":"WEB01","OS":"windows","Fqdn":"WEB01.lan"}` + "\n{}\n"
	for _, tt := range []struct {
		file, text string
		want       Client
	}{
		{"client_info.json", `{"client_id":"C.1","os_info":{"system":"windows","hostname":"WEB01","fqdn":"WEB01.lan"}}`, Client{"WEB01", "WEB01.lan", "windows"}},
		{"results/Generic.Client.Info%2FBasicInformation.json", basic, Client{"WEB01", "WEB01.lan", "windows"}},
		{"Generic.Client.Info/BasicInformation.json", basic, Client{"WEB01", "WEB01.lan", "windows"}},
		{"client_info.json", `[]`, Client{}},
		{"other.json", basic, Client{}},
	} {
		if got := ReadClient(fstest.MapFS{"x/" + tt.file: {Data: []byte(tt.text)}}, "x"); got != tt.want {
			t.Errorf("%s: %+v, want %+v", tt.file, got, tt.want)
		}
	}
}

func TestEncryptedPassword(t *testing.T) {
	for text, want := range map[string]string{`{"EncryptedPass":"QUJD","Scheme":"X509","PublicKey":"x"}`: "X509", `{}`: "", `broken`: "", `{"Scheme":"PGP"}`: ""} {
		if got := EncryptedPassword(fstest.MapFS{Metadata: {Data: []byte(text)}}); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
	if got := EncryptedPassword(fstest.MapFS{}); got != "" {
		t.Errorf("without the file: %q", got)
	}
}

func TestOnlyResults(t *testing.T) {
	for names, want := range map[string]bool{"results/a.json": true, "Generic.Client.Info/a.json": true, "results/a.json uploads/b": false, "notes/a.json": false, "results": false} {
		fsys := fstest.MapFS{}
		for name := range strings.FieldsSeq(names) {
			fsys[name] = &fstest.MapFile{}
		}
		list, err := fs.ReadDir(fsys, ".")
		if err != nil || OnlyResults(list) != want {
			t.Errorf("%s: %v, %v", names, OnlyResults(list), err)
		}
	}
}

func FuzzReadIndex(f *testing.F) {
	f.Add(`{"ranges":[{"length":4},{"original_offset":4,"file_length":4,"length":4}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		x, err := index(t, text)
		if err != nil {
			return
		}
		s := &Sparse{strings.NewReader("abcdefgh"), 8, x}
		var b [16]byte
		for _, off := range []int64{0, 1, x.Size() - 8, x.NextData(0)} {
			if n, err := s.ReadAt(b[:], off); n < len(b) && err == nil {
				t.Errorf("%d bytes at %d without an error", n, off)
			}
		}
		if at := x.NextData(0); at < 0 || at > x.Size() {
			t.Errorf("data at %d of %d", at, x.Size())
		}
	})
}
