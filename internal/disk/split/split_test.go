package split

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/internal/disk/disktest"
)

func cut(data []byte, size int, name func(i int) string) disktest.Files {
	all := disktest.Files{}
	for i := 0; i*size < len(data); i++ {
		all[name(i)] = data[i*size : min((i+1)*size, len(data))]
	}
	return all
}

func TestOpen(t *testing.T) {
	want := disktest.Disk(300_001)
	for _, name := range []func(int) string{
		func(i int) string { return fmt.Sprintf("disk.%03d", i+1) },
		func(i int) string { return fmt.Sprintf("a.b.%03d", i) },
		func(i int) string { return "disk.a" + string(rune('a'+i)) },
		func(i int) string { return "DISK.A" + string(rune('A'+i)) },
		func(i int) string { return fmt.Sprintf("disk.%04d", i+1) },
		func(i int) string { return fmt.Sprintf("disk.dd.%02d", i) },
		func(i int) string { return "disk.aa" + string(rune('a'+i)) },
		func(i int) string { return "xa" + string(rune('a'+i)) },
	} {
		all := cut(want, 40_000, name)
		all["other.001"], all["disk.txt"], all["disk.1"] = []byte("x"), []byte("x"), []byte("x")
		for i := range 8 {
			f, err := all.Open(name(i))
			if err != nil {
				t.Fatal(err)
			}
			img, joined, err := Open(f)
			if err != nil || joined != 8 || len(img.Problems) > 0 {
				t.Fatalf("%s: %d parts, %v, %v", f.Name, joined, err, img.Problems)
			}
			disktest.Same(t, img, want)
		}
	}
}

func TestMissingParts(t *testing.T) {
	data := disktest.Disk(300_001)
	name := func(i int) string { return fmt.Sprintf("disk.%03d", i+1) }
	open := func(change func(disktest.Files)) (string, string) {
		all := cut(data, 40_000, name)
		change(all)
		f, err := all.Open("disk.003")
		if err != nil {
			t.Fatal(err)
		}
		img, joined, err := Open(f)
		if err != nil {
			return err.Error(), ""
		}
		text := fmt.Sprintf("%d parts, %d bytes", joined, img.Size)
		for _, p := range img.Problems {
			text += "; " + p.Err.Error()
		}
		n, err := io.Copy(io.Discard, io.NewSectionReader(img.R, 0, img.Size))
		return text, fmt.Sprint(n, " ", err)
	}
	for _, tt := range []struct {
		name, text, read string
		change           func(disktest.Files)
	}{
		{"one in the middle", "7 parts, 300001 bytes; disk.003: part .005: got no file, want beside the others",
			"160000 disk.005: part of the image at 0x0: file does not exist", func(f disktest.Files) { delete(f, "disk.005") }},
		{"the first", "disk.003: parts: got the first is .002, want the beginning of the image", "", func(f disktest.Files) { delete(f, "disk.001") }},
		{"a part that was cut off", "8 parts, 300001 bytes; disk.003: size of part .002: got 30000, want 40000", "70000 disk.002: part of the image at 0x0: file does not exist", func(f disktest.Files) {
			f["disk.002"] = f["disk.002"][:30_000]
		}},
	} {
		text, read := open(tt.change)
		if text != tt.text || !strings.HasPrefix(read, tt.read) {
			t.Errorf("%s:\n%s\n%s", tt.name, text, read)
		}
	}
}

// A file without other parts is read as it is.
func TestAlone(t *testing.T) {
	all := disktest.Files{"disk.gz": []byte("x"), "other.ga": []byte("y")}
	f, _ := all.Open("disk.gz")
	if img, joined, err := Open(f); err != nil || joined != 1 || img.Size != 1 {
		t.Errorf("%d parts, %v", joined, err)
	}
}

// More than 999 parts: FTK Imager goes on with .1000.
func TestThousandParts(t *testing.T) {
	want := disktest.Disk(1003 * 512)
	all := cut(want, 512, func(i int) string { return fmt.Sprintf("disk.%03d", i+1) })
	for _, name := range []string{"disk.001", "disk.999", "disk.1000", "disk.1003"} {
		f, _ := all.Open(name)
		img, joined, err := Open(f)
		if err != nil || joined != 1003 || len(img.Problems) > 0 {
			t.Fatalf("%s: %d parts, %v, %v", name, joined, err, img.Problems)
		}
		disktest.Same(t, img, want)
	}
}

// Files of other kinds have names of these forms too.
func TestOtherFilesBeside(t *testing.T) {
	for name, all := range map[string]disktest.Files{
		"disk.gz":  {"disk.gz": []byte("x"), "disk.md": []byte("notes"), "disk.db": []byte("y")},
		"disk.xz":  {"disk.xz": []byte("x"), "disk.gz": []byte("y")},
		"disk.ace": {"disk.ace": []byte("x"), "disk.asp": []byte("y"), "disk.log": []byte("z")},
		"log.02":   {"log.01": []byte("x"), "log.02": []byte("longer"), "log.03": []byte("y")},
		"host.10":  {"host.10": []byte("x"), "host.11": []byte("y")},
	} {
		f, _ := all.Open(name)
		if img, joined, err := Open(f); err != nil || joined != 1 || img.Size != int64(len(all[name])) {
			t.Errorf("%s: %d parts, %v", name, joined, err)
		}
	}
	all := cut(disktest.Disk(100_000), 40_000, func(i int) string { return "disk.a" + string(rune('a'+i)) })
	all["disk.md"], all["disk.gz"] = []byte("notes"), []byte("z")
	f, _ := all.Open("disk.ab")
	if img, joined, err := Open(f); err != nil || joined != 3 || len(img.Problems) > 0 || img.Size != 100_000 {
		t.Errorf("parts beside other files: %d parts, %v, %v", joined, err, img.Problems)
	}
}

// The first part is needed, whatever the names.
func TestFirstPart(t *testing.T) {
	all := cut(disktest.Disk(100_000), 40_000, func(i int) string { return "DISK.A" + string(rune('A'+i)) })
	delete(all, "DISK.AA")
	f, _ := all.Open("DISK.AB")
	if _, _, err := Open(f); err == nil {
		t.Error("an image without its beginning was opened")
	}
}

func TestIsPart(t *testing.T) {
	for name, want := range map[string]bool{"a.001": true, "a.000": true, "a.aa": true, "a.AB": true, "a.E01": false, "a.raw": false, "a.1": false, "a": false, "a.gz": true, "a.7z": false} {
		if got := IsPart(name); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
