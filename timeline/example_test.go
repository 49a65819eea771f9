package timeline_test

import (
	"context"
	"fmt"
	"log"
	"testing/fstest"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/evtx/evtxtest"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
	"github.com/birthmark-dfir/birthmark/timeline"
)

// The log and the registry of a machine both record the installation of a service.
func Example() {
	at := time.Date(2026, 3, 2, 13, 54, 5, 311_000_000, time.UTC)
	events, err := evtxtest.Bytes(&evtx.System7045{
		System:      evtx.System{RecordID: 4711, TimeCreated: at, Computer: "WEB01"},
		ServiceName: "SQLServerSvc", ImagePath: `C:\ProgramData\sqlserver.exe`, ServiceType: "user mode service",
		StartType: "auto start", AccountName: "LocalSystem",
	})
	if err != nil {
		log.Fatal(err)
	}
	hive := registrytest.Hive{Name: "SYSTEM"}
	hive.Set("Select", at.AddDate(-1, 0, 0), registrytest.DWord("Current", 1))
	hive.Set(`ControlSet001\Services\SQLServerSvc`, at.Add(time.Millisecond), registrytest.SZ("ImagePath", `C:\ProgramData\sqlserver.exe`))
	system, err := hive.Bytes()
	if err != nil {
		log.Fatal(err)
	}
	vol := fstest.MapFS{ // evidence.Open provides the file systems of images and folders
		"Windows/System32/winevt/Logs/System.evtx": {Data: events},
		"Windows/System32/config/SYSTEM":           {Data: system},
	}

	t, err := timeline.Collect(context.Background(), vol)
	if err != nil {
		log.Fatal(err)
	}
	defer t.Close()
	for e := range t.Around(at, time.Second) {
		if e.Path != "" && e.Kind != timeline.RegistryKeyWritten {
			fmt.Println(e.Time.Format("15:04:05.000"), e.Kind, e.Path, "by", e.Source.Artifact, e.Source.Record)
		}
	}
	for _, c := range t.Coverage() {
		if c.State != timeline.Absent {
			fmt.Println(c.Artifact, c.State, c.Records)
		}
	}
	// Output:
	// 13:54:05.311 service.installed C:\ProgramData\sqlserver.exe by Windows/System32/winevt/Logs/System.evtx 4711
	// 13:54:05.312 autostart.written C:\ProgramData\sqlserver.exe by Windows/System32/config/SYSTEM ControlSet001\Services\SQLServerSvc
	// Windows/System32/winevt/Logs/System.evtx parsed 1
	// Windows/System32/config/SYSTEM parsed 5
	// Zone.Identifier parsed 0
}

// The attacker chooses the names of files. This one is shown as "invoiceexe.pdf" if
// the directional formatting character is interpreted.
func ExamplePrintable() {
	fmt.Println(timeline.Printable("C:\\Users\\svc\\invoice\u202efdp.exe"))
	// Output: C:\Users\svc\invoice\u202efdp.exe
}
