// Package winpath compares and forms paths as Windows writes them.
package winpath

import (
	"strings"
	"unicode"
)

// Same reports whether two Windows paths name the same file as far as their
// text tells: case is ignored as NTFS ignores it, slashes and backslashes are
// the same, and 8.3 names are not resolved. A letter outside ASCII never equals
// one inside: ſqlservr.exe (U+017F) is another file than sqlservr.exe.
func Same(a, b string) bool { return Fold(a) == Fold(b) }

// Fold returns the form of a path that all paths Same calls the same
// share, for use as a map key.
func Fold(p string) string { return strings.Map(foldRune, p) }

func foldRune(r rune) rune {
	if r == '/' {
		return '\\'
	}
	if up := unicode.ToUpper(r); (up < 0x80) == (r < 0x80) {
		return up
	}
	return r
}

// Windows returns the absolute Windows path of a slash-separated path in a
// volume known under the given drive letter, and one without a drive for "".
func Windows(drive, name string) string {
	if name == "." {
		name = ""
	}
	if drive != "" {
		drive += ":"
	}
	return drive + `\` + strings.ReplaceAll(strings.TrimLeft(name, "/"), "/", `\`)
}

// Normalize returns a path as logs and hives write it in the one form that
// events carry: absolute, with backslashes and an upper-case drive letter.
//
//	\??\C:\x  \\?\C:\x  c:/x                C:\x
//	\Device\HarddiskVolume2\x               C:\x (the drive given: logs do not say whose number it is)
//	\SystemRoot\x  %SystemRoot%\x  %windir%\x   C:\Windows\x
//	%SystemDrive%\x                         C:\x
//	\??\UNC\server\x                        \\server\x
//
// Whatever it does not know it returns as it is: 8.3 names, other variables,
// and without a drive also what would need one.
func Normalize(drive, p string) string {
	for _, prefix := range [...]string{`\??\`, `\\?\`, `\\.\`} {
		rest, ok := strings.CutPrefix(p, prefix)
		if !ok {
			continue
		}
		if share, ok := CutPrefix(rest, `UNC\`); ok {
			return `\\` + share
		}
		if HasDrive(rest) {
			p = rest
		}
		break
	}
	if HasDrive(p) {
		return strings.ToUpper(p[:1]) + strings.ReplaceAll(p[1:], "/", `\`)
	}
	if drive == "" {
		return p
	}
	if rest, ok := CutPrefix(p, `\Device\HarddiskVolume`); ok {
		if tail := strings.TrimLeft(rest, "0123456789"); tail != rest && strings.HasPrefix(tail, `\`) {
			return drive + ":" + tail
		}
		return p
	}
	for _, known := range [...]struct{ prefix, means string }{
		{`\SystemRoot\`, `:\Windows\`},
		{`%SystemRoot%\`, `:\Windows\`},
		{`%windir%\`, `:\Windows\`},
		{`%SystemDrive%\`, `:\`},
	} {
		if rest, ok := CutPrefix(p, known.prefix); ok {
			return drive + known.means + rest
		}
	}
	return p
}

// HasDrive reports whether p begins with a drive letter, a colon and a
// separator. Without the separator it would be relative to a directory nobody
// recorded.
func HasDrive(p string) bool {
	return len(p) >= 3 && (p[0]|0x20 >= 'a' && p[0]|0x20 <= 'z') && p[1] == ':' && (p[2] == '\\' || p[2] == '/')
}

// CutPrefix returns s without a prefix that is found in any case of its letters,
// and whether it was found.
func CutPrefix(s, prefix string) (string, bool) {
	if len(s) < len(prefix) || !strings.EqualFold(s[:len(prefix)], prefix) {
		return s, false
	}
	return s[len(prefix):], true
}
