package registrytest

import (
	"bytes"
	"encoding/binary"

	"github.com/birthmark-dfir/birthmark/internal/marvin"
)

const (
	sectorSize = 512
	logTypeOld = 1
	logTypeNew = 6
)

// NewLog returns a transaction log of the new format, which Windows writes since
// version 8.1. It has an entry for each step from one state of a hive to the next, and
// the first of them has that sequence number. The states are whole hives, as
// [Hive.Bytes] returns them, and the first one is what the log is applied to.
func NewLog(sequence uint32, states ...[]byte) []byte {
	log := logHeader(states[0], states[len(states)-1], logTypeNew, sequence)
	for i := 1; i < len(states); i++ {
		log = append(log, logEntry(states[i-1], states[i], sequence)...)
		sequence++
	}
	return log
}

// OldLog returns a transaction log of the old format, which makes one state of a hive
// the next. It fits the first state, by the time at which that was written.
func OldLog(state, next []byte) []byte {
	log := logHeader(state, next, logTypeOld, binary.LittleEndian.Uint32(next[4:]))
	bins := next[pageSize:]
	log = append(log, "DIRT"...)
	vector := len(log)
	log = append(log, make([]byte, len(bins)/pageSize)...)
	log = append(log, make([]byte, -len(log)&(sectorSize-1))...)
	for at := 0; at < len(bins); at += sectorSize {
		if changed(state, next, pageSize+at, sectorSize) {
			bit := at / sectorSize
			log[vector+bit/8] |= 1 << (bit % 8)
			log = append(log, bins[at:at+sectorSize]...)
		}
	}
	return log
}

// Interrupted returns a hive as it is when Windows has begun to write it and has not
// finished: its sequence numbers are the number given, and the one before it.
func Interrupted(hive []byte, sequence uint32) []byte {
	hive = bytes.Clone(hive)
	binary.LittleEndian.PutUint32(hive[4:], sequence)
	binary.LittleEndian.PutUint32(hive[8:], sequence-1)
	binary.LittleEndian.PutUint32(hive[508:], checksum(hive))
	return hive
}

// logHeader returns the first sector of a log: the base block of the next state, with
// the time of the state that it fits.
func logHeader(state, next []byte, kind, sequence uint32) []byte {
	header := bytes.Clone(next[:sectorSize])
	copy(header[12:20], state[12:20])
	le := binary.LittleEndian
	le.PutUint32(header[4:], sequence)
	le.PutUint32(header[8:], sequence)
	le.PutUint32(header[28:], kind)
	le.PutUint32(header[508:], checksum(header))
	return header
}

// changed reports whether a piece of the next state is not in the state before it.
func changed(state, next []byte, at, size int) bool {
	return at+size > len(state) || !bytes.Equal(state[at:at+size], next[at:at+size])
}

func logEntry(state, next []byte, sequence uint32) []byte {
	le := binary.LittleEndian
	var refs, pages []byte
	for at := pageSize; at < len(next); at += pageSize {
		if changed(state, next, at, pageSize) {
			refs = le.AppendUint32(refs, uint32(at-pageSize))
			refs = le.AppendUint32(refs, pageSize)
			pages = append(pages, next[at:at+pageSize]...)
		}
	}
	e := make([]byte, 40, 40+len(refs)+len(pages))
	e = append(append(e, refs...), pages...)
	e = append(e, make([]byte, -len(e)&(sectorSize-1))...)
	copy(e, "HvLE")
	le.PutUint32(e[4:], uint32(len(e)))
	le.PutUint32(e[12:], sequence)
	le.PutUint32(e[16:], uint32(len(next)-pageSize))
	le.PutUint32(e[20:], uint32(len(refs)/8))
	le.PutUint64(e[24:], marvin.Sum64(e[40:], marvin.LogSeed))
	le.PutUint64(e[32:], marvin.Sum64(e[:32], marvin.LogSeed))
	return e
}
