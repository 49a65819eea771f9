package registry

import (
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// The versions of Windows by [autostarts.version].
const (
	versionVista = 600
	version8     = 602
)

func offStartupApproved(s *switched, _ *autostarts) string {
	list := "Run"
	if s.in32 {
		list = "Run32"
	}
	return reason(s.approvedRuns()[winpath.FoldName(s.v.Name)], `StartupApproved\`+list)
}

const explorerPolicies = windows + `Policies\Explorer`

// shellPolicy returns a function for a policy of Explorer, which the machine's hive and that
// of an account may have under the same names: one name for what is in the machine's hive,
// and one for what is in an account's. If both have it, that of the machine counts. For the
// view of 32-bit programs it is not known to count.
func shellPolicy(ofMachine, ofAccount string) func(*switched, *autostarts) string {
	return func(s *switched, account *autostarts) string {
		name := ofMachine
		if s.hives&machine == 0 {
			name = ofAccount
		}
		if s.in32 {
			if s.restricted(account, name, "") == 1 {
				s.doubt("whether the policy " + name + " counts for the view of 32-bit programs")
			}
			return ""
		}
		return reason(s.restricted(account, name, "whether the policy "+name+" of the machine is set") == 1, "the policy "+name)
	}
}

// restricted returns the number of a policy of Explorer: that of the machine, else that of
// the account, else 0.
func (s *switched) restricted(account *autostarts, name, whether string) uint32 {
	n := uint32(0)
	if account != nil {
		n = account.numberIn(account.setting(explorerPolicies, false), name, 0)
	}
	if n == 1 {
		whether = "" // that of the machine seldom says otherwise
	}
	software := s.software(whether)
	if k := software.setting(explorerPolicies, false); k != nil && software.has(k, name) {
		return software.numberIn(k, name, 0)
	}
	return n
}

func offVista(s *switched, _ *autostarts) string {
	v := s.software("whether the Windows is Vista or later, which do not read it").version()
	return reason(v >= versionVista, "Windows Vista and later do not read it")
}

const desktopPolicy = `Policies\Microsoft\Windows\Control Panel\Desktop`

// offScreenSaver asks the policy first, which has the same values as the settings.
func offScreenSaver(s *switched, account *autostarts) string {
	const active, program = "ScreenSaveActive", "SCRNSAVE.EXE"
	policy := account.setting(desktopPolicy, false)
	if policy == nil || policy.Offset == s.k.Offset {
		return unless(active, 0)(s, account)
	}
	if s.has(policy, active) {
		if s.numberIn(policy, active, 1) == 0 {
			return active + " 0 of the policy"
		}
	} else if why := unless(active, 0)(s, account); why != "" {
		return why
	}
	other := s.textOf(policy, program)
	return reason(other != "" && !winpath.SameName(other, s.f.command), "the policy names another screensaver, "+other)
}

func offUseFilter(s *switched, _ *autostarts) string {
	return reason(s.numberIn(s.k.parent, "UseFilter", 0) == 0, "UseFilter is 0 or absent")
}

func offReportingMode(s *switched, _ *autostarts) string {
	options := s.at(windowsNT + `Image File Execution Options\` + s.k.Name).key
	if s.numberIn(s.k, "ReportingMode", 1)&1 == 0 {
		return "ReportingMode does not have 1"
	}
	return reason(s.numberIn(options, "GlobalFlag", 0)&0x200 == 0, "GlobalFlag does not have 0x200")
}

func offLoadAppInit(s *switched, _ *autostarts) string {
	const name = "LoadAppInit_DLLs"
	if v := s.autostarts.version(); v != 0 && v < versionVista {
		return ""
	}
	return given(name)(s, nil)
}

// offSecureBoot asks SYSTEM, which records the state of Secure Boot at the last start.
func offSecureBoot(s *switched, _ *autostarts) string {
	const whether = "whether Secure Boot is on, which turns it off"
	if v := s.autostarts.version(); v != 0 && v < version8 {
		return ""
	}
	system := s.system(whether)
	if system == nil {
		return ""
	}
	k := system.at(join(system.base, `Control\SecureBoot\State`)).key
	if !system.has(k, "UEFISecureBootEnabled") {
		s.doubt(whether + ": SYSTEM does not record it")
		return ""
	}
	return reason(system.numberIn(k, "UEFISecureBootEnabled", 0) != 0, "Secure Boot")
}

func offSigned(s *switched, _ *autostarts) string {
	if s.numberIn(s.k, "RequireSignedAppInit_DLLs", 0) != 0 {
		s.doubt("whether the library has a signature that Windows trusts, which RequireSignedAppInit_DLLs demands")
	}
	return ""
}

func offEngine(s *switched, _ *autostarts) string {
	k := s.setting(`Policies\Microsoft\Windows\AppCompat`, false)
	return reason(s.numberIn(k, "DisableEngine", 0) == 1, "the policy DisableEngine")
}

func offExcluded(s *switched, _ *autostarts) string {
	const name = "ExcludedCredentialProviders"
	list := s.listOf(name, func(add func(string)) {
		for class := range strings.SplitSeq(s.textOf(s.setting(windows+`Policies\System`, false), name), ",") {
			add(strings.TrimSpace(class))
		}
	})
	return reason(list[winpath.FoldName(s.k.Name)], "the policy "+name)
}
