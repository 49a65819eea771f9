// Package winpath compares, forms and takes apart paths and names as Windows
// writes them. It is the only place that does.
package winpath

import "strings"

// HasDrive reports whether p begins with a drive letter, a colon and a
// separator. Without the separator it would be relative to a directory nobody
// recorded.
func HasDrive(p string) bool { return len(p) >= 3 && hasLetter(p) && isSeparator(p[2]) }

// hasLetter reports whether p begins with a drive letter and a colon.
func hasLetter(p string) bool {
	return len(p) >= 2 && p[0]|0x20 >= 'a' && p[0]|0x20 <= 'z' && p[1] == ':'
}

func isSeparator(c byte) bool { return c == '\\' || c == '/' }

// Base returns the last element of a path: what follows the last separator.
func Base(p string) string { return p[strings.LastIndexAny(p, `\/`)+1:] }

// Dir returns a path without its last element and the separator before it, and
// "" for a path of one element.
func Dir(p string) string { return p[:max(0, strings.LastIndexAny(p, `\/`))] }

// CutStream splits the path of a stream, as in C:\x.exe:Zone.Identifier and
// C:\x.exe:Zone.Identifier:$DATA, into that of its file and the stream's name.
// The name is "" for a path without a stream, and for C:\x.exe::$DATA.
func CutStream(p string) (file, stream string) {
	start := len(p) - len(Base(p))
	if start == 0 && hasLetter(p) {
		start = len("C:") // C:x is a path relative to the folder of C:
	}
	i := strings.IndexByte(p[start:], ':')
	if i < 0 {
		return p, ""
	}
	file, stream = p[:start+i], p[start+i+1:]
	if n := len(stream) - len(":$DATA"); n >= 0 && SameName(stream[n:], ":$DATA") {
		stream = stream[:n]
	}
	return file, stream
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
//	C:\x  c:/x                              C:\x
//	\??\C:\x  \\?\C:\x  \\.\C:\x            C:\x
//	\DosDevices\C:\x  \GLOBAL??\C:\x        C:\x
//	\Device\HarddiskVolume2\x               C:\x (the drive given: logs do not say whose number it is)
//	\\?\GLOBALROOT\Device\HarddiskVolume2\x C:\x
//	\SystemRoot\x  %SystemRoot%\x  %windir%\x   C:\Windows\x
//	%SystemDrive%\x                         C:\x
//	\\server\share\x  \??\UNC\server\share\x    \\server\share\x
//	\Device\Mup\server\share\x              \\server\share\x
//
// Slashes count as backslashes, and case does not count. Whatever else it is
// given it returns as it is: relative paths, 8.3 names, other variables, other
// devices, and without a drive also what would need one. Streams, and dots and
// blanks at the end, stay.
func Normalize(drive, p string) string {
	rest := strings.ReplaceAll(p, "/", `\`)
	for {
		object, ok := cutAny(rest, `\??\`, `\\?\`, `\\.\`, `\DosDevices\`, `\GLOBAL??\`)
		if !ok {
			break
		}
		if root, ok := CutPrefix(object, `GLOBALROOT\`); ok {
			rest = rest[len(rest)-len(root)-1:] // from the separator on
			continue
		}
		if share, ok := CutPrefix(object, `UNC\`); ok && isShare(share) {
			return `\\` + share
		}
		if !HasDrive(object) {
			return p
		}
		rest = object
		break
	}
	if HasDrive(rest) {
		return strings.ToUpper(rest[:1]) + rest[1:]
	}
	if share, ok := cutAny(rest, `\Device\Mup\`, `\\`); ok && isShare(share) {
		return `\\` + share
	}
	if drive == "" {
		return p
	}
	if tail, ok := CutPrefix(rest, `\Device\HarddiskVolume`); ok {
		if path := strings.TrimLeft(tail, "0123456789"); path != tail && strings.HasPrefix(path, `\`) {
			return drive + ":" + path
		}
		return p
	}
	if path, ok := cutAny(rest, `\SystemRoot\`, `%SystemRoot%\`, `%windir%\`); ok {
		return drive + `:\Windows\` + path
	}
	if path, ok := CutPrefix(rest, `%SystemDrive%\`); ok {
		return drive + `:\` + path
	}
	return p
}

// isShare reports whether a path begins with the name of a server, and not with
// what has another meaning behind two backslashes, or to the kernel.
func isShare(p string) bool { return p != "" && !strings.ContainsRune(`\?.;`, rune(p[0])) }

// cutAny cuts off the first prefix that is found.
func cutAny(s string, prefixes ...string) (string, bool) {
	for _, prefix := range prefixes {
		if rest, ok := CutPrefix(s, prefix); ok {
			return rest, true
		}
	}
	return s, false
}
