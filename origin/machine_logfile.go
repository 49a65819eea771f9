package origin

import (
	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/timeline"
)

// setBackOf returns the creation times of a file that were set back.
func (m *machine) setBackOf(ref mft.Ref) []setBackTime {
	if m.setBacks == nil {
		m.setBacks = setBackTimes{}
		if m.tl != nil {
			for _, log := range m.tl.TransactionLogs() {
				m.readSetBacks(log)
			}
		}
	}
	return m.setBacks[ref]
}

func (m *machine) readSetBacks(log *timeline.TransactionLog) {
	tied, asked := false, false
	for i := range log.Kept {
		e := &log.Kept[i]
		for _, c := range timeline.SetBack(e) {
			ref, known := log.Paths.File(e)
			if c.Name != "created" || !known || c.Old.Sub(c.New) <= clockSkew {
				continue
			}
			if !asked {
				tied, asked = m.isOwnLog(log), true
			}
			if tied {
				m.setBacks[ref] = append(m.setBacks[ref], setBackTime{log, e, c})
			}
		}
	}
}

// isOwnLog reports whether a log is that of the volume: it is its own file, or records of
// the $MFT were last changed by log records about them.
func (m *machine) isOwnLog(log *timeline.TransactionLog) bool {
	if _, ok := m.tl.vol.(*mft.Volume); ok {
		return true
	}
	entries := map[uint64]uint64{} // by LSN
	for rec, err := range log.Records() {
		if err != nil {
			continue
		}
		if entry, ok := rec.Entry(); ok {
			entries[uint64(rec.LSN)] = entry
		}
	}
	same, other := 0, 0
	for rec, err := range m.tl.MFT().Scan() {
		if err != nil && !damage.Is(err) || same+other >= tieChecks {
			break
		}
		if err != nil {
			continue
		}
		if entry, ok := entries[rec.LSN]; ok && entry == rec.Entry {
			same++
		} else if ok {
			other++
		}
	}
	return same > other
}
