package origin

import (
	"cmp"

	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/timeline"
	"github.com/birthmark-dfir/birthmark/winid"
)

// domains are the names of the domains of accounts, by their SIDs: that of the machine, that
// of which it is a member, and those in which group policy was applied. They show whose an
// account is that no record names.
type domains map[winid.SID]domainName

type domainName struct {
	name   string
	record Citation
}

// domainsOf reads the hives of a volume. The first that names a domain counts.
func domainsOf(hives []*timeline.Hive) domains {
	list := domains{}
	add := func(h *timeline.Hive, sid winid.SID, name string, key string, offset int64, c Citation) {
		if _, known := list[sid]; known || sid.IsZero() || name == "" {
			return
		}
		c.Artifact, c.Record, c.Offset, c.Text = h.Artifact, key, offset, values("SID", sid.String(), "domain", name)
		list[sid] = domainName{clip(name), c}
	}
	for _, h := range hives {
		switch h.Reader.Type() {
		case registry.Security:
			p, _ := registry.PolicyOf(h.Reader) // what is damaged is in the coverage
			of := func(s registry.PolicySID, names ...string) {
				add(h, s.SID, cmp.Or(names...), s.Key, s.Offset, Citation{Time: s.LastWrite})
			}
			of(p.AccountDomainSID, p.AccountDomain.Name)
			of(p.DomainSID, p.Domain.Name, p.DNSDomain.Name)
		case registry.Software:
			for d, err := range registry.PolicyDomains(h.Reader) {
				if err == nil && len(list) < maxDomains {
					add(h, d.SID.Domain(), d.Domain, d.Key, d.Offset, Citation{Time: d.LastWrite})
				}
			}
		}
	}
	return list
}

// maxDomains limits how many domains are kept.
const maxDomains = 1000

// of returns the domain of an account that no record names.
func (list domains) of(sid string) (domainName, bool) {
	s, err := winid.ParseSID(sid)
	if err != nil || len(s.SubAuthorities()) < 5 {
		return domainName{}, false
	}
	d, ok := list[s.Domain()]
	return d, ok
}
