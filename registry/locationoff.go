package registry

import (
	"cmp"
	"strings"
)

// offs is a table of what turns autostarts off: in words, and a function that returns what
// does it to one of them, or "" if it is on. If what it asks belongs to an account, that is
// the hive of the account, or nil for the machine as such. A row that is asked for each
// account can be off for one of them and on for another.
var offs = [...]struct {
	off     off
	says    string
	account bool // asked for each account
	why     func(s *switched, account *autostarts) string
}{
	{byStartupApproved, `an odd first byte of the value of the same name below Explorer\StartupApproved\Run or Run32`, false, offStartupApproved},
	{byRunPolicy, `the policy DisableLocalMachineRun or DisableCurrentUserRun`, true, shellPolicy("DisableLocalMachineRun", "DisableCurrentUserRun")},
	{byRunOncePolicy, `the policy DisableLocalMachineRunOnce or DisableCurrentUserRunOnce`, true, shellPolicy("DisableLocalMachineRunOnce", "DisableCurrentUserRunOnce")},
	{byNT, "Windows NT and its successors, which do not read it", false, func(*switched, *autostarts) string { return "Windows NT and its successors do not read it" }},
	{byVista, "Windows Vista and later, which do not read it", false, offVista},
	{byIsInstalled, "IsInstalled 0", false, unless("IsInstalled", 0)},
	{byScreenSaver, `ScreenSaveActive 0, also of the policy, or the policy that names another screensaver`, false, offScreenSaver},
	{byVerifierFlag, "GlobalFlag without 0x100", false, flagged("GlobalFlag", 0x100)},
	{byUseFilter, "UseFilter 0 or absent in the key above", false, offUseFilter},
	{byReportingMode, "ReportingMode without 1, or GlobalFlag of the same program below Image File Execution Options without 0x200", false, offReportingMode},
	{byLoadAppInit, "LoadAppInit_DLLs 0 or, since Windows Vista, absent", false, offLoadAppInit},
	{bySecureBoot, "since Windows 8, Secure Boot", false, offSecureBoot},
	{bySigned, "RequireSignedAppInit_DLLs 1 and a library without a signature, which no hive shows", false, offSigned},
	{byBlocked, `its class below Shell Extensions\Blocked`, true, offBlocked},
	{byApproved, `the policy EnforceShellExtensionSecurity, if its class is not below Shell Extensions\Approved`, true, offApproved},
	{byEnable, "Enable 0", false, unless("Enable", 0)},
	{byAboutHome, "Source About:Home", false, offAboutHome},
	{byBrowserExtensions, `Enable Browser Extensions "no" of Internet Explorer or its policy`, true, offBrowserExtensions},
	{byAddonList, `its class 0 in the policy Ext\CLSID, or absent there with RestrictToList`, true, offAddonList},
	{byAddonSettings, `the flag 0x1 or 0x10 and the Version * of its class below Ext\Settings`, true, offAddonSettings},
	{byLoadBehavior, "LoadBehavior 0, 1 or 2, also that of the account", true, offLoadBehavior},
	{byResiliency, `a disabled item below Resiliency\DisabledItems of the newest version of the program`, true, offDisabledItem},
	{byAddinList, `its ProgID 0 in the policy Resiliency\AddinList, or absent there with RestrictToList`, true, offAddinList},
	{byCORProfiling, "COR_ENABLE_PROFILING other than 1 or absent", false, only("COR_ENABLE_PROFILING", 1)},
	{byCoreCLRProfiling, "CORECLR_ENABLE_PROFILING other than 1 or absent", false, only("CORECLR_ENABLE_PROFILING", 1)},
	{byEngine, "the policy DisableEngine of AppCompat", false, offEngine},
	{bySetupType, "SetupType 0 or absent", false, given("SetupType")},
	{byDisabled, "Disabled 1", false, unless("Disabled", 1)},
	{byExcluded, "its class in the policy ExcludedCredentialProviders", false, offExcluded},
	{byEnabled, "Enabled 0", false, unless("Enabled", 0)},
	{byCallouts, "CalloutEnabled 0 or absent", false, given("CalloutEnabled")},
	{byServiceStart, "Start 4 of the service", false, offServiceStart},
	{byOwner, "Start 4 of the service whose key it is in", false, offOwner},
	{bySpooler, "Start 4 of the service Spooler", false, serviceOff("Spooler")},
	{byImaging, "Start 4 of the service stisvc", false, serviceOff("stisvc")},
	{byDriver, "Start 4 of the driver", false, offDriver},
	{byProviderOrder, `Control\NetworkProvider\Order, if it does not name the service`, false, offProviderOrder},
	{byHooks, "since Windows Vista, EnableShellExecuteHooks 0 or absent in the policies of Explorer", true, offHooks},
	{byProtectedLSA, "RunAsPPL and a library without a signature of Microsoft, which no hive shows", false, offProtectedLSA},
	{byActiveSetup, "the key of the same name of the account, if its Version is not lower and its Locale the same", true, offActiveSetup},
}

// switches sets what turns an autostart off.
func (a *autostarts) switches(l *location, k *Key, v *Value, f *found, out *Autostart) {
	s := &switched{autostarts: a, l: l, k: k, v: v, f: f}
	var own *autostarts // the hive of the account of the autostart
	var accounts []*autostarts
	switch {
	case a.hives&user != 0:
		own = a
	case a.hives&machine != 0:
		accounts = a.beside().accounts
	case a.hives == userClasses:
		if own = a.beside().account(a.user); own == nil && l.off != never {
			s.doubt("whether the account turns it off: no NTUSER.DAT")
		}
	}
	var off, offFor, doneFor []string
	if a.disabledByMove {
		off = append(off, autorunsDisabled)
	}
	for i := range offs {
		o := &offs[i]
		if l.off&o.off == 0 {
			continue
		}
		why := o.why(s, own)
		if !o.account || len(accounts) == 0 {
			if why != "" {
				off = append(off, why)
			}
			continue
		}
		var of []string
		for _, account := range accounts {
			if w := o.why(s, account); w != "" {
				of = append(of, cmp.Or(account.user, account.r.Name())+": "+w)
			}
		}
		switch {
		case o.off == byActiveSetup: // which runs for an account that is new
			doneFor = append(doneFor, of...)
		case why != "" && len(of) == len(accounts):
			off = append(off, why)
		default:
			offFor = append(offFor, of...)
		}
	}
	out.Off, out.Enabled = strings.Join(off, "; "), len(off) == 0
	if out.Enabled {
		out.OffFor, out.DoneFor, out.Undecided = strings.Join(offFor, "; "), strings.Join(doneFor, "; "), strings.Join(s.unsure, "; ")
	}
}
