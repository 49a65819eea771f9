// Package split joins the parts of a raw image: disk.001, disk.002 and so on, from 000
// or 001, or disk.aa, disk.ab and so on.
package split

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/disk"
)

// maxParts is how many parts three digits can number.
const maxParts = 1000

// IsPart reports whether a name is that of a part of an image.
func IsPart(name string) bool {
	_, _, ok := numbered(name)
	return ok
}

// numbered returns the number that the extension of a part has, and how the extension
// for a number is made.
func numbered(name string) (n int, ext func(int) string, ok bool) {
	e := strings.TrimPrefix(path.Ext(name), ".")
	switch {
	case len(e) == 3 && strings.Trim(e, "0123456789") == "":
		fmt.Sscanf(e, "%d", &n)
		return n, func(n int) string { return fmt.Sprintf("%03d", n) }, true
	case len(e) == 2 && strings.Trim(e, "abcdefghijklmnopqrstuvwxyz") == "":
		return int(e[0]-'a')*26 + int(e[1]-'a'), func(n int) string { return string([]byte{byte('a' + n/26%26), byte('a' + n%26)}) }, true
	case len(e) == 2 && strings.Trim(e, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == "":
		return int(e[0]-'A')*26 + int(e[1]-'A'), func(n int) string { return string([]byte{byte('A' + n/26%26), byte('A' + n%26)}) }, true
	}
	return 0, nil, false
}

// Open joins the parts to which f belongs. Joined is 1 if there are no others. All
// parts but the last have one size: what a part that is missing or shorter held is an
// error, and what follows keeps its place.
func Open(f disk.File) (img disk.Image, joined int, err error) {
	number, ext, ok := numbered(f.Name)
	if !ok {
		return disk.Image{}, 0, errors.New("split: not the name of a part")
	}
	stem := strings.TrimSuffix(f.Name, path.Ext(f.Name)) + "."
	found := map[int]disk.File{number: f}
	look := func(n int) error {
		if _, known := found[n]; known || n < 0 || n >= maxParts {
			return nil
		}
		p, err := f.Sibling(stem + ext(n))
		switch {
		case err == nil:
			found[n] = p
		case !errors.Is(err, fs.ErrNotExist):
			return err
		}
		return nil
	}
	names, err := f.Names()
	if err != nil {
		return disk.Image{}, 0, err
	}
	for _, name := range names {
		if n, _, ok := numbered(name); ok && strings.TrimSuffix(name, path.Ext(name))+"." == stem {
			if err := look(n); err != nil {
				return disk.Image{}, 0, err
			}
		}
	}
	if len(found) == 1 {
		return disk.Image{R: f.R, Size: f.Size}, 1, nil
	}
	first, last := number, number
	for n := range found {
		first, last = min(first, n), max(last, n)
	}
	size := int64(0) // of all parts but the last
	for n, p := range found {
		if n != last {
			size = max(size, p.Size)
		}
	}
	var parts []disk.Part
	if first > 1 || first == 1 && len(ext(0)) == 2 {
		return disk.Image{}, 0, damage.In(damage.New("parts", -1, fmt.Sprintf("the first is .%s", ext(first)), "the beginning of the image"), f.Name, "")
	}
	for n := first; n <= last; n++ {
		p, ok := found[n]
		if !ok {
			img.Problems = append(img.Problems, damage.Note(damage.Gap, damage.New("part ."+ext(n), -1, "no file", "beside the others"), f.Name, ""))
			p = disk.File{Name: stem + ext(n), Size: size}
		}
		parts = append(parts, disk.Part{Name: p.Name, R: p.R, Size: p.Size})
		if img.Size += p.Size; ok {
			joined++
		}
		if ok && n < last && p.Size < size { // it was cut off: what follows keeps its place
			img.Problems = append(img.Problems, damage.Note(damage.Truncation, damage.New("size of part ."+ext(n), -1, p.Size, size), f.Name, ""))
			parts = append(parts, disk.Part{Name: p.Name, Size: size - p.Size})
			img.Size += size - p.Size
		}
	}
	img.R = disk.Join(parts)
	return img, joined, nil
}
