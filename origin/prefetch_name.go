package origin

import (
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/prefetch"
)

// prefetchName returns the name of a program as a prefetch file has it.
func prefetchName(base string) string {
	r := []rune(winpath.Fold(base))
	return string(r[:min(len(r), prefetch.MaxName)])
}
