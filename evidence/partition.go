package evidence

import (
	"fmt"
	"io"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/winid"
)

// GUID identifies partition types, partitions and disks.
type GUID = winid.GUID

// Scheme is the kind of a partition table.
type Scheme uint8

// The schemes of partition tables.
const (
	MBR Scheme = iota + 1 // master boot record
	GPT                   // GUID partition table
)

// String returns "MBR" or "GPT".
func (s Scheme) String() string {
	switch s {
	case MBR:
		return "MBR"
	case GPT:
		return "GPT"
	}
	return "none"
}

// Partition is one entry of a partition table.
type Partition struct {
	Scheme   Scheme
	Number   int    // from 1, the place in the table; logical partitions of an MBR from 5
	Type     byte   // MBR partition type; 0 for GPT
	TypeGUID GUID   // GPT partition type; zero for MBR
	GUID     GUID   // GPT unique partition GUID; zero for MBR
	Label    string // GPT partition name; "" for MBR
	Start    int64  // in bytes from the beginning of the image
	Size     int64  // in bytes, as the table claims

	DiskSignature uint32 // of the MBR's disk; 0 for GPT
	DiskGUID      GUID   // of the GPT's disk; zero for MBR
}

// Sizes of a sector in bytes.
const (
	sector512 = 512
	sector4Kn = 4096
)

// image is the bytes of a disk or volume image.
type image struct {
	r    io.ReaderAt
	size int64
}

// table is the plausible content of a partition table.
type table struct {
	backup     bool  // of a GPT, only its copy at the end of the disk is there
	headerAt   int64 // of the header of a GPT
	img        image
	scheme     Scheme
	sector     int64 // size of a sector in bytes
	partitions []Partition
	problems   []Problem
}

func (t *table) problem(kind damage.Kind, err error) {
	t.problems = append(t.problems, damage.Note(kind, err, "", t.scheme.String()))
}

// maxSector bounds sector numbers so that their offsets in bytes fit an int64.
const maxSector = 1 << 50

// add keeps a partition of count sectors that begins at sector first. Off is the
// place of that entry in the image. Partitions outside the image, as in a truncated
// one, are kept and reported.
func (t *table) add(p Partition, first, count uint64, off int64) {
	sectors := uint64(t.img.size / t.sector)
	switch {
	case first >= maxSector || count >= maxSector:
		t.problem(damage.Malformed, damage.New(fmt.Sprintf("partition %d", p.Number), off,
			fmt.Sprintf("%d sectors from %d", count, first), "numbers below 2⁵⁰"))
		return
	case first >= sectors:
		t.problem(damage.Truncation, damage.New(fmt.Sprintf("partition %d first sector", p.Number), off,
			first, fmt.Sprintf("< %d, the sectors of the image", sectors)))
	case count > sectors-first:
		t.problem(damage.Truncation, damage.New(fmt.Sprintf("partition %d sectors", p.Number), off,
			count, fmt.Sprintf("≤ %d, the sectors left in the image", sectors-first)))
	}
	p.Scheme = t.scheme
	p.Start = int64(first) * t.sector
	p.Size = int64(count) * t.sector
	t.partitions = append(t.partitions, p)
}

// recognized returns how many partitions begin with a known file system.
func (t *table) recognized() int {
	n := 0
	for _, p := range t.partitions {
		if fileSystem(t.img, p.Start, p.Size) != "" {
			n++
		}
	}
	return n
}

// readTable reads the partition table of an image, or returns nil if it finds none.
// Sector is the size of a sector in bytes, or 0 if it is to be detected.
func readTable(img image, sector int64) *table {
	sizes := []int64{sector512, sector4Kn}
	if sector != 0 {
		sizes = []int64{sector}
	}
	for _, s := range sizes {
		t := readGPT(img, s)
		if t == nil {
			continue
		}
		// Only the MBR of a disk with a GPT says that the disk has one. What is left of an
		// old GPT at the end of the disk does not count against an MBR that does not, nor
		// does a GPT without partitions. At the beginning it does not count either if the MBR
		// has a known file system: Windows reads the MBR.
		if old := !protected(img); old || len(t.partitions) == 0 {
			if mbr := readMBR(img, s); mbr != nil && (old && t.backup || mbr.recognized() > 0) {
				if old && (t.backup || len(t.partitions) > 0) {
					what := "a header"
					if t.backup {
						what = "a backup header"
					}
					mbr.problem(damage.Hidden, damage.New("GPT", t.headerAt, what+" of an earlier partition table", "none on a disk with this MBR"))
				}
				return mbr
			}
		}
		return t
	}
	// An MBR does not record the size of its sectors: the right size is the one with
	// which the partitions begin with file systems.
	var best *table
	for _, s := range sizes {
		if t := readMBR(img, s); t != nil && (best == nil || t.recognized() > best.recognized()) {
			best = t
		}
	}
	return best
}
