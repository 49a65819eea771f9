package timeline

import (
	"path"
	"sync"
	"sync/atomic"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/winid"
)

// An AccountName is the name of an account with its SID, as one record of a hive has them.
type AccountName struct {
	SID    string
	Name   string // DOMAIN\user, user@domain, or the user alone if the record lacks the domain
	By     string // what records it: "SAM", "ProfileList", or a Source of [registry.SIDName]
	Source Source
	Time   time.Time // when the key was last written

	// Foreign is why the record is of another machine, as a clause; "" if it is not known
	// to be. It names no account of this machine.
	Foreign string
}

// AccountNames returns the names of accounts that the hives record with their SIDs, those
// first that Windows itself resolves SIDs by: the SAM, the logon screen and the sessions,
// the identity store, and last the folders of profiles, which are named after accounts
// when they are made.
func (t *Timeline) AccountNames() []AccountName { return hiveSet(t.hives).accountNames() }

// hiveSet are the hives of a volume.
type hiveSet []*Hive

// accountNames returns the names of accounts: see [Timeline.AccountNames].
func (hs hiveSet) accountNames() []AccountName {
	var list []AccountName
	for _, read := range [...]func(hiveSet, *Hive) []AccountName{hiveSet.namesInSAM, hiveSet.namesWithSIDs, hiveSet.namesOfProfiles} {
		for _, h := range hs {
			list = append(list, read(hs, h)...)
		}
	}
	return list
}

// beside returns the hive of a type in the same folder, or nil.
func (hs hiveSet) beside(h *Hive, kind registry.HiveType) *Hive {
	for _, other := range hs {
		if path.Dir(other.Artifact) == path.Dir(h.Artifact) && other.Reader.Type() == kind {
			return other
		}
	}
	return nil
}

// computerBeside returns what the SYSTEM hive in the same folder records of the machine.
func (hs hiveSet) computerBeside(h *Hive) registry.Computer {
	var c registry.Computer
	if system := hs.beside(h, registry.System); system != nil {
		c, _ = registry.ComputerOf(system.Reader) // the coverage has what is damaged
	}
	return c
}

// namesInSAM returns the names of local accounts.
func (hs hiveSet) namesInSAM(h *Hive) []AccountName {
	if h.Reader.Type() != registry.SAM {
		return nil
	}
	computer := hs.computerBeside(h)
	foreign := hs.foreignSAM(h, computer)
	domain := computer.Name.Text
	if computer.ActiveName.Text != "" {
		domain = computer.ActiveName.Text
	}
	var list []AccountName
	for a, err := range registry.Accounts(h.Reader) {
		if err == nil && !a.SID.IsZero() && a.Name != "" {
			list = append(list, AccountName{a.SID.String(), winid.Account(domain, a.Name), "SAM", h.source(a.Key, a.Offset), a.LastWrite, foreign})
		}
	}
	return list
}

// A domain controller has the SID of its domain in the SECURITY hive.
const domainController = "LanmanNT"

// foreignSAM returns why a SAM is not of the machine whose hives are beside it, or "": the
// SECURITY hive has another SID of the machine, or another name.
func (hs hiveSet) foreignSAM(h *Hive, computer registry.Computer) string {
	security := hs.beside(h, registry.Security)
	if security == nil || winpath.SameName(computer.Product.Text, domainController) {
		return ""
	}
	policy, _ := registry.PolicyOf(security.Reader)
	sid, err := registry.MachineSID(h.Reader)
	if want := policy.AccountDomainSID.SID; err == nil && !want.IsZero() && sid != want {
		return "the SAM has the SID " + sid.String() + " of the machine, but " + security.Artifact + " has " + want.String()
	}
	return ""
}

// namesWithSIDs returns the names that other hives have with their SIDs.
func (hiveSet) namesWithSIDs(h *Hive) []AccountName {
	var list []AccountName
	for n, err := range registry.SIDNames(h.Reader) {
		if err == nil {
			list = append(list, AccountName{n.SID.String(), n.Name, n.Source, h.source(n.Key, n.Offset), n.LastWrite, ""})
		}
	}
	return list
}

// namesOfProfiles returns the names of the folders of profiles. Those of accounts of
// Windows itself are named otherwise.
func (hiveSet) namesOfProfiles(h *Hive) []AccountName {
	if h.Reader.Type() != registry.Software {
		return nil
	}
	var list []AccountName
	for p, err := range registry.Profiles(h.Reader) {
		name := winpath.Base(p.Path)
		if err == nil && len(p.SID.SubAuthorities()) > 2 && name != "" && p.SID.WellKnown() == "" && !p.Backup {
			list = append(list, AccountName{p.SID.String(), name, "ProfileList", h.source(p.Key, p.Offset), p.LastWrite, ""})
		}
	}
	return list
}

// resolver returns a function that returns the name of the account with a SID by the first
// record of the hives that has it, else the one that is the same on every machine, or "".
func (hs hiveSet) resolver() func(sid string) string {
	names := sync.OnceValue(func() map[string]string {
		list := map[string]string{}
		for _, n := range hs.accountNames() {
			if list[n.SID] == "" && n.Foreign == "" {
				list[n.SID] = n.Name
			}
		}
		return list
	})
	find := func(sid string) string {
		if name := names()[sid]; name != "" {
			return name
		}
		s, err := winid.ParseSID(sid)
		if err != nil {
			return ""
		}
		return s.WellKnown()
	}
	type known struct{ sid, name string }
	var last atomic.Pointer[known] // most events have the SID of the one before
	return func(sid string) string {
		k := last.Load()
		if k == nil || k.sid != sid {
			k = &known{sid, find(sid)}
			last.Store(k)
		}
		return k.name
	}
}

// source returns where a hive has a record of a key.
func (h *Hive) source(key string, offset int64) Source {
	return Source{Artifact: h.Artifact, Record: key, Offset: offset, Type: TypeRegistry}
}
