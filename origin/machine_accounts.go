package origin

import (
	"cmp"
	"strings"

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

// administrators is the SID of the group that owns what members with an elevated
// token create. This owner does not identify an account.
const administrators = "S-1-5-32-544"

// accounts are the accounts that records name together with their SIDs, by SID.
type accounts map[string]knownAccount

// described returns an account's name with its SID, or the SID alone if the name is
// unknown.
func (list accounts) described(sid string) string {
	name := cmp.Or(wellKnown[sid], computedAccount(sid))
	if a, ok := list[sid]; ok {
		name = a.name
	}
	if name == "" {
		return sid
	}
	return name + " (" + sid + ")"
}

// nullSID is what Windows logs in place of a missing SID.
const nullSID = "S-1-0-0"

// knownAccount is an account that a record names together with its SID.
type knownAccount struct {
	name   string
	record Citation
	other  *knownAccount // of the SAM, if that has another name
}

// name adds the name and SID of an account from a record that holds both.
func (list accounts) name(e *timeline.Event, sid, domain, user string) {
	sid = winid.Undash(sid)
	if _, known := list[sid]; known || sid == "" || sid == nullSID {
		return
	}
	if name := cmp.Or(wellKnown[sid], winid.Account(domain, user)); name != "" { // a record may have the name of the machine's account
		list[sid] = knownAccount{name: name, record: cite(e, "SID", sid, "account", name)}
	}
}

// sidOf returns the SID of an account according to the records that name both, or ""
// if it is unknown or if two SIDs have that name.
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

// takeServices names the accounts of the services that a hive holds.
func (list accounts) takeServices(starts []hiveAutostart) {
	for i := range starts {
		s := &starts[i]
		if s.Category == "service" && s.Name != "" {
			list[nameSID(serviceAuthority, strings.ToUpper(s.Name))] = knownAccount{name: `NT SERVICE\` + s.Name, record: Citation{Artifact: s.artifact, Record: s.Location, Offset: s.Offset, Time: s.LastWrite, Text: values("key", s.Location)}}
		}
	}
}

// The LogonIds of Windows itself, which are the same in every boot.
var systemLogons = map[uint64]string{
	0x3e7: "SYSTEM",
	0x3e5: "LOCAL SERVICE",
	0x3e4: "NETWORK SERVICE",
}

// systemSIDs are the accounts of these sessions, whatever Windows calls them in its
// language.
var systemSIDs = map[uint64]string{
	0x3e7: "S-1-5-18",
	0x3e5: "S-1-5-19",
	0x3e4: "S-1-5-20",
}
