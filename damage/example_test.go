package damage_test

import (
	"bytes"
	"errors"
	"fmt"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/evtx/evtxtest"
	"github.com/birthmark-dfir/birthmark/registry"
)

// One errors.As does for all parsers.
func ExampleError() {
	text := []byte("This text is not a hive.")
	_, err := registry.NewReader(bytes.NewReader(text), int64(len(text)), registry.WithName("SYSTEM"))
	var e *damage.Error
	if errors.As(err, &e) {
		fmt.Printf("%s, at %#x: %s, not %s\n", e.Artifact, e.Offset, e.Got, e.Want)
	}
	fmt.Println(errors.Is(err, registry.ErrNotHive))
	// Output:
	// SYSTEM, at 0x0: "This", not "regf"
	// true
}

// The kinds of problem are constants, and the error of a problem has all that is
// known of its place.
func ExampleProblem() {
	log, err := evtxtest.Bytes(&evtx.Security4624{System: evtx.System{TimeCreated: time.Unix(0, 0)}})
	if err != nil {
		fmt.Println(err)
		return
	}
	log[0x1000+0x30]++ // a byte of the chunk's header
	r, err := evtx.NewReader(bytes.NewReader(log), int64(len(log)), evtx.WithName("Security.evtx"))
	if err != nil {
		fmt.Println(err)
		return
	}
	for p := range r.Problems() {
		switch p.Kind {
		case damage.Checksum:
			fmt.Println("checksum:", p.Err.Artifact, p.Err.Path, p.Err.What)
		case damage.Gap:
			fmt.Println("records are missing:", p.Err.Path)
		}
	}
	// Output:
	// checksum: Security.evtx chunk 0 chunk header checksum
	// checksum: Security.evtx chunk 0 records checksum
}
