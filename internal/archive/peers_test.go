package archive

import (
	"bytes"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/birthmark-dfir/birthmark/internal/archive/archivetest"
	"github.com/birthmark-dfir/birthmark/internal/testenv"
)

// What other programs write.
const pythonZip = `
import sys, pyzipper
for bits in (128, 192, 256):
    with pyzipper.AESZipFile(sys.argv[1] + "/%d.zip" % bits, "w", compression=pyzipper.ZIP_DEFLATED, encryption=pyzipper.WZ_AES) as z:
        z.setpassword(b"secret")
        z.setencryption(pyzipper.WZ_AES, nbits=bits)
        z.writestr("C/text", b"a long text, " * 100000)
        z.writestr("short", b"text")
`

func TestZipOfPyzipper(t *testing.T) {
	python := testenv.Python(t, "pyzipper")
	dir := t.TempDir()
	if out, err := exec.Command(python, "-c", pythonZip, dir).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, name := range []string{"128.zip", "192.zip", "256.zip"} {
		file, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		fsys, err := openZip(file, "secret")
		if err != nil {
			t.Fatal(err)
		}
		b, err := fs.ReadFile(fsys, "C/text")
		short, err2 := fs.ReadFile(fsys, "short")
		if err != nil || err2 != nil || !bytes.Equal(b, long) || string(short) != "text" {
			t.Errorf("%s: %d bytes, %v, %v", name, len(b), err, err2)
		}
	}
}

// What 7-Zip packs by Deflate64, as the Explorer does with large files, is read, also if it is
// encrypted or cut off.
func TestDeflate64By7Zip(t *testing.T) {
	program := testenv.Tool(t, "7zz")
	rng := rand.New(rand.NewPCG(6, 4))
	noise := make([]byte, 70_000)
	for i := range noise {
		noise[i] = byte(rng.Uint32())
	}
	content := bytes.Join([][]byte{noise, long, make([]byte, 3<<20), noise[:60_000], long[7:]}, nil)
	for _, tt := range []struct {
		name string
		args []string
		cut  int // bytes at the end
	}{
		{"plain", nil, 0},
		{"with AES", []string{"-psecret", "-mem=AES256"}, 0},
		{"with the older encryption", []string{"-psecret"}, 0},
		{"without its directory", nil, 100},
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "content"), content, 0o600); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(program, append([]string{"a", "-tzip", "-mm=Deflate64", "x.zip", "content"}, tt.args...)...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		file, err := os.ReadFile(filepath.Join(dir, "x.zip"))
		if err != nil {
			t.Fatal(err)
		}
		fsys, err := openZip(file[:len(file)-tt.cut], "secret")
		if err != nil {
			t.Fatal(err)
		}
		if got, err := fs.ReadFile(fsys, "content"); err != nil || !bytes.Equal(got, content) {
			t.Errorf("%s: %d bytes, %v", tt.name, len(got), err)
		}
	}
}

// What zip encrypts is read with its password. Its cipher has no checksum of its own, but
// the content has one.
func TestEncryptedByZip(t *testing.T) {
	zip := testenv.Tool(t, "zip")
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a"), long, 0o600); err != nil {
		t.Fatal(err)
	}
	noise := make([]byte, 300000)
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range noise {
		noise[i] = byte(rng.Uint32())
	}
	if err := os.WriteFile(filepath.Join(dir, "b"), noise, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"-P", "secret", "x.zip", "a", "b"}, {"-0", "-P", "secret", "y.zip", "a", "b"}} {
		cmd := exec.Command(zip, append([]string{"-q"}, args...)...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Skipf("%v: %s", err, out)
		}
		name := args[len(args)-3]
		file, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		fsys, err := openZip(file, "secret")
		if err != nil {
			t.Fatal(err)
		}
		for member, want := range map[string][]byte{"a": long, "b": noise} {
			if b, err := fs.ReadFile(fsys, member); err != nil || !bytes.Equal(b, want) {
				t.Errorf("%s: %s: %d bytes, %v", name, member, len(b), err)
			}
			f, err := fsys.Open(member)
			if err != nil {
				t.Fatal(err)
			}
			part := make([]byte, 1000)
			if _, err := f.(io.ReaderAt).ReadAt(part, 123456); err != nil || !bytes.Equal(part, want[123456:][:1000]) {
				t.Errorf("%s: %s: %v", name, member, err)
			}
		}
		for _, password := range []string{"", "a", "b", "c", "d"} {
			fsys, err := openZip(file, password)
			if err != nil {
				t.Fatal(err)
			}
			if b, err := fs.ReadFile(fsys, "a"); err == nil {
				t.Errorf("%s: %d bytes with %q", name, len(b), password)
			}
		}
	}
}

// unzip finds what archivetest writes to be right.
func TestUnzipOfOurs(t *testing.T) {
	unzip := testenv.Tool(t, "unzip")
	name := filepath.Join(t.TempDir(), "a.zip")
	file := archivetest.Zip(t, member{Name: "a/b", Content: long}, member{Name: "c", Content: []byte("text"), Stored: true, Zip64: true}, member{Name: "d", Content: long, Descriptor: true})
	if err := os.WriteFile(name, file, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(unzip, "-t", name).CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
}
