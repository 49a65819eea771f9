package main

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strconv"
	"strings"
)

// readMaps returns the events that EvtxECmd has maps for. A map is a file in YAML with
// one EventId and one Provider.
func readMaps(dir fs.FS) (map[event]bool, error) {
	mapped := map[event]bool{}
	names, err := fs.Glob(dir, "*.map")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		text, err := fs.ReadFile(dir, name)
		if err != nil {
			return nil, err
		}
		var e event
		lines := bufio.NewScanner(strings.NewReader(strings.TrimPrefix(string(text), "\ufeff")))
		for lines.Scan() {
			key, value, _ := strings.Cut(lines.Text(), ":")
			value = strings.Trim(strings.TrimSpace(value), `"'`)
			switch key {
			case "EventId":
				n, err := strconv.ParseUint(value, 10, 16)
				if err != nil {
					return nil, fmt.Errorf("%s: %w", name, err)
				}
				e.id = uint16(n)
			case "Provider":
				e.provider = value
			}
		}
		if err := lines.Err(); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		mapped[e] = true
	}
	return mapped, nil
}

// printList prints a line for each kind, the most frequent first, and the sums.
func printList(w io.Writer, s survey, mapped map[event]bool) {
	all := s.sorted()
	slices.SortStableFunc(all, func(a, b *kind) int { return cmp.Compare(b.records, a.records) })
	var records, typed, named, both int
	for _, k := range all {
		records += k.records
		mark := "-"
		if mapped[k.event] {
			mark = "map"
			named += k.records
		}
		if k.name != "" {
			typed += k.records
			if mapped[k.event] {
				both += k.records
			}
		}
		fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%d\n", k.records, cmp.Or(k.name, "-"), mark, k.provider, k.id)
	}
	fmt.Fprintf(w, "%d records, %d typed", records, typed)
	if mapped != nil {
		fmt.Fprintf(w, ", %d with a map, %d both", named, both)
	}
	fmt.Fprintln(w)
}
