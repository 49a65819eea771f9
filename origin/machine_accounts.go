package origin

import (
	"strings"

	"github.com/birthmark-dfir/birthmark/timeline"
)

// wellKnown names the accounts whose SIDs are the same on every machine.
var wellKnown = map[string]string{
	"S-1-5-18":     `NT AUTHORITY\SYSTEM`,
	"S-1-5-19":     `NT AUTHORITY\LOCAL SERVICE`,
	"S-1-5-20":     `NT AUTHORITY\NETWORK SERVICE`,
	"S-1-5-7":      `NT AUTHORITY\ANONYMOUS LOGON`,
	"S-1-5-32-544": `BUILTIN\Administrators`,
	"S-1-5-32-545": `BUILTIN\Users`,
	"S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464": `NT SERVICE\TrustedInstaller`,
}

// administrators own what members with an elevated token create, so that this
// owner names no account.
const administrators = "S-1-5-32-544"

// accounts are what records name together with their SIDs, by SID.
type accounts map[string]knownAccount

// described returns an account's name with its SID, as far as it is known.
func (list accounts) described(sid string) string {
	name := wellKnown[sid]
	if a, ok := list[sid]; ok {
		name = a.name
	}
	if name == "" {
		return sid
	}
	return name + " (" + sid + ")"
}

// nullSID stands where no account is stated.
const nullSID = "S-1-0-0"

// knownAccount is an account that a record names together with its SID.
type knownAccount struct {
	name   string
	record Citation
}

// name notes that a record names an account together with its SID.
func (list accounts) name(e *timeline.Event, sid, domain, user string) {
	sid = undash(sid)
	if _, known := list[sid]; known || sid == "" || sid == nullSID {
		return
	}
	if name := account(domain, user); name != "" {
		list[sid] = knownAccount{name, cite(e, "SID", sid, "account", name)}
	}
}

// sidOf returns the SID of an account by the records that name both, "" where
// none does, or where two SIDs have that name.
func (list accounts) sidOf(name string) (sid string, record Citation) {
	for s, a := range list {
		if !strings.EqualFold(a.name, name) {
			continue
		}
		if sid != "" {
			return "", Citation{}
		}
		sid, record = s, a.record
	}
	return sid, record
}

// sameUser compares accounts of which one may lack the domain: 1149 has it in
// upper case or not at all.
func sameUser(a, b string) bool {
	if strings.Contains(a, `\`) && strings.Contains(b, `\`) {
		return strings.EqualFold(a, b)
	}
	return strings.EqualFold(baseName(a), baseName(b)) && a != ""
}
