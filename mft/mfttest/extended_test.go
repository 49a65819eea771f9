package mfttest_test

import (
	"bytes"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
)

// extras is a volume with extended attributes, an object id and a stream behind a hole.
var extras = mfttest.Volume{Files: []mfttest.File{
	{Path: "linux", Entry: 70, EAs: []mfttest.EA{{Name: "$LXUID", Value: []byte{1, 2, 3, 4}}, {Name: "$KERNEL.PURGE.X", Value: []byte("value"), Critical: true}}},
	{Path: "tracked.txt", Entry: 71, Data: []byte("x"), ObjectID: mft.GUID{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}},
	{Path: "$Extend/$UsnJrnl", Entry: 72, Streams: []mfttest.Stream{{Name: "$J", Hole: 1 << 30, Data: []byte("record")}}},
}}

// Extended attributes, object ids and holes are read back, and other programs read them.
func TestExtras(t *testing.T) {
	image, err := extras.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	v, err := mft.NewVolume(bytes.NewReader(image), int64(len(image)))
	if err != nil {
		t.Fatal(err)
	}
	for p := range v.Problems() {
		t.Error(p)
	}
	rec, err := v.MFT().Record(70)
	if err != nil {
		t.Fatal(err)
	}
	eas := map[mft.AttributeType]int{}
	for _, a := range rec.Attributes {
		eas[a.Type] = len(a.Value)
	}
	if eas[mft.AttrEAInformation] != 8 || eas[mft.AttrEA] != 20+32 {
		t.Errorf("lengths of attributes %v", eas)
	}
	if rec, err := v.MFT().Record(71); err != nil || rec.ObjectID != extras.Files[1].ObjectID {
		t.Errorf("object id %v, %v", rec.ObjectID, err)
	}
	r, err := v.OpenStream(must(v.MFT().Record(72)), "$J")
	if err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 6)
	if _, err := r.ReadAt(b, 1<<30); err != nil && err != io.EOF || r.Size() != 1<<30+6 || string(b) != "record" {
		t.Errorf("%d bytes, %q, %v", r.Size(), b, err)
	}
	name := filepath.Join(t.TempDir(), "v.raw")
	if err := os.WriteFile(name, image, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(testenv.Tool(t, "istat"), name, "70").CombinedOutput()
	if err != nil || !strings.Contains(string(out), "(224-") && !strings.Contains(string(out), "$EA") {
		t.Errorf("istat: %v\n%s", err, out)
	}
	out, err = exec.Command(testenv.Tool(t, "ntfsinfo"), "-f", "-v", "-i", "71", name).CombinedOutput()
	if err != nil || !strings.Contains(string(out), "04030201-0605-0807-090a-0b0c0d0e0f10") {
		t.Errorf("ntfsinfo: %v\n%s", err, out)
	}
}

func must(rec *mft.Record, err error) *mft.Record {
	if err != nil {
		panic(err)
	}
	return rec
}

// What cannot be written is an error.
func TestBadExtras(t *testing.T) {
	for name, f := range map[string]mfttest.File{
		"an attribute without a name":   {Path: "f", EAs: []mfttest.EA{{}}},
		"an attribute that is too long": {Path: "f", EAs: []mfttest.EA{{Name: "A", Value: make([]byte, 0xffff)}}},
		"both":                          {Path: "f", Reparse: make([]byte, 8), EAs: []mfttest.EA{{Name: "A"}}},
		"half a cluster":                {Path: "f", Streams: []mfttest.Stream{{Name: "s", Hole: 100}}},
	} {
		if _, err := (mfttest.Volume{Files: []mfttest.File{f}}).Bytes(); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// A file that WSL wrote keeps its owner in extended attributes, and the change journal of a
// volume begins with a hole.
func ExampleEA() {
	image, err := mfttest.Volume{Files: []mfttest.File{
		{Path: "linux", Entry: 70, EAs: []mfttest.EA{{Name: "$LXUID", Value: []byte{1, 2, 3, 4}}}},
		{Path: "$Extend/$UsnJrnl", Streams: []mfttest.Stream{{Name: "$J", Hole: 1 << 20, Data: []byte("records")}}},
	}}.Bytes()
	if err != nil {
		log.Fatal(err)
	}
	v, err := mft.NewVolume(bytes.NewReader(image), int64(len(image)))
	if err != nil {
		log.Fatal(err)
	}
	rec, err := v.MFT().Record(70)
	if err != nil {
		log.Fatal(err)
	}
	for _, a := range rec.Attributes {
		if a.Type == mft.AttrEA {
			fmt.Printf("%q\n", a.Value)
		}
	}
	// Output: "\x14\x00\x00\x00\x00\x06\x04\x00$LXUID\x00\x01\x02\x03\x04\x00"
}
