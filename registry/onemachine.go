package registry

import (
	"fmt"
	"slices"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/winid"
)

// Contradiction returns why hives cannot be of one machine, in words, or "" if nothing in
// them says so. Two SYSTEM or SOFTWARE hives are of two machines, or of two times. The name
// of the machine and its domain are in SYSTEM and, if group policy was applied, in SOFTWARE.
// The hive of an account names it in the security descriptor of its root, and SOFTWARE has
// the profiles of all accounts.
func Contradiction(hives ...*Reader) string {
	var list []claims
	for _, r := range hives {
		c := claimsOf(r)
		for _, other := range list {
			if why := c.contradicts(other); why != "" {
				return why
			}
			if why := other.contradicts(c); why != "" {
				return why
			}
		}
		list = append(list, c)
	}
	return ""
}

// claims are what a hive says about the machine that it is of.
type claims struct {
	hive     string
	kind     HiveType
	names    []string
	domain   string
	accounts []winid.SID
}

func claimsOf(r *Reader) claims {
	c := claims{hive: r.Name(), kind: r.Type()}
	switch c.kind {
	case System:
		computer, _ := ComputerOf(r) // what is damaged says nothing
		for _, s := range [...]Setting{computer.Name, computer.ActiveName, computer.Host, computer.NextHost} {
			if s.Text != "" && !slices.Contains(c.names, s.Text) {
				c.names = append(c.names, s.Text)
			}
		}
		c.domain = computer.Domain.Text
	case Software:
		name := r.settingsAt(windows + `Group Policy\State\Machine`).setting("Distinguished-Name").Text
		if first, _, _ := strings.Cut(name, ","); first != "" {
			if host, ok := cutPrefixFold(first, "CN="); ok {
				c.names = []string{host}
			}
		}
		c.domain = domainIn(name)
		for p, err := range Profiles(r) {
			if err == nil && isPersonal(p.SID) {
				c.accounts = append(c.accounts, p.SID)
			}
		}
	case User, UserClasses, UserSoftware:
		c.accounts = RootAccounts(r)
	}
	return c
}

// contradicts returns why the hives of two claims are not of one machine. What follows from
// a hive of an account is found only if other is a SOFTWARE hive.
func (c *claims) contradicts(other claims) string {
	switch {
	case c.kind == other.kind && (c.kind == System || c.kind == Software):
		return fmt.Sprintf("%s and %s are both a hive %s", other.hive, c.hive, c.kind)
	case len(c.names) > 0 && len(other.names) > 0 && !slices.ContainsFunc(c.names, other.isNamed):
		return fmt.Sprintf("%s is of %s, %s of %s", other.hive, strings.Join(other.names, " or "), c.hive, strings.Join(c.names, " or "))
	case c.domain != "" && other.domain != "" && !winpath.SameName(c.domain, other.domain):
		return fmt.Sprintf("%s is of the domain %s, %s of %s", other.hive, other.domain, c.hive, c.domain)
	case other.kind == Software && len(c.accounts) > 0 && len(other.accounts) > 0 && !slices.ContainsFunc(c.accounts, other.knows):
		return fmt.Sprintf("%s belongs to %s, and %s has no profile of that account or its domain", c.hive, c.accounts[0], other.hive)
	}
	return ""
}

func (c claims) isNamed(name string) bool {
	return slices.ContainsFunc(c.names, func(own string) bool { return winpath.SameName(own, name) })
}

// knows reports whether an account, or another of the machine or the domain that made it,
// has a profile.
func (c claims) knows(sid winid.SID) bool {
	return slices.ContainsFunc(c.accounts, func(p winid.SID) bool {
		return p == sid || p.Domain() == sid.Domain() && !p.Domain().IsZero()
	})
}

// RootAccounts returns the accounts that the security descriptor of a hive's root names, as
// its owner or in its DACL, without those that every machine has: in the hive of an account
// that is the account.
func RootAccounts(r *Reader) (list []winid.SID) {
	add := func(sid winid.SID, err error) {
		if err == nil && isPersonal(sid) && !slices.Contains(list, sid) {
			list = append(list, sid)
		}
	}
	root, err := r.Root()
	if err != nil {
		return nil
	}
	if owner, err := root.OwnerSID(); err == nil && owner != "" {
		add(winid.ParseSID(owner))
	}
	sd, err := root.SecurityDescriptor()
	if err != nil || len(sd) == 0 {
		return list
	}
	entries, err := daclOf(sd)
	if err != nil {
		return list
	}
	for e, err := range entries.entries() {
		if err == nil && e.understood() {
			add(e.who())
		}
	}
	return list
}

// isPersonal reports whether a SID is that of an account of one machine, one domain or
// Microsoft Entra ID.
func isPersonal(sid winid.SID) bool {
	text := sid.String()
	return strings.HasPrefix(text, "S-1-5-21-") || strings.HasPrefix(text, "S-1-12-1-")
}
