package shimcache

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
)

var stamp = time.Date(2026, 3, 2, 13, 42, 9, 213_456_700, time.UTC)

// made10 makes a cache of Windows 10, or with a package of Windows 8.1.
func made10(header int, packaged bool, paths ...string) []byte {
	b := make([]byte, header)
	binary.LittleEndian.PutUint32(b, uint32(header))
	if packaged {
		binary.LittleEndian.PutUint32(b, 0)
	}
	for _, p := range paths {
		text := wtf8.Encode(p)
		body := binary.LittleEndian.AppendUint16(nil, uint16(len(text)))
		body = append(body, text...)
		if packaged {
			body = append(body, 4, 0, 'p', 0, 'k', 0, 1, 0, 0, 0, 2, 0, 0, 0)
		}
		body = binary.LittleEndian.AppendUint64(body, filetime.Ticks(stamp))
		body = append(body, 0, 0, 0, 0)
		b = append(b, "10ts\x00\x00\x00\x00"...)
		b = binary.LittleEndian.AppendUint32(b, uint32(len(body)))
		b = append(b, body...)
	}
	return b
}

// made7 makes a cache of Windows 7.
func made7(wide bool, paths ...string) []byte {
	width := 32
	if wide {
		width = 48
	}
	b := make([]byte, header7+width*len(paths))
	binary.LittleEndian.PutUint32(b, magic7)
	binary.LittleEndian.PutUint32(b[4:], uint32(len(paths)))
	for i, p := range paths {
		e := b[header7+width*i:]
		text := wtf8.Encode(p)
		binary.LittleEndian.PutUint16(e, uint16(len(text)))
		binary.LittleEndian.PutUint16(e[2:], uint16(len(text)+2))
		at, when := 4, 8
		if wide {
			at, when = 8, 16
		}
		binary.LittleEndian.PutUint32(e[at:], uint32(len(b)))
		binary.LittleEndian.PutUint64(e[when:], filetime.Ticks(stamp))
		b = append(b, text...)
	}
	return b
}

func TestParse(t *testing.T) {
	const a, c = `C:\Windows\a.exe`, `\??\C:\ü.exe`
	short := made10(0x34, false, a, c)
	far := made7(true, a, c)
	binary.LittleEndian.PutUint32(far[header7+48+8:], 1<<31)
	shared := made7(true, make([]string, 2000)...) // all entries have the same path
	for i := range 2000 {
		e := shared[header7+48*i:]
		binary.LittleEndian.PutUint16(e, 60_000)
		binary.LittleEndian.PutUint32(e[8:], 100)
	}
	for _, tt := range []struct {
		name  string
		data  []byte
		paths int
		err   string
	}{
		{"Windows 10", made10(0x34, false, a, c), 2, ""},
		{"Windows 10, first version", made10(0x30, false, a, c), 2, ""},
		{"Windows 8.1", made10(header81, true, a, c), 2, ""},
		{"Windows 7, 32 bits", made7(false, a, c), 2, ""},
		{"Windows 7, 64 bits", made7(true, a, c), 2, ""},
		{"empty", made10(0x34, false), 0, ""},
		{"cut off", short[:len(short)-5], 1, "size of the entry at 0x"},
		{"a path outside", far, 1, "offset of the path at 0xb8"},
		{"too many", made7(true, a)[:header7+40], 0, "number of entries at 0x4"},
		{"entries that share a path", shared, 1, "size of the path at 0xb0"},
		{"nothing", nil, 0, "cache at 0x0"},
		{"Windows XP", []byte{0xef, 0xbe, 0xad, 0xde, 1, 0, 0, 0}, 0, "unsupported version"},
	} {
		list, err := Parse(tt.data)
		if len(list) != tt.paths || (err == nil) != (tt.err == "") || err != nil && !strings.Contains(err.Error(), tt.err) {
			t.Errorf("%s: %d entries, %v", tt.name, len(list), err)
		}
		for i, e := range list {
			if want := [...]string{a, c}[i]; tt.name != "entries that share a path" && (e.Path != want || !e.Modified.Equal(stamp)) {
				t.Errorf("%s: %+v, want %s", tt.name, e, want)
			}
		}
	}
	if _, err := Parse([]byte{0xef, 0xbe, 0xad, 0xde, 1, 0, 0, 0}); !errors.Is(err, ErrUnsupported) {
		t.Error(err)
	}
}

// TestSamples reads the caches in the folder that BIRTHMARK_SHIMCACHE names.
func TestSamples(t *testing.T) {
	dir := os.Getenv("BIRTHMARK_SHIMCACHE")
	if dir == "" {
		t.Skip("BIRTHMARK_SHIMCACHE is not set: no real cache is read")
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.bin"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		list, err := Parse(data)
		if err != nil || len(list) == 0 {
			t.Errorf("%s: %d entries, %v", name, len(list), err)
		}
		t.Log(filepath.Base(name), len(list), fmt.Sprint(list[:min(len(list), 2)]))
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range [][]byte{made10(0x34, false, "a", "b"), made10(header81, true, "a"), made7(true, "a"), made7(false, "a", "b")} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		list, _ := Parse(data)
		size := 0
		for _, e := range list {
			size += len(e.Path)
		}
		if len(list) > len(data) || size > 2*len(data) {
			t.Errorf("%d entries with %d bytes of %d bytes", len(list), size, len(data))
		}
	})
}
