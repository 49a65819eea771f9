package mplog_test

import (
	"fmt"
	"log"

	"bytes"

	"github.com/birthmark-dfir/birthmark/mplog"
	"github.com/birthmark-dfir/birthmark/mplog/mplogtest"
)

// The hash of a file that is gone may still be in the log.
func Example() {
	raw := mplogtest.Log(all[1])
	r, err := mplog.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		log.Fatal(err)
	}
	for e, err := range r.Entries() {
		if err != nil {
			log.Print(err)
			continue
		}
		fmt.Println(e.Kind, e.Path, e.SHA1)
	}
	// Output: query C:\Data\tool (1).exe abababababababababababababababababababab
}
