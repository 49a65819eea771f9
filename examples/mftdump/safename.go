package main

import (
	"crypto/sha256"
	"fmt"
	"path"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/birthmark-dfir/birthmark/evidence"
	"github.com/birthmark-dfir/birthmark/internal/show"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/mft"
)

// entryOf parses an entry of the $MFT, with or without a sequence number: 68, 68-2.
func entryOf(s string) (mft.Ref, bool) {
	if ref, ok := mft.ParseRefString(s); ok {
		return ref, true
	}
	entry, err := strconv.ParseUint(s, 10, 48)
	return mft.Ref{Entry: entry}, err == nil && strings.Trim(s, "0123456789") == ""
}

// safePath returns the name below the folder of -to for a stream of a file: the machine and
// the drive, then the folders of the file, so that the result is a triage folder. Every
// element is a safe name. The entry of a deleted file follows its name, since other files
// may have had its path.
func safePath(v *evidence.Volume, name, stream string, ref mft.Ref, deleted bool) string {
	var parts []string
	if v.Machine != "" {
		parts = append(parts, safeName(v.Machine))
	}
	if v.Letter != "" {
		parts = append(parts, safeName(v.Letter))
	} else {
		parts = append(parts, safeName(v.Name))
	}
	dir, base := path.Split(name)
	for _, part := range strings.FieldsFunc(dir, func(r rune) bool { return r == '/' }) {
		parts = append(parts, safeName(part))
	}
	if stream != "" {
		base += ":" + stream
	}
	base = safeName(base)
	if deleted {
		base += "%~" + ref.String()
	}
	return strings.Join(append(parts, base), "/")
}

// maxSafe is how long a safe name may be, in bytes. File systems allow 255.
const maxSafe = 200

// safeName returns a name for a file that acts on no system: letters, digits and some other
// characters of the name are kept, and the others are escaped as the bytes of their UTF-8
// (of WTF-8 for halves of surrogate pairs), %3A for a colon. So is the beginning of what
// would be hidden, an option, or a device of Windows. Different names have different
// results. A long one is cut, and %~~ with a hash of the whole name follows.
func safeName(name string) string {
	var b strings.Builder
	device := isDevice(name)
	for i := 0; i < len(name); {
		r, n := utf8.DecodeRuneInString(name[i:])
		if keeps(r, n) && !(i == 0 && (device || strings.ContainsRune(" .-~", r))) && !(i+n == len(name) && strings.ContainsRune(" .", r)) {
			b.WriteString(name[i : i+n])
		} else {
			for _, c := range []byte(name[i : i+n]) {
				fmt.Fprintf(&b, "%%%02X", c)
			}
		}
		i += n
	}
	safe := b.String()
	if len(safe) <= maxSafe {
		return safe
	}
	end := 0
	for i := 0; i < len(safe) && i <= maxSafe-len("%~~")-32; {
		end = i
		if safe[i] == '%' {
			i += len("%3A")
			continue
		}
		_, n := utf8.DecodeRuneInString(safe[i:])
		i += n
	}
	return fmt.Sprintf("%s%%~~%x", safe[:end], sha256.Sum256([]byte(name)))[:end+len("%~~")+32]
}

// keeps reports whether a safe name may have r, a character of n bytes.
func keeps(r rune, n int) bool {
	switch {
	case r == utf8.RuneError && n == 1:
		return false
	case r < utf8.RuneSelf:
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune(" .-_()+,@#$", r)
	}
	return (unicode.IsLetter(r) || unicode.IsDigit(r)) && !show.Acts(r)
}

// isDevice reports whether Windows takes a name for a device, whatever its extension.
func isDevice(name string) bool {
	stem, _, _ := strings.Cut(name, ".")
	stem, _, _ = strings.Cut(stem, ":")
	stem = winpath.FoldName(strings.TrimRight(stem, " "))
	switch stem {
	case "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", "CLOCK$":
		return true
	}
	for _, port := range []string{"COM", "LPT"} {
		if number, ok := strings.CutPrefix(stem, port); ok && len([]rune(number)) == 1 && strings.Contains("0123456789¹²³", number) {
			return true
		}
	}
	return false
}
