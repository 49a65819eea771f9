package show

import (
	"testing"
	"unicode"
)

// The table is what the properties say that Go knows, of its version of Unicode.
func TestActsAgreesWithUnicode(t *testing.T) {
	properties := []*unicode.RangeTable{
		unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp,
		unicode.Cs, unicode.Co, unicode.Noncharacter_Code_Point,
		unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector,
	}
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if want := unicode.In(r, properties...); Acts(r) != want {
			t.Errorf("%U: Acts is %v, Unicode %s says %v", r, !want, unicode.Version, want)
		}
	}
}

func TestActs(t *testing.T) {
	for _, tt := range []struct {
		name string
		r    rune
		want bool
	}{
		{"letter", 'a', false},
		{"blank", ' ', false},
		{"tilde", '~', false},
		{"letter of another script", 'а', false},
		{"no-break space", 0xa0, false},
		{"ideographic space", 0x3000, false},
		{"combining acute", 0x301, false},
		{"emoji", '🙂', false},
		{"replacement character", 0xfffd, false},
		{"not yet defined", 0x378, false},
		{"line end", '\n', true},
		{"escape", 0x1b, true},
		{"delete", 0x7f, true},
		{"C1 command", 0x9b, true},
		{"soft hyphen", 0xad, true},
		{"Arabic number sign", 0x600, true},
		{"Hangul filler", 0x3164, true},
		{"zero width joiner", 0x200d, true},
		{"right-to-left override", 0x202e, true},
		{"line separator", 0x2028, true},
		{"isolate", 0x2066, true},
		{"emoji selector", 0xfe0f, true},
		{"byte order mark", 0xfeff, true},
		{"half of a surrogate pair", 0xdc80, true},
		{"private use", 0xe000, true},
		{"noncharacter", 0xfdd0, true},
		{"tag", 0xe0041, true},
		{"variation selector 18", 0xe0101, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := Acts(tt.r); got != tt.want {
				t.Errorf("Acts(%U) = %v", tt.r, got)
			}
		})
	}
}
