package ewf

import (
	"bytes"
	"crypto/md5"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/disk/disktest"
	"github.com/birthmark-dfir/birthmark/internal/disk/ewf/ewftest"
)

// testItems are files of all kinds.
func testItems() []ewftest.Item {
	large := disktest.Disk(3*ewftest.Chunk + 1000)
	return []ewftest.Item{{Name: "C", Folder: true, Created: 1_700_000_000, Inside: []ewftest.Item{
		{Name: "Windows", Folder: true, Inside: []ewftest.Item{
			{Name: "win.ini", Content: []byte("[fonts]\r\n"), Created: 1_700_000_100},
			{Name: "empty.txt"},
			{Name: "a/b\\c: ünal \U0001F600", Content: []byte("odd name")},
		}},
		{Name: "large.bin", Content: large, Created: 1_700_000_200},
		{Name: "zeros.bin", Content: []byte{0}, Sparse: 100_000},
		{Name: "gone.exe", Content: []byte("MZ gone"), Flags: flagDeleted},
		{Name: "large.bin·Zone.Identifier", Content: []byte("[ZoneTransfer]"), Flags: flagStream},
		{Name: "none", Folder: true},
	}}}
}

// listed returns what an image has, a line for each file.
func listed(t testing.TB, l *Logical) (list []string) {
	t.Helper()
	for _, f := range l.Files {
		path := f.Name
		for i := f.Parent; i >= 0; i = l.Files[i].Parent {
			path = l.Files[i].Name + "|" + path
		}
		line := path
		unix := func(at time.Time) int64 {
			if at.IsZero() {
				return 0
			}
			return at.Unix()
		}
		if !f.Folder {
			b := make([]byte, f.Size)
			if f.R != nil {
				if n, err := f.R.ReadAt(b, 0); n < len(b) {
					t.Errorf("%s: %v", path, err)
				}
			}
			sum := md5.Sum(b)
			line += fmt.Sprintf(" %d %x", f.Size, sum)
			if f.Err != nil {
				line += " " + f.Err.Error()
			}
		}
		list = append(list, fmt.Sprintf("%s %d %d %d", line, unix(f.Created), unix(f.Modified), unix(f.Accessed)))
	}
	return list
}

func openLogicalIn(t testing.TB, all disktest.Files, name string) (*Logical, error) {
	t.Helper()
	f, err := all.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	return OpenLogical(f)
}

// An image of files opens from any of its segments, as EnCase 6 and 7 write it.
func TestLogical(t *testing.T) {
	for _, types := range []string{ewftest.Types6, ewftest.Types7} {
		text, data := ewftest.Text(types, "LogicalEntries", testItems())
		for _, perSegment := range []int{2, 100} {
			all := ewftest.Bytes(text, data, perSegment)
			var first []string
			for name := range all {
				l, err := openLogicalIn(t, all, name)
				if err != nil || len(l.Problems) > 0 {
					t.Fatal(err, l)
				}
				got := listed(t, l)
				if first == nil {
					first = got
				}
				if !slices.Equal(got, first) || len(got) != 10 {
					t.Errorf("%s: %q", name, got)
				}
				for _, f := range l.Files {
					if f.Deleted != (f.Name == "gone.exe") || f.Stream != (f.Name == "large.bin:Zone.Identifier") || f.Folder != slices.Contains([]string{"C", "Windows", "none"}, f.Name) {
						t.Errorf("%+v", f)
					}
					if sum := md5.Sum(nil); f.Name == "empty.txt" && (f.Size != 0 || !bytes.Equal(f.MD5, sum[:])) {
						t.Errorf("%+v", f)
					}
				}
			}
		}
	}
}

// libewf lists the same files with the same content and times.
func TestLogicalByLibewf(t *testing.T) {
	python := pyewf(t)
	const script = `
import sys, hashlib, pyewf
h = pyewf.handle()
h.open(pyewf.glob(sys.argv[1]))
def walk(e, path):
    for i in range(e.number_of_sub_file_entries):
        s = e.get_sub_file_entry(i)
        p = path + [s.name or ""]
        line = "|".join(p)
        folder = s.number_of_sub_file_entries > 0 or s.name in ("none",)
        if not folder:
            b = s.read_buffer(s.get_size()) if s.get_size() else b""
            line += " %d %s" % (s.get_size(), hashlib.md5(b).hexdigest())
        print(line, s.get_creation_time_as_integer(), s.get_modification_time_as_integer(), s.get_access_time_as_integer())
        walk(s, p)
walk(h.get_root_file_entry(), [])
`
	for _, types := range []string{ewftest.Types6, ewftest.Types7} {
		text, data := ewftest.Text(types, "LogicalEntries", testItems())
		for name, all := range map[string]disktest.Files{
			"files.L01":  ewftest.Bytes(text, data, 100),
			"files.l01":  nil,
			"files.Lx01": secondWriter{perSegment: 2, perTable: 3, flags: sectionHashed, tree: text}.write(t, data),
		} {
			if all == nil {
				name, all = "files.L01", ewftest.Bytes(text, data, 2)
			}
			dir := t.TempDir()
			for name, b := range all {
				if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			out, err := exec.Command(python, "-c", script, filepath.Join(dir, name)).CombinedOutput()
			if err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			l, err := openLogicalIn(t, all, name)
			if err != nil || len(l.Problems) > 0 {
				t.Fatal(err, l)
			}
			want := strings.Split(strings.TrimSpace(string(out)), "\n")
			got := listed(t, l)
			for i := range got {
				got[i] = strings.ReplaceAll(got[i], "large.bin:Zone", "large.bin·Zone")
			}
			if !slices.Equal(got, want) {
				t.Errorf("got\n%s\nlibewf\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		}
	}
}

// Damage to the tree costs what it names, or is reported.
func TestLogicalDamage(t *testing.T) {
	text := func(change ...string) string {
		s, _ := ewftest.Text(ewftest.Types6, "", testItems())
		for i := 0; i < len(change); i += 2 {
			if !strings.Contains(s, change[i]) {
				t.Fatalf("the text has no %q", change[i])
			}
			s = strings.Replace(s, change[i], change[i+1], 1)
		}
		return s
	}
	_, data := ewftest.Text(ewftest.Types6, "", testItems())
	for _, tt := range []struct {
		name, text string
		damage     func(b []byte) []byte
		want       string // the error, or the problems and the errors of files
	}{
		{"whole", text(), nil, ""},
		{"no tree", text(), func(b []byte) []byte { return bytes.Replace(b, []byte("ltree\x00"), []byte("ltrex\x00"), 1) }, "checksum of the descriptor of a section"},
		{"no entries", text("entry\n", "other\n"), nil, "files.L01: ltree section at 0x18abd: got no category entry"},
		{"no types", text("p\tn\tid\topr", "q\tn\tid\topr"), nil, "files.L01: types of the entries of the ltree section at "},
		{"another MD5", text(), func(b []byte) []byte {
			i := bytes.Index(b, []byte("ltree\x00")) + descriptorLen
			b[i] ^= 1
			return b
		}, "checksum of the header of the ltree section"},
		{"cut off", text()[:len(text())-60], nil, "entries of the ltree section at "},
		{"a number of files", text("0\t6\n", "0\tx\n"), nil, "number of files in an entry of the ltree section at "},
		{"a size", text("\t9\t-1", "\tnine\t-1"), nil, `size of the file: got "nine", want a number`},
		{"an extent outside", text("1 0 9", "1 ffffffff 9"), nil, `content of the file: got an extent of 9 bytes at 0xffffffff`},
		{"a short extent", text("1 0 9", "1 0 8"), nil, `content of the file: got 8 bytes, want 9`},
		{"a sparse extent", text("1 0 9", "1 S 0 9"), nil, `extents: got "1 S 0 9", want hexadecimal numbers`},
		{"too few extents", text("1 0 9", "2 0 9"), nil, "extents: got 2 numbers, want two for each of 2"},
	} {
		all := ewftest.Bytes(tt.text, data, 100)
		if tt.damage != nil {
			all["files.L01"] = tt.damage(all["files.L01"])
		}
		l, err := openLogicalIn(t, all, "files.L01")
		var got []string
		if err != nil {
			got = append(got, err.Error())
		} else {
			for _, p := range l.Problems {
				got = append(got, p.Err.Error())
			}
			for _, f := range l.Files {
				if f.Err != nil {
					got = append(got, f.Err.Error())
				}
			}
		}
		if all := strings.Join(got, "\n"); (all == "") != (tt.want == "") || !strings.Contains(all, tt.want) {
			t.Errorf("%s: got %q, want %q", tt.name, all, tt.want)
		}
	}
}

// Folders in folders are limited, and so is what their paths take.
func TestLogicalDepth(t *testing.T) {
	var b strings.Builder
	b.WriteString("5\nrec\ntb\n1\n\nentry\n1\t1\np\tn\tls\tbe\n")
	for range 5000 {
		b.WriteString("0\t1\n1\td\t\t\n")
	}
	l, err := openLogicalIn(t, ewftest.Bytes(b.String(), []byte("x"), 100), "files.L01")
	if err != nil || len(l.Files) != maxTreeDepth || len(l.Problems) != 1 || !strings.Contains(l.Problems[0].Err.Error(), "folders in folders") {
		t.Errorf("%v, %d files, %v", err, len(l.Files), l.Problems)
	}
}

// Whatever the tree says, nothing panics or hangs, and what is not there is an error.
func FuzzLogical(f *testing.F) {
	few := []ewftest.Item{{Name: "C", Folder: true, Inside: []ewftest.Item{{Name: "a", Content: []byte("abc")}, {Name: "b·c", Content: []byte("d"), Flags: flagStream}, {Name: "z", Content: []byte{1}, Sparse: 9}}}}
	text, data := ewftest.Text(ewftest.Types7, "LogicalEntries", few)
	f.Add(text)
	text6, _ := ewftest.Text(ewftest.Types6, "", few)
	f.Add(text6)
	f.Add("5\nrec\ntb\n-1\n\nentry\n1\t1\np\tn\tls\tbe\topr\tdu\n0\t2\n\n0\t0\n\tx\t99999999999\t1 0 1\t67108864\t3\n0\t0\n\ty\t5\t\n")
	f.Fuzz(func(t *testing.T, text string) {
		l, err := openLogicalIn(t, ewftest.Bytes(text, data, 1), "files.L01")
		if err != nil {
			return
		}
		for i, f := range l.Files {
			if f.Parent >= i || f.Size < 0 || f.R != nil && f.Err != nil {
				t.Fatalf("file %d: %+v", i, f)
			}
			if f.R != nil {
				b := make([]byte, min(f.Size, 1<<16))
				if n, err := f.R.ReadAt(b, f.Size-int64(len(b))); n < len(b) && err == nil {
					t.Fatalf("file %d: %d of %d bytes", i, n, len(b))
				}
			}
		}
	})
}

// Damage to any byte neither panics nor hangs. What a checksum covers is an error or a problem.
func TestLogicalMutants(t *testing.T) {
	text, data := ewftest.Text(ewftest.Types7, "LogicalEntries", testItems())
	for first, all := range map[string]disktest.Files{
		"files.L01":  ewftest.Bytes(text, data, 2),
		"files.Lx01": secondWriter{perSegment: 2, perTable: 3, flags: sectionHashed, tree: text}.write(t, data),
	} {
		r := rand.New(rand.NewPCG(1, 2))
		names := slices.Sorted(maps.Keys(all))
		opened, wrong := 0, 0
		for range 500 {
			files := maps.Clone(all)
			name := names[r.IntN(len(names))]
			b := bytes.Clone(files[name])
			b[r.IntN(len(b))] ^= byte(1 + r.IntN(255))
			files[name] = b
			l, err := openLogicalIn(t, files, first)
			if err != nil {
				continue
			}
			opened++
			silent := len(l.Problems) == 0
			for _, f := range l.Files {
				if f.R == nil {
					silent = silent && f.Err == nil
					continue
				}
				b := make([]byte, min(f.Size, 1<<20))
				n, err := f.R.ReadAt(b, 0)
				if n < len(b) && err == nil {
					t.Fatalf("%s: %d of %d bytes", f.Name, n, len(b))
				}
				if sum := md5.Sum(b); silent && err == nil && f.MD5 != nil && f.Size != 100_000 && !bytes.Equal(sum[:], f.MD5) {
					wrong++
				}
			}
		}
		if opened < 100 || wrong > 0 {
			t.Errorf("%s: %d of 500 mutants open, and %d have wrong content without a word", first, opened, wrong)
		}
	}
}
