package mft_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/mft"
)

// Nobody forged a time on the volumes of the corpus. Four pictures and documents that
// came from a stick to xw.mft are seen as moved from FAT. A deleted file of the spooler
// and one of the setup of Windows keep the points of times that were set: created,
// modified and accessed are all before $FILE_NAME, which no row of the table leaves.
func TestCorpusTimesAreNotForged(t *testing.T) {
	for _, file := range bareTables {
		t.Run(file, func(t *testing.T) {
			if testing.Short() && strings.HasSuffix(file, ".zst") {
				t.Skip("200,000 records")
			}
			r, err := mft.Open(testenv.Unpacked(t, file))
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			want, got := map[string]string{}, map[string]string{}
			if strings.HasSuffix(file, "xw.mft") {
				want = map[string]string{"FP00000.SHD": "forged", "$winnt$.inf": "forged", "Rovinj.jpg": "stick",
					"media_871686.pdf": "stick", "Facebook.jpg": "stick", "nangyuan02.jpg": "stick"}
			}
			records := 0
			for rec, err := range r.Records() {
				if err != nil {
					continue
				}
				records++
				score := r.Timestomp(rec)
				switch {
				case score.Score >= 40:
					got[rec.Name()] = "forged"
				case len(score.Reasons) == 1 && score.Reasons[0].Name == mft.TimestompMovedFAT:
					got[rec.Name()] = "stick"
				}
			}
			if records == 0 || !maps.Equal(got, want) {
				t.Errorf("%d records: %v, want %v", records, got, want)
			}
		})
	}
}
