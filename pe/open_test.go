package pe_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/birthmark-dfir/birthmark/pe"
	"github.com/birthmark-dfir/birthmark/pe/petest"
)

// However an executable is opened, it has the same name in its problems.
func TestOpen(t *testing.T) {
	data := petest.Tampered(sample(t))
	file := filepath.Join(t.TempDir(), "sample.exe")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	fsys := fstest.MapFS{"web/sample.exe": {Data: data}}
	for _, tt := range []struct {
		name  string
		open  func() (*pe.Reader, error)
		calls string
	}{
		{"Open", func() (*pe.Reader, error) { return pe.Open(file) }, file},
		{"OpenFS", func() (*pe.Reader, error) { return pe.OpenFS(fsys, "web/sample.exe") }, "web/sample.exe"},
		{"NewReader", func() (*pe.Reader, error) { return read(data) }, "pe"},
		{"Open, WithName", func() (*pe.Reader, error) { return pe.Open(file, pe.WithName("mine")) }, "mine"},
		{"NewReader, WithName", func() (*pe.Reader, error) {
			return pe.NewReader(bytes.NewReader(data), int64(len(data)), pe.WithName("mine"))
		}, "mine"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, err := tt.open()
			if err != nil {
				t.Fatal(err)
			}
			if r.SHA256 != mustRead(t, data).SHA256 || r.Size != int64(len(data)) || r.SignatureState() != pe.Tampered {
				t.Errorf("got %d bytes, SHA-256 %s, %v", r.Size, r.SHA256, r.SignatureState())
			}
			n := 0
			for p := range r.Problems() {
				if n++; p.Err.Artifact != tt.calls {
					t.Errorf("problem of %s, want %s: %v", p.Err.Artifact, tt.calls, p)
				}
			}
			if n == 0 {
				t.Error("no problem")
			}
			for range 2 {
				if err := r.Close(); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

func TestOpenFails(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "passwd")
	if err := os.WriteFile(file, []byte("root:x:0:0"), 0o600); err != nil {
		t.Fatal(err)
	}
	fsys := fstest.MapFS{"etc/passwd": {Data: []byte("root:x:0:0")}}
	notExecutable := `: DOS signature at 0x0: got "ro", want "MZ": not an executable`
	for _, tt := range []struct {
		name string
		open func() (*pe.Reader, error)
		is   error
		want string
	}{
		{"Open of another kind of file", func() (*pe.Reader, error) { return pe.Open(file) }, pe.ErrNotExecutable, file + notExecutable},
		{"OpenFS of another kind of file", func() (*pe.Reader, error) { return pe.OpenFS(fsys, "etc/passwd") },
			pe.ErrNotExecutable, "etc/passwd" + notExecutable},
		{"WithName", func() (*pe.Reader, error) { return pe.OpenFS(fsys, "etc/passwd", pe.WithName("mine")) },
			pe.ErrNotExecutable, "mine" + notExecutable},
		{"Open of a missing file", func() (*pe.Reader, error) { return pe.Open(filepath.Join(dir, "absent")) }, fs.ErrNotExist, ""},
		{"OpenFS of a missing file", func() (*pe.Reader, error) { return pe.OpenFS(fsys, "absent") }, fs.ErrNotExist,
			"open absent: file does not exist"},
		{"Open of a folder", func() (*pe.Reader, error) { return pe.Open(dir) }, nil, "open " + dir + ": is a directory"},
		{"OpenFS of a folder", func() (*pe.Reader, error) { return pe.OpenFS(fsys, "etc") }, nil, "open etc: is a directory"},
	} {
		r, err := tt.open()
		if r != nil || err == nil || tt.is != nil && !errors.Is(err, tt.is) || tt.want != "" && err.Error() != tt.want {
			t.Errorf("%s: got %v, want %s", tt.name, err, tt.want)
		}
	}
}

// What a file does not have is empty.
func TestAbsent(t *testing.T) {
	data, err := petest.Image{}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	for name, r := range map[string]*pe.Reader{"unsigned, without resources": mustRead(t, data), "zero": {}} {
		s, ok := r.Signature()
		if ok || s.DigestMatches() || s.StatedSigner.CommonName() != "" || s.Countersigner.CommonName() != "" || s.Timestamp != pe.NoTimestamp {
			t.Errorf("%s: signature %+v, %v", name, s, ok)
		}
		for _, field := range []string{"CompanyName", "Comments"} {
			if got := r.Version.Get(field); got != "" {
				t.Errorf("%s: %s is %q", name, field, got)
			}
		}
		for p := range r.Problems() {
			t.Errorf("%s: %v", name, p)
		}
		if r.Signed() || r.SignatureState() != pe.Unsigned {
			t.Errorf("%s: %v", name, r.SignatureState())
		}
		if err := r.Close(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestStated(t *testing.T) {
	data, err := petest.Image{
		Version:   pe.VersionInfo{Strings: []pe.StringPair{{Lang: "040904b0", Name: "Comments", Value: "a comment"}, {Lang: "040904b0", Name: "CompanyName", Value: "Example"}}},
		Signature: petest.Signature{Signer: petest.NewCA("Root").Issue("Example")},
	}.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	r := mustRead(t, data)
	if s, ok := r.Signature(); !ok || s.StatedSigner.CommonName() != "Example" || s.Offset != r.Signatures[0].Offset {
		t.Errorf("signature %+v, %v", s, ok)
	}
	if got := r.Version.Get("Comments") + ", " + r.Version.Get("CompanyName"); got != "a comment, Example" {
		t.Errorf("got %s", got)
	}
}
