// Package masquerade looks at the name and the place of a file for what a disguise
// has: a name that nearly is that of a well-known program, or that looks like another
// one on the screen, or a well-known name outside the folders that have it.
//
// It looks at text only, so its signs prove nothing. A well-known name in one of its
// own places has none, whatever other name it resembles.
package masquerade

import (
	"fmt"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// A Sign is one trait that a path has in common with a disguise.
type Sign struct {
	Rule  string // the name of the rule that found it
	Of    string // the well-known name that the name imitates, in lower case, or ""
	Place string // where a file with exactly this name belongs, if it is elsewhere
	Text  string // a clause that begins with "its name", "it" or "a folder"
}

// A rule is a row of the table of rules.
type rule struct {
	name    string
	meaning string // a sentence
	find    func(*subject) (Sign, bool)
}

// rules is the table, in the order in which signs are listed. The rules of the last
// group are about a name in letters of ASCII; the first one of them that finds a
// well-known name is the only one.
var rules = []rule{
	{"bidi", "A control reverses the order of the letters on the screen, so that the end of the name appears in the middle.", bidi},
	{"invisible", "A character that takes no room on the screen is between the letters of ASCII.", invisible},
	{"blanks", "The name begins with a blank, or has one before its extension, which moves the extension out of sight.", blanks},
	{"widths", "Letters of another width or style, such as full-width ones, make up a well-known name.", widths},
	{"scripts", "Letters of another script that look like Latin ones are among Latin ones, or make up a well-known name.", scripts},
	{"double_extension", "The extension of a document comes before that of a program.", doubleExtension},
	{"other_extension", "The name is that of a well-known program, but with another extension.", otherExtension},
	{"digits", "Digits or pairs of letters replace the letters of a well-known name that they look like.", digits},
	{"affix", "A number, a letter or a word is added to a well-known name, or its number is missing.", affix},
	{"distance", "The name is few edits away from a well-known one.", distance},
	{"misplaced", "The name is well known, but the folder, from the root of the volume on, is not one of those that have it.", misplaced},
	{"blank_folder", "A folder has the name of one of Windows' own, but for a blank or a dot at the end.", blankFolder},
}

// Signs returns the signs of a path, in the order of the table of rules. The place of
// a file is judged only if its path begins with a drive, as C:\ does.
func Signs(path string) []Sign {
	s := newSubject(path)
	var signs []Sign
	for _, r := range rules {
		sign, ok := r.find(s)
		if !ok {
			continue
		}
		sign.Rule = r.name
		signs = append(signs, sign)
		s.imitates = s.imitates || sign.Of != ""
	}
	return signs
}

// subject is a path in the forms that the rules compare.
type subject struct {
	base    string   // the name as it is
	folders []string // from the root on, as they are; nil if the path does not begin with a drive

	visible string // base without what takes no room
	plain   string // visible in lower case, with ASCII letters for those that look like them, and without blanks around it
	name    string // plain without the blanks before its extensions
	stem    string // name without ext
	ext     string // in lower case with its dot, or ""

	known    *entry // of exactly this name, in any case of its letters; nil if it is not well known
	placed   bool   // known, and in one of its places
	imitates bool   // a rule found which well-known name it imitates
}

func newSubject(path string) *subject {
	s := &subject{base: winpath.Base(path)}
	if dir := winpath.Dir(path); len(path) >= 3 && path[1] == ':' && strings.ContainsRune(`\/`, rune(path[2])) && isLetter(path[0]) &&
		!strings.Contains(dir[min(2, len(dir)):], ":") { // no file has a colon in its name, so the rest is not a path
		s.folders = strings.FieldsFunc(dir[2:], func(r rune) bool { return r == '\\' || r == '/' })
		if s.folders == nil {
			s.folders = []string{}
		}
	}
	s.visible = strings.Map(func(r rune) rune {
		if isInvisible(r) || isBidi(r) {
			return -1
		}
		return r
	}, s.base)
	s.plain = strings.Trim(plain(s.visible), " ")
	s.name = s.plain
	for strings.Contains(s.name, " .") {
		s.name = strings.ReplaceAll(s.name, " .", ".")
	}
	s.stem, s.ext = cutExt(s.name)
	s.known = byName[strings.ToLower(s.base)]
	s.placed = s.known != nil && s.known.placedIn(s.folders)
	return s
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

// cutExt splits a name before its last dot.
func cutExt(name string) (stem, ext string) {
	if i := strings.LastIndexByte(name, '.'); i > 0 {
		return name[:i], name[i:]
	}
	return name, ""
}

// open reports whether the rules that look for a well-known name still apply: the name
// itself is not well known, and no rule has found which one it imitates.
func (s *subject) open() bool { return s.known == nil && !s.imitates }

// imitation is the sign that a name in ASCII is nearly a well-known one.
func imitation(of *entry, how string, args ...any) (Sign, bool) {
	return Sign{Of: of.name, Text: "its name is " + fmt.Sprintf(how, args...) + " " + of.name}, true
}
