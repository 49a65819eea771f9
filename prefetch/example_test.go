package prefetch_test

import (
	"bytes"
	"fmt"
	"time"

	"github.com/birthmark-dfir/birthmark/prefetch"
	"github.com/birthmark-dfir/birthmark/prefetch/prefetchtest"
)

func ExampleNewReader() {
	volume := prefetch.Volume{Device: `\DEVICE\HARDDISKVOLUME2`, Serial: 0x1a2b3c4d}
	ran := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	raw, err := prefetchtest.Bytes(prefetchtest.Program(30, volume.Device+`\PROGRAMDATA\SQLSERVER.EXE`, volume, []time.Time{ran}))
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := prefetch.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer r.Close()
	f := r.File()
	path, confirmed := f.Path()
	fmt.Println(path, confirmed)
	fmt.Println(f.RunCount, f.LastRuns[0])
	// Output:
	// \DEVICE\HARDDISKVOLUME2\PROGRAMDATA\SQLSERVER.EXE true
	// 1 2026-03-02 12:00:00 +0000 UTC
}
