package vss

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"sort"
	"sync"

	"github.com/birthmark-dfir/birthmark/damage"
)

// A store is what a snapshot keeps of the blocks that have changed since.
type store struct {
	r      *Reader
	path   string // of the snapshot in errors
	entry  int64  // offset of the entry in the catalog; -1 if it has none
	list   uint64 // offsets in the volume
	header uint64
	ranges uint64
	bitmap uint64
	// previous is the offset of the bitmap of the snapshot before, or 0.
	previous uint64
	next     *store // of the next newer snapshot, or nil
	problem  error  // why nothing of the store can be read, or nil

	carved  bool
	rest    []uint64 // where parts of the list begin to which its earlier part does not lead any more
	undated []*store // stores that may be newer: their age is not known, or that of this one is not

	once     sync.Once
	blocks   []block        // in order of their offsets
	backward map[int64]bool // the offsets that a forwarder names
	lost     error          // why blocks may be missing from the list, or nil
	failed   error          // reading the list failed, other than by damage
	problems []Problem

	// The bitmaps are those of the newest store only, as no other is asked.
	unused bitmap // blocks that were not in use
	before bitmap // blocks that the snapshot before did not use
}

// load reads the list of blocks at first use, behind those of all newer stores: a snapshot
// needs them too, and whatever is asked first, the newest store has a block that two claim.
func (s *store) load() error {
	s.once.Do(func() {
		if s.next != nil {
			if s.failed = s.next.load(); s.failed != nil {
				return
			}
		}
		if s.problem != nil {
			return
		}
		parts, err := s.readRanges()
		if err == nil {
			err = s.readList(parts)
		}
		if err == nil && s.next == nil {
			err = s.readBitmaps()
		}
		s.failed = err
	})
	return s.failed
}

// note notes a problem of the store, but not more than a few thousand.
func (s *store) note(kind damage.Kind, err error) {
	switch n := len(s.problems); {
	case n < maxProblems:
		s.problems = append(s.problems, damage.Note(kind, err, s.r.name, s.path))
	case n == maxProblems:
		s.problems = append(s.problems, damage.Note(damage.Limit, damage.New("problems of a store", -1, "more", fmt.Sprintf("≤ %d", maxProblems)), s.r.name, s.path))
	}
}

const maxProblems = 4096

// lose notes damage by which blocks may be missing from the list.
func (s *store) lose(err error) {
	s.note(damage.Malformed, err)
	if s.lost == nil {
		s.lost = damage.In(err, s.r.name, s.path)
	}
}

// part is a range of a store, in bytes:
//
//	0x00  8  offset in the volume
//	0x08  8  offset in the store
//	0x10  8  size
type part struct {
	at, in, size uint64
}

const partLen = 24

// readRanges reads the list of ranges, which says where the store is on the volume.
func (s *store) readRanges() ([]part, error) {
	var parts []part
	err := s.r.chain(s.ranges, recordRanges, "list of ranges", func(b []byte, _ int64) {
		for ; len(b) >= partLen; b = b[partLen:] {
			p := part{binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[8:]), binary.LittleEndian.Uint64(b[16:])}
			if p.size != 0 {
				parts = append(parts, p)
			}
		}
	})
	if err != nil {
		if !damage.Is(err) {
			return nil, err
		}
		s.note(damage.Malformed, err)
		return nil, nil // a part of the ranges cannot be compared with
	}
	slices.SortFunc(parts, func(a, b part) int { return cmp.Compare(a.in, b.in) })
	return parts, nil
}

// place returns where a block of the store is on the volume, by the list of ranges.
func place(parts []part, in uint64) (at uint64, ok bool) {
	i := sort.Search(len(parts), func(i int) bool { return parts[i].in > in }) - 1
	if i < 0 || in-parts[i].in >= parts[i].size {
		return 0, false
	}
	return parts[i].at + in - parts[i].in, true
}

// bitmap has a bit for each block of the volume. A bit behind its end is not set.
type bitmap []byte

func (b bitmap) set(i int64) bool {
	return i>>3 < int64(len(b)) && b[i>>3]>>(i&7)&1 != 0
}

// readBitmaps reads the bitmaps of unused blocks. What is lost of them is taken as used.
func (s *store) readBitmaps() (err error) {
	if s.unused, err = s.readBitmap(s.bitmap, "bitmap"); err == nil && s.previous != 0 {
		s.before, err = s.readBitmap(s.previous, "bitmap of the snapshot before")
	}
	return err
}

func (s *store) readBitmap(at uint64, what string) (bitmap, error) {
	var all bitmap
	err := s.r.chain(at, recordBitmap, what, func(b []byte, _ int64) {
		if need := (s.r.size/blockSize + 7) / 8; int64(len(all)) < need {
			all = append(all, b...)
		}
	})
	if damage.Is(err) {
		s.note(damage.Malformed, err)
		err = nil
	}
	return all, err
}

// isUnused reports whether a block was not in use when the snapshot was made, so that its
// content is undefined.
func (s *store) isUnused(i int64) bool {
	return s.unused.set(i) && (s.previous == 0 || s.before.set(i)) && !s.backward[i*blockSize]
}

// read fills b from an offset of the volume.
func (r *Reader) read(b []byte, off int64, what string) error {
	n, err := r.src.ReadAt(b, off)
	switch {
	case n == len(b):
		return nil
	case err == nil || errors.Is(err, io.EOF):
		return damage.Truncated(what, off, int64(len(b)), int64(n))
	}
	return err
}
