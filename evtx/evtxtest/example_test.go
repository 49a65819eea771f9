package evtxtest_test

import (
	"bytes"
	"fmt"
	"log"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/evtx/evtxtest"
)

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
