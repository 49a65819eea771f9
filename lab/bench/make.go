package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"time"

	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

// The sizes of EVTX: a file header of 4 KiB, then chunks of 64 KiB.
// Specification: libevtx, Windows XML Event Log format.
const (
	evtxHeader = 4096
	evtxChunk  = 65536
)

// repeatLog writes a log of n chunks by repeating the sound chunks of a real log. It
// corrects the numbers and checksums of the file and the chunks, so that every reader
// accepts it as a sound log. The events keep their own numbers.
func repeatLog(w io.Writer, log []byte, n int) error {
	if len(log) < evtxHeader+evtxChunk || !bytes.HasPrefix(log, []byte("ElfFile\x00")) {
		return fmt.Errorf("not an event log: %d bytes", len(log))
	}
	if n < 1 || n > 1<<16-1 {
		return fmt.Errorf("%d chunks: want 1 to 65535", n)
	}
	le := binary.LittleEndian
	var chunks [][]byte
	for at := evtxHeader; at+evtxChunk <= len(log); at += evtxChunk {
		c := log[at : at+evtxChunk]
		if soundChunk(c) {
			chunks = append(chunks, c)
		}
	}
	if len(chunks) == 0 {
		return fmt.Errorf("no sound chunk in %d bytes", len(log))
	}
	records := func(chunk []byte) uint64 { return le.Uint64(chunk[16:]) - le.Uint64(chunk[8:]) + 1 }

	next := uint64(1)
	for i := range n {
		next += records(chunks[i%len(chunks)])
	}
	header := bytes.Clone(log[:evtxHeader])
	le.PutUint64(header[8:], 0)            // first chunk
	le.PutUint64(header[16:], uint64(n-1)) // last chunk
	le.PutUint64(header[24:], next)        // next record
	le.PutUint16(header[42:], uint16(n))   // number of chunks
	le.PutUint32(header[120:], 0)          // neither dirty nor full
	le.PutUint32(header[124:], crc32.ChecksumIEEE(header[:120]))
	if _, err := w.Write(header); err != nil {
		return err
	}
	next = 1
	for i := range n {
		c := bytes.Clone(chunks[i%len(chunks)])
		last := next + records(c) - 1
		le.PutUint64(c[8:], next)  // number of the first record
		le.PutUint64(c[16:], last) // … and of the last
		next = last + 1
		le.PutUint32(c[124:], headerChecksum(c))
		if _, err := w.Write(c); err != nil {
			return err
		}
	}
	return nil
}

// soundChunk reports whether a chunk holds records and both its checksums are
// correct. Other chunks are left over from before the log was cleared or grew.
func soundChunk(c []byte) bool {
	le := binary.LittleEndian
	free := le.Uint32(c[48:]) // offset of the free space
	return bytes.HasPrefix(c, []byte("ElfChnk\x00")) && le.Uint64(c[8:]) <= le.Uint64(c[16:]) &&
		512 < free && free <= evtxChunk && bytes.HasPrefix(c[512:], []byte("**\x00\x00")) &&
		crc32.ChecksumIEEE(c[512:free]) == le.Uint32(c[52:]) && headerChecksum(c) == le.Uint32(c[124:])
}

// headerChecksum returns the checksum of a chunk's header and its tables of names and
// templates.
func headerChecksum(c []byte) uint32 {
	return crc32.Update(crc32.ChecksumIEEE(c[:120]), crc32.IEEETable, c[128:512])
}

// repeatMFT writes an $MFT of n records: a real $MFT, then its file records, repeated,
// each with its own number. The copies keep their parents and names, so their paths
// resolve but are not unique.
func repeatMFT(w io.Writer, mft []byte, n int) error {
	if len(mft) < 48 || !bytes.HasPrefix(mft, []byte("FILE")) {
		return fmt.Errorf("not an $MFT: %d bytes", len(mft))
	}
	le := binary.LittleEndian
	size := int(le.Uint32(mft[28:])) // allocated size of the record
	if size != 1024 && size != 4096 {
		return fmt.Errorf("a record size of %d: want 1024 or 4096", size)
	}
	have := len(mft) / size
	var files [][]byte
	for i := 24; i < have; i++ {
		if rec := mft[i*size:][:size]; soundFile(rec) {
			files = append(files, rec)
		}
	}
	if len(files) == 0 {
		return fmt.Errorf("none of %d records can be repeated", have)
	}
	if _, err := w.Write(mft[:min(n, have)*size]); err != nil {
		return err
	}
	for i := have; i < n; i++ {
		rec := bytes.Clone(files[i%len(files)])
		if le.Uint16(rec[4:]) >= 48 { // in NTFS 3.1 the record holds its number
			le.PutUint32(rec[44:], uint32(i))
		}
		if _, err := w.Write(rec); err != nil {
			return err
		}
	}
	return nil
}

// soundFile reports whether a record is complete and is a file that depends on no
// other record. An attribute list would refer to extension records that have moved,
// and copies of a directory would compete for its files.
func soundFile(rec []byte) bool {
	le := binary.LittleEndian
	flags, base := le.Uint16(rec[22:]), le.Uint64(rec[32:])
	if !bytes.HasPrefix(rec, []byte("FILE")) || flags&2 != 0 || base != 0 {
		return false
	}
	// The last two bytes of every 512 must be the update sequence number.
	usa, n := int(le.Uint16(rec[4:])), int(le.Uint16(rec[6:]))
	if n != len(rec)/512+1 || usa+2*n > len(rec) {
		return false
	}
	for i := 512; i <= len(rec); i += 512 {
		if le.Uint16(rec[i-2:]) != le.Uint16(rec[usa:]) {
			return false
		}
	}
	used := int(min(le.Uint32(rec[24:]), uint32(len(rec))))
	timed, named := false, false
	for at := int(le.Uint16(rec[20:])); at+8 <= used; {
		kind, length := le.Uint32(rec[at:]), le.Uint32(rec[at+4:])
		switch {
		case kind == 0xffffffff:
			return timed && named
		case kind == 0x20 || length < 16 || length > uint32(used-at):
			return false
		case kind == 0x10: // $STANDARD_INFORMATION
			timed = true
		case kind == 0x30: // $FILE_NAME
			named = true
		}
		at += int(length)
	}
	return false
}

// plainHive returns a hive with so many keys, in groups of one hundred. Each key has
// two values.
func plainHive(keys int) registrytest.Hive {
	written := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	h := registrytest.Hive{Name: "BENCH", Root: registrytest.Key{Name: "ROOT", LastWrite: written}}
	for i := range keys {
		if i%100 == 0 {
			h.Root.Keys = append(h.Root.Keys, registrytest.Key{Name: fmt.Sprintf("group%05d", i/100), LastWrite: written})
		}
		group := &h.Root.Keys[len(h.Root.Keys)-1]
		group.Keys = append(group.Keys, registrytest.Key{
			Name: fmt.Sprintf("key%07d", i), LastWrite: written.Add(time.Duration(i) * time.Second),
			Values: []registrytest.Value{
				registrytest.SZ("ImagePath", `C:\Windows\System32\svchost.exe -k netsvcs -p`),
				registrytest.DWord("Start", uint32(i%5)),
			},
		})
	}
	return h
}
