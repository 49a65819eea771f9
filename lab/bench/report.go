package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"
)

type report struct {
	Machine   string      `json:"machine"`
	Version   string      `json:"version,omitempty"` // of the measured tree
	Date      string      `json:"date"`
	Rounds    int         `json:"rounds"`
	Rivals    []string    `json:"rivals"`
	Contests  []outcome   `json:"contests"`
	InProcess []benchmark `json:"in_process,omitempty"`
	Remark    string      `json:"remark,omitempty"`

	Interrupted bool `json:"interrupted,omitempty"` // some of the work was not done
}

func (r report) json(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(r)
}

func (r report) markdown(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# Side by side, %s\n\n%s. birthmark %s.\n", r.Date, r.Machine, cmp.Or(r.Version, "of this tree"))
	if r.Remark != "" {
		fmt.Fprintf(&b, "%s.\n", strings.TrimSuffix(r.Remark, "."))
	}
	if r.Interrupted {
		b.WriteString("The run was interrupted: missing work was not measured.\n")
	}
	fmt.Fprintf(&b, `
Written by %[1]sgo run -C lab/bench . -o lab/bench/RESULTS.md%[1]s. The rivals:

`, "`")
	for _, in := range r.Rivals {
		fmt.Fprintf(&b, "- %s\n", cell(in))
	}
	r.contests(&b)
	r.growth(&b)
	r.inProcess(&b)
	_, err := io.WriteString(w, b.String())
	return err
}

func (r report) contests(b *strings.Builder) {
	if len(r.Contests) == 0 {
		return
	}
	fmt.Fprintf(b, `
## Whole processes

Warm cache, output to the null device, %d rounds in alternation. A program whose first run was slow is measured once.
Records are counted before the race. Spread is the difference between the slowest and the fastest round, relative to
the median. Memory is the largest resident set. Ratio is the rival's median over ours: above 1, ours is faster.

| work | input | program | records | median | minimum | spread | memory | ratio |
|---|---|---|--:|--:|--:|--:|--:|--:|
`, r.Rounds)
	var notes []string
	for _, c := range r.Contests {
		name := c.Name
		for _, note := range c.Notes {
			if !slices.Contains(notes, note) {
				notes = append(notes, note)
			}
			name += fmt.Sprintf(" [%d]", slices.Index(notes, note)+1)
		}
		if c.NotHeld != "" {
			fmt.Fprintf(b, "| %s | | | not run: %s | | | | | |\n", cell(name), cell(c.NotHeld))
		}
		for i, row := range c.Rows {
			work, input := "", ""
			if i == 0 {
				work, input = name, c.Input
			}
			fmt.Fprintf(b, "| %s | %s | %s | %s |\n", cell(work), cell(input), cell(row.Program), row.cells())
		}
	}
	if len(notes) > 0 {
		b.WriteByte('\n')
	}
	for i, note := range notes {
		fmt.Fprintf(b, "%d. %s\n", i+1, cell(note))
	}
}

func (r row) cells() string {
	records := ""
	if r.Records >= 0 {
		records = fmt.Sprint(r.Records)
	}
	if r.Failed != "" {
		return strings.Join([]string{cell(r.Failed), "", "", "", "", ""}, " | ")
	}
	spread := fmt.Sprintf("%.0f %%", 100*r.spread())
	if r.summary.Rounds == 1 {
		spread = "one round"
	}
	return strings.Join([]string{records, ms(r.Median), ms(r.Min), spread, mib(r.Peak), positive("%.2f", r.Ratio)}, " | ")
}

func (r report) growth(b *strings.Builder) {
	heading := `
## Growth

The shortest time of each program for inputs in the ratio 1 : 4 : 16, and the exponent e of the best fit
time = c · size^e. An exponent of 1 is linear; below 1, the start of the program takes a large part of the time.

| work | inputs | program | 1× | 4× | 16× | exponent |
|---|---|---|--:|--:|--:|--:|
`
	for _, c := range r.Contests {
		work, inputs := c.Name, strings.Join(c.Inputs, ", ")
		for _, row := range c.Rows {
			if row.Growth == 0 {
				continue
			}
			fmt.Fprintf(b, "%s| %s | %s | %s |", heading, cell(work), cell(inputs), cell(row.Program))
			heading, work, inputs = "", "", ""
			for _, t := range row.Times {
				fmt.Fprintf(b, " %s |", ms(t))
			}
			fmt.Fprintf(b, " %.2f |\n", row.Growth)
		}
	}
}

func (r report) inProcess(b *strings.Builder) {
	if len(r.InProcess) == 0 {
		return
	}
	b.WriteString(`
## In one process: Go packages

Medians of ` + "`go test -bench`" + ` over the same bytes in memory. Allocations and bytes are per record.

| work | package | records | time | records/s | MB/s | allocations | bytes | ratio |
|---|---|--:|--:|--:|--:|--:|--:|--:|
`)
	work := ""
	for _, m := range r.InProcess {
		name := m.Work
		if name == work {
			name = ""
		}
		work = m.Work
		if m.Failed != "" {
			fmt.Fprintf(b, "| %s | %s | %s | | | | | | |\n", cell(name), cell(m.Package), cell(m.Failed))
			continue
		}
		perRecord := func(n float64) string {
			if m.Records == 0 {
				return ""
			}
			return figure(n / m.Records)
		}
		fmt.Fprintf(b, "| %s | %s | %.0f | %s | %s | %s | %s | %s | %s |\n", cell(name), cell(m.Package), m.Records, ms(m.Time),
			figure(m.Records/m.Time.Seconds()), figure(m.MBs), perRecord(m.Allocs), perRecord(m.Bytes), positive("%.2f", m.Ratio))
	}
}

// cell escapes the output of other programs, so that it cannot break the table or
// control a terminal.
func cell(s string) string {
	s = strings.Map(func(c rune) rune {
		if c < ' ' || c == 0x7f {
			return ' '
		}
		return c
	}, strings.ToValidUTF8(s, "�"))
	if runes := []rune(s); len(runes) > 200 {
		s = string(runes[:200]) + "…"
	}
	return strings.NewReplacer("|", `\|`, "<", "&lt;").Replace(s)
}

func positive(format string, v float64) string {
	if !(v > 0) {
		return ""
	}
	return fmt.Sprintf(format, v)
}

// figure prints a number with three digits, or with all digits before the point if
// there are more.
func figure(v float64) string {
	switch {
	case !(v > 0):
		return ""
	case v >= 1000:
		return fmt.Sprintf("%.0f", v)
	}
	return fmt.Sprintf("%.3g", v)
}

func ms(d time.Duration) string {
	return figure(float64(d)/float64(time.Millisecond)) + " ms"
}

func mib(n int64) string { return positive("%.1f MiB", float64(n)/(1<<20)) }

// machine describes the machine on which the figures were measured.
func machine() string {
	model := runtime.GOARCH
	if info, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range strings.Lines(string(info)) {
			if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == "model name" {
				model = strings.TrimSpace(value)
				break
			}
		}
	}
	return fmt.Sprintf("%d cores of %s, %s, %s", runtime.NumCPU(), model, runtime.GOOS, runtime.Version())
}
