package mfttest_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"log"
	"time"

	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
)

func ExampleVolume_Bytes() {
	image, err := mfttest.Volume{Files: []mfttest.File{
		{Path: "Windows/System32/cmd.exe", Data: []byte("MZ")},
		{
			Path:    "Users/alice/Downloads/tool.exe",
			Data:    []byte("MZ"),
			Owner:   "S-1-5-21-1-2-3-1001",
			Times:   mfttest.AllAt(time.Date(2024, 3, 4, 5, 6, 7, 0, time.UTC)),
			Streams: []mfttest.Stream{{Name: "Zone.Identifier", Data: []byte("[ZoneTransfer]\r\nZoneId=3\r\n")}},
		},
	}}.Bytes()
	if err != nil {
		log.Fatal(err)
	}
	v, err := mft.NewVolume(bytes.NewReader(image), int64(len(image)))
	if err != nil {
		log.Fatal(err)
	}
	b, err := fs.ReadFile(v, "Users/alice/Downloads/tool.exe:Zone.Identifier")
	fmt.Printf("%q %v\n", b, err)
	// Output: "[ZoneTransfer]\r\nZoneId=3\r\n" <nil>
}

// What is left of files that were deleted: names in the slack of the index of a folder, and
// in the slack of a record.
func ExampleFile() {
	image, err := mfttest.Volume{Files: []mfttest.File{
		{Path: "kit/tool.exe", Entry: 80, Deleted: true, Overwritten: true, IndexSlack: mft.EntryWhole},
		{Path: "holiday.jpg", Entry: 80, Seq: 2, FormerNames: []string{"kit/tool.exe"}},
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
	for e := range v.MFT().IndexEntries(kit) {
		fmt.Println(e.State, e.File, e.Name)
	}
	photo, err := v.Lookup("holiday.jpg")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(photo.Ref, photo.Name(), photo.SlackNames()[0].Name)
	// Output:
	// whole 80-1 tool.exe
	// 80-2 holiday.jpg tool.exe
}

// A disk is made of volumes.
func ExampleDisk() {
	image, err := mfttest.Volume{Label: "System"}.Bytes()
	if err != nil {
		log.Fatal(err)
	}
	disk, err := mfttest.Disk(mfttest.Partition{Data: image})
	if err != nil {
		log.Fatal(err)
	}
	at := bytes.Index(disk, []byte("NTFS    ")) - 3
	fmt.Println("a volume at", at)
	// Output: a volume at 1048576
}
