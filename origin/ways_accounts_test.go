package origin_test

import (
	"time"

	"github.com/birthmark-dfir/birthmark/mft/mfttest"
	"github.com/birthmark-dfir/birthmark/origin"
	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
	"github.com/birthmark-dfir/birthmark/winid"
)

// accountWays are the ways by which the SAM and the list of profiles answer, or contradict,
// who wrote the file.
func accountWays() []trap {
	const rid = 1000 // of the owner
	made := noon.Add(-time.Hour)
	local := func(name string, rid uint32) registry.Account {
		return registry.Account{RID: rid, Name: name, Control: 0x10, Names: []registry.AccountName{{Name: name, LastWrite: made}}}
	}
	user := local("user", rid)
	user.LastLogon, user.Logons, user.LastWrite = made.Add(time.Minute), 3, noon
	disabled := user
	disabled.Control |= 1
	renamed := local("other", rid)
	hijacker := local("guest2", 1001)
	hijacker.FixedRID = rid
	unlisted := user
	unlisted.Names = nil
	sam := func(domain string, accounts ...registry.Account) mfttest.File {
		h := registrytest.Hive{Name: "SAM"}
		sid, err := winid.ParseSID(domain)
		if err != nil {
			panic(err)
		}
		h.SetMachineSID(sid, made)
		h.Set(`SAM\Domains\Account\Users\Names`, made)
		for _, a := range accounts {
			h.SetAccount(a)
		}
		member, err := winid.ParseSID(owner)
		if err != nil {
			panic(err)
		}
		h.SetGroup(registry.Group{RID: 544, SID: winid.WellKnownSID(`BUILTIN\Administrators`), Name: "Administrators", Members: []winid.SID{member}})
		data, err := h.Bytes()
		if err != nil {
			panic(err)
		}
		return mfttest.File{Path: "Windows/System32/config/SAM", Data: data}
	}
	with := func(files ...mfttest.File) world { return world{files: append([]mfttest.File{file(noon)}, files...)} }
	wrote := func(f mfttest.File) world {
		w := with(f)
		w.sysmon = []any{wrote(1, `C:\Windows\System32\cmd.exe`, noon, noon)}
		w.security = []any{loggedOn(0x1234, 10, "203.0.113.5", made)}
		return w
	}
	onItsOwn := wrote(sam("S-1-5-21-9-9-9", user))
	onItsOwn.hive = named("TRAP")
	const domain = "S-1-5-21-1-2-3"
	return []trap{
		{"an owner that only the SAM names", with(sam(domain, user)),
			findings{origin.Account: "inferred disabled=no :it is a local account"}, kinds{absent(origin.AccountHijacked), absent(origin.AccountNames), absent(origin.SAMForeign)}},
		{"an owner that is an administrator", with(sam(domain, user)), findings{origin.Account: "inferred group=Administrators :a member of the administrators"}, nil},
		{"an owner that is disabled now", with(sam(domain, disabled)), findings{origin.Account: "inferred disabled=yes :disabled now"}, nil},
		{"an account that gets the rights of the owner", with(sam(domain, user, hijacker)), findings{origin.Account: "inferred"}, kinds{origin.AccountHijacked}},
		{"an account that has another name in the SAM than in the log", wrote(sam(domain, renamed)), nil, kinds{origin.AccountNames}},
		{"an account that has the same name in the SAM and in the log", wrote(sam(domain, user)), nil, kinds{absent(origin.AccountNames)}},
		{"an owner that is missing among the names", with(sam(domain, unlisted)), nil, kinds{origin.AccountNames}},
		{"the SAM of another machine, which nothing shows", with(sam("S-1-5-21-9-9-9", user)), findings{origin.Account: "inferred sid=" + owner}, kinds{absent(origin.AccountNames)}},
		{"the SAM of another machine, by an account of this one in a log", onItsOwn, nil, kinds{origin.SAMForeign, absent(origin.AccountNames)}},
	}
}
