package mft

import (
	"cmp"
	"slices"
	"sort"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/filetime"
)

// Chronology is the order in which the files of an $MFT were created and changed,
// as far as NTFS itself decides it: by their entries, by the sequence numbers of the
// $LogFile, and by their security descriptors. Its methods may be called concurrently.
type Chronology struct {
	births    []birth            // in the order of the entries
	writes    []write            // of all files, in the order of their LSNs
	folders   map[Ref]uint64     // when each was created, the earlier of its two times
	descripts map[uint32]descUse // by SecurityId
}

// birth is when a file was created, in FILETIME, according to $STANDARD_INFORMATION and
// $FILE_NAME.
type birth struct {
	entry  uint64
	si, fn uint64
	first  bool // the entry is in its first use
}

// early and later return the earlier and the later of the two times.
func (b *birth) early() uint64 {
	if b.si == 0 || b.fn == 0 {
		return max(b.si, b.fn)
	}
	return min(b.si, b.fn)
}

func (b *birth) later() uint64 { return max(b.si, b.fn) }

// birthOf returns when the file of a record was created.
func birthOf(rec *Record, fn *FileName) birth {
	return birth{rec.Entry, filetime.Ticks(rec.StandardInformation.Created), filetime.Ticks(fn.Created), rec.Seq == 1}
}

// write is the last change of a record.
type write struct {
	lsn    uint64
	entry  uint64
	newest uint64 // of all its times
}

// descUse is the use of a security descriptor: the two files that were created first.
type descUse struct {
	files         int
	first, second uint64
	entry         uint64 // of the first
}

// Chronology reads the $MFT once. The error is one that ended the reading; damage costs
// only the damaged records. Memory depends on the number of files.
func (r *Reader) Chronology() (*Chronology, error) {
	c := &Chronology{folders: map[Ref]uint64{}, descripts: map[uint32]descUse{}}
	for rec, err := range r.Scan() {
		if err != nil {
			if damage.Is(err) {
				continue
			}
			return c, err
		}
		si := &rec.StandardInformation
		fn := rec.bestName()
		if !rec.InUse() || !si.Present || fn == nil || rec.Entry < firstUserEntry || rec.IsOrphanExtension() {
			continue
		}
		b := birthOf(rec, fn)
		if b.later() == 0 {
			continue
		}
		c.births = append(c.births, b)
		if rec.LSN != 0 {
			c.writes = append(c.writes, write{rec.LSN, rec.Entry, newest(rec)})
		}
		if rec.IsDir() {
			c.folders[rec.Ref] = b.early()
		}
		if id := si.SecurityID; id != 0 {
			c.descripts[id] = c.descripts[id].and(b.early(), rec.Entry)
		}
	}
	slices.SortFunc(c.writes, func(a, b write) int { return cmp.Compare(a.lsn, b.lsn) })
	return c, nil
}

func (u descUse) and(ticks, entry uint64) descUse {
	u.files++
	switch {
	case u.files == 1:
		u.first, u.entry, u.second = ticks, entry, ^uint64(0)
	case ticks < u.first:
		u.first, u.second, u.entry = ticks, u.first, entry
	default:
		u.second = min(u.second, ticks)
	}
	return u
}

// newest returns the newest time of a record.
func newest(rec *Record) uint64 {
	si := &rec.StandardInformation
	n := max(filetime.Ticks(si.Created), filetime.Ticks(si.Modified), filetime.Ticks(si.Changed), filetime.Ticks(si.Accessed))
	for i := range rec.FileNames {
		fn := &rec.FileNames[i]
		n = max(n, filetime.Ticks(fn.Created), filetime.Ticks(fn.Modified), filetime.Ticks(fn.Changed), filetime.Ticks(fn.Accessed))
	}
	return n
}

const (
	orderNeighbours = 4                    // how many files on a side must agree
	orderReach      = 64                   // entries within which they are
	orderSlack      = 60 * 10_000_000      // in ticks: a minute
	daySlack        = 86400 * 10_000_000   // a day
	bulkReach       = 64                   // files on a side that are compared
	bulkSpan        = 10 * 60 * 10_000_000 // in ticks, within which they came at once
	bulkFiles       = 48                   // how many have to
	sharedBy        = 8                    // files that a descriptor needs to say something
)

// judge adds the signs of a chronology.
func (c *Chronology) judge(rec *Record, t *Timestomp) {
	fn := rec.bestName()
	if fn == nil || !rec.InUse() {
		return
	}
	b := birthOf(rec, fn)
	t.add(b.first && c.outOfOrder(&b), TimestompEntryOrder, 25)
	t.add(rec.LSN != 0 && c.writtenLater(rec), TimestompLSNOrder, 10)
	if use := c.descripts[rec.StandardInformation.SecurityID]; use.files > sharedBy && use.entry == rec.Entry {
		t.add(b.later()+daySlack < use.second, TimestompSecurityOrder, 5)
	}
	if folder := c.folders[fn.Parent]; folder != 0 {
		t.add(b.later()+orderSlack < folder, TimestompOlderThanFolder, 5)
	}
}

// at returns where the births of an entry begin.
func (c *Chronology) at(entry uint64) int {
	return sort.Search(len(c.births), func(i int) bool { return c.births[i].entry >= entry })
}

// outOfOrder reports whether the files in the entries before were all created later than
// this one claims, or those behind all earlier. Entries that were used before say nothing.
func (c *Chronology) outOfOrder(b *birth) bool {
	at := c.at(b.entry)
	early, later := b.early(), b.later()
	before, behind := 0, 0
	for i := at - 1; i >= 0 && before < orderNeighbours && b.entry-c.births[i].entry < orderReach; i-- {
		switch o := &c.births[i]; {
		case !o.first:
		case o.early() <= later+orderSlack:
			i = 0 // it is the first that was created before this one
		default:
			before++
		}
	}
	for i := at; i < len(c.births) && behind < orderNeighbours && c.births[i].entry-b.entry < orderReach; i++ {
		switch o := &c.births[i]; {
		case !o.first || o.entry == b.entry:
		case o.later()+orderSlack >= early:
			i = len(c.births)
		default:
			behind++
		}
	}
	return before == orderNeighbours || behind == orderNeighbours
}

// inBulk reports whether a file came with many others at once, most of which have an
// earlier creation time too: an image of Windows, a restored backup, a robocopy.
func (c *Chronology) inBulk(b *birth) bool {
	at := c.at(b.entry)
	all, early := 0, 0
	count := func(i int) {
		if o := &c.births[i]; o.entry != b.entry && max(o.fn, b.fn)-min(o.fn, b.fn) <= bulkSpan {
			all++
			if o.si != 0 && o.si+daySlack < o.fn {
				early++
			}
		}
	}
	for n := 1; n <= bulkReach; n++ {
		if at-n >= 0 {
			count(at - n)
		}
		if at+n < len(c.births) {
			count(at + n)
		}
	}
	return all >= bulkFiles && early*4 >= all*3
}

// writtenLater reports whether the records that were last written before this one have
// newer times than all of its own.
func (c *Chronology) writtenLater(rec *Record) bool {
	at := sort.Search(len(c.writes), func(i int) bool { return c.writes[i].lsn >= rec.LSN })
	own := newest(rec)
	for n := 1; n <= orderNeighbours; n++ {
		if at-n < 0 || c.writes[at-n].newest <= own+daySlack {
			return false
		}
	}
	return true
}
