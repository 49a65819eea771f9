// Kinds reads event logs and prints the kinds of event in them as package evtx
// declares them: a struct with the fields in the order of the newest template, and a
// declaration with what Windows writes into System. The output is a draft. A person
// compares it with the documentation of the event, and writes what no log records:
// what happened, which policy logs it, the types of package winid, and the sentence.
//
//	go run ./lab/kinds -id 4688,4689 LOG|FOLDER…
//	go run ./lab/kinds -provider Security-Auditing FOLDER
//	go run ./lab/kinds -list FOLDER
//	go run ./lab/kinds -list -maps EvtxECmd/Maps FOLDER
//
// Comments in a draft have what a reviewer needs: the number of records, values that
// are not the same in all of them, and examples. With -list, kinds prints one line for
// each provider and event identifier: the number of records, the name of the kind if
// the event has a struct, and whether EvtxECmd has a map for it.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/birthmark-dfir/birthmark/evtx"
)

var (
	provider = flag.String("provider", "", "print only events of providers whose name contains `TEXT`")
	ids      = flag.String("id", "", "print only events with these identifiers, separated by `COMMAS`")
	list     = flag.Bool("list", false, "print one line for each provider and event identifier")
	mapDir   = flag.String("maps", "", "with -list, the `FOLDER` of EvtxECmd's maps")
)

func main() {
	flag.Usage = func() {
		fmt.Fprintln(os.Stderr, "usage: kinds [flags] LOG|FOLDER…")
		flag.PrintDefaults()
	}
	flag.Parse()
	if flag.NArg() == 0 {
		flag.Usage()
		os.Exit(2)
	}
	if err := mainErr(); err != nil {
		fmt.Fprintln(os.Stderr, "kinds:", err)
		os.Exit(1)
	}
}

func mainErr() error {
	wanted, err := filter(*provider, *ids)
	if err != nil {
		return err
	}
	s := survey{}
	for _, root := range flag.Args() {
		if err := s.addFolder(root, wanted); err != nil {
			return err
		}
	}
	out := bufio.NewWriter(os.Stdout)
	if *list {
		var mapped map[event]bool
		if *mapDir != "" {
			if mapped, err = readMaps(os.DirFS(*mapDir)); err != nil {
				return err
			}
		}
		printList(out, s, mapped)
	} else {
		for _, k := range s.sorted() {
			printKind(out, k)
		}
	}
	return out.Flush()
}

// filter returns a function that reports whether an event is wanted.
func filter(provider, ids string) (func(event) bool, error) {
	want := map[uint16]bool{}
	for id := range strings.SplitSeq(ids, ",") {
		if id == "" {
			continue
		}
		n, err := strconv.ParseUint(id, 10, 16)
		if err != nil {
			return nil, err
		}
		want[uint16(n)] = true
	}
	return func(e event) bool {
		return strings.Contains(e.provider, provider) && (len(want) == 0 || want[e.id])
	}, nil
}

// addFolder adds the records of a log, or of all logs below a folder.
func (s survey) addFolder(root string, wanted func(event) bool) error {
	return filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || name != root && !strings.EqualFold(filepath.Ext(name), ".evtx") {
			return err
		}
		log, err := evtx.Open(name)
		if err != nil {
			fmt.Fprintf(os.Stderr, "kinds: %s: %v\n", name, err)
			return nil
		}
		defer log.Close()
		for rec, err := range log.Records() {
			if err != nil {
				continue // evtxdump reports damage
			}
			sys, err := rec.System()
			if err != nil || !wanted(eventOf(sys)) {
				continue
			}
			if e, err := rec.Event(); err == nil {
				s.add(e)
			}
		}
		return nil
	})
}
