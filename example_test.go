package birthmark_test

import (
	"context"
	"fmt"
	"log"

	"github.com/birthmark-dfir/birthmark"
	"github.com/birthmark-dfir/birthmark/evidence"
	"github.com/birthmark-dfir/birthmark/origin"
)

// whoWrote prints which program wrote a file, how firmly that is known, and the
// first record of it.
func whoWrote(ctx context.Context, disk, file string) error {
	ev, err := evidence.Open(disk) // an image, a triage folder, a single artifact
	if err != nil {
		return err
	}
	defer ev.Close()
	report, err := birthmark.Investigate(ctx, ev, file)
	if err != nil {
		return err // with the nearest names
	}
	writer := report.Answer(origin.Writer)
	fmt.Println(writer.Fact("image"), writer.Grade, writer.First().Record)
	return nil
}

func Example() {
	err := whoWrote(context.Background(), "testdata/sqlserver/disk.raw.gz", `C:\ProgramData\USOShared\sqlserver.exe`)
	if err != nil {
		log.Fatal(err)
	}
	// Output:
	// C:\Windows\System32\certutil.exe recorded 90571
}
