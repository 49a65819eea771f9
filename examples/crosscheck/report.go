package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

func (d disagreement) json(w io.Writer) error {
	b, err := json.Marshal(d)
	if err == nil {
		_, err = fmt.Fprintf(w, "%s\n", b)
	}
	return err
}

// text prints agreement per artifact, then the classes of disagreement with an
// example each, then the rules that were needed.
func (c *checker) text(w io.Writer) error {
	var b strings.Builder
	b.WriteString("Agreement\n\n")
	for _, r := range c.rows {
		fmt.Fprintf(&b, "  %-8s %s\n           with %s: %s of %d fields agree; records only ours %d, only theirs %d\n",
			r.format, printable(r.artifact), r.rival, percent(r.agreed, r.compared), r.compared, r.onlyOurs, r.onlyTheirs)
		for _, f := range r.fates {
			fmt.Fprintf(&b, "           %s\n", printable(f))
		}
	}
	b.WriteString("\nClasses of disagreement\n\n")
	for _, k := range c.sortedClasses() {
		if k.class == "fate" {
			continue
		}
		e := k.example
		fmt.Fprintf(&b, "  %s, %s %s: %s %d times\n", k.format, k.rival, parsers[k.rival].version, strings.TrimSpace(k.class+" "+printable(k.field)), k.count)
		fmt.Fprintf(&b, "           first in %s, %s at %#x", printable(e.Artifact), printable(e.Record), e.Offset)
		if e.Class == "different value" {
			fmt.Fprintf(&b, ": ours %s, theirs %s", printable(e.Ours), printable(e.Theirs))
		}
		b.WriteByte('\n')
	}
	b.WriteString("\nRules that made values comparable\n\n")
	for _, format := range slices.Sorted(maps.Keys(c.needed)) {
		for _, name := range slices.Sorted(maps.Keys(c.needed[format])) {
			fmt.Fprintf(&b, "  %s: %s, for %d fields\n", format, name, c.needed[format][name])
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func percent(part, whole int) string {
	if whole == 0 {
		return "none"
	}
	return fmt.Sprintf("%.2f %%", 100*float64(part)/float64(whole))
}

// printable quotes what evidence says as far as a terminal would act on it.
func printable(s string) string {
	if len(s) > 200 {
		s = s[:200] + "…"
	}
	q := fmt.Sprintf("%q", s)
	return q[1 : len(q)-1]
}

// firstLine is the line of a dying program that names the cause.
func firstLine(s string) string {
	for line := range strings.Lines(s) {
		if strings.HasPrefix(line, "panic:") || strings.HasPrefix(line, "fatal error:") || strings.HasPrefix(line, "runtime:") {
			return strings.TrimSpace(line)
		}
	}
	line, _, _ := strings.Cut(s, "\n")
	return line
}
