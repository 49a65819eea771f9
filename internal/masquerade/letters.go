package masquerade

import (
	"strings"
	"unicode"
)

// lookalikes are letters of other scripts and marked Latin ones, by the ASCII that they
// look like. Each row begins with the ASCII.
const lookalikes = `
a а α ɑ ạ ą à á â ã ä å ā
b Ь ƅ
c с ϲ ç ć č ċ
d ԁ ɗ ď đ
e е є ё ę è é ê ë ē ė ě
f ƒ ſ
g ɡ ց ğ ġ ģ
h һ հ
i і ї ı ɩ ι ì í î ï ī į
j ј ϳ
k к κ ķ
l ӏ ɫ ł ļ ľ
m м
n п ո ñ ń ņ ň η
o о ο օ ø ò ó ô õ ö ō ő σ
p р ρ
q ԛ
r г ŕ ř
s ѕ ş ś š ș
t т τ ţ ť ț
u υ ս ù ú û ü ū ů ű
v ν ѵ
w ԝ ѡ ω
x х χ
y у ү γ ý ÿ
z ż ź ž
A А Α
B В Β
C С Ϲ
E Е Ε
H Н Η
I І Ι
J Ј
K К Κ
M М Μ
N Ν
O О Ο
P Р Ρ
S Ѕ
T Т Τ
X Х Χ
Y У Υ
Z Ζ
. ․ ‧ ∙ ꓸ
- ‐ ‑ ‒ – — − ﹣
_ ﹍ ＿
`

// latin is the table by letter.
var latin = func() map[rune]rune {
	m := map[rune]rune{}
	for line := range strings.Lines(lookalikes) {
		letters := []rune(strings.Join(strings.Fields(line), ""))
		for i := 1; i < len(letters); i++ {
			m[letters[i]] = letters[0]
		}
	}
	return m
}()

// styled returns the ASCII character of which r is another width or style.
func styled(r rune) (rune, bool) {
	switch {
	case 0xff01 <= r && r <= 0xff5e: // full width
		return r - 0xff01 + '!', true
	case 0x1d400 <= r && r <= 0x1d6a3: // mathematical letters, in alphabets of 26 capitals and 26 small letters
		n := (r - 0x1d400) % 52
		if n >= 26 {
			n += 'a' - 'A' - 26
		}
		return 'A' + n, true
	case 0x1d7ce <= r && r <= 0x1d7ff: // mathematical digits
		return '0' + (r-0x1d7ce)%10, true
	case 0x24b6 <= r && r <= 0x24cf: // circled
		return 'A' + r - 0x24b6, true
	case 0x24d0 <= r && r <= 0x24e9:
		return 'a' + r - 0x24d0, true
	}
	return 0, false
}

func isStyled(r rune) bool { _, ok := styled(r); return ok }

// isOtherScript reports whether r looks like ASCII, and is not of the Latin script.
func isOtherScript(r rune) bool {
	_, ok := latin[r]
	return ok && !unicode.Is(unicode.Latin, r)
}

// plain returns a name in lower case, with the ASCII character for each that looks like
// one, and a space for each blank.
func plain(name string) string {
	return strings.ToLower(strings.Map(func(r rune) rune {
		if isBlank(r) {
			return ' '
		}
		if c, ok := styled(r); ok {
			return c
		}
		if c, ok := latin[r]; ok {
			return c
		}
		return r
	}, name))
}

// drawn returns the form that all names share which have digits, or pairs of letters,
// for the letters that they look like. Its argument is in lower case.
func drawn(name string) string { return shapes.Replace(name) }

var shapes = strings.NewReplacer("0", "o", "1", "l", "i", "l", "|", "l", "!", "l", "3", "e", "4", "a", "@", "a", "5", "s", "$", "s", "7", "t", "8", "b",
	"vv", "w", "rn", "m")

// undoubled returns a name with one letter for each run of it.
func undoubled(name string) string {
	var b strings.Builder
	var last rune
	for _, r := range name {
		if r != last {
			b.WriteRune(r)
		}
		last = r
	}
	return b.String()
}
