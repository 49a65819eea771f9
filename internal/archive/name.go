package archive

import (
	"strings"
	"unicode/utf8"
)

// splitName splits the name of a member into its parts. Dir is true if the name is that
// of a folder. Fault says what is wrong with the name, or is ""; if parts is nil then,
// the member has no place.
func splitName(name string) (parts []string, dir bool, fault string) {
	if strings.IndexByte(name, 0) >= 0 {
		return nil, false, "a zero byte"
	}
	if !utf8.ValidString(name) {
		name = strings.ToValidUTF8(name, "\uFFFD")
		fault = "invalid UTF-8"
	}
	name = strings.ReplaceAll(name, `\`, "/")
	dir = strings.HasSuffix(name, "/")
	if strings.HasPrefix(name, "/") {
		fault = "an absolute path"
	}
	for part := range strings.SplitSeq(name, "/") {
		switch part {
		case "", ".":
		case "..":
			return nil, dir, "a way out of the archive"
		default:
			parts = append(parts, part)
		}
	}
	if last := name[strings.LastIndexByte(name, '/')+1:]; last == "." {
		dir = true
	}
	return parts, dir, fault
}

// oemHigh is the upper half of code page 437, which names in zip files have unless they
// are marked as UTF-8.
const oemHigh = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0"

// oemName decodes a name that is not marked as UTF-8. Many tools write UTF-8 without the
// mark, so what is valid UTF-8 is taken as that.
func oemName(name string) string {
	if utf8.ValidString(name) {
		return name
	}
	high := []rune(oemHigh)
	var b strings.Builder
	for i := range len(name) {
		if c := name[i]; c < 0x80 {
			b.WriteByte(c)
		} else {
			b.WriteRune(high[c-0x80])
		}
	}
	return b.String()
}
