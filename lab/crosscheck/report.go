package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/show"
)

func writeJSON(w io.Writer, line any) error {
	b, err := json.Marshal(line)
	if err == nil {
		_, err = w.Write(append(b, '\n'))
	}
	return err
}

// sums writes a line of JSON for each artifact and each rule that was needed.
func (c *checker) sums(w io.Writer) error {
	for _, r := range c.rows {
		if err := writeJSON(w, struct {
			Class string `json:"class"`
			row
		}{"sum", r}); err != nil {
			return err
		}
	}
	for _, format := range slices.Sorted(maps.Keys(c.needed)) {
		for _, name := range slices.Sorted(maps.Keys(c.needed[format])) {
			if err := writeJSON(w, struct {
				Class  string `json:"class"`
				Format string `json:"format"`
				Rule   string `json:"rule"`
				Fields int    `json:"fields"`
			}{"rule", format, name, c.needed[format][name]}); err != nil {
				return err
			}
		}
	}
	return nil
}

// text writes the agreement per artifact and per format, then the classes of
// disagreement, each with an example, then the rules that were needed.
func (c *checker) text(w io.Writer) error {
	var b strings.Builder
	b.WriteString("Agreement per artifact\n\n")
	total := map[string]*row{}
	for _, r := range c.rows {
		fmt.Fprintf(&b, "  %s, %s\n    %s\n", r.Format, show.Text(r.Artifact), r.agreement())
		for _, f := range r.Fates {
			fmt.Fprintf(&b, "    %s\n", short(f))
		}
		sum := total[r.Format]
		if sum == nil {
			sum = &row{Rival: r.Rival}
			total[r.Format] = sum
		}
		sum.Records, sum.Fields, sum.Agreed = sum.Records+r.Records, sum.Fields+r.Fields, sum.Agreed+r.Agreed
		sum.OnlyOurs, sum.OnlyTheirs = sum.OnlyOurs+r.OnlyOurs, sum.OnlyTheirs+r.OnlyTheirs
		sum.Fates = append(sum.Fates, r.Fates...)
	}
	b.WriteString("\nAgreement per format\n\n")
	for _, format := range slices.Sorted(maps.Keys(total)) {
		sum := total[format]
		fmt.Fprintf(&b, "  %s, with %s %s\n    %s; failures: %d\n", format, sum.Rival, c.parsers[sum.Rival].version,
			sum.agreement(), len(sum.Fates))
	}
	b.WriteString("\nClasses of disagreement, each with its first example\n\n")
	for _, k := range c.sortedClasses() {
		name := k.Class
		if k.Field != "" {
			name += " of " + short(fieldClass(k.disagreement))
		}
		fmt.Fprintf(&b, "  %s: %s, %d times\n    %s, %s", k.Format, name, k.count, show.Text(k.Artifact), short(k.Record))
		if k.Offset >= 0 {
			fmt.Fprintf(&b, " at %#x", k.Offset)
		}
		switch k.Class {
		case differentValue:
			fmt.Fprintf(&b, ": %s: ours %q, theirs %q", short(k.Field), short(k.Ours), short(k.Theirs))
		case fieldOnlyOurs, fieldOnlyTheirs:
			fmt.Fprintf(&b, ": %s: %q", short(k.Field), short(k.Ours+k.Theirs))
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

func (r row) agreement() string {
	if r.Records+r.OnlyOurs+r.OnlyTheirs == 0 {
		return "no records on either side"
	}
	text := fmt.Sprintf("records in both %d, only ours %d, only theirs %d", r.Records, r.OnlyOurs, r.OnlyTheirs)
	if r.Fields > 0 {
		text += fmt.Sprintf("; %s %% of %d fields agree", percent(r.Agreed, r.Fields), r.Fields)
	}
	return text
}

// percent returns a percentage. It rounds down, so that a disagreement does not vanish.
func percent(part, whole int) string {
	if part == whole {
		return "100"
	}
	return fmt.Sprintf("%.2f", float64(part*10000/whole)/100)
}

// short makes text from the evidence safe and short enough for a line of the report.
func short(s string) string {
	const most = 160
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + "…"
	}
	return show.Text(s)
}
