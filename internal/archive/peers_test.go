package archive

import (
	"bytes"
	"io/fs"
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
