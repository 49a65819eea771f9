package hostile

import (
	"fmt"
	"io"
	"time"
)

// WriteTable prints results as a Markdown table.
func WriteTable(w io.Writer, results []Result) error {
	_, err := fmt.Fprint(w, "| format | parser | files | mutants | panics | hangs | memory | babble | lossy | silent | untouched records lost | slowest | peak |\n",
		"|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n")
	for _, r := range results {
		if err != nil {
			break
		}
		if r.Absent != "" {
			_, err = fmt.Fprintf(w, "| %s | %s | absent: %.100q |\n", r.Format, r.Parser, r.Absent)
			continue
		}
		lost := "not judged"
		if r.Judged > 0 {
			lost = fmt.Sprintf("%d of %d", r.Lost, r.Judged)
		}
		_, err = fmt.Fprintf(w, "| %s | %s | %d | %d | %d | %d | %d | %d | %d | %d | %s | %s | %.0f MiB |\n",
			r.Format, r.Parser, r.Files, r.Mutants, r.Panics, r.Hangs, r.Memory, r.Babble, r.Lossy, r.Silent,
			lost, r.Slowest.Round(time.Millisecond), float64(r.Peak)/(1<<20))
	}
	return err
}
