// Package split joins the parts of a raw image, whose names end with their numbers: disk.001,
// disk.002 and so on, disk.aa, disk.ab and so on, and the other forms that tools write.
package split

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/disk"
)

// maxParts is how many parts are looked for.
const maxParts = 10_000

// form is how the names of the parts of an image end.
type form struct {
	digits  int  // the least number of digits; 0 for letters
	letters int  // how many
	first   byte // letter: 'a' or 'A'
	bare    bool // "xaa": no dot is before the letters
	strict  bool // other files are named so too: the parts must have one size
}

// forms are in the order in which they are tried. FTK Imager goes on with .1000 after .999.
var forms = []form{
	{digits: 3},
	{digits: 4, strict: true},
	{digits: 2, strict: true},
	{letters: 2, first: 'a'},
	{letters: 2, first: 'A'},
	{letters: 3, first: 'a', strict: true},             // up to .azz: other files have .img
	{letters: 2, first: 'a', bare: true, strict: true}, // split without a prefix
}

// bareStem is what the names of such parts begin with.
const bareStem = "x"

// number returns the number of a part by its name, and what precedes that.
func (f form) number(name string) (stem string, n int, ok bool) {
	dot := strings.LastIndexByte(name, '.') + 1
	if f.bare {
		if dot = len(bareStem); !strings.HasPrefix(name, bareStem) {
			return "", 0, false
		}
	} else if dot == 0 {
		return "", 0, false
	}
	stem, end := name[:dot], name[dot:]
	if f.letters > 0 {
		if len(end) != f.letters || f.letters == 3 && end[0] != f.first {
			return "", 0, false
		}
		for _, c := range []byte(end) {
			if c < f.first || c >= f.first+26 {
				return "", 0, false
			}
			n = n*26 + int(c-f.first)
		}
		return stem, n, true
	}
	n, err := strconv.Atoi(end)
	return stem, n, err == nil && n >= 0 && f.name(stem, n) == name
}

// name returns the name of a part.
func (f form) name(stem string, n int) string {
	if f.letters == 0 {
		return fmt.Sprintf("%s%0*d", stem, f.digits, n)
	}
	end := make([]byte, f.letters)
	for i := f.letters - 1; i >= 0; i-- {
		end[i] = f.first + byte(n%26)
		n /= 26
	}
	return stem + string(end)
}

// IsPart reports whether a name may be that of a part of an image.
func IsPart(name string) bool {
	for _, f := range forms {
		if _, _, ok := f.number(name); ok {
			return true
		}
	}
	return false
}

// Series returns what the names of the parts of an image have in common, or "" for a name of
// another form. It is sure if hardly any other files are named so.
func Series(name string) (series string, sure bool) {
	for _, f := range forms {
		if stem, _, ok := f.number(name); ok {
			return fmt.Sprintf("%s%d%d%c", stem, min(f.digits, 1), f.letters, f.first), !f.strict
		}
	}
	return "", false
}

// others are extensions of two letters that other files have. One of them is that of a part
// only if a part before or behind it is there.
var others = map[string]bool{"ai": true, "bz": true, "cs": true, "db": true, "gz": true, "in": true, "js": true, "lz": true, "md": true,
	"pf": true, "pl": true, "ps": true, "py": true, "rb": true, "sh": true, "so": true, "ts": true, "vb": true, "xz": true}

// Open joins the parts to which f belongs. Joined is 1 if there are no others. All
// parts but the last have one size: what a part that is missing or shorter held is an
// error, and what follows keeps its place.
func Open(f disk.File) (img disk.Image, joined int, err error) {
	if !IsPart(f.Name) {
		return disk.Image{}, 0, errors.New("split: not the name of a part")
	}
	names, err := f.Names()
	if err != nil {
		return disk.Image{}, 0, err
	}
	for _, form := range forms {
		s, err := form.find(f, names)
		switch {
		case err != nil:
			return disk.Image{}, 0, err
		case len(s.found) > 1:
			return s.join(f.Name)
		}
	}
	return disk.Image{R: f.R, Size: f.Size}, 1, nil
}

// series are the parts of an image that are there, by their numbers.
type series struct {
	form
	stem        string
	found       map[int]disk.File
	first, last int
	size        int64 // of all parts but the last
}

// find finds the parts to which a file belongs. No parts are found if its name does not have this form, or
// if the files are not parts of one image.
func (f form) find(file disk.File, names []string) (s series, err error) {
	stem, number, ok := f.number(file.Name)
	if !ok {
		return s, nil
	}
	s = series{form: f, stem: stem, found: map[int]disk.File{number: file}, first: number, last: number}
	beside := map[int]bool{number: true}
	for _, name := range names {
		if of, n, ok := f.number(name); ok && of == stem && n < maxParts {
			beside[n] = true
		}
	}
	for n := range beside {
		if others[f.name("", n)] && !beside[n-1] && !beside[n+1] {
			if n == number {
				return series{}, nil
			}
			continue
		}
		if n == number {
			continue
		}
		p, err := file.Sibling(f.name(stem, n))
		if err != nil {
			return s, err
		}
		s.found[n] = p
		s.first, s.last = min(s.first, n), max(s.last, n)
	}
	for n, p := range s.found {
		if n != s.last {
			s.size = max(s.size, p.Size)
		}
	}
	if f.strict && !s.plausible() {
		return series{}, nil
	}
	return s, nil
}

// plausible reports whether the parts begin with the first one, and have one size.
func (s *series) plausible() bool {
	for n, p := range s.found {
		if n != s.last && p.Size != s.size || n == s.last && p.Size > s.size {
			return false
		}
	}
	return s.first <= s.lowest()
}

// lowest returns the highest number that the first part may have.
func (s *series) lowest() int { return min(s.digits, 1) }

// join returns the image.
func (s *series) join(name string) (img disk.Image, joined int, err error) {
	part := func(n int) string { return strings.TrimPrefix(s.name(s.stem, n), strings.TrimSuffix(s.stem, ".")) }
	if s.first > s.lowest() {
		return disk.Image{}, 0, damage.In(damage.New("parts", -1, "the first is "+part(s.first), "the beginning of the image"), name, "")
	}
	var parts []disk.Part
	for n := s.first; n <= s.last; n++ {
		p, ok := s.found[n]
		if !ok {
			img.Problems = append(img.Problems, damage.Note(damage.Gap, damage.New("part "+part(n), -1, "no file", "beside the others"), name, ""))
			p = disk.File{Name: s.name(s.stem, n), Size: s.size}
		}
		parts = append(parts, disk.Part{Name: p.Name, R: p.R, Size: p.Size})
		if img.Size += p.Size; ok {
			joined++
		}
		if ok && n < s.last && p.Size < s.size { // it was cut off: what follows keeps its place
			img.Problems = append(img.Problems, damage.Note(damage.Truncation, damage.New("size of part "+part(n), -1, p.Size, s.size), name, ""))
			parts = append(parts, disk.Part{Name: p.Name, Size: s.size - p.Size})
			img.Size += s.size - p.Size
		}
	}
	img.R = disk.Join(parts)
	return img, joined, nil
}
