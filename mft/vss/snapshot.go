package vss

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"iter"
	"math/bits"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
)

// Snapshot is a volume as it was. It implements [io.ReaderAt]. Its methods may be called
// concurrently.
type Snapshot struct {
	Number     int        // 1 for the oldest, as vshadowmount numbers them; carved ones follow
	Created    time.Time  // when the snapshot was made
	Size       int64      // of the volume then, in bytes
	ID         GUID       // of the shadow copy, as vssadmin shows it
	SetID      GUID       // of the shadow copies of several volumes that were made together
	StoreID    GUID       // of the store, which is in the name of its file
	Attributes Attributes // as vssadmin shows them
	Machine    string     // that made the snapshot
	Service    string     // machine that served it
	File       uint64     // file reference of the store on the volume now
	Offset     int64      // of the entry in the catalog, in bytes from the beginning of the volume; of a carved one, of its store
	Carved     bool       // the catalog does not list it; see Carve for what its fields are then

	r        *Reader
	sequence uint64
	store    *store
}

// The header of a store, in bytes from 0x80 of its first block:
//
//	0x00  16  unknown identifier
//	0x10  16  identifier of the shadow copy
//	0x20  16  identifier of the set of shadow copies
//	0x30   4  type
//	0x34   4  provider
//	0x38   4  attributes
//	0x40   2  length of the name of the operating machine in bytes, and the name
//	       2  length of the name of the service machine in bytes, and the name
const storeInfoLen = 0x40

// openStore reads the header of a snapshot's store. Damage is in its store.
func (r *Reader) openStore(s *Snapshot) error {
	if !s.Carved {
		s.store.path = fmt.Sprintf("shadow copy %d", s.Number)
	}
	if s.store.entry < 0 {
		s.store.problem = damage.In(&damage.Error{Offset: s.Offset, What: "store", Err: ErrElsewhere}, r.name, s.store.path)
		s.store.note(damage.Unsupported, s.store.problem)
		return nil
	}
	var b [blockSize]byte
	_, err := r.readBlock(b[:], s.store.header, recordStore, "store")
	if err == nil {
		err = s.readInfo(b[blockHeaderLen:], int64(s.store.header)+blockHeaderLen)
	}
	if damage.Is(err) {
		s.store.note(damage.Malformed, err) // the list of blocks is elsewhere
		return nil
	}
	return err
}

func (s *Snapshot) readInfo(b []byte, off int64) error {
	s.ID, s.SetID = GUID(b[0x10:0x20]), GUID(b[0x20:0x30])
	s.Attributes = Attributes(binary.LittleEndian.Uint32(b[0x38:]))
	at := storeInfoLen
	for _, name := range []*string{&s.Machine, &s.Service} {
		if at+2 > len(b) {
			return damage.Truncated("name of a machine", off+int64(at), 2, int64(len(b)-at))
		}
		n := int(binary.LittleEndian.Uint16(b[at:]))
		if at += 2; n > len(b)-at {
			return damage.New("length of the name of a machine", off+int64(at)-2, n, fmt.Sprintf("≤ %d", len(b)-at))
		}
		*name = wtf8.String(b[at : at+n])
		at += n
	}
	return nil
}

// Err returns why nothing of the snapshot can be read, or nil. Parts may be lost all the
// same: see Problems.
func (s *Snapshot) Err() error {
	if s == nil || s.store == nil {
		return nil
	}
	return s.store.problem
}

// Problems iterates over the damage in the store. It reads the list of its blocks.
func (s *Snapshot) Problems() iter.Seq[Problem] {
	return func(yield func(Problem) bool) {
		if s == nil || s.store == nil {
			return
		}
		if err := s.store.load(); err != nil {
			yield(damage.Note(damage.Malformed, err, s.r.name, s.store.path))
			return
		}
		for _, p := range s.store.problems {
			if !yield(p) {
				return
			}
		}
	}
}

// ReadAt implements io.ReaderAt. What the stores do not allow to decide is an error.
func (s *Snapshot) ReadAt(p []byte, off int64) (n int, err error) {
	switch {
	case off < 0:
		return 0, errors.New("negative offset")
	case s == nil || s.store == nil:
		return 0, io.EOF
	}
	for n < len(p) {
		at := off + int64(n)
		if at >= s.Size {
			return n, io.EOF
		}
		run, err := s.locate(at, min(int64(len(p)-n), s.Size-at))
		if err != nil {
			return n, damage.In(err, s.r.name, s.store.path)
		}
		for !run.zeros && n+int(run.n) < len(p) && at+run.n < s.Size { // what follows it on the volume
			more, err := s.locate(at+run.n, min(int64(len(p)-n)-run.n, s.Size-at-run.n))
			if err != nil || more.zeros || more.from != run.from+run.n {
				break
			}
			run.n += more.n
		}
		part := p[n : n+int(run.n)]
		if run.zeros {
			clear(part)
		} else if err := s.r.read(part, run.from, "content of a shadow copy"); err != nil {
			return n, damage.In(err, s.r.name, s.store.path)
		}
		n += len(part)
	}
	return n, nil
}

// Shows reports whether the stores show what the n bytes at an offset were when the snapshot
// was made. Of a listed snapshot they show all that ReadAt reads. Of a carved one they show
// what they keep; the rest is read as it is on the volume now, and it may have changed since
// the snapshot was deleted.
func (s *Snapshot) Shows(off, n int64) bool {
	if s == nil || s.store == nil || off < 0 || n < 0 || n > s.Size-min(s.Size, off) {
		return false
	}
	for n > 0 {
		run, err := s.locate(off, n)
		if err != nil || s.Carved && !run.shown {
			return false
		}
		off, n = off+run.n, n-run.n
	}
	return true
}

// run is where bytes of a snapshot are on the volume.
type run struct {
	from  int64
	n     int64
	zeros bool // they are undefined, and read as zeros
	shown bool // a store keeps them, or no change since can be missing
}

// locate returns where the content of a snapshot at an offset is, for at most n bytes. It
// asks the store of the snapshot, then the newer ones.
func (s *Snapshot) locate(off, n int64) (r run, err error) {
	for st := s.store; ; st = st.next {
		if st.problem != nil {
			return run{}, st.problem
		}
		if err := st.load(); err != nil {
			return run{}, err
		}
		b, gap := st.find(off)
		if b == nil {
			n = min(n, gap)
		} else {
			in := off - b.at
			n = min(n, blockSize-in)
			if st == s.store && b.sectors != 0 {
				sector := in / sectorSize
				rest := b.sectors >> sector
				if rest&1 != 0 {
					return run{from: b.over + in, n: min(n, (sector+int64(bits.TrailingZeros32(^rest)))*sectorSize-in), shown: true}, nil
				}
				n = min(n, (sector+int64(bits.TrailingZeros32(rest)))*sectorSize-in)
			}
			switch b.kind {
			case damaged:
				return run{}, damage.New("place of a changed block", -1, fmt.Sprintf("a damaged descriptor of the block at %#x", b.at), nil)
			case overwritten:
				return run{}, damage.New("content of a changed block", b.from, fmt.Sprintf("overwritten: another file has the clusters of the block at %#x", b.at), nil)
			case kept:
				return run{from: b.from + in, n: n, shown: true}, nil
			case forwarded:
				if off = b.from + in; st.next == nil {
					return run{from: off, n: n, shown: !st.carved}, nil
				}
				continue
			}
		}
		if n, err = st.undatedChange(off, n); err != nil {
			return run{}, err
		}
		switch {
		case st.lost != nil:
			return run{}, st.lost
		case st.next == nil && s.r.lost != nil:
			return run{}, s.r.lost
		case st.next == nil && st == s.store:
			return st.present(off, n), nil
		case st.next == nil:
			return run{from: off, n: n, shown: !st.carved}, nil
		}
	}
}

// present returns the run of a block that the newest store does not have: it is as on the
// volume now, unless it was not in use.
func (s *store) present(off, n int64) run {
	i := off / blockSize
	unused := s.isUnused(i)
	end := i + 1
	for end*blockSize < off+n && s.isUnused(end) == unused {
		end++
	}
	return run{from: off, n: min(n, end*blockSize-off), zeros: unused, shown: !s.carved}
}
