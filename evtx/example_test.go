package evtx_test

import (
	"bytes"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/evtx/evtxtest"
)

// demo returns a log of three events.
func demo() []byte {
	at := evtx.System{TimeCreated: time.Date(2026, 3, 4, 5, 6, 7, 123456700, time.UTC), Computer: "WEB01"}
	data, err := evtxtest.Bytes(
		&evtx.Security4688{System: at, NewProcessName: `C:\Windows\System32\cmd.exe`, ProcessId: 0x1f4, SubjectLogonId: 0x3e7},
		&evtx.RDP1149{System: at, User: "admin", Address: "203.0.113.9"},
		&evtx.Event{System: evtx.System{Provider: "Demo", EventID: 7, Channel: "Application", TimeCreated: at.TimeCreated}, Element: "EventData",
			Fields: []evtx.Field{{Name: "Reason", Value: evtx.StringValue("none")}}},
	)
	if err != nil {
		log.Fatal(err)
	}
	return data
}

func ExampleOpen() {
	name := filepath.Join(os.TempDir(), "birthmark-example.evtx")
	if err := os.WriteFile(name, demo(), 0o600); err != nil {
		log.Fatal(err)
	}
	defer os.Remove(name)

	r, err := evtx.Open(name)
	if err != nil {
		log.Fatal(err)
	}
	defer r.Close()
	for rec, err := range r.Records() {
		if err != nil { // a damaged record; the next one follows
			fmt.Println(err)
			continue
		}
		s, err := rec.System()
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Printf("%d at %#x: %s %d\n", s.RecordID, rec.Offset, s.Provider, s.EventID)
	}
	// Output:
	// 1 at 0x1200: Microsoft-Windows-Security-Auditing 4688
	// 2 at 0x1b20: Microsoft-Windows-TerminalServices-RemoteConnectionManager 1149
	// 3 at 0x1f90: Demo 7
}

func ExampleRecord_Typed() {
	data := demo()
	r, err := evtx.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		log.Fatal(err)
	}
	for rec, err := range r.Records() {
		if err != nil {
			log.Fatal(err)
		}
		typed, err := rec.Typed()
		if err != nil {
			log.Fatal(err)
		}
		switch e := typed.(type) {
		case *evtx.Security4688:
			fmt.Printf("%s: %s in session %#x\n", e.Kind(), e.NewProcessName, e.SubjectLogonId)
		case *evtx.RDP1149:
			fmt.Printf("%s: %s from %s\n", e.Kind(), e.User, e.Address)
		case *evtx.Event: // its kind has no struct
			for _, f := range e.Fields {
				fmt.Printf("%s: %s: %s\n", e.Kind(), f.Name, f.Value)
			}
		}
	}
	// Output:
	// security-4688: C:\Windows\System32\cmd.exe in session 0x3e7
	// rdp-1149: admin from 203.0.113.9
	// event: Reason: none
}

func ExampleRecord_AppendJSON() {
	data := demo()
	r, err := evtx.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		log.Fatal(err)
	}
	var line []byte
	for rec, err := range r.Records() {
		if err == nil && rec.ID == 2 {
			line, err = rec.AppendJSON(line[:0])
		}
		if err != nil {
			log.Fatal(err)
		}
	}
	fmt.Printf("%s\n", line[len(line)-64:])
	// Output:
	// t_NS"},"Param1":"admin","Param2":null,"Param3":"203.0.113.9"}}}}
}

func ExampleMapChunks() {
	data := demo()
	r, err := evtx.NewReader(bytes.NewReader(data), int64(len(data)), evtx.WithWorkers(4))
	if err != nil {
		log.Fatal(err)
	}
	// Four chunks are counted at the same time; the counts come in order.
	count := func(c *evtx.Chunk) (n int) {
		for _, err := range c.Records() {
			if err == nil {
				n++
			}
		}
		return n
	}
	for n, err := range evtx.MapChunks(r, count) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(n, "records")
	}
	// Output:
	// 3 records
}
