package mft_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
)

// stamped are the times of a file, as an operation leaves them: those in
// $STANDARD_INFORMATION, in $FILE_NAME, and in the index of the folder.
type stamped struct{ si, fn, index mfttest.Times }

// operation makes the times of a file that comes to a volume at a time.
type operation struct {
	name   string
	forged bool
	bulk   bool // the files of this kind come at once
	raw    bool // no operation of NTFS sets the times
	times  func(r *rand.Rand, born time.Time) stamped
}

// kept are the times if Windows wrote all of them.
func kept(si, fn mfttest.Times) stamped { return stamped{si, fn, si} }

// earlier is a time up to eight years before another, with all its 100 ns.
func earlier(r *rand.Rand, born time.Time) time.Time {
	return born.Add(-time.Duration(1+r.Int64N(8*365*86400*10_000_000)) * 100)
}

// shortly is a time up to a minute after another.
func shortly(r *rand.Rand, born time.Time) time.Time {
	return born.Add(time.Duration(1+r.Int64N(60*10_000_000)) * 100)
}

// Operations that are honest, by what is published of them, and tools that set times, by
// what they set.
var stampedBy = []operation{
	{"written", false, false, false, func(r *rand.Rand, b time.Time) stamped {
		return kept(mfttest.Times{Created: b, Modified: shortly(r, b), Changed: shortly(r, b), Accessed: b}, mfttest.AllAt(b))
	}},
	{"written and renamed", false, false, false, func(r *rand.Rand, b time.Time) stamped {
		w := shortly(r, b)
		return kept(mfttest.Times{Created: b, Modified: w, Changed: shortly(r, w), Accessed: w}, mfttest.Times{Created: b, Modified: w, Changed: w, Accessed: w})
	}},
	{"copied from NTFS", false, false, false, func(r *rand.Rand, b time.Time) stamped {
		return kept(mfttest.Times{Created: b, Modified: earlier(r, b), Changed: b, Accessed: b}, mfttest.AllAt(b))
	}},
	{"copied from NTFS with the time of change", false, false, false, func(r *rand.Rand, b time.Time) stamped {
		changed := earlier(r, b)
		return kept(mfttest.Times{Created: b, Modified: earlier(r, changed), Changed: changed, Accessed: b}, mfttest.AllAt(b))
	}},
	{"copied from FAT, or unpacked by the Explorer", false, false, false, func(r *rand.Rand, b time.Time) stamped {
		return kept(mfttest.Times{Created: b, Modified: earlier(r, b).Truncate(2 * time.Second), Changed: b, Accessed: b}, mfttest.AllAt(b))
	}},
	{"fetched, with the time of the server", false, false, false, func(r *rand.Rand, b time.Time) stamped {
		return kept(mfttest.Times{Created: b, Modified: earlier(r, b).Truncate(time.Second), Changed: shortly(r, b), Accessed: b}, mfttest.AllAt(b))
	}},
	{"moved from NTFS", false, false, false, func(r *rand.Rand, b time.Time) stamped {
		changed := earlier(r, b)
		modified := earlier(r, changed)
		return kept(mfttest.Times{Created: earlier(r, modified), Modified: modified, Changed: changed, Accessed: b}, mfttest.AllAt(b))
	}},
	{"moved from NTFS, changed since", false, false, false, func(r *rand.Rand, b time.Time) stamped {
		modified := earlier(r, b)
		return kept(mfttest.Times{Created: earlier(r, modified), Modified: modified, Changed: shortly(r, b), Accessed: b}, mfttest.AllAt(b))
	}},
	{"moved from FAT", false, false, false, func(r *rand.Rand, b time.Time) stamped {
		modified := earlier(r, b).Truncate(2 * time.Second)
		return kept(mfttest.Times{Created: modified.Add(-13_370 * time.Millisecond), Modified: modified, Changed: b, Accessed: b}, mfttest.AllAt(b))
	}},
	{"moved from exFAT", false, false, false, func(r *rand.Rand, b time.Time) stamped {
		modified := earlier(r, b).Truncate(10 * time.Millisecond).Add(10 * time.Millisecond)
		return kept(mfttest.Times{Created: modified.Truncate(time.Second).Add(-13_370 * time.Millisecond), Modified: modified, Changed: b, Accessed: b}, mfttest.AllAt(b))
	}},
	{"unpacked by a program that sets created too", false, false, false, func(r *rand.Rand, b time.Time) stamped {
		at := earlier(r, b).Truncate(2 * time.Second)
		return kept(mfttest.Times{Created: at, Modified: at, Changed: b, Accessed: b}, mfttest.AllAt(b))
	}},
	{"the same, and renamed", false, false, false, func(r *rand.Rand, b time.Time) stamped {
		at := earlier(r, b).Truncate(2 * time.Second)
		fn := mfttest.Times{Created: at, Modified: at, Changed: b, Accessed: b}
		return kept(mfttest.Times{Created: at, Modified: at, Changed: shortly(r, b), Accessed: b}, fn)
	}},
	{"tunnelled", false, false, false, func(r *rand.Rand, b time.Time) stamped {
		w := shortly(r, b)
		return kept(mfttest.Times{Created: earlier(r, b), Modified: w, Changed: w, Accessed: w}, mfttest.AllAt(b))
	}},
	{"robocopy /COPY:T, or a restored backup", false, true, false, func(r *rand.Rand, b time.Time) stamped {
		modified := earlier(r, b)
		return kept(mfttest.Times{Created: earlier(r, modified), Modified: modified, Changed: b, Accessed: earlier(r, b)}, mfttest.AllAt(b))
	}},
	{"an image of Windows that was applied", false, true, false, func(r *rand.Rand, b time.Time) stamped {
		modified := earlier(r, b)
		return kept(mfttest.Times{Created: modified, Modified: modified, Changed: b, Accessed: modified}, mfttest.AllAt(b))
	}},

	{"created set to a whole second", true, false, false, func(r *rand.Rand, b time.Time) stamped {
		return kept(mfttest.Times{Created: earlier(r, b).Truncate(time.Second), Modified: b, Changed: shortly(r, b), Accessed: b}, mfttest.AllAt(b))
	}},
	{"created, modified and accessed set to one whole second", true, false, false, func(r *rand.Rand, b time.Time) stamped {
		at := earlier(r, b).Truncate(time.Second)
		return kept(mfttest.Times{Created: at, Modified: at, Changed: shortly(r, b), Accessed: at}, mfttest.AllAt(b))
	}},
	{"created set, with a fraction", true, false, false, func(r *rand.Rand, b time.Time) stamped {
		return kept(mfttest.Times{Created: earlier(r, b), Modified: b, Changed: shortly(r, b), Accessed: b}, mfttest.AllAt(b))
	}},
	{"created, modified and accessed of another file", true, false, false, func(r *rand.Rand, b time.Time) stamped {
		modified := earlier(r, b)
		return kept(mfttest.Times{Created: earlier(r, modified), Modified: modified, Changed: shortly(r, b), Accessed: earlier(r, b)}, mfttest.AllAt(b))
	}},
	{"all four of another file, by a native call", true, false, false, func(r *rand.Rand, b time.Time) stamped {
		modified := earlier(r, b)
		return kept(mfttest.Times{Created: earlier(r, modified), Modified: modified, Changed: earlier(r, b), Accessed: earlier(r, b)}, mfttest.AllAt(b))
	}},
	{"all four set to one whole second", true, false, false, func(r *rand.Rand, b time.Time) stamped {
		return kept(mfttest.AllAt(earlier(r, b).Truncate(time.Second)), mfttest.AllAt(b))
	}},
	{"all four set to one time with a fraction", true, false, false, func(r *rand.Rand, b time.Time) stamped {
		return kept(mfttest.AllAt(earlier(r, b)), mfttest.AllAt(b))
	}},
	{"all four, a rename, and all four again", true, false, false, func(r *rand.Rand, b time.Time) stamped {
		at := mfttest.AllAt(earlier(r, b))
		return kept(at, at)
	}},
	{"all eight, by a raw write to the $MFT", true, false, true, func(r *rand.Rand, b time.Time) stamped {
		at := mfttest.AllAt(earlier(r, b))
		return stamped{at, at, mfttest.AllAt(b)}
	}},
	{"created, by a raw write to the $MFT", true, false, true, func(r *rand.Rand, b time.Time) stamped {
		si := mfttest.AllAt(b)
		index := si
		si.Created = earlier(r, b)
		return stamped{si, mfttest.AllAt(b), index}
	}},
	{"created set to a later time", true, false, false, func(r *rand.Rand, b time.Time) stamped {
		return kept(mfttest.Times{Created: b.Add(90 * 24 * time.Hour), Modified: b, Changed: shortly(r, b), Accessed: b}, mfttest.AllAt(b))
	}},
	{"modified set back", true, false, false, func(r *rand.Rand, b time.Time) stamped {
		return kept(mfttest.Times{Created: b, Modified: earlier(r, b), Changed: shortly(r, b), Accessed: b}, mfttest.AllAt(b))
	}},
	{"all four taken away", true, false, false, func(r *rand.Rand, b time.Time) stamped {
		return kept(mfttest.Times{Changed: b.Add(1)}, mfttest.AllAt(b))
	}},
}

// How many files of each kind reach a score: by the record alone, with the chronology of
// the $MFT and the index, with the transaction log as well, and with the change journal instead
// of it. The log has the creation and each time that was set. Of each there are a hundred
// among three thousand that are written and copied; those of an image and of a robocopy come
// at once. The first half of the table is what is
// called a false alarm, the second what is found.
func TestTimestompRates(t *testing.T) {
	const each, others = 100, 3000
	r := rand.New(rand.NewPCG(11, 5))
	type made struct {
		kind int // of stampedBy
		born time.Time
		mfttest.File
	}
	start := time.Date(2024, 3, 4, 5, 6, 7, 123_456_700, time.UTC)
	var kinds []int
	var bulk []int
	for k := range stampedBy {
		for range each {
			if stampedBy[k].bulk {
				bulk = append(bulk, k)
			} else {
				kinds = append(kinds, k)
			}
		}
	}
	for i := range others {
		kinds = append(kinds, i%3) // written, renamed, copied
	}
	r.Shuffle(len(kinds), func(i, j int) { kinds[i], kinds[j] = kinds[j], kinds[i] })
	var all []made
	var files []mfttest.File
	for i, k := range append(kinds, bulk...) {
		span := int64(5 * 3600 * 10_000_000)
		if stampedBy[k].bulk {
			span /= 100_000
		}
		start = start.Add(time.Duration(1+r.Int64N(span)) * 100)
		at := stampedBy[k].times(r, start)
		f := mfttest.File{Path: fmt.Sprintf("d%d/f%d", i%40, i), Times: at.si, FileNameTimes: &at.fn, IndexTimes: &at.index, LSN: uint64(1<<20 + 100*i), Owner: fmt.Sprintf("S-1-5-21-1-2-3-%d", 1000+i/400)}
		all = append(all, made{k, start, f})
		files = append(files, f)
	}
	v, _ := open(t, mfttest.Volume{Created: time.Date(2024, 1, 1, 0, 0, 0, 123_456_700, time.UTC), Files: files})
	chronology, err := v.MFT().Chronology()
	if err != nil {
		t.Fatal(err)
	}
	index := map[mft.Ref]*mft.FileName{}
	for rec, err := range v.MFT().Records() {
		if err == nil && rec.IsDir() {
			for ref, fn := range v.IndexNames(rec) {
				index[ref] = &fn
			}
		}
	}
	levels := [...]int{20, 40, 60}
	table := make([][4][len(levels)]int, len(stampedBy))
	number := make([]int, len(stampedBy))
	for i := range all {
		m := &all[i]
		rec, err := v.Lookup(m.Path)
		if err != nil {
			t.Fatal(err)
		}
		e := mft.TimestompEvidence{Chronology: chronology, Index: index[rec.Ref]}
		withJournal := e
		withJournal.Born = m.born
		if !m.Times.Created.Equal(m.born) {
			withJournal.Set = m.born.Add(time.Second)
		}
		withLog := e
		withLog.Logged = m.born
		if m.Times.Created.Before(m.born) && !stampedBy[m.kind].raw {
			withLog.SetBack = m.born
		}
		number[m.kind]++
		for j, score := range [...]mft.Timestomp{v.MFT().Timestomp(rec), v.MFT().TimestompWith(rec, e), v.MFT().TimestompWith(rec, withLog), v.MFT().TimestompWith(rec, withJournal)} {
			for l, level := range levels {
				if score.Score >= level {
					table[m.kind][j][l]++
				}
			}
		}
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "%-60s%8s  %-16s%-16s%-16s%-16s\n", "", "files", "record alone", "with the table", "with the log", "with the journal")
	fmt.Fprintf(&b, "%-60s%8s  %-16s%-16s%-16s%-16s\n", "score at least", "", "20   40   60", "20   40   60", "20   40   60", "20   40   60")
	for k, op := range stampedBy {
		if op.forged && !stampedBy[k-1].forged {
			fmt.Fprintln(&b)
		}
		fmt.Fprintf(&b, "%-60s%8d", op.name, number[k])
		for _, of := range table[k] {
			b.WriteString("  ")
			for _, n := range of {
				fmt.Fprintf(&b, "%-5d", n)
			}
			b.WriteString(" ")
		}
		b.WriteString("\n")
	}
	var lines []string
	for l := range strings.Lines(b.String()) {
		lines = append(lines, strings.TrimRight(l, " \n"))
	}
	testenv.Golden(t, "testdata/timestomp_rates.txt", []byte(strings.Join(lines, "\n")+"\n"))
}
