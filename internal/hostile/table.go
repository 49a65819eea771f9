package hostile

import (
	"fmt"
	"io"
	"time"
)

// WriteTable prints results as a Markdown table.
func WriteTable(w io.Writer, results []Result) error {
	_, err := fmt.Fprint(w, "| format | parser | files | mutants | panics | hangs | memory | babble | lossy | silent | far | untouched records lost | slowest | peak |\n",
		"|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n")
	for _, r := range results {
		if err != nil {
			break
		}
		_, err = fmt.Fprintf(w, "| %s | %s | %d | %d | %d | %d | %d | %d | %d | %d | %d | %d of %d | %s | %.0f MiB |\n",
			r.Format, r.Parser, r.Files, r.Mutants, r.Panics, r.Hangs, r.Memory, r.Babble, r.Lossy, r.Silent, r.Far,
			r.LostRecords, r.Records, r.Slowest.Round(time.Millisecond), float64(r.Peak)/(1<<20))
	}
	return err
}
