package mft_test

import (
	"bytes"
	"fmt"
	"log"

	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
)

// A tool was deleted, and another file has its entry of the $MFT by now. The index of its
// folder still has the name.
func ExampleReader_IndexEntries() {
	image, err := mfttest.Volume{Files: []mfttest.File{
		{Path: "kit/readme.txt"},
		{Path: "kit/tool.exe", Entry: 80, Seq: 2, Deleted: true, Overwritten: true, IndexSlack: mft.EntryWhole},
		{Path: "holiday.jpg", Entry: 80, Seq: 3},
	}}.Bytes()
	if err != nil {
		log.Fatal(err)
	}
	v, err := mft.NewVolume(bytes.NewReader(image), int64(len(image)))
	if err != nil {
		log.Fatal(err)
	}
	kit, err := v.Lookup("kit")
	if err != nil {
		log.Fatal(err)
	}
	for e, err := range v.MFT().IndexEntries(kit) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(e.State, e.File, v.MFT().NamePath(&e.FileName))
	}
	// Output:
	// in_use 65-1 kit/readme.txt
	// whole 80-2 kit/tool.exe
}

// A triage tool extracted the index of a folder.
func ExampleOpenIndex() {
	x, err := mft.OpenIndex("$I30")
	if err != nil {
		log.Fatal(err)
	}
	defer x.Close()
	for e, err := range x.Entries() {
		if err != nil {
			log.Print(err)
			continue
		}
		fmt.Println(e.State, e.Created, e.Name)
	}
}
