package vss_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"log"
	"time"

	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
	"github.com/birthmark-dfir/birthmark/mft/vss"
	"github.com/birthmark-dfir/birthmark/mft/vss/vsstest"
)

// exampleImage returns a volume from which a tool was deleted, with a snapshot from before.
func exampleImage() []byte {
	before, err := mfttest.Volume{Files: []mfttest.File{
		{Path: "Users/a/notes.txt", Data: []byte("first")},
		{Path: "Windows/Temp/nc.exe", Data: []byte("MZ tool")},
	}}.Bytes()
	if err != nil {
		log.Fatal(err)
	}
	now, err := mfttest.Volume{Size: int64(len(before)), Files: []mfttest.File{{Path: "Users/a/notes.txt", Data: []byte("second")}}}.Bytes()
	if err != nil {
		log.Fatal(err)
	}
	image, err := vsstest.Volume{Current: now, Snapshots: []vsstest.Snapshot{
		{State: before, Created: time.Date(2026, 3, 2, 3, 0, 0, 0, time.UTC), Machine: "WEB01"},
	}}.Bytes()
	if err != nil {
		log.Fatal(err)
	}
	return image
}

// A snapshot is a volume like any other.
func Example() {
	image := exampleImage()
	r, err := vss.NewReader(bytes.NewReader(image), int64(len(image)))
	if err != nil {
		log.Fatal(err)
	}
	for _, s := range r.Snapshots() {
		fmt.Println(s.Number, s.Created.Format(time.RFC3339), s.Machine, s.Attributes)
		v, err := mft.NewVolume(s, s.Size)
		if err != nil {
			log.Fatal(err)
		}
		for _, name := range []string{"Users/a/notes.txt", "Windows/Temp/nc.exe"} {
			b, err := fs.ReadFile(v, name)
			fmt.Printf("%s: %q %v\n", name, b, err)
		}
	}
	for p := range r.Problems() {
		fmt.Println(p)
	}
	// Output:
	// 1 2026-03-02T03:00:00Z WEB01 persistent, no auto release, differential, auto recovered
	// Users/a/notes.txt: "first" <nil>
	// Windows/Temp/nc.exe: "MZ tool" <nil>
}
