package archive

import (
	"archive/tar"
	"bytes"
	"errors"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/testenv"
)

// tarOf returns a tar file with members in a format.
func tarOf(t testing.TB, format tar.Format, headers ...tar.Header) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, h := range headers {
		content := []byte(h.Uname) // the content of the test
		h.Uname, h.Format = "", format
		h.Size = int64(len(content))
		if err := w.WriteHeader(&h); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(content); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func openTar(b []byte) (*FS, error) {
	return OpenTar(bytes.NewReader(b), int64(len(b)), Options{})
}

func TestTar(t *testing.T) {
	deep := strings.Repeat("a long folder/", 12) + "file"
	files := []tar.Header{
		{Name: "fs/C:/Windows/", Typeflag: tar.TypeDir}, {Name: "fs/C:/Windows/win.ini", Uname: "text"},
		{Name: deep, Uname: "deep"}, {Name: "empty"},
	}
	for _, tt := range []struct {
		name     string
		file     []byte
		want     []string
		problems []string
	}{
		{"pax", tarOf(t, tar.FormatPAX, files...), []string{deep + "=deep", "empty=", "fs/C:/Windows/win.ini=text"}, nil},
		{"GNU", tarOf(t, tar.FormatGNU, files...), []string{deep + "=deep", "empty=", "fs/C:/Windows/win.ini=text"}, nil},
		{"ustar", tarOf(t, tar.FormatUSTAR, files[:2]...), []string{"fs/C:/Windows/win.ini=text"}, nil},
		{"hostile names", tarOf(t, tar.FormatPAX, tar.Header{Name: "../up", Uname: "x"}, tar.Header{Name: "/etc/passwd", Uname: "x"}, tar.Header{Name: "a", Uname: "1"}, tar.Header{Name: "a", Uname: "2"}),
			[]string{"a=1", "a (2)=2", "etc/passwd=x"}, []string{
				"malformed: ../up: name: got a way out of the archive, want a path in the archive; the member is left out",
				"malformed: /etc/passwd: name: got an absolute path, want a path in the archive",
				"conflict: a: name: want one member of this name; this one is listed as a (2)"}},
		{"links and devices", tarOf(t, tar.FormatPAX, tar.Header{Name: "a", Uname: "text"},
			tar.Header{Name: "hard", Typeflag: tar.TypeLink, Linkname: "a"}, tar.Header{Name: "out", Typeflag: tar.TypeLink, Linkname: "../../etc/passwd"},
			tar.Header{Name: "soft", Typeflag: tar.TypeSymlink, Linkname: "/etc/passwd"}, tar.Header{Name: "pipe", Typeflag: tar.TypeFifo}),
			[]string{"a=text", "hard=text"}, []string{
				"unsupported: soft: file type at 0x89c: got symbolic link, want a file or a folder; it was skipped",
				"unsupported: pipe: file type at 0xa9c: got pipe, want a file or a folder; it was skipped",
				"unsupported: out: hard link at 0x600: got to ../../etc/passwd, want to a file of the archive; it was skipped"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			fsys, err := openTar(tt.file)
			if err != nil {
				t.Fatal(err)
			}
			if got := listing(fsys); !slices.Equal(got, tt.want) {
				t.Errorf("got\n%q\nwant\n%q", got, tt.want)
			}
			first, _, _ := strings.Cut(tt.want[0], "=")
			if err := fstest.TestFS(fsys, first); err != nil {
				t.Error(err)
			}
			if got := problems(fsys); !slices.Equal(got, tt.problems) {
				t.Errorf("problems\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(tt.problems, "\n"))
			}
		})
	}
}

// Records for all members set their time, and nothing that one member can have only. A
// name that is too long leaves its member out.
func TestTarRecords(t *testing.T) {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, h := range []*tar.Header{
		{Typeflag: tar.TypeXGlobalHeader, PAXRecords: map[string]string{"mtime": "1614556800.5", "path": "everywhere"}},
		{Name: "a"}, {Name: "b", ModTime: time.Unix(7, 5e8), Format: tar.FormatPAX},
		{Name: strings.Repeat("x/", maxName) + "c", Format: tar.FormatPAX},
	} {
		if err := w.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	fsys, err := openTar(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if got, p := listing(fsys), fsys.Problems(); !slices.Equal(got, []string{"a=", "b="}) || len(p) != 1 || p[0].Kind != damage.Limit {
		t.Errorf("%q, %q", got, problems(fsys))
	}
	for name, want := range map[string]time.Time{"a": time.Unix(1614556800, 5e8), "b": time.Unix(7, 5e8)} {
		if st, err := fs.Stat(fsys, name); err != nil || !st.ModTime().Equal(want) {
			t.Errorf("%s: %v, %v", name, st, err)
		}
	}
}

// A damaged tar file has the members that are left.
func TestDamagedTar(t *testing.T) {
	file := tarOf(t, tar.FormatGNU, tar.Header{Name: "a", Uname: "text"}, tar.Header{Name: "b", Uname: "text"}, tar.Header{Name: "c", Uname: strings.Repeat("long ", 1000)})
	broken := bytes.Clone(file)
	broken[1024+5] = 'x' // in the name of b
	fsys, err := openTar(broken)
	if err != nil {
		t.Fatal(err)
	}
	if got, p := listing(fsys), problems(fsys); !slices.Equal(got, []string{"a=text", "c=5000 bytes"}) || !slices.Equal(p, []string{"malformed: tar header at 0x400: got other data, want a header; the next one is at 0x800"}) {
		t.Errorf("%q, %q", got, p)
	}
	if fsys, err = openTar(file[:2048+512+1000]); err != nil {
		t.Fatal(err)
	}
	b, err := fs.ReadFile(fsys, "c")
	if !errors.Is(err, io.ErrUnexpectedEOF) || len(b) != 1000 || fsys.Problems()[0].Kind != damage.Truncation {
		t.Errorf("cut off: %d bytes, %v, %q", len(b), err, problems(fsys))
	}
	for name, b := range map[string][]byte{"empty": nil, "zeros": make([]byte, 2048), "text": []byte(strings.Repeat("text ", 1000)), "short": file[:500]} {
		if _, err := openTar(b); !damage.Is(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Sparse files in each format are read as GNU tar wrote them.
func TestSparseTar(t *testing.T) {
	tool := testenv.Tool(t, "tar")
	dir := t.TempDir()
	want := make([]byte, 3<<20)
	copy(want[1<<20:], "in the middle")
	for i := range 60 { // more parts than a header has room for
		copy(want[2<<20+i*8192:], "again")
	}
	copy(want[len(want)-3:], "end")
	f, err := os.Create(filepath.Join(dir, "sparse"))
	if err != nil {
		t.Fatal(err)
	}
	for off := 0; off < len(want); off += 4096 {
		if part := want[off : off+4096]; !bytes.Equal(part, make([]byte, 4096)) {
			if _, err := f.WriteAt(part, int64(off)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := errors.Join(f.Close(), os.WriteFile(filepath.Join(dir, "after"), []byte("text"), 0o600)); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"--format=gnu"}, {"--format=pax", "--sparse-version=0.0"}, {"--format=pax", "--sparse-version=0.1"}, {"--format=pax", "--sparse-version=1.0"}} {
		out, err := exec.Command(tool, append(args, "-C", dir, "--hole-detection=raw", "-cSf", "-", "sparse", "after")...).Output()
		if err != nil {
			t.Skip(err)
		}
		fsys, err := openTar(out)
		if err != nil {
			t.Fatal(err)
		}
		got, err := fs.ReadFile(fsys, "sparse")
		if err != nil || !bytes.Equal(got, want) || len(out) > 1<<20 {
			t.Errorf("%q: %d bytes from %d, %v, %q", args, len(got), len(out), err, problems(fsys))
		}
		part := make([]byte, 100)
		f, err := fsys.Open("sparse")
		if err != nil {
			t.Fatal(err)
		}
		if n, err := f.(io.ReaderAt).ReadAt(part, 1<<20-50); n != 100 || err != nil || !bytes.Equal(part, want[1<<20-50:][:100]) {
			t.Errorf("%q: %d, %v", args, n, err)
		}
		if b, err := fs.ReadFile(fsys, "after"); string(b) != "text" {
			t.Errorf("%q: the next member is %q, %v", args, b, err)
		}
	}
}

// Changed bytes do not stop the rest from being read. Tar has no checksums of content.
func TestTarMutants(t *testing.T) {
	file := tarOf(t, tar.FormatPAX, tar.Header{Name: strings.Repeat("a/", 80) + "a", Uname: "text"}, tar.Header{Name: "b", Uname: "text"}, tar.Header{Name: "c", Typeflag: tar.TypeLink, Linkname: "b"})
	rng := rand.New(rand.NewPCG(1, 2))
	for range mutants(t, 500) {
		b := bytes.Clone(file)
		for range 1 + rng.IntN(5) {
			b[rng.IntN(len(b))] = byte(rng.Uint32())
		}
		if fsys, err := openTar(b); err == nil {
			listing(fsys)
		} else if !damage.Is(err) {
			t.Errorf("not damage: %v", err)
		}
	}
}

func FuzzTar(f *testing.F) {
	for _, format := range []tar.Format{tar.FormatPAX, tar.FormatGNU} {
		f.Add(tarOf(f, format, tar.Header{Name: strings.Repeat("a/", 80) + "a", Uname: "text"}, tar.Header{Name: "b", Typeflag: tar.TypeLink, Linkname: "a"}))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		fsys, err := openTar(b)
		if err != nil {
			return
		}
		n := 0
		fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
			if n++; n > 1000 {
				return fs.SkipAll
			}
			if f, err := fsys.Open(name); err == nil && !d.IsDir() {
				var part [1000]byte
				_, _ = f.(io.ReaderAt).ReadAt(part[:], 100)
				_, _ = f.Read(part[:])
			}
			return nil
		})
	})
}
