package timeline

import "github.com/birthmark-dfir/birthmark/internal/show"

// Printable returns text of evidence, such as a Path or a Message, in a form that is
// safe for a terminal or a line of a report. Evidence is the attacker's. Non-printing
// characters (terminal escapes, line ends, directional formatting characters,
// invisible letters) are written as \u202e, beyond U+FFFF as two UTF-16 code units,
// and bytes that are not UTF-8 as \x{9b}. A backslash that would look like the
// beginning of such an escape is written as \u005c. All other backslashes are
// unchanged, so Windows paths are too. Different texts remain different.
//
// The Write functions of this package escape what they write. In HTML and other
// markup, the result of Printable needs the escapes of that language too.
func Printable(s string) string { return show.Text(s) }
