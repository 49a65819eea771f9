package origin_test

import (
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/origin"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

// What another hive of the machine says of an autostart counts: it is disabled, or it is
// off for one account, or it is not known whether it is on.
func TestAutostartsThatAnotherHiveTurnsOff(t *testing.T) {
	const (
		dll     = `C:\ProgramData\Up\evil.dll`
		nt      = `Microsoft\Windows NT\CurrentVersion`
		addin   = `Microsoft\Office\Excel\Addins\Evil.Addin`
		state   = `ControlSet001\Control\SecureBoot\State`
		policy  = `Microsoft\Windows\CurrentVersion\Policies\Explorer`
		setup   = `Microsoft\Active Setup\Installed Components\{1}`
		unknown = "whether Secure Boot is on, which turns it off: SYSTEM does not record it"
	)
	in := func(hive, key string, value registrytest.Value) placed { return placed{hive, key, value} }
	appInit := []placed{in("SOFTWARE", nt, registrytest.SZ("CurrentVersion", "6.3")), in("SOFTWARE", nt+`\Windows`, registrytest.SZ("AppInit_DLLs", dll)),
		in("SOFTWARE", nt+`\Windows`, registrytest.DWord("LoadAppInit_DLLs", 1))}
	addIn := []placed{in("SOFTWARE", addin, registrytest.DWord("LoadBehavior", 3)), in("SOFTWARE", `Classes\Evil.Addin\CLSID`, registrytest.SZ("", "{1}")),
		in("SOFTWARE", `Classes\CLSID\{1}\InprocServer32`, registrytest.SZ("", dll))}
	for _, tt := range []struct {
		name  string
		start start
		facts string
		said  string
	}{
		{"Secure Boot is on", start{subject: dll, values: append(appInit[:3:3], in("SYSTEM", state, registrytest.DWord("UEFISecureBootEnabled", 1)))},
			"state=disabled|role=loads|off=Secure Boot", ""},
		{"Secure Boot is off", start{subject: dll, values: append(appInit[:3:3], in("SYSTEM", state, registrytest.DWord("UEFISecureBootEnabled", 0)))}, "state=held|role=loads|off=|undecided=", ""},
		{"nothing records Secure Boot", start{subject: dll, values: appInit}, "state=held|role=loads|undecided=" + unknown, "(not known: " + unknown + ")"},
		{"an account does not load an add-in", start{subject: dll, values: append(addIn[:3:3], in("NTUSER", `Software\`+addin, registrytest.DWord("LoadBehavior", 0)))},
			"state=held|role=loads|off_for=alice: LoadBehavior 0", "(off for alice: LoadBehavior 0)"},
		{"Active Setup that ran for an account", start{values: []placed{in("SOFTWARE", setup, registrytest.SZ("StubPath", dropped)), in("SOFTWARE", setup, registrytest.SZ("Version", "1,0")),
			in("NTUSER", `Software\`+setup, registrytest.SZ("Version", "1,0"))}}, "state=held|role=starts|off=|done_for=alice: ran in version 1,0", "(done for alice: ran in version 1,0)"},
		{"a policy of the machine", start{user: dropped, values: []placed{in("SOFTWARE", policy, registrytest.DWord("DisableCurrentUserRun", 1))}},
			"state=disabled|role=starts|off=the policy DisableCurrentUserRun", ""},
		{"a policy of another account's list", start{user: dropped, values: []placed{in("SOFTWARE", policy, registrytest.DWord("DisableLocalMachineRun", 1))}}, "state=held|role=starts|off=|off_for=", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := investigateStart(t, tt.start.world(t)).Answer(origin.Autostart)
			for fact := range strings.SplitSeq(tt.facts, "|") {
				if name, value, _ := strings.Cut(fact, "="); a.Fact(name) != value {
					t.Errorf("%s is %q, want %q: %s", name, a.Fact(name), value, a.Answer)
				}
			}
			if !strings.Contains(a.Answer, tt.said) {
				t.Errorf("answer: %s", a.Answer)
			}
		})
	}
}
