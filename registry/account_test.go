package registry_test

import (
	"encoding/binary"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
	"github.com/birthmark-dfir/birthmark/winid"
)

func sid(t testing.TB, text string) winid.SID {
	t.Helper()
	s, err := winid.ParseSID(text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

const aMachine = "S-1-5-21-1111111111-2222222222-3333333333"

// listed returns the key below Names of an account.
func listed(name string) registry.AccountName {
	return registry.AccountName{Name: name, Key: `SAM\Domains\Account\Users\Names\` + name, LastWrite: when.Add(-time.Hour)}
}

// ofMachine fills in what follows from the RID.
func ofMachine(t testing.TB, a registry.Account) registry.Account {
	a.Key = `SAM\Domains\Account\Users\` + strings.ToUpper(leftPadded(a.RID))
	a.LastWrite = when
	a.SID = sid(t, aMachine).WithRID(a.RID)
	if a.FixedRID == 0 {
		a.FixedRID = a.RID
	}
	return a
}

func leftPadded(rid uint32) string {
	const digits = "0123456789abcdef"
	b := make([]byte, 8)
	for i := range b {
		b[i] = digits[rid>>(28-4*i)&0xf]
	}
	return string(b)
}

// users are accounts with one of everything.
func users(t testing.TB) []registry.Account {
	list := []registry.Account{
		{RID: 500, Name: "Administrator", Comment: "Built-in", Control: 0x211, PrimaryGroup: 513, Names: []registry.AccountName{listed("Administrator")}},
		{RID: 1001, Name: "Jürgen", FullName: "Jürgen 日本", Comment: "a", UserComment: "b", HomeDirectory: `\\srv\home`, HomeDrive: "H:", Script: "logon.bat",
			Profile: `\\srv\p`, Workstations: "A,B", InternetName: "j@example.com", Hint: "the usual", Control: 0x10, PrimaryGroup: 513, Logons: 7, BadPasswords: 2,
			LastLogon: when, LastLogoff: when.Add(time.Minute), PasswordSet: when.Add(-time.Hour), Expires: when.AddDate(1, 0, 0), LastBadPassword: when.Add(-time.Minute),
			Names: []registry.AccountName{listed("Jürgen")}},
		{RID: 1002, FixedRID: 500, Name: "guest2", Control: 0x10, Names: []registry.AccountName{listed("guest2")}, Findings: []registry.AccountFinding{registry.AccountRIDHijacked}},
		{RID: 1003, Name: "before", Control: 0x10, Names: []registry.AccountName{listed("after")}, Findings: []registry.AccountFinding{registry.AccountRenamed}},
		{RID: 1004, Name: "helper$", Control: 0x10, Findings: []registry.AccountFinding{registry.AccountUnlisted, registry.AccountHiddenName}},
		{RID: 1005, Name: "twin", Control: 0x10, Names: []registry.AccountName{listed("twin"), listed("twin2")},
			Findings: []registry.AccountFinding{registry.AccountNamedTwice, registry.AccountRenamed}},
	}
	for i := range list {
		list[i] = ofMachine(t, list[i])
	}
	return list
}

func samOf(t testing.TB) registrytest.Hive {
	h := registrytest.Hive{Name: `\SystemRoot\System32\Config\SAM`, LastWrite: when}
	h.SetMachineSID(sid(t, aMachine), when)
	for _, a := range users(t) {
		h.SetAccount(a)
	}
	h.Set(`SAM\Domains\Account\Users\Names\gone`, when, registrytest.Value{Type: 1099})
	for _, g := range groups(t) {
		h.SetGroup(g)
	}
	return h
}

func groups(t testing.TB) []registry.Group {
	return []registry.Group{
		{Key: `SAM\Domains\Builtin\Aliases\00000220`, LastWrite: when, RID: 544, SID: sid(t, "S-1-5-32-544"), Name: "Administrators", Comment: "all",
			Members: []winid.SID{sid(t, aMachine+"-500"), sid(t, aMachine+"-1002"), sid(t, "S-1-5-21-9-8-7-512")}},
		{Key: `SAM\Domains\Builtin\Aliases\00000222`, LastWrite: when, RID: 546, SID: sid(t, "S-1-5-32-546"), Name: "Guests"},
		{Key: `SAM\Domains\Account\Aliases\000003F2`, LastWrite: when, RID: 1010, SID: sid(t, aMachine+"-1010"), Name: "Ours", Members: []winid.SID{sid(t, "S-1-5-18")}},
	}
}

func TestAccounts(t *testing.T) {
	r := read(t, write(t, samOf(t)))
	if r.Type() != registry.SAM {
		t.Errorf("type %s", r.Type())
	}
	want := append(users(t), registry.Account{Key: `SAM\Domains\Account\Users\Names\gone`, LastWrite: when, RID: 1099, SID: sid(t, aMachine+"-1099"), Name: "gone",
		Names: []registry.AccountName{{Name: "gone", Key: `SAM\Domains\Account\Users\Names\gone`, LastWrite: when}}, Findings: []registry.AccountFinding{registry.AccountMissing}})
	var got []registry.Account
	for a, err := range registry.Accounts(r) {
		if err != nil {
			t.Error(err)
		}
		if a.Offset <= 0 {
			t.Errorf("%s: offset %d", a.Name, a.Offset)
		}
		a.Offset = 0
		for i := range a.Names {
			a.Names[i].Offset = 0
		}
		got = append(got, a)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	for range registry.Accounts(r) {
		break
	}
	for a, err := range registry.Accounts(read(t, write(t, plain(5)))) {
		t.Errorf("in another hive: %+v, %v", a, err)
	}
	if a := got[0]; !a.Disabled() || !slices.Equal(a.Properties(), []string{"disabled", "user account", "password does not expire"}) {
		t.Errorf("disabled %v, %q", a.Disabled(), a.Properties())
	}
	if m, err := registry.MachineSID(r); err != nil || m.String() != aMachine {
		t.Errorf("machine %s, %v", m, err)
	}
}

func TestGroups(t *testing.T) {
	var got []registry.Group
	for g, err := range registry.Groups(read(t, write(t, samOf(t)))) {
		if err != nil || g.Offset <= 0 {
			t.Error(g, err)
		}
		g.Offset = 0
		got = append(got, g)
	}
	if want := groups(t); !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	for range registry.Groups(read(t, write(t, samOf(t)))) {
		break
	}
}

// A damaged value of an account costs what it holds, and is reported.
func TestDamagedAccounts(t *testing.T) {
	set := func(h *registrytest.Hive, key, value string, change func([]byte) []byte) {
		k := h.Key(key, when)
		for i := range k.Values {
			if k.Values[i].Name == value {
				k.Values[i].Data = change(slices.Clone(k.Values[i].Data))
			}
		}
	}
	const user, alias = `SAM\Domains\Account\Users\000003E9`, `SAM\Domains\Builtin\Aliases\00000220`
	for _, tt := range []struct {
		name, key, value string
		change           func([]byte) []byte
		want             string
		left             func(registry.Account) bool
	}{
		{"short F", user, "F", func(b []byte) []byte { return b[:60] }, "value F of an account: got 60, want ≥ 68 bytes", func(a registry.Account) bool {
			return a.Name == "Jürgen" && a.LastLogon.IsZero() && a.FixedRID == 1001
		}},
		{"short V", user, "V", func(b []byte) []byte { return b[:100] }, "value V of an account: got 100, want ≥ 204 bytes", func(a registry.Account) bool {
			return a.Name == "Jürgen" && a.Logons == 7 // the name is that of the key below Names
		}},
		{"full name beyond V", user, "V", func(b []byte) []byte { binary.LittleEndian.PutUint32(b[28:], 1<<31); return b }, "full name: got end", func(a registry.Account) bool {
			return a.FullName == "" && a.Comment == "a"
		}},
		{"short C", alias, "C", func(b []byte) []byte { return b[:51] }, "value C of a group: got 51", nil},
		{"too many members", alias, "C", func(b []byte) []byte { binary.LittleEndian.PutUint32(b[48:], 1<<31-1); return b }, "members of a group: got 3, want 2147483647 SIDs", nil},
		{"no machine SID", `SAM\Domains\Account`, "V", func([]byte) []byte { return []byte{1} }, "value V of the domain: got 1, want ≥ 12 bytes", func(a registry.Account) bool {
			return a.Name == "Jürgen" && a.SID.IsZero()
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := samOf(t)
			set(&h, tt.key, tt.value, tt.change)
			r := read(t, write(t, h))
			var errs []string
			found := tt.left == nil
			for a, err := range registry.Accounts(r) {
				if err != nil {
					errs = append(errs, err.Error())
				}
				if err != nil && !damage.Is(err) {
					t.Errorf("not damage: %v", err)
				}
				found = found || a.RID == 1001 && tt.left(a)
			}
			for _, err := range registry.Groups(r) {
				if err != nil {
					errs = append(errs, err.Error())
				}
			}
			if len(errs) == 0 || !strings.Contains(errs[0], tt.want) || !strings.Contains(errs[0], tt.key) {
				t.Errorf("errors %q, want %q of %s", errs, tt.want, tt.key)
			}
			if !found {
				t.Error("what is left is not read")
			}
		})
	}
}
