package logfile_test

import (
	"bytes"
	"fmt"

	"github.com/birthmark-dfir/birthmark/mft/logfile"
	"github.com/birthmark-dfir/birthmark/mft/logfile/logfiletest"
)

// What the log proves, with the paths of the files at the time. Times that were set
// backwards are there with what they replaced.
func Example() {
	var l logfiletest.Log
	story(&l)
	log := l.Bytes()

	r, err := logfile.NewReader(bytes.NewReader(log), int64(len(log)))
	if err != nil {
		fmt.Println(err)
		return
	}
	paths, err := logfile.NewPaths(r, nil) // with the $MFT of the volume, if it is at hand
	if err != nil {
		fmt.Println(err)
		return
	}
	for e, err := range r.Events() {
		if err != nil {
			fmt.Println(err) // a page is lost; the others follow
			continue
		}
		fmt.Println(e.Kind, paths.Of(&e))
		for _, c := range e.TimeChanges() {
			if c.SetBack() {
				fmt.Println("  set back:", c.Name, c.Old.Format("2006-01-02"), "to", c.New.Format("2006-01-02"))
			}
		}
	}
	// Output:
	// created kit
	// created kit/a.tmp
	// renamed kit/svchost.exe
	// info changed kit/svchost.exe
	//   set back: created 2024-03-04 to 2020-03-04
	//   set back: modified 2024-03-04 to 2020-03-04
	//   set back: accessed 2024-03-04 to 2020-03-04
	// stream added kit/svchost.exe
	// renamed svchost.exe
	// deleted kit
	// deleted svchost.exe
}
