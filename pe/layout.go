package pe

import (
	"errors"
	"fmt"

	"github.com/birthmark-dfir/birthmark/damage"
)

// mapped returns an error for each part of the certificate table that the loader maps.
// The digest of the image leaves the table out, so that nothing signed is there.
func (img *image) mapped(table span) error {
	var failed []error
	if table.from < img.headersEnd {
		failed = append(failed, damage.New("section table", img.headersEnd, "within the certificate table", "headers that the digest covers"))
	}
	entry, _, err := img.offset(img.entryPoint, "entry point")
	runs := err == nil && img.entryPoint != 0 && table.from <= entry && entry < table.to
	for i := range img.sections {
		s := &img.sections[i]
		from, to := int64(s.offset), int64(s.offset)+int64(s.stated)
		holds := runs && s.contains(img.entryPoint)
		if holds { // what follows the stated size counts only if it runs
			runs, to = false, max(to, entry+1)
		}
		n := min(to, table.to) - max(from, table.from)
		if n <= 0 {
			continue
		}
		got := fmt.Sprintf("%d bytes within the certificate table", n)
		if holds {
			got += ", and the entry point among them"
		}
		failed = append(failed, damage.New(fmt.Sprintf("section %q", s.name), max(from, table.from), got, "data that the digest covers"))
	}
	if runs { // in the headers, which are mapped as they are
		failed = append(failed, damage.New("entry point", entry, "within the certificate table", "code that the digest covers"))
	}
	return errors.Join(failed...)
}
