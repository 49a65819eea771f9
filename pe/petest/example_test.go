package petest_test

import (
	"bytes"
	"fmt"
	"log"
	"time"

	"github.com/birthmark-dfir/birthmark/pe"
	"github.com/birthmark-dfir/birthmark/pe/petest"
)

// A signed program, and the same program with a byte changed after it was
// signed.
func Example() {
	at := time.Date(2026, 3, 2, 13, 0, 0, 0, time.UTC)
	authority := petest.NewCA("Test Root")
	program, err := petest.Image{
		LinkTime: at,
		Version:  pe.VersionInfo{CompanyName: "Example Ltd", OriginalFilename: "agent.exe"},
		Signature: petest.Signature{
			Signer: authority.Issue("Example Ltd"), SigningTime: at.Add(time.Hour),
			Timestamper: authority.IssueTimestamper("Example Timestamps"), TimestampTime: at.Add(2 * time.Hour),
		},
	}.Bytes()
	if err != nil {
		log.Fatal(err)
	}
	changed := bytes.Clone(program)
	changed[0x400] ^= 1
	for _, file := range [][]byte{program, changed} {
		f, err := pe.NewReader(bytes.NewReader(file), int64(len(file)))
		if err != nil {
			log.Fatal(err)
		}
		s := f.Signatures[0]
		fmt.Println(f.Version.OriginalFilename, f.SignatureState())
		fmt.Println("  stated:", s.StatedSigner.CommonName(), "at", s.StatedSigningTime.Format(time.RFC3339), "by", s.Countersigner.CommonName())
	}
	// Output:
	// agent.exe unverified
	//   stated: Example Ltd at 2026-03-02T15:00:00Z by Example Timestamps
	// agent.exe tampered
	//   stated: Example Ltd at 2026-03-02T15:00:00Z by Example Timestamps
}
