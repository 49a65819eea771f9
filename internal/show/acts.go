package show

import "unicode"

// acting are the characters that act instead of showing, and halves of surrogate
// pairs. They are those that Unicode's character database gives one of these
// properties (https://www.unicode.org/reports/tr44/):
//
//	Cc, Cf, Zl, Zp                        controls, format characters, line and paragraph separators
//	Cs, Co, Noncharacter_Code_Point       characters that nobody defined
//	Other_Default_Ignorable_Code_Point,   characters that show nothing
//	Variation_Selector
//
// They are written out, so that the same evidence gives the same output with
// every version of Go and its Unicode tables.
var acting = &unicode.RangeTable{
	R16: []unicode.Range16{
		{0x0000, 0x001f, 1}, // C0 controls: line ends, tab, the escape that begins terminal commands
		{0x007f, 0x009f, 1}, // delete and C1 controls: U+009B begins terminal commands too
		{0x00ad, 0x00ad, 1}, // soft hyphen
		{0x034f, 0x034f, 1}, // combining grapheme joiner
		{0x0600, 0x0605, 1}, // Arabic number signs, which enclose what follows
		{0x061c, 0x061c, 1}, // Arabic letter mark, turns the direction of writing
		{0x06dd, 0x06dd, 1}, // Arabic end of ayah, encloses what follows
		{0x070f, 0x070f, 1}, // Syriac abbreviation mark, overlines what follows
		{0x0890, 0x0891, 1}, // Arabic pound and piastre marks above
		{0x08e2, 0x08e2, 1}, // Arabic disputed end of ayah
		{0x115f, 0x1160, 1}, // Hangul fillers
		{0x17b4, 0x17b5, 1}, // Khmer inherent vowels
		{0x180b, 0x180f, 1}, // Mongolian variation selectors and vowel separator
		{0x200b, 0x200f, 1}, // zero width space and joiners, marks of writing direction
		{0x2028, 0x202e, 1}, // line and paragraph separators, embeddings and overrides of writing direction
		{0x2060, 0x206f, 1}, // word joiner, invisible operators, isolates of writing direction
		{0x3164, 0x3164, 1}, // Hangul filler
		{0xd800, 0xf8ff, 1}, // halves of surrogate pairs, private use
		{0xfdd0, 0xfdef, 1}, // noncharacters
		{0xfe00, 0xfe0f, 1}, // variation selectors
		{0xfeff, 0xfeff, 1}, // byte order mark
		{0xffa0, 0xffa0, 1}, // halfwidth Hangul filler
		{0xfff0, 0xfffb, 1}, // ignorable, interlinear annotation
		{0xfffe, 0xffff, 1}, // noncharacters
	},
	R32: []unicode.Range32{
		{0x110bd, 0x110cd, 0x10}, // Kaithi number signs
		{0x13430, 0x1343f, 1},    // Egyptian hieroglyph format controls
		{0x1bca0, 0x1bca3, 1},    // shorthand format controls
		{0x1d173, 0x1d17a, 1},    // musical format controls
		{0x1fffe, 0x1ffff, 1},    // noncharacters, as in every plane
		{0x2fffe, 0x2ffff, 1},
		{0x3fffe, 0x3ffff, 1},
		{0x4fffe, 0x4ffff, 1},
		{0x5fffe, 0x5ffff, 1},
		{0x6fffe, 0x6ffff, 1},
		{0x7fffe, 0x7ffff, 1},
		{0x8fffe, 0x8ffff, 1},
		{0x9fffe, 0x9ffff, 1},
		{0xafffe, 0xaffff, 1},
		{0xbfffe, 0xbffff, 1},
		{0xcfffe, 0xcffff, 1},
		{0xdfffe, 0xe0fff, 1},  // noncharacters; tags, variation selectors, ignorable
		{0xefffe, 0x10ffff, 1}, // noncharacters, private use
	},
	LatinOffset: 3,
}

// pages says which blocks of 256 characters hold one that acts: letters hardly
// ever share theirs with one, and need no search then.
var pages = func() (all [(unicode.MaxRune + 1) >> 8]bool) {
	for _, r := range acting.R16 {
		for page := r.Lo >> 8; page <= r.Hi>>8; page++ {
			all[page] = true
		}
	}
	for _, r := range acting.R32 {
		for page := r.Lo >> 8; page <= r.Hi>>8; page++ {
			all[page] = true
		}
	}
	return all
}()

// Acts reports whether r does something other than show itself:
//
//   - it moves the cursor, ends the line or gives a terminal a command;
//   - it turns the direction of writing or draws over its neighbours (the
//     "exe.txt" trick);
//   - it shows nothing, so that two different names look the same. That holds for
//     variation selectors too: the one behind an emoji is harmless, but one in
//     a name is as invisible there as any other;
//   - what it shows is up to the reader's font (private use) or to nobody
//     (noncharacters, half of a surrogate pair).
//
// A character that shows itself does not act, however much it looks like another
// one: letters of other scripts, blanks of other widths, combining marks. Nor does
// one that Unicode may yet define, unless it is set aside to show nothing.
func Acts(r rune) bool {
	if r < 0x20 {
		return true
	}
	return r > '~' && r <= unicode.MaxRune && pages[r>>8] && unicode.Is(acting, r)
}
