package main

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/birthmark-dfir/birthmark/evidence"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/pe"
)

// cataloged is the verdict on a file without a signature of its own that a catalog lists
// whose signature matches it.
const cataloged = "cataloged"

// catRoot is where Windows keeps the catalogs that it searches.
const catRoot = "Windows/System32/CatRoot"

// catalogsOf returns the catalogs of a volume. They are read once.
func (v *verifier) catalogsOf(vol *evidence.Volume) *pe.Catalogs {
	catalogs, done := v.catalogs[vol]
	if done {
		return catalogs
	}
	path := onMachine(vol, winpath.Windows(vol.Letter, catRoot))
	v.p.Progress("reading the catalogs in %s", path)
	catalogs = new(pe.Catalogs)
	of, name, err := v.ev.Resolve(path)
	if err == nil {
		catalogs, err = pe.OpenCatalogs(of.FS, name)
	}
	switch {
	case catalogs.Read > 0:
	case err == nil || errors.Is(err, fs.ErrNotExist):
		v.p.Problem(fmt.Sprintf("%s has no catalogs: files of Windows that only a catalog signs are unsigned here", path))
	default:
		v.p.Problem(fmt.Errorf("no catalogs: %w", err))
	}
	for problem := range catalogs.Problems() {
		v.p.Problem(problem)
	}
	v.catalogs[vol] = catalogs
	return catalogs
}

// listed adds to a proof one of the catalogs that list the file, if any has a signature that
// matches it: the first whose certificates others issued, else the first.
func (f *proof) listed(list []pe.Listing) {
	catalog, signer, issued := "", "", false
	for i := 0; i < len(list) && !issued; i++ {
		l := &list[i]
		if l.Catalog.SignatureState() != pe.Unverified {
			continue // anyone could have made it as it is
		}
		if by, others := signersOf(l.Catalog.Signatures); catalog == "" || others {
			catalog, signer, issued = l.Path, by, others
		}
	}
	f.catalog = catalog
	if catalog != "" && (f.verdict == pe.Unsigned.String() || f.verdict == noExecutable) {
		f.verdict, f.signer, f.sound = cataloged, signer, issued
	}
}
