package timeline

import "github.com/birthmark-dfir/birthmark/internal/show"

// Printable returns a text of evidence, such as a Path or a Message, for a
// terminal or a line of a report. Evidence is the attacker's: characters that act
// instead of showing (terminal escapes, line ends, marks of writing direction,
// invisible letters) are written as \u202e, beyond U+FFFF as their two UTF-16
// units, and bytes that are not UTF-8 as \x{9b}. A backslash that would read as
// the beginning of such an escape is written as \u005c; all others stay, so
// Windows paths do too. Different texts stay different.
//
// The Write functions of this package escape what they write by themselves. In
// HTML and other markup, what Printable returns needs that language's own escapes.
func Printable(s string) string { return show.Text(s) }
