package ole_test

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/ole"
	"github.com/birthmark-dfir/birthmark/internal/ole/oletest"
	"github.com/birthmark-dfir/birthmark/internal/testenv"
)

// content is data of n bytes of which each sector is different.
func content(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i / 64 * 7)
	}
	return b
}

// sample has streams of all sizes: none, in the mini stream, on its edge, outside of it.
var sample = []ole.Stream{
	{Name: "DestList", Data: content(1500)}, {Name: "1", Data: content(64)}, {Name: "a", Data: content(4095)}, {Name: "2", Data: content(4096)}, {Name: "empty"},
	{Name: "big", Data: content(100_001)},
}

func written(t testing.TB, streams ...ole.Stream) []byte {
	t.Helper()
	raw, err := oletest.Bytes(streams...)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// What oletest writes is read back as it was, and has its place in the file.
func TestWriterAndReaderAgree(t *testing.T) {
	for _, want := range [][]ole.Stream{sample, nil, {{Name: "x", Data: content(9_000_000 / 2)}}} {
		raw := written(t, want...)
		got, problems, err := ole.Streams(raw)
		if err != nil || len(problems) > 0 || len(got) != len(want) {
			t.Fatalf("%d streams, %v, %v", len(got), problems, err)
		}
		for i, s := range got {
			if s.Name != want[i].Name || !bytes.Equal(s.Data, want[i].Data) || s.Err != nil || s.Size != uint64(len(s.Data)) {
				t.Errorf("%s: %d bytes, %v", s.Name, len(s.Data), s.Err)
			}
			if n := min(64, len(s.Data)); n > 0 && !bytes.Equal(raw[s.Offset:s.Offset+int64(n)], s.Data[:n]) {
				t.Errorf("%s is not at %#x", s.Name, s.Offset)
			}
		}
	}
	for _, bad := range []ole.Stream{{Name: strings.Repeat("x", 32)}, {Name: "x", Data: make([]byte, 8<<20)}} {
		if _, err := oletest.Bytes(bad); err == nil {
			t.Error("what does not fit was written")
		}
	}
}

// Each kind of damage costs the streams that it hits, and is reported.
func TestDamageLosesOnlyItself(t *testing.T) {
	sound := written(t, sample...)
	le := binary.LittleEndian
	fat := int(le.Uint32(sound[76:])+1) * 512
	directory := int(le.Uint32(sound[48:])+1) * 512
	entry := func(n int) int { return directory + 128*(n+1) }
	put := func(at int, v uint32) func([]byte) []byte {
		return func(b []byte) []byte {
			le.PutUint32(b[at:], v)
			return b
		}
	}
	start := func(n int) uint32 { return le.Uint32(sound[entry(n)+116:]) }
	mini := int(le.Uint32(sound[60:])+1) * 512
	for _, tt := range []struct {
		name, problem string // of the file
		damage        func([]byte) []byte
		lost          map[string]string // the streams that are not whole, and why
	}{
		{"no links in the directory", "", func(b []byte) []byte {
			for n := -1; n < 6; n++ {
				put(entry(n)+72, 0xffffffff)(b)
				put(entry(n)+76, 0xffffffff)(b)
			}
			return b
		}, nil},
		{"a chain that returns", "", put(fat+4*int(start(5)+1), start(5)), map[string]string{"big": "sector of the stream: got"}},
		{"a chain that ends early", "", put(fat+4*int(start(5)+1), 0xfffffffe), map[string]string{"big": "want 100001 bytes"}},
		{"a chain that leads out of the file", "", put(fat+4*int(start(5)+1), 0xfffff), map[string]string{"big": "got 0xfffff"}},
		{"the sectors of another stream", "", put(entry(5)+116, start(3)), map[string]string{"big": "of nothing else"}},
		{"a size of 4 GiB", "", put(entry(3)+120, 0xffffffff), map[string]string{"2": "want 4294967295 bytes"}},
		{"a chain of the mini stream that returns", "", put(mini+4*int(start(0)+1), start(0)), map[string]string{"DestList": "sector of the stream in the mini stream"}},
		{"a stream outside of the mini stream", "", put(entry(1)+116, 127), map[string]string{"1": "sector of the stream in the mini stream"}},
		{"no mini stream", "sector of the mini stream", put(entry(-1)+116, 0xfffff), map[string]string{"DestList": "mini stream", "1": "mini stream", "a": "mini stream"}},
		{"no mini FAT", "sector of the mini FAT", put(60, 0xfffff), map[string]string{"DestList": "mini stream", "1": "mini stream", "a": "mini stream"}},
		{"a DIFAT outside of the file", "sector of the DIFAT", put(68, 0xfffff), nil},
		{"more of the FAT outside of the file", "sector of the FAT", put(76+4*3, 0xfffff), nil},
		{"a file that is cut off", "", func(b []byte) []byte { return b[:len(b)-100] }, nil},
	} {
		streams, problems, err := ole.Streams(tt.damage(bytes.Clone(sound)))
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		text := ""
		for _, p := range problems {
			text += p.Error()
		}
		if (text == "") != (tt.problem == "") || !strings.Contains(text, tt.problem) {
			t.Errorf("%s: %q, want %q", tt.name, text, tt.problem)
		}
		if len(streams) != len(sample) {
			t.Errorf("%s: %d streams", tt.name, len(streams))
			continue
		}
		for i, s := range streams {
			why, lost := tt.lost[s.Name]
			switch {
			case lost && (s.Err == nil || !strings.Contains(s.Err.Error(), why) || s.Err.Path != s.Name):
				t.Errorf("%s: %s: %v, want %q", tt.name, s.Name, s.Err, why)
			case !lost && (s.Err != nil || !bytes.Equal(s.Data, sample[i].Data)):
				t.Errorf("%s: %s was lost: %v", tt.name, s.Name, s.Err)
			}
		}
	}
	for name, raw := range map[string][]byte{"empty": nil, "a header cut off": sound[:511], "text": bytes.Repeat([]byte("x"), 600), "sectors of 2": put(30, 1)(bytes.Clone(sound))} {
		if _, _, err := ole.Streams(raw); !errors.Is(err, ole.ErrNotOLE) || !damage.Is(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Libolecf reads the same from a real file, and from one that oletest writes.
func TestLibolecfReadsTheSame(t *testing.T) {
	python := testenv.Python(t, "pyolecf")
	name := filepath.Join(t.TempDir(), "x")
	if err := os.WriteFile(name, written(t, sample...), 0o644); err != nil {
		t.Fatal(err)
	}
	names := []string{name}
	if os.Getenv("BIRTHMARK_SAMPLES") != "" {
		names = append(names, testenv.Sample(t, "traces/lnk-jumplist/1b4dd67f29cb1962.automaticDestinations-ms"))
	}
	const script = `
import json, sys, pyolecf
for name in sys.argv[1:]:
    f = pyolecf.file(); f.open(name)
    print(json.dumps({i.name: (i.read(i.size).hex() if i.size else '') for i in f.root_item.sub_items}))
`
	out, err := exec.Command(python, append([]string{"-c", script}, names...)...).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	dec := json.NewDecoder(bytes.NewReader(out))
	for _, name := range names {
		want := map[string]string{}
		if err := dec.Decode(&want); err != nil {
			t.Fatal(err)
		}
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		got, problems, err := ole.Streams(raw)
		if err != nil || len(problems) > 0 || len(got) != len(want) {
			t.Fatalf("%s: %d streams, want %d, %v, %v", name, len(got), len(want), problems, err)
		}
		for _, s := range got {
			if data := want[s.Name]; data != hex.EncodeToString(s.Data) {
				t.Errorf("%s: %s: %d bytes, want %d", name, s.Name, len(s.Data), len(data)/2)
			}
		}
		t.Logf("%d streams are the same", len(got))
	}
}

// Whatever the bytes: no panic, every error located, and no more than was there.
func FuzzStreams(f *testing.F) {
	f.Add(written(f, sample[:3]...))
	f.Add(written(f, sample[3]))
	f.Fuzz(func(t *testing.T, raw []byte) {
		streams, _, err := ole.Streams(raw)
		if err != nil {
			if !damage.Is(err) {
				t.Fatalf("not located: %v", err)
			}
			return
		}
		total := 0
		for _, s := range streams {
			total += len(s.Data)
			if s.Err == nil && uint64(len(s.Data)) != s.Size {
				t.Fatalf("%d bytes of %d without an error", len(s.Data), s.Size)
			}
		}
		if total > len(raw) {
			t.Fatalf("%d bytes from %d", total, len(raw))
		}
	})
}
