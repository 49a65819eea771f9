package origin

import (
	"slices"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/timeline"
)

// logoff is 4634 or 4647.
type logoff struct {
	timeline.Event
	logonID uint64
}

// logons are the sessions in the Security log, in order of time.
type logons struct {
	boots *boots
	list  []*entry[*evtx.Security4624]
	byID  map[uint64][]*entry[*evtx.Security4624] // by LogonId
	offs  map[uint64][]logoff                     // by LogonId
}

func newLogons(b *boots) logons {
	return logons{boots: b, byID: map[uint64][]*entry[*evtx.Security4624]{}, offs: map[uint64][]logoff{}}
}

func (ls *logons) take(e *timeline.Event, d *evtx.Security4624) {
	l := &entry[*evtx.Security4624]{*e, d}
	ls.list = append(ls.list, l)
	ls.byID[d.TargetLogonId] = append(ls.byID[d.TargetLogonId], l)
}

func (ls *logons) takeOff(e *timeline.Event, id uint64) {
	ls.offs[id] = append(ls.offs[id], logoff{*e, id})
}

// at returns the session of a LogonId at a time: the last logon before it in the same
// boot.
func (ls *logons) at(id uint64, at time.Time) *entry[*evtx.Security4624] {
	for _, l := range slices.Backward(ls.byID[id]) {
		// A process may be logged a moment before the logon that it runs under.
		if l.Time.After(at.Add(sameStart)) {
			continue
		}
		if !ls.boots.same(l.Time, at) {
			return nil
		}
		return l
	}
	return nil
}

// off returns the end of a session, or nil if none was logged in its boot.
func (ls *logons) off(id uint64, logon time.Time) *logoff {
	list := ls.offs[id]
	i, _ := slices.BinarySearchFunc(list, logon, func(o logoff, at time.Time) int { return o.Time.Compare(at) })
	if i == len(list) || !ls.boots.same(logon, list[i].Time) {
		return nil
	}
	return &list[i]
}

func citeLogon(l *entry[*evtx.Security4624]) Citation {
	d := l.data
	return cite(&l.Event, "TargetUserSid", d.TargetUserSid, "TargetUserName", d.TargetUserName, "TargetDomainName", d.TargetDomainName,
		"TargetLogonId", hexID(d.TargetLogonId), "TargetLinkedLogonId", hexID(d.TargetLinkedLogonId), "LogonType", uint32(d.LogonType),
		"WorkstationName", d.WorkstationName, "IpAddress", d.IpAddress, "ProcessName", d.ProcessName)
}
