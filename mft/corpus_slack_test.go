package mft_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/mft"
)

// The names that only slack has, on real volumes: those that fls finds are among them.
func TestCorpusSlack(t *testing.T) {
	want := map[string][]string{
		// The entry of this name that is in use was written later.
		"mft/ntfs3_attrlist.raw.gz": {"5: no_file 0-0 80.txt"},
		"mft/ntfs_index.raw.gz":     {"39: no_file 0-0 test_dir/BBBBBBBBBBBBB-del.txt"},
	}
	eachImage(t, func(t *testing.T, v image) {
		var got []string
		names := map[string]bool{}
		for rec, err := range v.MFT().Records() {
			if err != nil {
				t.Fatal(err)
			}
			for e, err := range v.MFT().IndexEntries(rec) {
				if err != nil {
					t.Error(err)
				}
				if e.State == mft.EntryInUse {
					continue
				}
				names[v.MFT().NamePath(&e.FileName).String()] = true
				if !e.Copied {
					got = append(got, fmt.Sprint(rec.Entry, ": ", entryText(v.MFT(), &e)))
				}
			}
			for _, n := range rec.SlackNames() {
				got = append(got, fmt.Sprint(rec.Entry, ": ", n.Whole, " ", v.MFT().NamePath(&n.FileName)))
			}
		}
		if list := want[strings.TrimPrefix(t.Name(), "TestCorpusSlack/")]; !slices.Equal(got, list) {
			t.Errorf("got %q, want %q", got, list)
		}
		for line := range strings.Lines(string(v.tsk(t, "fls", "-r", "-p", "-d", ""))) {
			m := flsLine.FindStringSubmatch(strings.TrimSuffix(line, "\n"))
			if m != nil && m[3] == "0" && !names[m[6]] {
				t.Errorf("fls has %q in slack, we do not", m[6])
			}
		}
	})
}
