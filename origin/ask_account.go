package origin

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/winid"
)

var accountOfWriter = &rule{
	name: "account.writer", question: Account, best: Recorded,
	after:   []Question{Writer},
	finds:   "the account in the record of the writer",
	reads:   []*source{sysmonProcess, auditProcess, sysmonCreate},
	traps:   []trap{{"for_client", "the writer is a service that acts for its clients: the kernel, which serves file shares, or one that wrote a file with another owner"}},
	against: "whoever controls that account, or runs programs under it",
	apart:   "the records of the account's sessions, and of where they come from",
	find:    (*inquiry).findAccountOfWriter,
}

func (q *inquiry) findAccountOfWriter() []candidate {
	p := q.writer
	if p == nil || p.user == "" {
		return nil
	}
	a := candidate{Answer: Answer{Grade: Recorded}, rests: []Question{Writer}, claim: claim{what: p.user}, other: "the account of the writer, " + p.user}
	a.cite(p.cite()...)
	a.cite(q.citeCreation()...)
	sid, record, named := q.sidOfProcess(p)
	if sid != "" {
		a.claim.what = sid
	}
	a.Answer.Answer = fmt.Sprintf("The writer ran as %s", p.user)
	a.fact("user", p.user)
	a.fact("sid", sid)
	if record.Artifact != "" {
		a.cite(record)
	}
	if p.logonID != 0 {
		a.fact("logon_id", hexID(p.logonID))
		a.Answer.Answer += fmt.Sprintf(", in the session with LogonId %#x", p.logonID)
	}
	switch {
	case q.owner == "":
	case q.owner == sid && named:
		a.Answer.Answer += "; the owner of the file is the same account"
		a.cite(q.citeOwner())
	default:
		a.cite(q.citeOwner())
		a.Answer.Answer += fmt.Sprintf("; the owner of the file is %s", q.described(&a.Answer, q.owner))
	}
	q.addLocal(&a, sid)
	if p.creatorOnly {
		a.caught("creator", "another account, under which the process was started")
	}
	if p.pid == kernelPID || actsForClients(p) && q.owner != "" && q.owner != sid && q.owner != administrators {
		a.caught("for_client", "%s", q.clientWords())
	}
	a.Answer.Answer += "."
	return []candidate{a}
}

var accountOfOwner = &rule{
	name: "account.owner", question: Account, best: Inferred,
	finds:   "the owner of the file",
	reads:   []*source{ownerOfFile},
	traps:   []trap{{"group", "the owner is the group of administrators, which owns what any of its members creates with elevated rights"}},
	against: "another account: an administrator can set the owner of a file",
	apart:   "a record of the writer, or of a change of the owner (4670)",
	find:    (*inquiry).findOwner,
}

// findOwner infers the account of the writer from the owner of the file. Windows sets
// the owner from the writer's token, but it can be changed.
func (q *inquiry) findOwner() []candidate {
	if q.owner == "" || q.writer != nil && q.writer.user != "" {
		return nil
	}
	a := q.ownerAs("The owner of the file is %s, which need not be the account that wrote it")
	if q.owner == administrators {
		a.Answer.Answer += "; that group owns every file that a member creates with elevated rights"
		a.caught("group", "any member of %s", wellKnown[administrators])
	}
	a.Answer.Answer += "."
	return []candidate{a}
}

var accountOfClient = &rule{
	name: "account.client", question: Account, best: Inferred,
	after:   []Question{Writer},
	finds:   "the owner of a file that the kernel wrote for the client of a share",
	reads:   []*source{ownerOfFile},
	against: "another client of the share",
	apart:   "the record of the client's access, such as 5145 for a file share",
	find:    (*inquiry).findClient,
}

// findClient takes the owner of a file that the kernel wrote for the client of a share.
func (q *inquiry) findClient() []candidate {
	if q.owner == "" || q.owner == administrators || q.writer == nil || q.writer.pid != kernelPID {
		return nil
	}
	a := q.ownerAs("The writer acts for clients; the owner of the file is %s")
	a.Answer.Answer += "."
	a.rests = []Question{Writer}
	a.cite(q.citeWriting()...)
	return []candidate{a}
}

// clientWords names the account for which a service wrote the file.
func (q *inquiry) clientWords() string {
	if q.owner == "" || q.owner == administrators {
		return "the client for whom the service wrote it"
	}
	return "the owner of the file, " + q.accounts.described(q.owner) + ", for whom the service wrote it"
}

// described is that of the accounts. If no record names an account, it has the name of its
// domain, which answers cite.
func (q *inquiry) described(a *Answer, sid string) string {
	text := q.accounts.described(sid)
	if text != sid {
		return text
	}
	d, ok := q.domains.of(sid)
	if !ok {
		return text
	}
	a.cite(d.record)
	return sid + ", an account of " + d.name
}

// ownerAs makes a candidate of the owner, named in a sentence.
func (q *inquiry) ownerAs(sentence string) candidate {
	a := candidate{Answer: Answer{Grade: Inferred}, claim: claim{what: q.owner}}
	a.cite(q.citeOwner())
	owner := q.described(&a.Answer, q.owner)
	a.Answer.Answer = fmt.Sprintf(sentence, owner)
	a.other = "the owner of the file, " + owner
	q.nameAccount(&a, q.owner)
	return a
}

// nameAccount adds the facts about the account of a SID, with the record that has its name.
func (q *inquiry) nameAccount(a *candidate, sid string) {
	if known, ok := q.accounts[sid]; ok {
		a.fact("user", known.name)
		a.cite(known.record)
	} else {
		a.fact("user", cmp.Or(wellKnown[sid], computedAccount(sid)))
	}
	a.fact("sid", sid)
	q.addLocal(a, sid)
}

// sidOfProcess returns the SID of the account that a process ran under, and the
// record of it: 4688 itself, the built-in session, the logon of its session, else any
// record that names this account. Sysmon logs no SID. The owner of the file is not
// taken for it: an owner can be set, and is not the account that acted.
func (q *inquiry) sidOfProcess(p *process) (sid string, record Citation, named bool) {
	if p.sid != "" {
		return p.sid, Citation{}, true
	}
	if sid := systemSIDs[p.logonID]; sid != "" { // in every language
		return sid, Citation{}, true
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
	if a, known := q.accounts[q.owner]; known && !strings.Contains(a.name, `\`) && winid.SameAccount(a.name, p.user) { // a profile, which has no domain
		return q.owner, a.record, true
	}
	return "", Citation{}, false
}

func sayAccount(a retold) []string {
	return []string{"The account that wrote it is " + cmp.Or(a.Fact("user"), a.Fact("sid"))}
}

// addLocal adds to an answer what the SAM records of the account that has a SID.
func (q *inquiry) addLocal(a *candidate, sid string) {
	account := q.sam.of(sid)
	if account == nil {
		return
	}
	text := "; it is a local account"
	if account.Disabled() {
		text += ", disabled now"
		a.fact("disabled", "yes")
	} else {
		a.fact("disabled", "no")
	}
	for _, n := range account.Names {
		text += ", with this name since " + timeText(n.LastWrite)
		a.fact("named", n.LastWrite)
		break
	}
	if !account.LastLogon.IsZero() {
		text += ", with its last logon at " + timeText(account.LastLogon)
		a.fact("last_logon", account.LastLogon)
	}
	for _, g := range account.groups {
		a.fact("group", g.Name)
		if g.SID.String() == administrators {
			text += ", a member of the administrators"
			a.cite(Citation{Artifact: account.artifact, Record: g.Key, Offset: g.Offset, Time: g.LastWrite, Text: values("group", g.Name, "member", cmp.Or(account.Name, sid))})
		}
	}
	a.Answer.Answer += text
	a.cite(account.cite())
}
