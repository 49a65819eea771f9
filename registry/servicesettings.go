package registry

import (
	"fmt"
	"slices"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/winid"
)

// serviceValues is a table of the values of a service's key that are settings.
var serviceValues = [...]struct {
	name string
	take func(a *autostarts, s *ServiceSettings, v *Value)
}{
	{"GROUP", func(a *autostarts, s *ServiceSettings, v *Value) { s.Group = a.text(v) }},
	{"DEPENDONSERVICE", func(a *autostarts, s *ServiceSettings, v *Value) { s.DependOnService = a.joined(v) }},
	{"DEPENDONGROUP", func(a *autostarts, s *ServiceSettings, v *Value) { s.DependOnGroup = a.joined(v) }},
	{"SERVICEMAIN", func(a *autostarts, s *ServiceSettings, v *Value) { s.ServiceMain = a.text(v) }},
	{"ERRORCONTROL", func(a *autostarts, s *ServiceSettings, v *Value) { s.ErrorControl, _ = a.number(v) }},
	{"DELAYEDAUTOSTART", func(a *autostarts, s *ServiceSettings, v *Value) { s.DelayedStart = a.isSet(v) }},
	{"FAILUREACTIONSONNONCRASHFAILURES", func(a *autostarts, s *ServiceSettings, v *Value) { s.FailuresOnStop = a.isSet(v) }},
	{"REQUIREDPRIVILEGES", func(a *autostarts, s *ServiceSettings, v *Value) { s.Privileges = a.joined(v) }},
	{"SERVICESIDTYPE", func(a *autostarts, s *ServiceSettings, v *Value) { s.SIDType, _ = a.number(v) }},
	{"LAUNCHPROTECTED", func(a *autostarts, s *ServiceSettings, v *Value) { s.Protected, _ = a.number(v) }},
}

// takeSetting takes a value of a service's key.
func (a *autostarts) takeSetting(s *ServiceSettings, v *Value) {
	name := winpath.FoldName(v.Name)
	for i := range serviceValues {
		if serviceValues[i].name == name {
			serviceValues[i].take(a, s, v)
			return
		}
	}
}

// joined returns the texts of a value, separated by commas.
func (a *autostarts) joined(v *Value) string {
	list, err := v.Strings()
	a.damaged(err)
	if err != nil {
		return a.text(v)
	}
	return strings.Join(slices.DeleteFunc(list, func(s string) bool { return s == "" }), ", ")
}

func (a *autostarts) isSet(v *Value) bool {
	n, _ := a.number(v)
	return n != 0
}

// The rights by which a service can be changed, and those by which its key can.
const (
	serviceChangeConfig = 0x00000002
	keySetValue         = 0x00000002
	keyCreateSubKey     = 0x00000004
	writeDAC            = 0x00040000
	writeOwner          = 0x00080000
	genericWrite        = 0x40000000

	changesService = serviceChangeConfig | writeDAC | writeOwner | genericWrite | genericAll
	changesKey     = keySetValue | keyCreateSubKey | writeDAC | writeOwner | genericWrite | genericAll
)

// administrators may change all services.
var administrators = [...]winid.SID{winid.WellKnownSID(`NT AUTHORITY\SYSTEM`), winid.WellKnownSID(`BUILTIN\Administrators`), winid.WellKnownSID(`NT SERVICE\TrustedInstaller`)}

// changers returns who may change a service by its descriptor, which may be nil, and its key
// by that of the key.
func (a *autostarts) changers(k *Key, sd []byte) string {
	var list []string
	add := func(what string, sd []byte, rights uint32) {
		who, err := changersIn(sd, rights)
		a.damaged(err)
		if who != "" {
			list = append(list, what+": "+who)
		}
	}
	if len(sd) > 0 {
		add("the service", sd, changesService)
	}
	ofKey, err := k.SecurityDescriptor()
	a.damaged(err)
	if len(ofKey) > 0 {
		add("the key", ofKey, changesKey)
	}
	return strings.Join(list, "; ")
}

// changersIn returns to whom entries of a DACL give one of the rights, besides administrators.
func changersIn(sd []byte, rights uint32) (string, error) {
	d, err := daclOf(sd)
	switch {
	case err != nil:
		return "", err
	case !d.present:
		return "everyone, for it does not have a DACL", nil
	}
	var list []string
	for e, err := range d.entries() {
		if err != nil {
			return strings.Join(list, ", "), err
		}
		if e.flags&aceInheritOnly != 0 || e.mask&rights == 0 || e.kind == aceDenied || e.kind == aceDeniedObject {
			continue
		}
		who := fmt.Sprintf("an entry of the kind %#x", e.kind)
		if e.understood() {
			sid, err := e.who()
			if err != nil {
				return strings.Join(list, ", "), err
			}
			if slices.Contains(administrators[:], sid) {
				continue
			}
			who = sid.String()
		}
		if !slices.Contains(list, who) {
			list = append(list, who)
		}
	}
	slices.Sort(list)
	return strings.Join(list, ", "), nil
}
