package mft_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"log"
	"os"
	"path/filepath"
	"time"

	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
)

// exampleImage returns a volume that holds a download and a forged file.
func exampleImage() []byte {
	day := time.Date(2024, 3, 4, 5, 6, 7, 123456700, time.UTC)
	honest, forged := mfttest.AllAt(day), mfttest.AllAt(day)
	forged.Created = time.Date(2019, 1, 1, 0, 0, 1, 0, time.UTC)
	image, err := mfttest.Volume{Created: day.AddDate(-1, 0, 0), Label: "System", Files: []mfttest.File{
		{Path: "Users/alice/Downloads/setup.exe", Owner: "S-1-5-21-1-2-3-1001", Data: []byte("MZ"), Times: honest,
			Streams: []mfttest.Stream{{Name: "Zone.Identifier", Data: []byte("[ZoneTransfer]\r\nZoneId=3\r\nHostUrl=https://example.com/setup.exe\r\n")}}},
		{Path: "Windows/Temp/svc.exe", Data: []byte("MZ"), Times: forged, FileNameTimes: &honest},
		{Path: "Windows/Temp/dropper.exe", Deleted: true, Data: []byte("MZ"), Times: honest},
	}}.Bytes()
	if err != nil {
		log.Fatal(err)
	}
	return image
}

func ExampleOpen() {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	name := filepath.Join(dir, "$MFT") // as a triage tool copies it
	if err := os.WriteFile(name, exampleTable(), 0o600); err != nil {
		log.Fatal(err)
	}

	r, err := mft.Open(name)
	if err != nil {
		log.Fatal(err)
	}
	defer r.Close()
	rec, err := r.Record(67)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(r.Path(rec).Name, rec.StandardInformation.Created)
	// Output: Users/alice/Downloads/setup.exe 2024-03-04 05:06:07.1234567 +0000 UTC
}

// exampleTable returns only the $MFT of the volume.
func exampleTable() []byte {
	image := exampleImage()
	v, err := mft.NewVolume(bytes.NewReader(image), int64(len(image)))
	if err != nil {
		log.Fatal(err)
	}
	table, err := fs.ReadFile(v, "$MFT")
	if err != nil {
		log.Fatal(err)
	}
	return table
}

func ExampleReader_Records() {
	image := exampleImage()
	v, err := mft.NewVolume(bytes.NewReader(image), int64(len(image)))
	if err != nil {
		log.Fatal(err)
	}
	for rec, err := range v.MFT().Records() {
		if err != nil {
			log.Print(err) // a damaged entry: the next one follows nevertheless
			continue
		}
		if rec.IsDir() || rec.Entry < 24 {
			continue
		}
		state := "exists"
		if !rec.InUse() {
			state = "deleted"
		}
		fmt.Println(rec.Ref, state, v.MFT().Path(rec).Name)
	}
	// Output:
	// 67-1 exists Users/alice/Downloads/setup.exe
	// 70-1 exists Windows/Temp/svc.exe
	// 71-2 deleted Windows/Temp/dropper.exe
}

// A Volume can be used wherever a file system is expected.
func ExampleVolume() {
	image := exampleImage()
	v, err := mft.NewVolume(bytes.NewReader(image), int64(len(image)))
	if err != nil {
		log.Fatal(err)
	}
	found, err := fs.Glob(v, "Users/*/Downloads/*")
	if err != nil {
		log.Fatal(err)
	}
	for _, name := range found {
		info, err := fs.Stat(v, name)
		if err != nil {
			log.Fatal(err)
		}
		file := info.(*mft.FileInfo)
		fmt.Println(name, file.BirthTime().Format(time.RFC3339), file.OwnerSID(), file.Streams())
	}
	_, err = fs.Stat(v, "USERS/ALICE/downloads/Setup.EXE")
	fmt.Println("found, ignoring case:", err == nil)
	// Output:
	// Users/alice/Downloads/setup.exe 2024-03-04T05:06:07Z S-1-5-21-1-2-3-1001 [Zone.Identifier]
	// found, ignoring case: true
}

func ExampleParseZoneIdentifier() {
	image := exampleImage()
	v, err := mft.NewVolume(bytes.NewReader(image), int64(len(image)))
	if err != nil {
		log.Fatal(err)
	}
	b, err := fs.ReadFile(v, "Users/alice/Downloads/setup.exe:Zone.Identifier")
	if err != nil {
		log.Fatal(err)
	}
	zone, err := mft.ParseZoneIdentifier(b)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(zone.ZoneID == mft.ZoneInternet, zone.HostURL)
	// Output: true https://example.com/setup.exe
}

func ExampleReader_Timestomp() {
	image := exampleImage()
	v, err := mft.NewVolume(bytes.NewReader(image), int64(len(image)))
	if err != nil {
		log.Fatal(err)
	}
	rec, err := v.Lookup("Windows/Temp/svc.exe")
	if err != nil {
		log.Fatal(err)
	}
	stomp := v.MFT().Timestomp(rec)
	fmt.Println(stomp.Score)
	for _, reason := range stomp.Reasons {
		fmt.Println(reason.Points, reason.Name)
	}
	// Output:
	// 70
	// 40 created_before_fn
	// 25 whole_seconds
	// 5 created_before_volume
}
