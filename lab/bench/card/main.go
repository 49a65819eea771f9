// Card counts the events of seven kinds in event logs, decoded into their structs:
// the kinds that an investigation of a new process on a server begins with.
package main

import (
	"fmt"
	"os"

	"github.com/birthmark-dfir/birthmark/evtx"
)

var kinds = []string{"security-4624", "security-4688", "sysmon-1", "sysmon-11", "rdp-1149", "rdp-21", "system-7045"}

func main() {
	for _, name := range os.Args[1:] {
		n, err := count(name)
		if err != nil {
			fmt.Fprintln(os.Stderr, "card:", err)
			os.Exit(1)
		}
		fmt.Println(n, name)
	}
}

func count(name string) (n int, err error) {
	r, err := evtx.Open(name, evtx.WithFilter(evtx.Filter{Kinds: kinds}))
	if err != nil {
		return 0, err
	}
	defer r.Close()
	for events, err := range evtx.MapChunks(r, decode) {
		if err != nil {
			return n, err
		}
		n += events
	}
	return n, nil
}

// decode returns the number of events in a chunk.
func decode(c *evtx.Chunk) (n int) {
	for rec, err := range c.Records() {
		if err != nil {
			continue
		}
		if e, err := rec.Typed(); err == nil && e.Kind() != "event" {
			n++
		}
	}
	return n
}
