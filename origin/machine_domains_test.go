package origin_test

import (
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/origin"
	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
	"github.com/birthmark-dfir/birthmark/winid"
)

// An account that no record names is one of its domain, if a hive has the domain's SID: that
// of the machine, that of which it is a member, or one in which group policy was applied.
func TestDomainOfUnknownAccount(t *testing.T) {
	sid := func(text string) winid.SID {
		s, err := winid.ParseSID(text)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	const machine, corp, other = "S-1-5-21-1-2-3", "S-1-5-21-4-5-6", "S-1-5-21-7-8-9"
	security := &registrytest.Hive{Name: "SECURITY"}
	security.SetPolicy(registry.Policy{
		AccountDomain: registry.PolicyName{Name: "SRV02", LastWrite: noon}, AccountDomainSID: registry.PolicySID{SID: sid(machine), LastWrite: noon},
		Domain: registry.PolicyName{Name: "CORP", LastWrite: noon}, DomainSID: registry.PolicySID{SID: sid(corp), LastWrite: noon},
	})
	software := &registrytest.Hive{Name: "SOFTWARE"}
	key, values := registrytest.PolicyDomain(sid(other+"-1200"), "CN=Bob,DC=partner,DC=example")
	software.Set(key, noon, values...)
	for _, tt := range []struct {
		name, owner string
		hives       []any
		want, from  string // "" if the SID is all that is known
	}{
		{"of the machine", machine + "-1105", []any{hiveAt{hiveFolder + "SECURITY", security}}, ", an account of SRV02", "SECURITY"},
		{"of its domain", corp + "-1105", []any{hiveAt{hiveFolder + "SECURITY", security}}, ", an account of CORP", "SECURITY"},
		{"of a domain of group policy", other + "-1105", []any{hiveAt{hiveFolder + "SOFTWARE", software}}, ", an account of partner.example", "SOFTWARE"},
		{"of another domain", "S-1-5-21-9-9-9-1105", []any{hiveAt{hiveFolder + "SECURITY", security}, hiveAt{hiveFolder + "SOFTWARE", software}}, "", ""},
		{"a group of Windows", "S-1-5-32-999", []any{hiveAt{hiveFolder + "SECURITY", security}}, "", ""},
	} {
		file := born(tool, "12:00:00.2134567", lee)
		file.Owner = tt.owner
		r := story{tt.name, box("SRV02", day(), append([]any{file}, tt.hives...)), tool, nil}.report(t)
		a := r.Answer(origin.Account)
		if want := "The owner of the file is " + tt.owner + tt.want + ", which need not be the account that wrote it."; a.Answer != want {
			t.Errorf("%s: %s\nwant %s", tt.name, a.Answer, want)
		}
		cited := false
		for _, c := range a.Evidence {
			cited = cited || strings.HasSuffix(c.Artifact, "config/"+tt.from) && strings.Contains(c.Text, "domain")
		}
		if cited != (tt.from != "") {
			t.Errorf("%s: the record is cited: %v", tt.name, cited)
		}
	}
}
