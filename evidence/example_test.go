package evidence_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log"
	"strings"
	"testing/fstest"

	"github.com/birthmark-dfir/birthmark/damage"
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

// Any name is enough if only one file has it. Otherwise the error lists the files.
func ExampleEvidence_Locate() {
	e, err := evidence.OpenFS("collection", fstest.MapFS{
		"C/inetpub/wwwroot/upload.aspx": {Data: []byte("<%@ page %>")},
		"C/Windows/Temp/a.exe":          {Data: []byte("MZ")},
		"C/Users/igor/a.exe":            {Data: []byte("MZ")},
	})
	if err != nil {
		log.Fatal(err)
	}
	defer e.Close()
	for _, name := range []string{"UPLOAD.ASPX", `C:\Users\*\a.exe`, "37a8dafbe014c8db1482fd43a12f7faf", "a.exe", "uploads.aspx"} {
		m, err := e.Locate(context.Background(), name)
		if several, ok := errors.AsType[*evidence.AmbiguousError](err); ok {
			fmt.Printf("%s: %d files\n", name, several.Count)
			continue
		}
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println(m.Path())
	}
	// Output:
	// C:\inetpub\wwwroot\upload.aspx
	// C:\Users\igor\a.exe
	// C:\inetpub\wwwroot\upload.aspx
	// a.exe: 2 files
	// uploads.aspx: not in the evidence; nearest: C:\inetpub\wwwroot\upload.aspx
}

// Damage does not keep evidence from opening. It is reported as problems.
func ExampleEvidence_Problems() {
	var image bytes.Buffer
	z := gzip.NewWriter(&image)
	if _, err := z.Write(append([]byte("ElfFile\x00"), make([]byte, 69624)...)); err != nil {
		log.Fatal(err)
	}
	if err := z.Close(); err != nil {
		log.Fatal(err)
	}
	image.Truncate(image.Len() - 4) // the end of the file is missing
	e, err := evidence.New("Security.evtx.gz", bytes.NewReader(image.Bytes()), int64(image.Len()))
	if err != nil {
		log.Fatal(err)
	}
	defer e.Close()
	for p := range e.Problems() {
		fmt.Println(p.Kind == damage.Truncation, p)
	}
	// Output:
	// true truncation: Security.evtx.gz: gzip: gzip data, unpacked at 0x11000: unexpected EOF
}

// The error for a file that is not evidence has what was found and what was expected.
func ExampleFormatError() {
	_, err := evidence.New("notes.txt", strings.NewReader("buy milk"), 8)
	var malformed *evidence.FormatError
	if errors.As(err, &malformed) {
		fmt.Println(malformed.Artifact, malformed.What, malformed.Got)
	}
	fmt.Println(errors.Is(err, evidence.ErrUnknown))
	// Output:
	// notes.txt content 62 75 79 20 6d 69 6c 6b
	// true
}
