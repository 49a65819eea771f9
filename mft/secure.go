package mft

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/winid"
)

// Since NTFS 3.0 a volume keeps each security descriptor once, in $Secure:$SDS,
// and files refer to it by a security id. The view $SII gives the place of an id
// in $SDS. An entry of $SDS begins at a multiple of 16 bytes, with the data that
// $SII also holds:
//
//	0x00  4  hash of the descriptor
//	0x04  4  security id
//	0x08  8  offset of this entry in $SDS
//	0x10  4  length of the entry, with this header
//	0x14  …  security descriptor, self-relative
//
// Entries fill a block of 256 KiB; its copy follows, then the next block.
const (
	sdsHeaderLen = 0x14
	sdsBlock     = 256 << 10
	sdsAlign     = 16
	// maxDescriptor is the most that an ACL, an owner and a group can need.
	maxDescriptor = 256 << 10
)

// secure finds owners by security id.
type secure struct {
	name   string  // what errors call the volume, or the $MFT without one
	volume *Volume // the source of sds and sii if sds is nil
	sds    io.ReaderAt
	size   int64

	once   sync.Once
	err    error
	sii    map[uint32]sdsPlace
	owners sync.Map // by security id: string or error

	scanOnce sync.Once
	scanned  map[uint32]sdsPlace // found by reading all of $SDS, for ids that $SII does not lead to
	scanErr  error
}

// sdsPlace is the place of an entry in $SDS.
type sdsPlace struct {
	off  uint64
	size uint32
}

// OwnerSID returns the SID of a file's owner: from its own $SECURITY_DESCRIPTOR or
// else by its security id through $Secure. It returns "" if the record has
// neither. For a $MFT without its volume it returns ErrNoSecure unless WithSecure
// was used.
func (r *Reader) OwnerSID(rec *Record) (string, error) {
	rec = orNoPlace(rec)
	if s, ok := rec.stream(AttrSecurityDescriptor, ""); ok {
		b, err := r.content(&s, maxDescriptor)
		if err == nil {
			var sid winid.SID
			if sid, err = descriptorOwner(b, s.Offset); err == nil {
				return r.sids.text(sid), nil
			}
		}
		return "", r.in(err, entryPath(rec.Entry, AttrSecurityDescriptor.String()))
	}
	if rec.StandardInformation.SecurityID == 0 {
		return "", nil
	}
	if r.secure == nil {
		return "", ErrNoSecure
	}
	return r.secure.owner(rec.StandardInformation.SecurityID)
}

func (s *secure) owner(id uint32) (string, error) {
	if known, ok := s.owners.Load(id); ok {
		sid, isSID := known.(string)
		if !isSID {
			return "", known.(error)
		}
		return sid, nil
	}
	s.once.Do(func() { s.err = s.open() })
	sid, err := "", s.err
	if err == nil {
		sid, err = s.find(id)
	}
	if err == nil {
		s.owners.Store(id, sid)
		return sid, nil
	}
	err = damage.In(err, s.name, fmt.Sprintf("$Secure id %d", id))
	s.owners.Store(id, err)
	return "", err
}

// open finds $SDS and reads $SII.
func (s *secure) open() error {
	s.sii = map[uint32]sdsPlace{}
	if s.volume == nil || s.sds != nil {
		return nil
	}
	rec, err := s.volume.mft.Record(EntrySecure)
	if err != nil {
		return err
	}
	r, err := s.volume.OpenStream(rec, "$SDS")
	if err != nil {
		return err
	}
	s.sds, s.size = r, min(r.Size(), s.volume.clusters.size)
	// Reading $SDS as a whole makes up for damage to $SII.
	s.volume.index(rec, "$SII", func(e indexEntry) {
		if d := e.data(); len(e.key) == 4 && len(d) >= sdsHeaderLen {
			s.sii[binary.LittleEndian.Uint32(e.key)] = sdsEntry(d)
		}
	}, func(error) {})
	return nil
}

func sdsEntry(b []byte) sdsPlace {
	return sdsPlace{binary.LittleEndian.Uint64(b[0x08:]), binary.LittleEndian.Uint32(b[0x10:])}
}

// find returns the owner in the entry for id: in the one that $SII leads to, in
// its copy, or in one that a search of $SDS finds.
func (s *secure) find(id uint32) (string, error) {
	var first error
	if at, ok := s.sii[id]; ok {
		for _, off := range []uint64{at.off, at.off + sdsBlock} {
			sid, err := s.read(id, sdsPlace{off, at.size})
			if err == nil || !damage.Is(err) {
				return sid, err
			}
			first = errors.Join(first, err)
		}
	}
	s.scanOnce.Do(func() { s.scanErr = s.scan() })
	if at, ok := s.scanned[id]; ok {
		return s.read(id, at)
	}
	if s.scanErr != nil {
		return "", s.scanErr
	}
	if first == nil {
		first = damage.New("$SDS entry", -1, "none", fmt.Sprintf("id %d", id))
	}
	return "", first
}

// read returns the owner in the entry at a place. The entry must be that of id.
func (s *secure) read(id uint32, at sdsPlace) (string, error) {
	if at.size < sdsHeaderLen || at.size > maxDescriptor || at.off > uint64(s.size) || uint64(at.size) > uint64(s.size)-at.off {
		return "", damage.New("$SDS entry", -1, fmt.Sprintf("%d bytes at %#x", at.size, at.off), fmt.Sprintf("inside %d bytes", s.size))
	}
	b := make([]byte, at.size)
	if n, err := s.sds.ReadAt(b, int64(at.off)); n < len(b) {
		return "", err
	}
	if got := binary.LittleEndian.Uint32(b[0x04:]); got != id {
		return "", damage.New("security id of the $SDS entry", -1, got, id)
	}
	sid, err := descriptorOwner(b[sdsHeaderLen:], -1)
	return sid.String(), err
}

// scan reads all entries of $SDS: those in the even blocks, and the copies in the
// odd blocks if they are not damaged in the same way.
func (s *secure) scan() error {
	s.scanned = map[uint32]sdsPlace{}
	block := make([]byte, min(sdsBlock, s.size))
	for start := int64(0); start < s.size; start += sdsBlock {
		n, err := s.sds.ReadAt(block, start)
		if err != nil && err != io.EOF && !damage.Is(err) {
			return err
		}
		for off := 0; off+sdsHeaderLen <= n; {
			at, id := sdsEntry(block[off:]), binary.LittleEndian.Uint32(block[off+4:])
			here := uint64(start) + uint64(off)
			isCopy := at.off+sdsBlock == here
			if at.off != here && !isCopy || at.size < sdsHeaderLen || uint64(at.size) > uint64(n-off) {
				off += sdsAlign
				continue
			}
			if _, known := s.scanned[id]; !known {
				s.scanned[id] = sdsPlace{here, at.size}
			}
			off += (int(at.size) + sdsAlign - 1) &^ (sdsAlign - 1)
		}
	}
	return nil
}

// A self-relative security descriptor ([MS-DTYP] 2.4.6), in bytes from its
// beginning:
//
//	0x00  1  revision, 1
//	0x02  2  control flags
//	0x04  4  offset of the owner's SID, 0 if it has none
//	0x08  4  offset of the group's SID
//	0x0c  4  offset of the SACL
//	0x10  4  offset of the DACL
const descriptorLen = 0x14

// descriptorOwner returns the owner of the descriptor b at offset base, or no SID if
// it has none.
func descriptorOwner(b []byte, base int64) (winid.SID, error) {
	if len(b) < descriptorLen {
		return winid.SID{}, damage.Truncated("security descriptor", base, descriptorLen, int64(len(b)))
	}
	off := binary.LittleEndian.Uint32(b[0x04:])
	if off == 0 {
		return winid.SID{}, nil
	}
	if uint64(off) > uint64(len(b)) {
		return winid.SID{}, damage.New("offset of the owner in the security descriptor", base, off, fmt.Sprintf("≤ %d", len(b)))
	}
	return winid.DecodeSID(b[off:])
}
