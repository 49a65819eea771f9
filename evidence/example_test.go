package evidence_test

import (
	"fmt"
	"io/fs"
	"log"
	"testing/fstest"

	"github.com/birthmark-dfir/birthmark/evidence"
)

// A triage folder as Velociraptor writes it, and a path as Windows writes it.
func Example() {
	collection := fstest.MapFS{
		"uploads/auto/C%3A/Windows/System32/cmd.exe":                        {Data: []byte("MZ")},
		"uploads/auto/C%3A/inetpub/wwwroot/sqlserver.exe":                   {Data: []byte("MZ…")},
		"uploads/auto/C%3A/inetpub/wwwroot/sqlserver.exe%3AZone.Identifier": {Data: []byte("[ZoneTransfer]\nZoneId=3\n")},
	}
	e, err := evidence.OpenFS("collection", collection)
	if err != nil {
		log.Fatal(err)
	}
	defer e.Close()
	v, name, err := e.Resolve(`c:\INETPUB\wwwroot\SQLServer.exe:Zone.Identifier`)
	if err != nil {
		log.Fatal(err)
	}
	zone, err := fs.ReadFile(v.FS, name)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s: %s\n%s", e.Kind(), v.WindowsPath(name), zone)
	_, _, err = e.Resolve(`C:\inetpub\wwwroot\sqlservr.exe`)
	fmt.Println(err)
	// Output:
	// triage folder: C:\inetpub\wwwroot\sqlserver.exe:Zone.Identifier
	// [ZoneTransfer]
	// ZoneId=3
	// C:\inetpub\wwwroot\sqlservr.exe: not in the evidence; nearest: C:\inetpub\wwwroot\sqlserver.exe
}
