package pe

import (
	"cmp"
	"io/fs"
	"iter"
	"path"
	"slices"
	"strings"

	"github.com/birthmark-dfir/birthmark/damage"
)

// Catalogs are the catalogs in a folder. Windows searches those in
// Windows\System32\CatRoot.
type Catalogs struct {
	Read   int // how many could be read
	Unread int // how many could not, or folders of them

	listings map[string][]Listing // by the digest in lower-case hexadecimal
	problems []Problem
}

// Listing is a file in a catalog.
type Listing struct {
	Path    string   // of the catalog
	Catalog *Catalog // without its Members
	Member  CatalogMember
}

// OpenCatalogs reads the files .cat in and below a folder of fsys. It fails if the folder
// cannot be read. Catalogs that cannot be read are among Problems, and so is what is
// damaged in the others.
func OpenCatalogs(fsys fs.FS, dir string) (*Catalogs, error) {
	c := &Catalogs{listings: map[string][]Listing{}}
	err := fs.WalkDir(fsys, dir, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil && name == dir:
			return err
		case err != nil:
			c.Unread++
			c.problems = noted(c.problems, damage.Malformed, err, name)
		case !d.IsDir() && strings.EqualFold(path.Ext(name), ".cat"):
			c.add(fsys, name)
		}
		return nil
	})
	return c, err
}

// add reads a catalog.
func (c *Catalogs) add(fsys fs.FS, name string) {
	catalog, err := OpenCatalogFS(fsys, name)
	if err != nil {
		c.Unread++
		c.problems = noted(c.problems, damage.Malformed, err, name)
		return
	}
	c.Read++
	c.problems = append(c.problems, catalog.problems...)
	members := catalog.Members
	catalog.Members = nil
	for _, m := range members {
		if m.Digest != "" {
			c.listings[m.Digest] = append(c.listings[m.Digest], Listing{name, catalog, m})
		}
	}
}

// Problems iterates over what is damaged in the catalogs.
func (c *Catalogs) Problems() iter.Seq[Problem] { return slices.Values(c.problems) }

// Find returns the listings of a file with any of some digests in hexadecimal: those of
// [Reader.CatalogDigests] or, of a file that is not an executable, its SHA-256 and SHA-1.
// Listings in catalogs with a signature that matches them come first.
func (c *Catalogs) Find(digests ...string) []Listing {
	var list []Listing
	for _, d := range digests {
		if d != "" {
			list = append(list, c.listings[strings.ToLower(d)]...)
		}
	}
	slices.SortStableFunc(list, func(a, b Listing) int {
		return cmp.Or(rankOf(a.Catalog.SignatureState())-rankOf(b.Catalog.SignatureState()), strings.Compare(a.Path, b.Path))
	})
	return slices.CompactFunc(list, func(a, b Listing) bool { return a.Catalog == b.Catalog })
}

// rankOf orders the states of catalogs, the best first.
func rankOf(s SignatureState) int {
	return slices.Index([]SignatureState{Unverified, Unsigned, Malformed, Tampered}, s)
}

// CatalogDigests returns the digests by which a catalog may list the image, SHA-256 first.
// Some tools first pad a file to a multiple of 8 bytes.
func (r *Reader) CatalogDigests() []string {
	return slices.DeleteFunc([]string{r.AuthentihashSHA256, r.padded[1], r.AuthentihashSHA1, r.padded[0]}, func(d string) bool { return d == "" })
}
