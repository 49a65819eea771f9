package timeline

import (
	"strings"
	"unicode"
)

// SamePath reports whether two Windows paths name the same file as far as their
// text tells: case is ignored as NTFS ignores it, slashes and backslashes are
// the same, and 8.3 names are not resolved. A letter outside ASCII never equals
// one inside: ſqlservr.exe (U+017F) is another file than sqlservr.exe.
func SamePath(a, b string) bool { return FoldPath(a) == FoldPath(b) }

// FoldPath returns the form of a path that all paths SamePath calls the same
// share, for use as a map key.
func FoldPath(p string) string { return strings.Map(foldRune, p) }

func foldRune(r rune) rune {
	if r == '/' {
		return '\\'
	}
	if up := unicode.ToUpper(r); (up < 0x80) == (r < 0x80) {
		return up
	}
	return r
}

// WindowsPath returns the absolute Windows path of a slash-separated path in a
// volume known under the given drive letter.
func WindowsPath(drive, name string) string {
	if name == "." {
		name = ""
	}
	return drive + `:\` + strings.ReplaceAll(strings.TrimLeft(name, "/"), "/", `\`)
}
