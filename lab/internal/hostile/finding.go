package hostile

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/birthmark-dfir/birthmark/lab/internal/child"
)

// A Finding is a mutant on which a parser failed.
type Finding struct {
	Kind           string // panic, hang, memory, babble, silent loss, or loss if it was reported
	Format, Parser string
	File           string // name of the sound file
	Seed, Number   uint64 // of the mutant
	What           []string
	Fate           child.Fate
	Detail         string
	Stderr         string
	Saved          string // path of the saved mutant, or "" if findings are not saved
}

// save writes the mutant into dir and, beside it, a text that records how it was
// made and what happened.
func (f *Finding) save(dir string, mutant []byte) error {
	if dir == "" {
		return nil
	}
	name := fmt.Sprintf("%s-%s-%s-seed%d-%d", f.Format, f.Parser, strings.ReplaceAll(f.Kind, " ", "-"), f.Seed, f.Number)
	f.Saved = filepath.Join(dir, name)
	return errors.Join(os.WriteFile(f.Saved, mutant, 0o600), os.WriteFile(f.Saved+".txt", []byte(f.text()), 0o600))
}

func (f *Finding) text() string {
	return fmt.Sprintf("%s: %s by %s\nmutant %d of seed %d of %s\nfate: %s\n%s\n%s\n%s\n",
		f.Kind, f.Format, f.Parser, f.Number, f.Seed, f.File, f.Fate, strings.Join(f.What, "\n"), f.Detail, f.Stderr)
}
