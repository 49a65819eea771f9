package origin

import (
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/timeline"
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
	sid = winid.Undash(sid)
	if _, known := list[sid]; known || sid == "" || sid == nullSID {
		return
	}
	if name := winid.Account(domain, user); name != "" {
		list[sid] = knownAccount{name, cite(e, "SID", sid, "account", name)}
	}
}

// sidOf returns the SID of an account by the records that name both, "" where
// none does, or where two SIDs have that name.
func (list accounts) sidOf(name string) (sid string, record Citation) {
	for s, a := range list {
		if !winpath.SameName(a.name, name) {
			continue
		}
		if sid != "" {
			return "", Citation{}
		}
		sid, record = s, a.record
	}
	return sid, record
}
