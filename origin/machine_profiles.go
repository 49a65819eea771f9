package origin

import (
	"maps"
	"slices"
	"strings"

	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/timeline"
	"github.com/birthmark-dfir/birthmark/winid"
)

// maxProfiles limits how many names of accounts are read from hives.
const maxProfiles = 1 << 16

// takeNames adds the accounts that hives name with their SIDs, unless a log names them.
// A SAM of another machine names none.
func (list accounts) takeNames(names []*timeline.AccountName, sam *localAccounts) {
	for _, n := range names[:min(len(names), maxProfiles)] {
		if n.By == "SAM" && sam.isForeign(n.Source.Artifact) || !strings.HasPrefix(n.SID, "S-1-5-21-") && !strings.HasPrefix(n.SID, "S-1-12-1-") {
			continue
		}
		known := knownAccount{name: n.Name, record: citeName(n)}
		first, named := list[n.SID]
		switch {
		case !named:
			list[n.SID] = known
		case n.By == "SAM" && !winid.SameAccount(first.name, n.Name):
			first.other = &known
			list[n.SID] = first
		}
	}
}

// citeName cites the record of a name.
func citeName(n *timeline.AccountName) Citation {
	return Citation{Artifact: n.Source.Artifact, Record: n.Source.Record, Offset: n.Source.Offset, Time: n.Time, Text: values("SID", n.SID, "account", n.Name, "recorded by", n.By)}
}

// A localAccount is an account in the SAM of this machine.
type localAccount struct {
	registry.Account
	artifact string
	groups   []registry.Group // that it is a member of
}

// localAccounts are the accounts in the SAM of this machine.
type localAccounts struct {
	list    []*localAccount
	foreign []foreignSAM
}

// A foreignSAM is a SAM of another machine.
type foreignSAM struct {
	artifact string
	because  string // as a clause
	shown    []Citation
}

// isForeign reports whether a SAM is of another machine.
func (l *localAccounts) isForeign(artifact string) bool {
	return slices.ContainsFunc(l.foreign, func(f foreignSAM) bool { return f.artifact == artifact })
}

// take reads the accounts of the SAM hives that are of this machine. Other returns why a
// name in a SAM is of another machine.
func (l *localAccounts) take(hives []*timeline.Hive, names []*timeline.AccountName, other func(*timeline.AccountName) (string, []Citation)) {
	for _, n := range names {
		if n.By != "SAM" || l.isForeign(n.Source.Artifact) {
			continue
		}
		f := foreignSAM{n.Source.Artifact, n.Foreign, nil}
		if f.because == "" {
			f.because, f.shown = other(n)
		}
		if f.because != "" {
			f.shown = append([]Citation{citeName(n)}, f.shown...)
			l.foreign = append(l.foreign, f)
		}
	}
	for _, h := range hives {
		if h.Reader.Type() != registry.SAM || l.isForeign(h.Artifact) {
			continue
		}
		members := map[winid.SID][]registry.Group{}
		for g, err := range registry.Groups(h.Reader) {
			if err != nil {
				continue // the coverage has it
			}
			for _, sid := range g.Members {
				members[sid] = append(members[sid], g)
			}
		}
		for a, err := range registry.Accounts(h.Reader) {
			if err == nil && len(l.list) < maxProfiles {
				l.list = append(l.list, &localAccount{a, h.Artifact, members[a.SID]})
			}
		}
	}
}

// otherDomain returns why a name in a SAM is of another machine, or "": a record of this
// machine has its name before an account, and another SID of the machine.
func (list accounts) otherDomain(n *timeline.AccountName, host *names) (because string, shown []Citation) {
	sid, err := winid.ParseSID(n.SID)
	if err != nil {
		return "", nil
	}
	for _, text := range slices.Sorted(maps.Keys(list)) {
		a := list[text]
		domain, _, ok := strings.Cut(a.name, `\`)
		other, err := winid.ParseSID(text)
		if ok && err == nil && host.by == byHive && host.has(domain) && strings.HasPrefix(text, "S-1-5-21-") && other.Domain() != sid.Domain() {
			return "the SAM has the SID " + sid.Domain().String() + " of the machine, but the account " + a.name + " has the SID " + text, []Citation{a.record}
		}
	}
	return "", nil
}

// of returns the account with a SID, or nil.
func (l *localAccounts) of(sid string) *localAccount {
	for _, a := range l.list {
		if sid != "" && a.SID.String() == sid {
			return a
		}
	}
	return nil
}

// hijackers returns the accounts that get the rights of another, if that is or has the SID.
func (l *localAccounts) hijackers(sid string) []*localAccount {
	var list []*localAccount
	for _, a := range l.list {
		if sid != "" && a.FixedRID != a.RID && (a.SID.String() == sid || a.SID.Domain().WithRID(a.FixedRID).String() == sid) {
			list = append(list, a)
		}
	}
	return list
}

// cite cites the key of an account.
func (a *localAccount) cite() Citation {
	c := Citation{Artifact: a.artifact, Record: a.Key, Offset: a.Offset, Time: a.LastWrite}
	c.Text = values("name", a.Name, "RID", a.RID, "RID in F", a.FixedRID, "last logon", a.LastLogon, "password set", a.PasswordSet, "logons", a.Logons, "properties", strings.Join(a.Properties(), ", "))
	return c
}
