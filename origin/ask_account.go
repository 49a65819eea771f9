package origin

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/winid"
)

func (q *inquiry) askAccount() Answer {
	if q.writer == nil || q.writer.user == "" {
		return q.inferAccount()
	}
	p := q.writer
	a := Answer{Grade: q.writerBy}
	a.cite(p.cite()...)
	a.cite(q.citeCreation()...)
	sid, record, named := q.sidOfProcess(p)
	a.Answer = fmt.Sprintf("The writer ran as %s", p.user)
	a.fact("user", p.user)
	a.fact("sid", sid)
	if record.Artifact != "" {
		a.cite(record)
	}
	if p.logonID != 0 {
		a.fact("logon_id", hexID(p.logonID))
		a.Answer += fmt.Sprintf(", in the session with LogonId %#x", p.logonID)
	}
	switch {
	case q.owner == "":
	case q.owner == sid && named:
		a.Answer += "; the owner of the file is the same account"
		a.cite(q.citeOwner())
	case q.owner == sid:
		a.Answer += fmt.Sprintf("; the owner of the file is %s, which is taken to be the SID of that account: no record names both", q.owner)
		a.cite(q.citeOwner())
	default:
		a.Answer += fmt.Sprintf("; the owner of the file is %s", q.accounts.described(q.owner))
		a.cite(q.citeOwner())
	}
	a.Answer += "."
	return a
}

// sidOfProcess returns the SID of the account that a process ran under, and the
// record of it: 4688 itself, the logon of its session, else any record that names
// this account. Sysmon logs no SID. Without such a record it returns the owner of the
// file, unless that SID is known to be another account's. Then named is false.
func (q *inquiry) sidOfProcess(p *process) (sid string, record Citation, named bool) {
	if p.sid != "" {
		return p.sid, Citation{}, true
	}
	if l := q.logons.at(p.logonID, p.start); l != nil && p.logonID != 0 && l.data.TargetUserSid != nullSID && winid.SameAccount(winid.Account(l.data.TargetDomainName, l.data.TargetUserName), p.user) {
		return l.data.TargetUserSid, citeLogon(l), true
	}
	if sid, record := q.accounts.sidOf(p.user); sid != "" {
		return sid, record, true
	}
	for sid, name := range wellKnown {
		if winpath.SameName(name, p.user) {
			return sid, Citation{}, true
		}
	}
	switch a, known := q.accounts[q.owner]; {
	case known && !strings.Contains(a.name, `\`) && winid.SameAccount(a.name, p.user): // a profile, which has no domain
		return q.owner, a.record, true
	case q.owner != "" && !known && wellKnown[q.owner] == "":
		return q.owner, q.citeOwner(), false
	}
	return "", Citation{}, false
}

// inferAccount infers the account of the writer from the owner of the file. Windows
// sets the owner from the writer's token, but it can be changed.
func (q *inquiry) inferAccount() Answer {
	if q.owner == "" {
		why, text := q.because(q.created, sysmonCreate)
		return unknown(why, "The account is unknown: the writer is unknown, the evidence holds no owner of the file, and "+text+".")
	}
	a := Answer{Grade: Inferred}
	a.fact("sid", q.owner)
	a.cite(q.citeOwner())
	a.Answer = fmt.Sprintf("The owner of the file is %s, which need not be the account that wrote it", q.accounts.described(q.owner))
	if known, ok := q.accounts[q.owner]; ok {
		a.fact("user", known.name)
		a.cite(known.record)
	} else {
		a.fact("user", wellKnown[q.owner])
	}
	if q.owner == administrators {
		a.Answer += "; that group owns every file that a member creates with elevated rights"
		a.rival("any member of %s", wellKnown[administrators])
	}
	a.Answer += "."
	return a
}

func sayAccount(a retold) []string {
	return []string{"The account that wrote it is " + cmp.Or(a.Fact("user"), a.Fact("sid"))}
}
