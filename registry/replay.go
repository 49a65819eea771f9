package registry

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"github.com/birthmark-dfir/birthmark/damage"
)

// replay is the state of a hive while its transaction logs are replayed
// (specification: "Recovery of a primary file").
type replay struct {
	data     []byte // the hive file, a copy of the Reader's own
	base     baseBlock
	valid    bool // base is the hive's own: its checksum is right
	uses     []LogUse
	problems []damage.Problem
	limit    int64 // size to which the hive may grow
}

// candidate is a log that Windows might use.
type candidate struct {
	*transactionLog
	use *LogUse
}

// replayLogs returns the hive after a replay of its logs, and what became of them. If
// the hive is not dirty, no log is used.
func replayLogs(data []byte, files []logFile) *replay {
	p := &replay{data: data, uses: make([]LogUse, len(files)), limit: 2 * int64(len(data))}
	base, err := parseBaseBlock(data)
	if err != nil {
		base = baseBlock{} // no base block, or not a hive
	}
	p.base, p.valid = base, err == nil && base.sound()
	var older, newer []candidate
	for i, f := range files {
		u := &p.uses[i]
		u.Name, u.Err = f.name, f.err
		p.limit += 2 * int64(len(f.data))
		switch {
		case f.err != nil:
			u.Unused = "it cannot be read"
			p.note(u, damage.Malformed, f.err)
			continue
		case len(f.data) == 0:
			u.Unused = "it is empty"
			continue
		case p.valid && base.primary == base.secondary:
			u.Unused = "the hive is not dirty"
			continue
		}
		l, err := parseLog(f.data)
		if err != nil {
			u.Unused = "it is not a valid log"
			p.note(u, damage.Malformed, err)
			continue
		}
		if p.ofAnother(l) {
			u.Unused = "it is of another hive, according to their identifiers"
			continue
		}
		u.Unused = "another log has the newest state"
		if l.old {
			older = append(older, candidate{l, u})
		} else {
			newer = append(newer, candidate{l, u})
		}
	}
	p.limit = min(p.limit, maxHive)
	if len(newer) > 0 { // Windows writes one format only; the other file is left from before an upgrade
		p.entries(newer)
	} else if len(older) > 0 {
		p.sectors(older)
	}
	return p
}

// ofAnother reports whether a log has the identifier of another hive, as one from another
// machine that was put beside the hive. Versions before Vista have none.
func (p *replay) ofAnother(l *transactionLog) bool {
	const at, size = 112, 16 // of the resource manager
	if !p.valid {
		return false
	}
	own, its := p.data[at:at+size], l.data[at:at+size]
	return !bytes.Equal(own, its) && !bytes.Equal(own, make([]byte, size)) && !bytes.Equal(its, make([]byte, size))
}

// before reports whether one sequence number precedes another. They wrap.
func before(a, b uint32) bool { return int32(a-b) < 0 }

// entries replays logs of the new format, in the order of their sequence numbers.
func (p *replay) entries(logs []candidate) {
	for i := range logs { // at most a few
		for j := i; j > 0 && before(logs[j].base.primary, logs[j-1].base.primary); j-- {
			logs[j], logs[j-1] = logs[j-1], logs[j]
		}
	}
	if !p.valid {
		logs = logs[len(logs)-1:] // Windows knows no state to which the earlier one belongs
	}
	next, begun := p.base.secondary, false
	for _, l := range logs {
		first := l.base.primary
		switch {
		case begun && first != next:
			l.use.Unused = fmt.Sprintf("it begins at sequence number %d, and %d is the next", first, next)
			if before(next, first) { // what is between them is missing
				p.unclosed(first)
				return
			}
			continue
		case p.valid && !begun && before(first, next):
			l.use.Unused = fmt.Sprintf("it begins at sequence number %d, and the hive already has %d", first, next)
			continue
		}
		if n := p.log(l); n > 0 {
			next, begun = l.use.Sequence+1, true
		} else if !begun {
			return // what follows in the next log is not the next write
		}
	}
}

// log replays the entries of a log, and returns how many.
func (p *replay) log(l candidate) int {
	header := l.data[:headerSize]
	flags := binary.LittleEndian.Uint32(header[baseFlags:])
	at := headerSize
	for sequence := l.base.primary; ; sequence++ {
		e, ok, err := l.entry(at, sequence)
		if err != nil {
			p.note(l.use, damage.Malformed, err)
		}
		if !ok && l.use.Entries == 0 {
			l.use.Unused = "its first write is damaged"
		}
		if !ok || !p.write(l.use, e) {
			break
		}
		flags = flags&^1 | e.flags&1
		at = e.end
	}
	if l.use.Entries > 0 {
		p.header(l, flags)
	}
	return l.use.Entries
}

// sectors replays the one log of the old format that fits: the latest.
func (p *replay) sectors(logs []candidate) {
	latest := logs[0]
	for _, l := range logs[1:] {
		if l.base.lastWrite.After(latest.base.lastWrite) {
			latest = l
		}
	}
	if p.valid && !latest.base.lastWrite.Equal(p.base.lastWrite) {
		latest.use.Unused = fmt.Sprintf("it was written for the state of %s, and the hive is in that of %s",
			latest.base.lastWrite.Format(timeInText), p.base.lastWrite.Format(timeInText))
		return
	}
	e, err := latest.transactionLog.sectors()
	if err != nil {
		latest.use.Unused = "it is not complete"
		p.note(latest.use, damage.Truncation, err)
		return
	}
	if len(e.pages) == 0 {
		latest.use.Unused = "it holds no page"
		return
	}
	if p.write(latest.use, e) {
		p.header(latest, binary.LittleEndian.Uint32(latest.data[baseFlags:]))
	}
}

// write replays one write, whole or not at all.
func (p *replay) write(u *LogUse, e logEntry) bool {
	end := int64(len(p.data))
	for _, page := range e.pages {
		end = max(end, baseBlockSize+int64(page.cell)+int64(len(page.data)))
	}
	if end > p.limit {
		p.note(u, damage.Limit, damage.New("dirty pages", -1, fmt.Sprintf("a hive of %d bytes", end), fmt.Sprintf("≤ %d, twice the size of the hive and its logs", p.limit)))
		u.Unused = "it would make the hive far larger than itself"
		return false
	}
	if n := int(end) - len(p.data); n > 0 {
		p.data = append(p.data, make([]byte, n)...)
	}
	for _, page := range e.pages {
		copy(p.data[baseBlockSize+int(page.cell):], page.data)
		u.Pages++
		u.Bytes += int64(len(page.data))
	}
	u.Applied, u.Unused = true, ""
	u.Entries++
	u.Sequence = e.sequence
	p.base.binsSize = e.binsSize
	return true
}

// header completes the base block as Windows would write it next: that of the hive, or
// of the log if the hive's is damaged, with the fields that the log has newer.
func (p *replay) header(l candidate, flags uint32) {
	if len(p.data) < headerSize {
		p.data = append(p.data, make([]byte, headerSize-len(p.data))...)
	}
	h := p.data[:headerSize]
	if !p.valid {
		copy(h, l.data[:headerSize])
	}
	for _, field := range logFields {
		copy(h[field.at:field.at+field.size], l.data[field.at:])
	}
	le := binary.LittleEndian
	sequence := l.use.Sequence
	le.PutUint32(h[4:], sequence)
	le.PutUint32(h[8:], sequence)
	le.PutUint32(h[28:], 0) // file type: a hive
	le.PutUint32(h[40:], p.base.binsSize)
	le.PutUint32(h[baseFlags:], flags)
	le.PutUint32(h[checksumOffset:], baseChecksum(h))
	p.valid = true
}

// unclosed makes the hive one that was not closed: there are changes up to a sequence
// number that it does not have.
func (p *replay) unclosed(sequence uint32) {
	h := p.data[:headerSize]
	binary.LittleEndian.PutUint32(h[4:], sequence)
	binary.LittleEndian.PutUint32(h[checksumOffset:], baseChecksum(h))
}

// baseFlags is the offset of the flags in a base block.
const baseFlags = 144

// logFields are the fields of a base block that a log has for the hive.
var logFields = [...]struct{ at, size int }{
	{12, 8},  // last written
	{20, 8},  // major and minor version
	{36, 4},  // root cell offset
	{168, 8}, // last reorganized
}

// timeInText is how errors write times.
const timeInText = "2006-01-02 15:04:05.0000000 UTC"

// note adds a problem of a log.
func (p *replay) note(u *LogUse, kind damage.Kind, err error) {
	if u.Err == nil {
		u.Err = damage.In(err, u.Name, "")
	}
	p.problems = append(p.problems, damage.Note(kind, err, u.Name, ""))
}
