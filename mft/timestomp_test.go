package mft_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
)

// The record of a file shows what programs did to its times.
func TestTimestomp(t *testing.T) {
	at := func(s string) time.Time {
		tm, err := time.Parse("2006-01-02 15:04:05.9999999", s)
		if err != nil {
			t.Fatal(err)
		}
		return tm
	}
	var (
		born   = at("2024-03-04 05:06:07.1234567") // when the file came to this volume
		later  = at("2024-03-05 08:00:00.7654321")
		old    = at("2019-06-01 10:20:30.4567891")
		older  = at("2018-01-02 03:04:05.9876543")
		xp     = at("2004-05-03 16:17:39.5000000") // ticks of 1/64 s
		zero   time.Time
		xpTick = at("2004-05-03 16:17:39.5156250")
	)
	times := func(created, modified, changed, accessed time.Time) mfttest.Times {
		return mfttest.Times{Created: created, Modified: modified, Changed: changed, Accessed: accessed}
	}
	for _, tt := range []struct {
		name string
		si   mfttest.Times
		fn   mfttest.Times
		want string
	}{
		// Legitimate.
		{"new", mfttest.AllAt(born), mfttest.AllAt(born), "0"},
		{"written and read later", times(born, later, later, later), mfttest.AllAt(born), "0"},
		{"renamed", times(born, born, later, born), times(born, born, later, born), "0"},
		{"copied from a FAT or network drive", times(born, old, born, born), mfttest.AllAt(born), "0"},
		{"copied from another NTFS volume", times(born, older, old, born), mfttest.AllAt(born), "0"},
		{"copied, modified with whole seconds", times(born, at("2019-06-01 10:20:30"), born, born), mfttest.AllAt(born), "0"},
		{"moved from another volume", times(older, older, old, older), mfttest.AllAt(born), "15 created_before_fn"},
		{"moved from another volume, changed and read since", times(older, old, born, later), mfttest.AllAt(born), "15 created_before_fn"},
		{"moved from a stick with FAT", times(at("2011-05-29 19:45:29.84"), at("2011-05-29 19:45:32"), at("2024-03-04 05:06:08.5"), born), mfttest.AllAt(born), "5 moved_from_fat"},
		{"moved from a stick with FAT, modified before it was created there", times(at("2010-11-10 15:09:26.23"), at("2010-10-19 10:57:02"), born, born), mfttest.AllAt(born), "5 moved_from_fat"},
		{"moved from a stick with FAT to Windows XP", times(at("2003-03-03 03:03:03.48"), at("2003-03-03 03:03:04"), xpTick, xp), mfttest.AllAt(xp), "5 moved_from_fat"},
		{"moved from a memory card with exFAT", times(at("2011-05-29 19:45:29.84"), at("2011-05-29 19:45:31.27"), born, born), mfttest.AllAt(born), "5 moved_from_exfat"},
		{"tunnelled", times(old, born, born, born), mfttest.AllAt(born), "15 created_before_fn"},
		{"extracted", times(at("2019-06-01 10:20:30"), at("2019-06-01 10:20:30"), born, born), mfttest.AllAt(born),
			"30 created_before_fn whole_seconds"},
		{"extracted, created anew", times(born, at("2019-06-01 10:20:30"), born, born), mfttest.AllAt(born), "0"},
		{"Windows XP", times(xp, xp, xpTick, xp), mfttest.AllAt(xp), "0"},
		{"Windows XP, moved from another volume", times(at("2003-03-03 03:03:03"), at("2003-03-03 03:03:03"), at("2003-03-03 03:03:03.015625"), xp), mfttest.AllAt(xp),
			"20 created_before_fn whole_seconds"},
		{"a volume whose times are whole seconds", times(at("2024-03-04 05:06:07"), later, later, later), mfttest.AllAt(at("2024-03-04 05:06:07")), "0"},

		// Forged.
		{"SetFileTime, whole seconds", times(at("2019-06-01 10:20:31"), at("2019-06-01 10:20:31"), born, at("2019-06-01 10:20:31")), mfttest.AllAt(born),
			"85 created_before_fn modified_before_fn accessed_before_fn whole_seconds created_before_volume"},
		{"SetFileTime, times of another file", times(older, old, later, old), mfttest.AllAt(born),
			"60 created_before_fn modified_before_fn accessed_before_fn created_before_volume"},
		{"SetFileTime, milliseconds", times(at("2019-06-01 10:20:31.5"), born, born, old), mfttest.AllAt(born),
			"55 created_before_fn accessed_before_fn whole_milliseconds created_before_volume"},
		{"created in the future of the record", times(later, born, born, born), mfttest.AllAt(born), "30 created_after_changed"},
		{"modified in the future of the record", times(born, later, born, born), mfttest.AllAt(born), "10 modified_after_changed"},
		{"changed alone set back", times(born, later, old, later), mfttest.AllAt(born),
			"80 changed_before_fn created_after_changed modified_after_changed"},
		{"all four set to the same", mfttest.AllAt(old), mfttest.AllAt(born), "35 created_before_fn all_equal"},
		{"all four set to whole seconds", mfttest.AllAt(at("2019-06-01 10:20:30")), mfttest.AllAt(born), "60 created_before_fn all_equal whole_seconds"},
		{"a time taken away", times(zero, born, born, born), mfttest.AllAt(born), "30 not_set"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			v, _ := open(t, mfttest.Volume{
				Created: at("2023-01-01 00:00:00.1234567"),
				Files:   []mfttest.File{{Path: "f", Times: tt.si, FileNameTimes: &tt.fn}},
			})
			rec, err := v.Lookup("f")
			if err != nil {
				t.Fatal(err)
			}
			if got := describe(v.MFT().Timestomp(rec)); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func describe(s mft.Timestomp) string {
	parts := []string{fmt.Sprint(s.Score)}
	sum := 0
	for _, r := range s.Reasons {
		parts = append(parts, r.Name)
		sum += r.Points
	}
	if min(sum, 100) != s.Score {
		parts = append(parts, fmt.Sprintf("(reasons of %d points)", sum))
	}
	return strings.Join(parts, " ")
}

// The times of NTFS's own files do not count, nor does a record without times.
func TestTimestompOfNTFSItself(t *testing.T) {
	v, _ := open(t, mfttest.Volume{})
	for _, entry := range []uint64{mft.EntryMFT, mft.EntryRoot, mft.EntryExtend} {
		rec, err := v.MFT().Record(entry)
		if err != nil {
			t.Fatal(err)
		}
		rec.StandardInformation.Created = time.Date(1999, 1, 1, 0, 0, 0, 0, time.UTC)
		if got := v.MFT().Timestomp(rec); got.Score != 0 {
			t.Errorf("entry %d: %s", entry, describe(got))
		}
	}
	if got := v.MFT().Timestomp(&mft.Record{Ref: mft.Ref{Entry: 99, Seq: 1}}); got.Score != 0 {
		t.Errorf("no times: %s", describe(got))
	}
}
