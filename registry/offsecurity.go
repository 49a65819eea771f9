package registry

import (
	"slices"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// offHooks asks the policy without which Windows Vista and later do not call the hooks of
// ShellExecute: of the machine, or of the account.
func offHooks(s *switched, account *autostarts) string {
	const name = "EnableShellExecuteHooks"
	v := s.software("whether the Windows is Vista or later, which need the policy " + name).version()
	if v < versionVista {
		return ""
	}
	for _, hive := range [...]*autostarts{s.beside().software, account} {
		if hive != nil && hive.numberIn(hive.setting(explorerPolicies, false), name, 0) != 0 {
			return ""
		}
	}
	if s.hives&machine != 0 && account == nil && len(s.beside().accounts) == 0 {
		s.doubt("whether an account has the policy " + name + ": no NTUSER.DAT")
		return ""
	}
	return "the policy " + name + " is 0 or absent"
}

// packagesOfWindows are the libraries that Windows itself has in lsass.exe.
var packagesOfWindows = []string{"msv1_0", "kerberos", "negoexts", "pku2u", "cloudap", "wdigest", "schannel", "tspkg", "livessp", "scecli", "rassfm",
	"credssp", "lsasrv", "msapsspc", "digest", "msnsspc", "kdcsvc"}

// offProtectedLSA notes that lsass.exe as a protected process loads only what Microsoft
// signed, which no hive shows.
func offProtectedLSA(s *switched, _ *autostarts) string {
	k := s.at(join(s.base, `Control\Lsa`)).key
	name := "RunAsPPL"
	on := s.numberIn(k, name, 0) != 0
	if !on {
		name = "RunAsPPLBoot"
		on = s.numberIn(k, name, 0) != 0
	}
	if software := s.beside().software; !on && software != nil {
		name = "the policy RunAsPPL"
		on = software.numberIn(software.setting(`Policies\Microsoft\Windows\System`, false), "RunAsPPL", 0) != 0
	}
	library, _ := strings.CutSuffix(winpath.FoldName(s.f.command), ".DLL")
	if on && library != "" && !slices.ContainsFunc(packagesOfWindows, func(own string) bool { return winpath.SameName(own, library) }) {
		s.doubt("whether the library has a signature of Microsoft, which " + name + " demands")
	}
	return ""
}

// blocklistDoubt returns what is not known about a driver outside System32 if Windows blocks
// those in its list of vulnerable drivers.
func (a *autostarts) blocklistDoubt(path string) string {
	const name = "VulnerableDriverBlocklistEnable"
	if a.numberIn(a.at(join(a.base, `Control\CI\Config`)).key, name, 0) == 0 {
		return ""
	}
	folded := winpath.FoldName(winpath.Normalize("C", path))
	for _, folder := range [...]string{`%SYSTEMROOT%\SYSTEM32\`, `C:\WINDOWS\SYSTEM32\`, `SYSTEM32\`} {
		if strings.HasPrefix(folded, folder) {
			return ""
		}
	}
	return "whether the list of vulnerable drivers has it, which " + name + " blocks"
}
