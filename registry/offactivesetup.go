package registry

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// offActiveSetup compares a component of Active Setup with the key of the same name of an
// account, into which Active Setup writes the version for which it ran. It runs again if that
// of the machine is higher, or if its Locale is not that of the account.
func offActiveSetup(s *switched, account *autostarts) string {
	k := account.setting(`Microsoft\Active Setup\Installed Components\`+s.k.Name, s.in32)
	if account == nil || k == nil {
		return ""
	}
	if locale := s.textOf(s.k, "Locale"); locale != "" && !strings.EqualFold(locale, account.textOf(k, "Locale")) {
		return ""
	}
	machine, own := s.textOf(s.k, "Version"), account.textOf(k, "Version")
	switch {
	case machine == "":
		return "ran"
	case own == "":
		return ""
	}
	a, known := setupVersion(machine)
	b, knownOwn := setupVersion(own)
	if !known || !knownOwn {
		s.doubt("whether the Version " + machine + " is higher than " + own + " of " + cmp.Or(account.user, account.r.Name()))
		return ""
	}
	return reason(slices.Compare(a[:], b[:]) <= 0, "ran in version "+own)
}

// setupVersion returns the four numbers of a version, which commas separate. Of a text in
// another form, it is not known what Active Setup makes of it.
func setupVersion(text string) (version [4]uint64, ok bool) {
	parts := strings.Split(text, ",")
	if len(parts) > len(version) {
		return version, false
	}
	for i, part := range parts {
		n, err := strconv.ParseUint(strings.TrimSpace(part), 10, 32)
		if err != nil {
			return version, false
		}
		version[i] = n
	}
	return version, true
}
