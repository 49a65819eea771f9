package timeline

import (
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/registry"
)

// machineTimes is the table of what hives record with times about accounts and the machine.
var machineTimes = [...]struct {
	hive registry.HiveType
	read func(*machineReader)
}{
	{registry.SAM, (*machineReader).accounts},
	{registry.Security, (*machineReader).cachedLogons},
	{registry.Software, (*machineReader).profiles},
	{registry.Software, (*machineReader).installation},
	{registry.System, (*machineReader).leases},
	{registry.System, (*machineReader).formerVersions},
}

// A machineReader collects events of a hive.
type machineReader struct {
	r        *registry.Reader
	artifact string
	c        *Coverage
	zone     *registry.TimeZone // nil for machineTimes
	list     []keyTime
}

// machineTimesIn reads what a hive records with times about accounts and the machine.
func machineTimesIn(r *registry.Reader, artifact string, c *Coverage) []keyTime {
	m := machineReader{r: r, artifact: artifact, c: c}
	hive := r.Type()
	for _, row := range machineTimes {
		if row.hive == hive {
			row.read(&m)
		}
	}
	return m.list
}

// add adds an event, unless it has no time.
func (m *machineReader) add(kind Kind, key string, offset int64, t timedValue) {
	if filetime.Ticks(t.at) != 0 && len(m.list) < maxTimed {
		m.list = append(m.list, keyTime{kind, t, key, t.value, offset})
	}
}

// readable yields the records that could be read, at least in part. Their damage is added
// to the coverage; the walk over all keys reports that of others.
func readable[T any](m *machineReader, records iter.Seq2[T, error], keyOf func(*T) string) iter.Seq[*T] {
	return func(yield func(*T) bool) {
		for t, err := range records {
			key := keyOf(&t)
			if key == "" {
				continue
			}
			if bad, ok := errors.AsType[*damage.Error](err); ok {
				m.c.add(damage.Note(damage.Malformed, bad, m.artifact, key))
			}
			if !yield(&t) {
				return
			}
		}
	}
}

// accounts reads when local accounts logged on last, failed to, and got their passwords.
func (m *machineReader) accounts() {
	for a := range readable(m, registry.Accounts(m.r), func(a *registry.Account) string { return a.Key }) {
		says := "the local account " + a.Name
		fields := []Field{{"RID", fmt.Sprint(a.RID)}, {"Name", a.Name}}
		if !a.SID.IsZero() {
			fields = append(fields, Field{"SID", a.SID.String()})
		}
		if len(a.Findings) > 0 {
			var list []string
			for _, f := range a.Findings {
				list = append(list, string(f))
			}
			fields = append(fields, Field{"Findings", strings.Join(list, " ")})
		}
		value := func(at time.Time, desc, what string) timedValue {
			return timedValue{at: at, desc: desc, says: says + " " + what, fields: fields, value: "F", user: a.Name, data: a}
		}
		m.add(LastLogon, a.Key, a.Offset, value(a.LastLogon, "Last Login Time", fmt.Sprintf("logged on last, %d times in all", a.Logons)))
		m.add(LogonFailed, a.Key, a.Offset, value(a.LastBadPassword, "Last Bad Password Time", fmt.Sprintf("was last tried with a wrong password, %d times since its last logon", a.BadPasswords)))
		m.add(PasswordSet, a.Key, a.Offset, value(a.PasswordSet, "Last Password Set Time", "got its password"))
		for _, n := range a.Names {
			m.add(AccountNamed, n.Key, n.Offset, timedValue{at: n.LastWrite, desc: "Content Modification Time", says: fmt.Sprintf("the local account with the RID %d got the name %s: it was made, or renamed", a.RID, n.Name),
				fields: fields, user: n.Name, data: a})
		}
	}
}

// cachedLogons reads when accounts of a domain logged on whose credentials are cached.
func (m *machineReader) cachedLogons() {
	for c := range readable(m, registry.CachedLogons(m.r), func(c *registry.CachedLogon) string { return c.Key }) {
		m.add(CredentialsCached, c.Key, c.Offset, timedValue{at: c.Written, desc: "Last Update Time", value: c.Value,
			says: fmt.Sprintf("the credentials of an account of a domain, with the RID %d and an encrypted name, were cached after a logon", c.RID), fields: []Field{{"RID", fmt.Sprint(c.RID)}}, data: c})
	}
}

// profiles reads when profiles were loaded and unloaded.
func (m *machineReader) profiles() {
	for p := range readable(m, registry.Profiles(m.r), func(p *registry.Profile) string { return p.Key }) {
		fields := []Field{{"SID", p.SID.String()}, {"ProfileImagePath", p.Path}}
		says := fmt.Sprintf("the profile %s of %s", p.Path, p.SID)
		m.add(ProfileLoaded, p.Key, p.Offset, timedValue{at: p.Loaded, desc: "Last Login Time", value: "LocalProfileLoadTimeLow", path: p.Path, says: says + " was loaded last", fields: fields, data: p})
		m.add(ProfileUnloaded, p.Key, p.Offset, timedValue{at: p.Unloaded, desc: "Last Logout Time", value: "LocalProfileUnloadTimeLow", path: p.Path, says: says + " was unloaded last", fields: fields, data: p})
	}
}

// installation reads when this version of Windows was installed, if only InstallDate says
// so; InstallTime is a row of valueTimes.
func (m *machineReader) installation() {
	w, _ := registry.WindowsOf(m.r)
	if !winpath.SameName(w.InstalledBy.Value, "InstallDate") {
		return
	}
	m.add(WindowsInstalled, w.Key, w.InstalledBy.Offset, timedValue{at: w.Installed, desc: "Installation Time", value: w.InstalledBy.Value, says: w.Name() + " was installed, or upgraded"})
}

// maxLeaseAge is how long before the last write of its key a lease may have begun. Windows
// counts from a date of its own if its clock was not set.
const maxLeaseAge = 10 * 365 * 24 * time.Hour

// leases reads when DHCP servers gave addresses to the machine.
func (m *machineReader) leases() {
	for i := range readable(m, registry.Interfaces(m.r), func(i *registry.Interface) string { return i.Key }) {
		for _, l := range i.Leases {
			if l.LastWrite.Sub(l.Obtained) > maxLeaseAge {
				continue
			}
			name := i.Name
			if name == "" {
				name = i.GUID
			}
			says := fmt.Sprintf("the address %s of the interface %s, from the DHCP server %s", l.Address, name, l.Server)
			fields := []Field{{"Interface", i.GUID}, {"Address", l.Address}, {"Server", l.Server}}
			if l.Network != "" {
				says += ", in the network " + l.Network
				fields = append(fields, Field{"Network", l.Network})
			}
			m.add(LeaseObtained, l.Key, l.Offset, timedValue{at: l.Obtained, desc: "Lease Obtained Time", value: "LeaseObtainedTime", says: says + ", was leased", fields: fields, data: i})
			m.add(LeaseEnding, l.Key, l.Offset, timedValue{at: l.Expires, desc: "Expiration Time", value: "LeaseTerminatesTime", says: says + ", is leased until this time", fields: fields, data: i})
		}
	}
}

// formerVersions reads when versions of Windows were installed that upgrades replaced.
func (m *machineReader) formerVersions() {
	for f := range readable(m, registry.FormerVersions(m.r), func(f *registry.FormerWindows) string { return f.Key }) {
		m.add(WindowsInstalled, f.Key, f.InstalledBy.Offset, timedValue{at: f.Installed, desc: "Installation Time", value: f.InstalledBy.Value, says: f.Name() + " was installed, which an upgrade replaced later"})
	}
}
