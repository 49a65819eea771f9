package registry_test

import (
	"testing"

	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

// A component of Active Setup runs for an account until it ran in the version that the
// machine has.
func TestActiveSetupOfAnAccount(t *testing.T) {
	const component, below32 = `Microsoft\Active Setup\Installed Components\{1}`, `Wow6432Node\`
	sz := registrytest.SZ
	type values []registrytest.Value
	for _, tt := range []struct {
		name         string
		machine, own values // of the account, nil without a key
		view         string
		done, doubt  string
	}{
		{"it did not run", values{sz("Version", "1,0")}, nil, "", "", ""},
		{"it ran in this version", values{sz("Version", "1,0")}, values{sz("Version", "1,0")}, "", "alice: ran in version 1,0", ""},
		{"it ran in an older version", values{sz("Version", "10,0,0,1")}, values{sz("Version", "9,9,9,9")}, "", "", ""},
		{"it ran in a newer version", values{sz("Version", "1,9")}, values{sz("Version", "1,10")}, "", "alice: ran in version 1,10", ""},
		{"zeros at the end do not count", values{sz("Version", "2")}, values{sz("Version", "2,0,0,0")}, "", "alice: ran in version 2,0,0,0", ""},
		{"it ran, and has no version", nil, values{sz("", "")}, "", "alice: ran", ""},
		{"it ran when it had no version", values{sz("Version", "1")}, values{sz("", "")}, "", "", ""},
		{"another locale", values{sz("Version", "1"), sz("Locale", "de")}, values{sz("Version", "1"), sz("Locale", "en")}, "", "", ""},
		{"the same locale", values{sz("Version", "1"), sz("Locale", "EN")}, values{sz("Version", "1"), sz("Locale", "en")}, "", "alice: ran in version 1", ""},
		{"a locale of the account alone", values{sz("Version", "1")}, values{sz("Version", "1"), sz("Locale", "en")}, "", "alice: ran in version 1", ""},
		{"a version with dots", values{sz("Version", "1.2")}, values{sz("Version", "1,1")}, "", "", "whether the Version 1.2 is higher than 1,1 of alice"},
		{"the view of 32-bit programs", values{sz("Version", "1")}, values{sz("Version", "1")}, below32, "alice: ran in version 1", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var software, alice registrytest.Hive
			software.Set(current+"x", when)
			software.Set(tt.view+component, when, append(tt.machine, sz("StubPath", `C:\x.exe`))...)
			alice.Set(`Software`, when)
			if tt.own != nil {
				alice.Set(`Software\`+tt.view+component, when, tt.own...)
			}
			of := read(t, write(t, software), registry.WithName("SOFTWARE"))
			account := registry.HiveOf{Reader: read(t, write(t, alice), registry.WithName("NTUSER.DAT")), User: "alice"}
			n := 0
			for a := range registry.Autostarts(of, registry.WithMachine(account)) {
				n++
				if a.DoneFor != tt.done || a.Undecided != tt.doubt || !a.Enabled || a.OffFor != "" {
					t.Errorf("got %q, %q, %q, enabled %v", a.DoneFor, a.Undecided, a.OffFor, a.Enabled)
				}
			}
			if n != 1 {
				t.Errorf("%d autostarts", n)
			}
		})
	}
}
