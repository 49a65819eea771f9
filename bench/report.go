package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"time"
)

type report struct {
	Machine  string    `json:"machine"`
	Date     string    `json:"date"`
	Rounds   int       `json:"rounds"`
	Rivals   []string  `json:"rivals"`
	Contests []outcome `json:"contests"`
}

func (r report) json(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(r)
}

func (r report) markdown(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# Side by side, %s\n\n%s. Whole processes, warm cache, output to the null device, %d rounds in alternation.\n",
		r.Date, r.Machine, r.Rounds)
	b.WriteString("Ratio: the rival's median over ours; above 1, ours is faster. Growth: the exponent of time over size, over the sizes 1, 4 and 16; 1 is linear, below it the start of the program counts.\n\n")
	for _, in := range r.Rivals {
		fmt.Fprintf(&b, "- %s\n", cell(in))
	}
	b.WriteString("\n| work | input | program | records | median | minimum | spread | peak memory | ratio | growth |\n|---|---|---|--:|--:|--:|--:|--:|--:|--:|\n")
	for _, c := range r.Contests {
		for i, row := range c.Rows {
			name, input := "", ""
			if i == 0 {
				name, input = c.Name, c.Input
			}
			if row.Failed != "" {
				fmt.Fprintf(&b, "| %s | %s | %s | %s | | | | | | |\n", cell(name), cell(input), row.Program, cell(row.Failed))
				continue
			}
			s := row.Summary
			fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s | %.0f %% | %s | %s | %s |\n", cell(name), cell(input), row.Program,
				whenPositive("%.0f", float64(row.Records)), ms(s.Median), ms(s.Min), 100*s.spread(), mib(s.Peak),
				whenPositive("%.2f", row.Ratio), whenPositive("%.2f", row.Growth))
		}
	}
	for _, c := range r.Contests {
		if c.Note != "" {
			fmt.Fprintf(&b, "\n%s: %s.\n", c.Name, c.Note)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// cell keeps a rival's words from breaking the table.
func cell(s string) string {
	s = strings.NewReplacer("|", `\|`, "\n", " ", "\r", " ").Replace(s)
	if len(s) > 120 {
		s = strings.ToValidUTF8(s[:120], "") + "…"
	}
	return s
}

func whenPositive(format string, v float64) string {
	if v <= 0 {
		return ""
	}
	return fmt.Sprintf(format, v)
}

func ms(d time.Duration) string { return fmt.Sprintf("%.4g ms", float64(d)/float64(time.Millisecond)) }

func mib(n int64) string { return whenPositive("%.0f MiB", float64(n)/(1<<20)) }

// machine says what the figures were taken on.
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
	version := runtime.Version()
	if info, ok := debug.ReadBuildInfo(); ok {
		version = info.GoVersion
	}
	return fmt.Sprintf("%d cores of %s, %s, %s", runtime.NumCPU(), model, runtime.GOOS, version)
}
