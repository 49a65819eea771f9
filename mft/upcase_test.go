package mft

import (
	"os"
	"testing"

	"github.com/birthmark-dfir/birthmark/internal/testenv"
)

// The table that replaces a damaged $UpCase is the one that Windows writes.
func TestCorpusUpCase(t *testing.T) {
	for _, name := range []string{"images/colinfinck_testfs1", "images/go-ntfs_test.ntfs.dd", "mft/ntfs3_attrlist.raw.gz"} {
		f, err := os.Open(testenv.Unpacked(t, name))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		st, err := f.Stat()
		if err != nil {
			t.Fatal(err)
		}
		v, err := NewVolume(f, st.Size())
		if err != nil {
			t.Fatal(err)
		}
		for unit, want := range defaultUpCase() {
			if got := v.upcase[unit]; got != want {
				t.Errorf("%s: the upper case of %#04x is %#04x, and %#04x here", name, unit, got, want)
			}
		}
	}
}
