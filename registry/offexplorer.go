package registry

import (
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

const shellExtensions = windows + `Shell Extensions\`

// isListed reports whether a list of Shell Extensions, which is a key, has one of the
// classes. The hive may be nil.
func (a *autostarts) isListed(list string, classes []string) bool {
	if a == nil {
		return false
	}
	names := a.listOf(shellExtensions+list, func(add func(string)) {
		if k := a.setting(shellExtensions+list, false); k != nil {
			for v, err := range k.Values() {
				if err != nil {
					a.damaged(err)
					continue
				}
				add(v.Name)
			}
		}
	})
	for _, class := range classes {
		if names[winpath.FoldName(class)] {
			return true
		}
	}
	return false
}

// shellClasses returns the classes that the lists of Shell Extensions may have for it: that
// in the value, and that in the name of the key.
func (s *switched) shellClasses() []string {
	list := []string{s.k.Name}
	if s.v != nil {
		if text := s.text(s.v); text != "" {
			list = append(list, text)
		}
	}
	return list
}

func offBlocked(s *switched, account *autostarts) string {
	const why = `Shell Extensions\Blocked`
	classes := s.shellClasses()
	if account.isListed("Blocked", classes) {
		return why
	}
	return reason(s.software("whether the machine blocks it").isListed("Blocked", classes), why)
}

func offApproved(s *switched, account *autostarts) string {
	const policy = "EnforceShellExtensionSecurity"
	if s.restricted(account, policy, "") != 1 {
		return ""
	}
	software := s.software("whether the machine approves it, as the policy " + policy + " demands")
	classes := s.shellClasses()
	return reason(software != nil && !account.isListed("Approved", classes) && !software.isListed("Approved", classes), "the policy "+policy)
}

func offAboutHome(s *switched, _ *autostarts) string {
	return reason(strings.EqualFold(s.text(s.v), "about:home"), "Source About:Home")
}

// offBrowserExtensions asks the policy of the machine, that of the account, and what the
// account set.
func offBrowserExtensions(s *switched, account *autostarts) string {
	const name, main = "Enable Browser Extensions", internetExplorer + "Main"
	for _, place := range [...]struct {
		hive *autostarts
		path string
		says string
	}{
		{s.software("whether a policy of the machine turns extensions of the browser off"), `Policies\` + main, " of the policy"},
		{account, `Policies\` + main, " of the policy"},
		{account, main, ""},
	} {
		if k := place.hive.setting(place.path, false); k != nil && place.hive.has(k, name) {
			return reason(strings.EqualFold(strings.TrimSpace(place.hive.textOf(k, name)), "no"), name+" no"+place.says)
		}
	}
	return ""
}

// addonClass returns the class by which Internet Explorer manages an add-on, or "".
func (s *switched) addonClass() string {
	if s.l.read == classNames {
		return s.v.Name
	}
	return reason(isClass(s.k.Name), s.k.Name)
}

// offAddonList asks the policy: that of the account before that of the machine.
func offAddonList(s *switched, account *autostarts) string {
	const policies, list = windows + `Policies\Ext`, windows + `Policies\Ext\CLSID`
	class := s.addonClass()
	software := s.software("whether a policy of the machine denies the add-on")
	if class == "" {
		return ""
	}
	for _, hive := range [...]*autostarts{account, software} {
		if k := hive.setting(list, hive.in32For(s)); k != nil && hive.has(k, class) {
			switch hive.numberIn(k, class, 2) {
			case 0:
				return `the policy Ext\CLSID`
			case 1:
				return ""
			}
		}
	}
	for _, hive := range [...]*autostarts{account, software} {
		if k := hive.setting(policies, hive.in32For(s)); k != nil && hive.has(k, "RestrictToList") {
			return reason(hive.numberIn(k, "RestrictToList", 0) != 0 && !allowed(class, account, software, s), "the policy RestrictToList")
		}
	}
	return ""
}

// allowed reports whether a policy lists a class, so that RestrictToList does not deny it.
func allowed(class string, account, software *autostarts, s *switched) bool {
	for _, hive := range [...]*autostarts{account, software} {
		if k := hive.setting(windows+`Policies\Ext\CLSID`, hive.in32For(s)); k != nil && hive.has(k, class) {
			return true
		}
	}
	return false
}

// in32For reports whether the settings of a hive are in the view of 32-bit programs, for an
// autostart that is: those of an account are in both.
func (a *autostarts) in32For(s *switched) bool { return a != nil && a.hives&machine != 0 && s.in32 }

// offAddonSettings asks what the account set in the management of add-ons, and what the
// machine has if the account did not set anything. A policy that allows the add-on counts more.
func offAddonSettings(s *switched, account *autostarts) string {
	const disabled = 0x1 | 0x10
	class := s.addonClass()
	software := s.software("")
	if class == "" {
		return ""
	}
	for _, hive := range [...]*autostarts{account, software} {
		if k := hive.setting(windows+`Policies\Ext\CLSID`, hive.in32For(s)); k != nil && hive.has(k, class) && hive.numberIn(k, class, 2) == 1 {
			return ""
		}
	}
	for _, hive := range [...]*autostarts{account, software} {
		k := hive.setting(windows+`Ext\Settings\`+class, hive.in32For(s))
		if k == nil {
			continue
		}
		flags := hive.numberIn(k, "Flags", 0)
		return reason(flags&disabled != 0 && hive.textOf(k, "Version") == "*", `Flags `+hexadecimal(flags)+` of Ext\Settings`)
	}
	return ""
}
