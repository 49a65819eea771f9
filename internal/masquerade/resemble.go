package masquerade

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

func otherExtension(s *subject) (Sign, bool) {
	if !s.open() {
		return Sign{}, false
	}
	stem, again := s.stem, ""
	if bare, ext := cutExt(stem); ext == ".exe" { // svchost.exe.exe
		stem, again = bare, ext
	}
	e := byName[stem+".exe"]
	if e == nil || e.traits&distinct == 0 {
		return Sign{}, false
	}
	switch {
	case again != "" && (runs(s.ext) || s.ext == ".dll"):
		return Sign{Of: e.name, Text: fmt.Sprintf("its name is %s with another extension after it", e.name)}, true
	case again != "":
		return Sign{}, false // such as .log, .config, .mui
	case programs[strings.TrimPrefix(s.ext, ".")], !e.is(word) && slices.Contains([]string{"", ".dll", ".sys", ".vbs", ".ps1"}, s.ext):
		return Sign{Of: e.name, Text: fmt.Sprintf("its name is that of %s with the extension %q", e.name, s.ext)}, true
	}
	return Sign{}, false
}

// rival reports whether a name with the subject's extension would pass for one with
// the extension of a well-known name.
func (s *subject) rival(e *entry) bool {
	return s.ext == e.ext || e.ext == ".exe" && (s.ext == ".scr" || s.ext == ".com" || s.ext == ".pif")
}

func digits(s *subject) (Sign, bool) {
	if !s.open() {
		return Sign{}, false
	}
	for _, e := range imitable {
		if s.rival(e) && drawn(s.stem) == e.drawn {
			return Sign{Of: e.name, Text: "its name looks like " + e.name + ", but has other characters"}, true
		}
	}
	return Sign{}, false
}

// affixes are what is added to a name, at its end.
var affixes = []string{"s", "x", "1", "2", "32", "64", "86", "_32", "_64", "_x64", "_x86", "-x64"}

func affix(s *subject) (Sign, bool) {
	if !s.open() {
		return Sign{}, false
	}
	for _, e := range imitable {
		if !s.rival(e) {
			continue
		}
		if added, ok := strings.CutPrefix(drawn(s.stem), e.drawn); ok && slices.ContainsFunc(affixes, func(a string) bool { return drawn(a) == added }) {
			return Sign{Of: e.name, Text: fmt.Sprintf("its name is that of %s with %q added", e.name, s.stem[len(s.stem)-len(added):])}, true
		}
		if bare, ok := strings.CutSuffix(e.stem, "32"); ok && s.stem == bare {
			return Sign{Of: e.name, Text: "its name is that of " + e.name + " without the number"}, true
		}
	}
	return Sign{}, false
}

// reach is how many edits may be between a well-known name and one that imitates it.
// Short names resemble each other by chance.
func reach(letters int) int {
	switch {
	case letters < 4:
		return -1
	case letters == 4:
		return 0 // a letter that is doubled, which the undoubled forms hide
	case letters < 9:
		return 1
	}
	return 2
}

func distance(s *subject) (Sign, bool) {
	if !s.open() {
		return Sign{}, false
	}
	var best *entry
	least := 3
	for _, e := range imitable {
		if !s.rival(e) {
			continue
		}
		if d := s.editsFrom(e, reach(utf8.RuneCountInString(e.stem))); d < least {
			best, least = e, d
		}
	}
	if best == nil {
		return Sign{}, false
	}
	n := edits(s.stem, best.stem, len(s.stem))
	if n == 1 {
		return imitation(best, "1 edit away from")
	}
	return imitation(best, "%d edits away from", n)
}

// never is more edits than any name is apart.
const never = 1 << 10

// editsFrom returns how many edits the name is away from a well-known one, or never if
// they are more than most.
func (s *subject) editsFrom(e *entry, most int) int {
	if most < 0 {
		return never
	}
	d := edits(s.stem, e.stem, most)
	if d > 1 && !strings.HasPrefix(s.stem, e.stem[:1]) { // two edits make another word of it too easily
		d = never
	}
	if drawn := edits(drawn(s.stem), e.drawn, min(most, 1)); drawn < d {
		d = drawn
	}
	if edits(undoubled(s.stem), undoubled(e.stem), 0) == 0 {
		d = min(d, 1)
	}
	return d
}

// edits is the number of characters to insert, to remove, to replace, or to swap with
// their neighbor, that turn a into b. It is more than most if it would be.
func edits(a, b string, most int) int {
	x, y := []rune(a), []rune(b)
	if d := len(x) - len(y); d > most || -d > most || len(x) > 64 || len(y) > 64 {
		return never
	}
	var rows [65][65]uint8
	for i := range len(x) + 1 {
		rows[i][0] = uint8(i)
	}
	for j := range len(y) + 1 {
		rows[0][j] = uint8(j)
	}
	for i := 1; i <= len(x); i++ {
		for j := 1; j <= len(y); j++ {
			cost := uint8(1)
			if x[i-1] == y[j-1] {
				cost = 0
			}
			d := min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				d = min(d, rows[i-2][j-2]+1)
			}
			rows[i][j] = d
		}
	}
	if d := int(rows[len(x)][len(y)]); d <= most {
		return d
	}
	return never
}

func misplaced(s *subject) (Sign, bool) {
	if s.known == nil || s.folders == nil || len(s.known.places) == 0 || s.placed || !s.known.is(placed) {
		return Sign{}, false
	}
	place := legible(s.known.places[0])
	return Sign{Place: place, Text: "it has the name of a program that belongs in " + place}, true
}

// legible returns a pattern of folders for people: without what stands for parts of a
// name, and with an ellipsis for any folders in the middle.
func legible(place string) string {
	return strings.NewReplacer(`\**`, `\…`, "*", "").Replace(strings.TrimSuffix(place, `\**`))
}
