package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"os"
)

// The sizes of EVTX: a file header of 4 KiB, then chunks of 64 KiB.
// Specification: libevtx, Windows XML Event Log format.
const (
	evtxHeader = 4096
	evtxChunk  = 65536
)

// repeatLog makes a log of about size bytes from the sound chunks of a real
// one, over and over, with the numbers and checksums of file and chunks set
// anew so that every reader takes it as one sound log.
func repeatLog(log []byte, size int) ([]byte, error) {
	if len(log) < evtxHeader+evtxChunk || !bytes.HasPrefix(log, []byte("ElfFile\x00")) {
		return nil, fmt.Errorf("%d bytes are no event log", len(log))
	}
	var chunks [][]byte
	for at := evtxHeader; at+evtxChunk <= len(log); at += evtxChunk {
		if c := log[at : at+evtxChunk]; bytes.HasPrefix(c, []byte("ElfChnk\x00")) {
			chunks = append(chunks, c)
		}
	}
	if len(chunks) == 0 {
		return nil, fmt.Errorf("no chunk in %d bytes", len(log))
	}
	le := binary.LittleEndian
	n := max(1, min(size/evtxChunk, 1<<16-1))
	out := make([]byte, evtxHeader, evtxHeader+n*evtxChunk)
	copy(out, log[:evtxHeader])
	next := uint64(1)
	for i := range n {
		c := bytes.Clone(chunks[i%len(chunks)])
		records := max(1, le.Uint64(c[16:])-le.Uint64(c[8:])+1)
		le.PutUint64(c[8:], next)            // first record number
		le.PutUint64(c[16:], next+records-1) // last record number
		next += records
		sum := crc32.NewIEEE()
		sum.Write(c[:120])
		sum.Write(c[128:512])
		le.PutUint32(c[124:], sum.Sum32())
		out = append(out, c...)
	}
	le.PutUint64(out[8:], 0)            // first chunk
	le.PutUint64(out[16:], uint64(n-1)) // last chunk
	le.PutUint64(out[24:], next)        // next record
	le.PutUint16(out[42:], uint16(n))   // chunks; 16 bits
	le.PutUint32(out[120:], 0)          // neither dirty nor full
	le.PutUint32(out[124:], crc32.ChecksumIEEE(out[:120]))
	return out, nil
}

// repeatMFT makes a $MFT of n records from a real one: the first 24 as they
// are, so that the system files and the root directory stand where they must,
// and then real records of files over and over, each with its own number. The
// copies keep parents and names: paths resolve, and are not unique.
func repeatMFT(mft []byte, n int) ([]byte, error) {
	if len(mft) < 48 || !bytes.HasPrefix(mft, []byte("FILE")) {
		return nil, fmt.Errorf("%d bytes are no $MFT", len(mft))
	}
	le := binary.LittleEndian
	size := int(le.Uint32(mft[28:])) // allocated size of the record
	if size != 1024 && size != 4096 {
		return nil, fmt.Errorf("a record size of %d", size)
	}
	have := len(mft) / size
	if have < 64 {
		return nil, fmt.Errorf("%d records are too few to repeat", have)
	}
	// Attribute lists and their extension records would name records that have
	// moved: what is repeated stands on its own.
	var files [][]byte
	for i := 24; i < have; i++ {
		rec := mft[i*size:][:size]
		if bytes.HasPrefix(rec, []byte("FILE")) && le.Uint64(rec[32:]) == 0 && !hasAttribute(rec, 0x20) {
			files = append(files, rec)
		}
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("no record of %d stands on its own", have)
	}
	out := make([]byte, 0, n*size)
	out = append(out, mft[:min(n, have)*size]...)
	for i := have; i < n; i++ {
		rec := files[i%len(files)]
		out = append(out, rec...)
		if le.Uint16(rec[4:]) >= 48 { // NTFS 3.1: the record knows its number
			le.PutUint32(out[i*size+44:], uint32(i))
		}
	}
	return out, nil
}

func hasAttribute(rec []byte, kind uint32) bool {
	le := binary.LittleEndian
	for at := int(le.Uint16(rec[20:])); at+8 <= len(rec); {
		typ, length := le.Uint32(rec[at:]), le.Uint32(rec[at+4:])
		if typ == kind {
			return true
		}
		if typ == 0xffffffff || length < 16 || length > uint32(len(rec)) {
			return false
		}
		at += int(length)
	}
	return false
}

func makeFile(name string, data []byte, err error) (string, error) {
	if err != nil {
		return "", err
	}
	return name, os.WriteFile(name, data, 0o600)
}
