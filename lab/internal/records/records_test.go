package records_test

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/evtx/evtxtest"
	"github.com/birthmark-dfir/birthmark/lab/internal/child"
	"github.com/birthmark-dfir/birthmark/lab/internal/records"
	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
	"github.com/birthmark-dfir/birthmark/pe/petest"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
	"github.com/birthmark-dfir/birthmark/weblog"
	"github.com/birthmark-dfir/birthmark/weblog/weblogtest"
)

var when = time.Date(2024, 3, 4, 5, 6, 7, 123456700, time.UTC)

// must panics if a writer fails, which none does on the input of this test.
func must(b []byte, err error) []byte {
	if err != nil {
		panic(err)
	}
	return b
}

func volume() []byte {
	v := mfttest.Volume{Files: []mfttest.File{
		{Path: "a/linked.txt", Data: []byte("resident"), Times: mfttest.AllAt(when)},
		{Path: "large.bin", Data: bytes.Repeat([]byte("clusters"), 9000)},
		{Path: "gone.txt", Deleted: true},
	}}
	for i := range 60 { // enough names to need extension records
		v.Files[0].Links = append(v.Files[0].Links, fmt.Sprintf("%s %d", strings.Repeat("x", 100), i))
	}
	return must(v.Bytes())
}

func mftOf(image []byte) []byte {
	v, err := mft.NewVolume(bytes.NewReader(image), int64(len(image)))
	if err != nil {
		panic(err)
	}
	return must(v.ReadFile("$MFT"))
}

func hive() []byte {
	var h registrytest.Hive
	h.Set(`A key\below`, when, registrytest.SZ("Text", "four words of text"), registrytest.DWord("", 7),
		registrytest.Binary("Big", bytes.Repeat([]byte{0xab}, 40000)), registrytest.DWord("Ünicode", 9))
	return must(h.Bytes())
}

// The offset of a record is true: at that offset, the file has the signature of its
// kind, and the record ends inside the file.
func TestPlaces(t *testing.T) {
	image := volume()
	log := must(evtxtest.Bytes(&evtx.Security4688{System: evtx.System{TimeCreated: when}, NewProcessName: `C:\a.exe`}, &evtx.RDP1149{System: evtx.System{TimeCreated: when}, User: "admin"}))
	for _, tt := range []struct {
		format string
		data   []byte
		marks  []string // signatures, one of which every record has at offset at
		at     int64
		want   []string // some of the records
	}{
		{"evtx", log, []string{"**\x00\x00"}, 0, []string{"record 1", "record 2"}},
		{"mft", mftOf(image), []string{"FILE"}, 0, []string{"0-1", "5-5", "65-1", "65-1 whole", "65-1 path"}},
		{"ntfs", image, []string{"FILE"}, 0, []string{"0-1", "5-5", "65-1", "65-1 whole", "65-1 content"}},
		{"registry", hive(), []string{"nk", "vk", "", "db"}, 4, []string{"", "A key", `A key\below`, `A key\below [Text]`,
			`A key\below [Text] data`, `A key\below [] data`, `A key\below [Big] data`, `A key\below [Ünicode] data`}},
		{"pe", must(petest.Image{Signature: petest.Signature{Signer: petest.NewCA("Root").Issue("Example")}}.Bytes()),
			[]string{"\x06\x09\x2a\x86"}, 4, // the identifier of ContentInfo
			[]string{"file", "signature 0"}},
		{"weblog", must(weblogtest.Log{Requests: []weblog.Request{{Time: when, Path: "/a"}, {Time: when, Path: "/b"}}}.Bytes()), []string{"2024-03-04 "}, 0,
			[]string{"request 0x105", "request 0x135"}},
	} {
		t.Run(tt.format, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "artifact")
			if err := os.WriteFile(path, tt.data, 0o600); err != nil {
				t.Fatal(err)
			}
			seen := map[string]bool{}
			problems, err := records.Parsers()[tt.format](path, func(r child.Record) {
				if seen[r.Key] {
					t.Errorf("%q twice", r.Key)
				}
				seen[r.Key] = true
				if r.Offset < 0 || strings.HasSuffix(r.Key, " data") {
					return
				}
				if r.Offset+r.Size > int64(len(tt.data)) {
					t.Errorf("%q ends at %#x, the file at %#x", r.Key, r.Offset+r.Size, len(tt.data))
				}
				for _, mark := range tt.marks {
					if bytes.HasPrefix(tt.data[r.Offset+tt.at:], []byte(mark)) && mark != "" {
						return
					}
				}
				t.Errorf("%q at %#x: %q there", r.Key, r.Offset, tt.data[r.Offset+tt.at:][:4])
			})
			if problems != 0 || err != nil {
				t.Errorf("%d problems, error %v", problems, err)
			}
			for _, key := range tt.want {
				if !seen[key] {
					t.Errorf("no record %q among %q", key, slices.Sorted(maps.Keys(seen)))
				}
			}
		})
	}
}

// The offset of a value's data is that of its data.
func TestPlacesOfData(t *testing.T) {
	data := hive()
	path := filepath.Join(t.TempDir(), "hive")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		`A key\below [Text] data`:    "f\x00o\x00u\x00r\x00 \x00",
		`A key\below [] data`:        "\x07\x00\x00\x00", // in the key value itself
		`A key\below [Ünicode] data`: "\x09\x00\x00\x00",
	}
	_, err := records.Registry(path, func(r child.Record) {
		if text, ok := want[r.Key]; ok {
			if !bytes.Contains(data[r.Offset:r.Offset+r.Size], []byte(text)) {
				t.Errorf("%s: %q", r.Key, data[r.Offset:r.Offset+r.Size])
			}
			delete(want, r.Key)
		}
		if strings.HasSuffix(r.Key, "[Big] data") && r.Offset != -1 {
			t.Errorf("%s: one offset for data in several cells: %#x", r.Key, r.Offset)
		}
	})
	if err != nil || len(want) > 0 {
		t.Errorf("error %v; not found: %q", err, want)
	}
}
