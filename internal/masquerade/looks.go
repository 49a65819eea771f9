package masquerade

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// isBidi reports whether r opens or closes a run of text of another direction.
func isBidi(r rune) bool { return 0x202a <= r && r <= 0x202e || 0x2066 <= r && r <= 0x2069 }

// isInvisible reports whether r takes no room on the screen, or that of a blank in a
// script of which no letter need be there.
func isInvisible(r rune) bool {
	switch {
	case r == 0x00ad, r == 0x034f, r == 0x061c, r == 0x115f, r == 0x1160, r == 0x17b4, r == 0x17b5, r == 0x3164, r == 0xfeff, r == 0xffa0:
		return true
	case 0x180b <= r && r <= 0x180f, 0x200b <= r && r <= 0x200f, 0x2060 <= r && r <= 0x2064, 0x206a <= r && r <= 0x206f,
		0xfe00 <= r && r <= 0xfe0f, 0xe0000 <= r && r <= 0xe0fff:
		return true
	}
	return r < 0x20 || r == 0x7f
}

// isBlank reports whether r is a blank of any width.
func isBlank(r rune) bool { return unicode.Is(unicode.Zs, r) || r == 0x2800 }

func bidi(s *subject) (Sign, bool) {
	i := strings.IndexFunc(s.base, isBidi)
	if i < 0 {
		return Sign{}, false
	}
	r := []rune(s.base[i:])[0]
	sign := Sign{Text: fmt.Sprintf("its name has the control %U, which changes the direction of the letters", r)}
	if r == 0x202e { // right-to-left override
		shown := []rune(s.base[i:])[1:]
		for a, z := 0, len(shown)-1; a < z; a, z = a+1, z-1 {
			shown[a], shown[z] = shown[z], shown[a]
		}
		sign.Text += ": it is shown as " + s.base[:i] + strings.TrimFunc(string(shown), isBidi)
	}
	return s.naming(sign)
}

func invisible(s *subject) (Sign, bool) {
	i := strings.IndexFunc(s.base, isInvisible)
	if i < 0 {
		return Sign{}, false
	}
	// Names of other scripts, and emoji, need some of these.
	for _, r := range s.visible {
		if r >= 0x80 {
			return Sign{}, false
		}
	}
	return s.naming(Sign{Text: fmt.Sprintf("its name has %U, which is not visible", []rune(s.base[i:])[0])})
}

func blanks(s *subject) (Sign, bool) {
	text := ""
	switch dot := strings.LastIndexByte(s.visible, '.'); {
	case strings.TrimLeftFunc(s.visible, isBlank) != s.visible:
		text = "its name begins with a blank"
	case runs(s.ext) && dot > 0 && strings.TrimRightFunc(s.visible[:dot], isBlank) != s.visible[:dot]:
		text = "its name has a blank before the extension " + s.ext
	default:
		return Sign{}, false
	}
	return s.naming(Sign{Text: text})
}

func widths(s *subject) (Sign, bool) {
	return s.foreign(isStyled, "a letter of another width or style")
}

func scripts(s *subject) (Sign, bool) { return s.foreign(isOtherScript, "a letter of another script") }

// foreign looks for characters of a kind that look like ASCII, if what they make up is
// a well-known name, or if they are among Latin letters in one word.
func (s *subject) foreign(of func(rune) bool, what string) (Sign, bool) {
	i := strings.IndexFunc(s.visible, of)
	if i < 0 {
		return Sign{}, false
	}
	r := []rune(s.visible[i:])[0]
	sign, named := s.naming(Sign{Text: fmt.Sprintf("its name has %U, %s that looks like %q", r, what, plain(string(r)))})
	return sign, named && (sign.Of != "" || plain(string(r)) == "." || s.mixed(of))
}

// mixed reports whether a word of the name has Latin letters and, beside them, letters
// of the kind, and no others. A word in one script is an ordinary word.
func (s *subject) mixed(of func(rune) bool) bool {
	for _, word := range strings.FieldsFunc(s.visible, func(r rune) bool { return !unicode.IsLetter(r) }) {
		latin, other, rest := false, false, false
		for _, r := range word {
			switch {
			case r < 0x80:
				latin = true
			case of(r):
				other = true
			default:
				rest = true
			}
		}
		if latin && other && !rest {
			return true
		}
	}
	return false
}

// naming adds the well-known name that the plain form of a name is, if any.
func (s *subject) naming(sign Sign) (Sign, bool) {
	if e := byName[s.name]; e != nil && s.known == nil {
		sign.Of = e.name
		sign.Text += ", and is otherwise " + e.name
	}
	return sign, true
}

// documents are extensions of files that do not run.
var documents = set(`doc docx docm xls xlsx xlsm ppt pptx pdf rtf txt odt ods odp csv eml msg
	jpg jpeg png gif bmp tif tiff svg webp heic mp3 mp4 avi mov mkv wav zip rar 7z iso htm html xml log`)

// programs and scripts are extensions of files that run when they are opened. Libraries
// are not among them: parts of their names are often such as .Pdf.
var (
	programs = set("exe scr com pif cpl msi bat cmd")
	scripted = set("js jse vbs vbe wsf wsh hta ps1")
)

// runs reports whether files with an extension run when they are opened.
func runs(ext string) bool {
	ext = strings.TrimPrefix(ext, ".")
	return programs[ext] || scripted[ext]
}

// IsDocument reports whether the name has the extension of a kind of files that do not
// run.
func IsDocument(name string) bool {
	_, ext := cutExt(strings.ToLower(winpath.Base(name)))
	return documents[strings.TrimPrefix(ext, ".")]
}

func doubleExtension(s *subject) (Sign, bool) {
	rest, inner := cutExt(s.stem)
	ext, inner := strings.TrimPrefix(s.ext, "."), strings.TrimPrefix(inner, ".")
	// Templates of pages are often compiled to x.html.js.
	if rest == s.stem || !documents[inner] || !programs[ext] && (!scripted[ext] || inner == "html" || inner == "htm" || inner == "xml") {
		return Sign{}, false
	}
	return Sign{Text: fmt.Sprintf("its name has the extension .%s of a document before .%s", inner, ext)}, true
}

func blankFolder(s *subject) (Sign, bool) {
	for _, folder := range s.folders {
		bare := strings.TrimRightFunc(folder, func(r rune) bool { return r == '.' || isBlank(r) })
		if bare != folder && windowsFolders[strings.ToLower(bare)] {
			return Sign{Text: fmt.Sprintf("a folder of its path is %q, with a blank or a dot at the end", folder)}, true
		}
	}
	return Sign{}, false
}

// windowsFolders are the folders of Windows that disguises are built upon.
var windowsFolders = set("windows system32 syswow64 winsxs")

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}
