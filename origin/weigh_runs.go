package origin

import (
	"github.com/birthmark-dfir/birthmark/winid"
)

func (q *inquiry) findRunWithoutFile() []clash {
	if len(q.runs) == 0 || q.present || !q.gone() {
		return nil
	}
	evidence := q.runs[0].cite()
	if q.rec != nil {
		evidence = append(evidence, q.citeRecord(q.rec, q.rec.Offset, q.created, "in use", q.rec.InUse()))
	}
	return []clash{clashing(evidence, "It ran on %s, but the file is gone: it was deleted or moved.", timeText(q.runs[0].start))}
}

func (q *inquiry) findRanBeforeCreation() []clash {
	if len(q.earlier) > 0 {
		first := q.earlier[0]
		return []clash{clashing(first.cite(), "A program with its path ran on %s, before the file was created on %s: another file had that path.", timeText(first.start), timeText(q.created))}
	}
	if len(q.runs) > 0 && !q.created.IsZero() && q.runs[0].start.Before(q.created.Add(-clockSkew)) {
		first := q.runs[0]
		return []clash{clashing(first.cite(), "It ran on %s, before its creation time %s: another file had its path, or that time is wrong.", timeText(first.start), timeText(q.created))}
	}
	return nil
}

func (q *inquiry) findServiceBeforeFile() []clash {
	if q.created.IsZero() {
		return nil
	}
	var list []clash
	for _, s := range q.autostarts().list {
		if s.category == "service" && s.role.executes() && s.written.Before(q.created.Add(-clockSkew)) && !s.written.IsZero() {
			list = append(list, clashing(s.records, "The service %s was registered on %s, before the file was created on %s: it was made for another file, or one of the times is wrong.", s.name, timeText(s.written), timeText(q.created)))
		}
	}
	return list
}

func (q *inquiry) findLogonIDReused() []clash {
	p := q.writer
	if p == nil || p.logonID == 0 || systemLogons[p.logonID] != "" {
		return nil
	}
	var list []clash
	for _, l := range q.logons.byID[p.logonID] {
		if q.boots.same(l.Time, p.start) {
			continue
		}
		evidence := []Citation{citeLogon(l)}
		if q.logon != nil {
			evidence = append(evidence, citeLogon(q.logon))
		}
		list = append(list, clashing(evidence, "LogonId %#x also belongs to a logon of %s on %s, in another boot: that is a different session.",
			p.logonID, winid.Account(l.data.TargetDomainName, l.data.TargetUserName), timeText(l.Time)))
	}
	return list
}
