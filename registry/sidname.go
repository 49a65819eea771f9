package registry

import (
	"iter"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/winid"
)

// A SIDName is a SID with the name of its account, which a hive other than the SAM
// records together.
type SIDName struct {
	SID       winid.SID
	Name      string    // DOMAIN\user, or user@domain
	Source    string    // what keeps it: "LogonUI", "SessionData", "LogonCache", "IdentityCache" or "IdentityCRL"
	Key       string    // path of the key
	Value     string    // the value with the name; "" for a name in the path of the key
	Offset    int64     // of the value's cell, or the key's, in bytes from the beginning of the hive file
	LastWrite time.Time // of the key
}

// sidNames lists the keys that hold names of accounts with their SIDs. In the path, * is
// any one key. The SID is a value, or the name of the key if sid is "". The first of the
// values that is there is the name; without values it is the name of the key above.
var sidNames = [...]struct {
	hive   HiveType
	source string
	key    string
	sid    string
	names  []string
}{
	{Software, "LogonUI", windows + `Authentication\LogonUI`, "LastLoggedOnUserSID", []string{"LastLoggedOnSAMUser", "LastLoggedOnUser"}},
	{Software, "SessionData", windows + `Authentication\LogonUI\SessionData\*`, "LoggedOnUserSID", []string{"LoggedOnSAMUser", "LoggedOnUser"}},
	{Software, "LogonCache", `Microsoft\IdentityStore\LogonCache\*\Sid2Name\*`, "", []string{"SAMName", "IdentityName"}},
	{Software, "IdentityCache", `Microsoft\IdentityStore\Cache\*\IdentityCache\*`, "", []string{"UserName", "SAMName"}},
	{User, "IdentityCRL", `Software\Microsoft\IdentityCRL\StoredIdentities\*\*`, "", nil},
}

// SIDNames yields the names of accounts that a hive records with their SIDs: those that
// logged on at the console and in sessions, and those of the identity store, which are of
// domains and of Microsoft. Group policy names the domain of an account only: see
// [PolicyDomains].
func SIDNames(r *Reader) iter.Seq2[SIDName, error] {
	return func(yield func(SIDName, error) bool) {
		hive := r.Type()
		for _, row := range sidNames {
			if row.hive != hive {
				continue
			}
			for k, err := range r.keysLike(row.key) {
				if err != nil {
					if !yield(SIDName{}, err) {
						return
					}
					continue
				}
				s := settingsOf(k)
				text := k.Name
				if row.sid != "" {
					text = s.text(row.sid)
				}
				sid, err := winid.ParseSID(text)
				if err != nil {
					continue // nobody has logged on yet
				}
				n := SIDName{SID: sid, Source: row.source, Key: k.Path(), Offset: k.Offset, LastWrite: k.LastWrite}
				if row.names == nil {
					n.Name = k.parent.Name
				} else {
					from := s.setting(row.names...)
					n.Name, n.Value, n.Offset = strings.TrimPrefix(from.Text, `.\`), from.Value, from.Offset
				}
				if (n.Name != "" || s.damaged != nil) && !yield(n, s.damaged) {
					return
				}
			}
		}
	}
}

// A PolicyDomain is a SID with the distinguished name of its account in Active Directory,
// as group policy keeps it.
type PolicyDomain struct {
	SID           winid.SID
	Distinguished string    // CN=Bob,OU=Staff,DC=corp,DC=example
	Domain        string    // DNS name of the domain in it: corp.example
	Key           string    // path of the key
	Offset        int64     // of the value's cell
	LastWrite     time.Time // of the key
}

// PolicyDomains yields the accounts to which a SOFTWARE hive records that group policy was
// applied.
func PolicyDomains(r *Reader) iter.Seq2[PolicyDomain, error] {
	return below(r, windows+`Group Policy\State\*`, func(k *Key) (PolicyDomain, bool, error) {
		sid, err := winid.ParseSID(k.Name)
		if err != nil {
			return PolicyDomain{}, false, nil // Machine
		}
		s := settingsOf(k)
		dn := s.setting("Distinguished-Name")
		p := PolicyDomain{SID: sid, Distinguished: dn.Text, Domain: domainIn(dn.Text), Key: k.Path(), Offset: dn.Offset, LastWrite: k.LastWrite}
		return p, dn.Text != "", s.damaged
	})
}

// domainIn returns the DNS name of the domain in a distinguished name of Active Directory.
func domainIn(name string) (domain string) {
	for part := range strings.SplitSeq(name, ",") {
		if dc, ok := cutPrefixFold(strings.TrimSpace(part), "DC="); ok {
			if domain != "" {
				domain += "."
			}
			domain += dc
		}
	}
	return domain
}

func cutPrefixFold(s, prefix string) (string, bool) {
	if len(s) < len(prefix) || !strings.EqualFold(s[:len(prefix)], prefix) {
		return s, false
	}
	return s[len(prefix):], true
}
