package vhdx

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/bin"
	"github.com/birthmark-dfir/birthmark/winid"
)

// The entry of a log, in bytes from its beginning:
//
//	0x00  4  "loge"
//	0x04  4  CRC-32C of the entry
//	0x08  4  length of the entry, in sectors of 4 KiB
//	0x0c  4  offset in the log of the first entry that is to be replayed
//	0x10  8  sequence number
//	0x18  4  number of descriptors
//	0x20 16  identifier of the log
//	0x30  8  size that the file had at least when the entry was written
//	0x38  8  size that the file has after the entry
//	0x40  -  descriptors of 32 bytes each, then the sectors of the data descriptors
//
// A descriptor:
//
//	0x00  4  "desc", or "zero"
//	0x04  4  the last bytes of the sector, of a data descriptor
//	0x08  8  the first bytes of the sector, or the length of the zeros
//	0x10  8  offset in the file
//	0x18  8  sequence number
//
// A data sector:
//
//	0x000    4  "data"
//	0x004    4  high half of the sequence number
//	0x008 4084  bytes 8 to 4091 of the sector
//	0xffc    4  low half of the sequence number
const (
	logSector   = 4096
	entryHeader = 64
	descriptor  = 32
	maxLog      = 64 << 20 // bytes; that of Windows has 1 MiB
	maxZeros    = 4096     // each is compared with every sector that is read
	maxAt       = 1 << 50  // bytes; more than any file has
	maxClaims   = 16       // times the length of the log: what all entries in it say that they have
)

// overlay is a file with the writes of its log, which are kept in memory.
type overlay struct {
	name  string
	r     io.ReaderAt
	held  int64           // size of the file
	due   int64           // size that the file should have had before the log; more than held if it is cut off
	size  int64           // of the file, as the log leaves it
	pages map[int64]write // by number of the sector of 4 KiB
	zeros []zeroing
}

type write struct {
	order int
	data  []byte
}

type zeroing struct {
	order    int
	from, to int64
}

// logEntry is a sound entry of the log.
type logEntry struct {
	at, length, tail int64
	sequence         uint64
	b                []byte
}

// replay returns the file as its log leaves it. Replayed is how many entries that took.
func replay(r io.ReaderAt, size int64, h *header) (file *overlay, replayed int, err error) {
	o := &overlay{r: r, held: size, size: size, pages: map[int64]write{}}
	if h.log.IsZero() {
		return o, 0, nil
	}
	if h.logSize > maxLog || h.logSize%logSector != 0 || h.logAt < 0 {
		return nil, 0, damage.New("log", h.logAt, fmt.Sprintf("%d bytes", h.logSize), fmt.Sprintf("≤ %d, in sectors of %d", maxLog, logSector))
	}
	raw, err := bin.ReadAt(r, size, h.logAt, h.logSize, "log")
	if err != nil {
		return nil, 0, err
	}
	entries, err := activeEntries(raw, h.log)
	if err != nil {
		return nil, 0, damage.In(err, "", "log")
	}
	if len(entries) == 0 {
		return nil, 0, damage.New("log", h.logAt, "no sequence of entries", "one to replay")
	}
	for i, e := range entries {
		if err := o.apply(e, i); err != nil {
			return nil, 0, damage.In(err, "", fmt.Sprintf("entry %d of the log", i))
		}
	}
	return o, len(entries), nil
}

// activeEntries returns the entries to replay: the sequence with the highest numbers that
// is complete.
func activeEntries(raw []byte, id winid.GUID) ([]logEntry, error) {
	at := map[int64]logEntry{}
	claims := int64(0)
	for off := int64(0); off < int64(len(raw)); off += logSector {
		e, ok := entryAt(raw, off, id)
		if ok {
			at[off] = e
		}
		if claims += e.length; claims > maxClaims*int64(len(raw)) {
			return nil, damage.New("length of all entries", -1, claims, fmt.Sprintf("≤ %d", maxClaims*len(raw)))
		}
	}
	var best []logEntry
	followed := map[int64]bool{} // by offset: the list of an entry before it has it
	for off := int64(0); off < int64(len(raw)); off += logSector {
		e, ok := at[off]
		if !ok || followed[off] {
			continue
		}
		list := []logEntry{e}
		for len(list) <= len(at) {
			last := list[len(list)-1]
			next, ok := at[(last.at+last.length)%int64(len(raw))]
			if !ok || next.sequence != last.sequence+1 {
				break
			}
			list = append(list, next)
			followed[next.at] = true
		}
		head := list[len(list)-1]
		tail := slices.IndexFunc(list, func(e logEntry) bool { return e.at == head.tail })
		if tail >= 0 && (best == nil || head.sequence > best[len(best)-1].sequence) {
			best = list[tail:]
		}
	}
	return best, nil
}

// entryAt returns the entry at an offset, which may continue at the beginning of the log.
// If its checksum is wrong, the result is only the length that it claims.
func entryAt(raw []byte, off int64, id winid.GUID) (logEntry, bool) {
	h := raw[off:min(off+logSector, int64(len(raw)))]
	if len(h) < logSector || string(h[:4]) != "loge" || guid(h[0x20:]) != id {
		return logEntry{}, false
	}
	length := int64(binary.LittleEndian.Uint32(h[8:]))
	if length == 0 || length%logSector != 0 || length > int64(len(raw)) {
		return logEntry{}, false
	}
	b := raw[off:min(off+length, int64(len(raw)))]
	if rest := length - int64(len(b)); rest > 0 {
		b = append(slices.Clone(b), raw[:rest]...)
	}
	if binary.LittleEndian.Uint32(h[4:]) != sum(b) {
		return logEntry{length: length}, false
	}
	return logEntry{at: off, length: length, tail: int64(binary.LittleEndian.Uint32(h[0x0c:])), sequence: binary.LittleEndian.Uint64(h[0x10:]), b: b}, true
}

// apply adds the writes of an entry.
func (o *overlay) apply(e logEntry, order int) error {
	count := int64(binary.LittleEndian.Uint32(e.b[0x18:]))
	due, size := binary.LittleEndian.Uint64(e.b[0x30:]), binary.LittleEndian.Uint64(e.b[0x38:])
	if due > maxAt || size > maxAt {
		return damage.New("size of the file", -1, max(due, size), fmt.Sprintf("≤ %d", int64(maxAt)))
	}
	o.due, o.size = max(o.due, int64(due)), max(o.size, int64(size))
	data := (entryHeader + count*descriptor + logSector - 1) / logSector * logSector
	if data > e.length {
		return damage.New("number of descriptors", -1, count, fmt.Sprintf("in %d bytes", e.length))
	}
	for i := range count {
		d := e.b[entryHeader+descriptor*i:]
		at := binary.LittleEndian.Uint64(d[0x10:])
		if at%logSector != 0 || at > maxAt || binary.LittleEndian.Uint64(d[0x18:]) != e.sequence {
			return damage.New(fmt.Sprintf("descriptor %d", i), -1, fmt.Sprintf("offset %#x", at), "that of a sector, and the sequence number of the entry")
		}
		switch string(d[:4]) {
		case "zero":
			n := binary.LittleEndian.Uint64(d[8:])
			if n > maxAt {
				return damage.New(fmt.Sprintf("length of the zeros in descriptor %d", i), -1, n, "≤ 2⁵⁰")
			}
			if len(o.zeros) == maxZeros {
				return damage.New("descriptors of zeros", -1, "more", maxZeros)
			}
			o.zeros = append(o.zeros, zeroing{order, int64(at), int64(at + n)})
		case "desc":
			if data+logSector > e.length {
				return damage.New("data sectors", -1, "fewer", "one for each data descriptor")
			}
			s := e.b[data : data+logSector]
			data += logSector
			if string(s[:4]) != "data" || uint64(binary.LittleEndian.Uint32(s[4:]))<<32|uint64(binary.LittleEndian.Uint32(s[0xffc:])) != e.sequence {
				return damage.New(fmt.Sprintf("data sector of descriptor %d", i), -1, "another", "one of this entry")
			}
			page := slices.Concat(d[8:16], s[8:0xffc], d[4:8])
			o.pages[int64(at)/logSector] = write{order, page}
			o.size = max(o.size, int64(at)+logSector)
		default:
			return damage.New(fmt.Sprintf("signature of descriptor %d", i), -1, fmt.Sprintf("%q", d[:4]), `"desc" or "zero"`)
		}
	}
	return nil
}

// ReadAt implements io.ReaderAt.
func (o *overlay) ReadAt(b []byte, off int64) (int, error) {
	if len(o.pages) == 0 && len(o.zeros) == 0 {
		return o.r.ReadAt(b, off)
	}
	if off < 0 {
		return 0, errors.New("negative offset")
	}
	if off >= o.size {
		return 0, io.EOF
	}
	short := b
	b = b[:min(int64(len(b)), o.size-off)]
	n, err := o.r.ReadAt(b, off)
	if err != nil && !errors.Is(err, io.EOF) {
		return n, err
	}
	clear(b[n:]) // the log may make the file longer
	for page := off / logSector; page*logSector < off+int64(len(b)); page++ {
		w, written := o.pages[page]
		at := page * logSector
		for _, z := range o.zeros {
			if at >= z.from && at < z.to && (!written || z.order > w.order) {
				w, written = write{z.order, make([]byte, logSector)}, true
			}
		}
		if written {
			from := max(at, off)
			copy(b[from-off:min(at+logSector-off, int64(len(b)))], w.data[from-at:])
		} else if end := min(at+logSector, off+int64(len(b)), o.due); end > max(o.held, off) {
			at := max(at, o.held, off)
			return int(at - off), damage.In(damage.Truncated("content of the file before its log", at, end-at, 0), o.name, "")
		}
	}
	if len(b) < len(short) {
		return len(b), io.EOF
	}
	return len(b), nil
}
