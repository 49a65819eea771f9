package origin

import (
	"fmt"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/winid"
)

// wellKnown names the accounts whose SIDs are the same on every machine.
var wellKnown = func() map[string]string {
	names := map[string]string{}
	for sid, name := range winid.WellKnownSIDs() {
		names[sid.String()] = name
	}
	return names
}()

// administrators own what members with an elevated token create, so that this
// owner names no account.
const administrators = "S-1-5-32-544"

func (q *inquiry) askAccount() Answer {
	if q.writer == nil || q.writer.user == "" {
		return q.inferAccount()
	}
	p := q.writer
	a := Answer{Grade: q.writerBy}
	a.cite(p.cite()...)
	if q.creation != nil {
		a.cite(q.citeCreation())
	}
	sid, record, named := q.sidOfProcess(p)
	a.Answer = fmt.Sprintf("%s, the account of its writer", p.user)
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
		a.Answer += "; the file belongs to that account"
		a.cite(q.citeOwner())
	case q.owner == sid:
		a.Answer += fmt.Sprintf("; the file belongs to %s, which is taken for that account's SID: no record names the two together", q.owner)
		a.cite(q.citeOwner())
	default:
		a.Answer += fmt.Sprintf("; the file belongs to %s", q.accountName(q.owner))
		a.cite(q.citeOwner())
	}
	a.Answer += "."
	return a
}

// sidOfProcess returns the SID of the account that a process ran under, and the
// record that says so: 4688 itself, the logon of its session, else any that
// names this account. Sysmon logs none. The owner of the file is taken where
// nothing says that it is another account's; then it is not named by a record.
func (q *inquiry) sidOfProcess(p *process) (sid string, record Citation, named bool) {
	if p.sid != "" {
		return p.sid, Citation{}, true
	}
	if l := q.ix.logonAt(p.logonID, p.start); l != nil && p.logonID != 0 && l.data.TargetUserSid != nullSID && sameUser(account(l.data.TargetDomainName, l.data.TargetUserName), p.user) {
		return l.data.TargetUserSid, citeLogon(l), true
	}
	if sid, record := q.ix.sidOf(p.user); sid != "" {
		return sid, record, true
	}
	for sid, name := range wellKnown {
		if winpath.SameName(name, p.user) {
			return sid, Citation{}, true
		}
	}
	switch a, known := q.ix.accountOf[q.owner]; {
	case known && !strings.Contains(a.name, `\`) && sameUser(a.name, p.user): // a profile, which has no domain
		return q.owner, a.record, true
	case q.owner != "" && !known && wellKnown[q.owner] == "":
		return q.owner, q.citeOwner(), false
	}
	return "", Citation{}, false
}

// accountName returns an account's name with its SID, as far as it is known.
func (q *inquiry) accountName(sid string) string {
	name := wellKnown[sid]
	if a, ok := q.ix.accountOf[sid]; ok {
		name = a.name
	}
	if name == "" {
		return sid
	}
	return name + " (" + sid + ")"
}

// inferAccount takes the owner of the file for its writer. That is the account
// which Windows takes from the writer's token, but it can be set.
func (q *inquiry) inferAccount() Answer {
	if q.owner == "" {
		why, text := q.because(q.created, sysmonCreate)
		return unknown(Account, why, "The account is unknown: the writer is, the evidence holds no owner of the file, and "+text+".")
	}
	a := Answer{Grade: Inferred}
	a.fact("sid", q.owner)
	a.cite(q.citeOwner())
	a.Answer = fmt.Sprintf("It belongs to %s, which need not have written it", q.accountName(q.owner))
	if known, ok := q.ix.accountOf[q.owner]; ok {
		a.fact("user", known.name)
		a.cite(known.record)
	} else {
		a.fact("user", wellKnown[q.owner])
	}
	if q.owner == administrators {
		a.Answer += "; that group owns what any of its members creates with elevated rights"
		a.rival("any member of %s", wellKnown[administrators])
	}
	a.Answer += "."
	return a
}

// citeOwner cites the record that holds the subject's owner.
func (q *inquiry) citeOwner() Citation {
	if q.rec == nil {
		return Citation{Artifact: q.name, Offset: -1, Text: values("owner", q.owner)}
	}
	c := q.citeRecord(q.rec, q.rec.Offset, q.created, "owner", q.owner)
	if si := q.rec.StandardInformation; si != nil {
		c.Offset = si.Offset // it holds the SecurityId of the owner's descriptor
		c.Text = values("SecurityId", si.SecurityID, "owner", q.owner)
	}
	return c
}
