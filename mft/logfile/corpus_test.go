package logfile_test

import (
	"testing"

	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/mft/logfile"
)

// The log records of public logs. dfir_ntfs finds 778, 280, 271 and 404, which are among
// these: the first record of the ring is in none of its chains, and it takes a page from a
// copy only if that is newer than all pages of the ring, so it has no record of an earlier
// turn that only a copy has kept.
func TestPublicLogs(t *testing.T) {
	for _, tt := range []struct {
		name                           string
		major, minor                   uint16
		records, copied, peer, renamed int
	}{
		{"LogFile_7", 1, 1, 779, 2, 778, 2},
		{"LogFile_10", 2, 0, 535, 212, 280, 3},
		{"LogFile_10_downgraded", 1, 1, 491, 208, 271, 3},
		{"LogFile_10_large", 2, 0, 405, 2, 404, 1},
		{"LogFile_empty", 0, 0, 0, 0, 0, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, err := logfile.Open(testenv.Corpus(t, "mft/dfir_ntfs_"+tt.name+".bin"))
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			list, errs := all(r)
			copied, renamed := 0, 0
			for _, rec := range list {
				if rec.Copied {
					copied++
				}
			}
			for e := range r.Events() {
				if e.Kind == logfile.Renamed {
					renamed++
				}
			}
			if len(list) != tt.records || copied != tt.copied || len(errs) > 0 || renamed != tt.renamed {
				t.Errorf("%d records, %d of copies, errors %v, %d renamed", len(list), copied, errs, renamed)
			}
			if p := problems(r); len(p) > 1 { // each is the beginning of a log
				t.Errorf("problems %q", p)
			}
			for _, restart := range r.Restarts() {
				if restart.Major != tt.major || restart.Minor != tt.minor {
					t.Errorf("version %d.%d", restart.Major, restart.Minor)
				}
			}
		})
	}
}
