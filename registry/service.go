package registry

import "github.com/birthmark-dfir/birthmark/internal/winpath"

// A key below Services describes a service or a driver if it has an ImagePath,
// or a Type and a Start. Other keys there hold settings of other kinds.
const (
	driverTypes   = 0x1 | 0x2 | 0x4 | 0x8 // kernel, file system, adapter, recognizer
	startDisabled = 4
	driverFolder  = `%SystemRoot%\System32\drivers\`
)

// services yields the services and drivers of a control set.
func (a *autostarts) services(controlSet string) {
	k := a.open(join(controlSet, "Services"))
	if k == nil {
		return
	}
	for sub, err := range k.Subkeys() {
		if a.stopped {
			return
		}
		if err != nil {
			a.damaged(err)
			continue
		}
		a.service(sub)
	}
}

func (a *autostarts) service(k *Key) {
	s := Autostart{
		Category:  "service",
		Location:  k.Path(),
		Name:      k.Name,
		LastWrite: k.LastWrite,
		Hive:      a.r.Name(),
		Offset:    k.Offset,
	}
	var hasCommand, hasType, hasStart bool
	for v, err := range k.Values() {
		if err != nil {
			a.damaged(err)
			continue
		}
		switch winpath.FoldName(v.Name) {
		case "IMAGEPATH":
			s.Command, hasCommand = a.text(v), true
		case "TYPE":
			s.Type, hasType = a.number(v)
		case "START":
			s.Start, hasStart = a.number(v)
		case "DISPLAYNAME":
			s.DisplayName = a.text(v)
		case "OBJECTNAME":
			s.ObjectName = a.text(v)
		case "FAILURECOMMAND":
			s.FailureCommand = a.text(v)
		case "SERVICEDLL": // the place for services of old versions
			if s.ServiceDll == "" {
				s.ServiceDll = a.text(v)
			}
		}
	}
	if a.stopped || !hasCommand && !(hasType && hasStart) {
		return
	}
	if dll := a.parameter(k, "ServiceDll"); dll != "" {
		s.ServiceDll = dll
	}
	s.Enabled = s.Start != startDisabled
	s.Path = ExecutablePath(s.Command)
	if s.Type&driverTypes != 0 {
		s.Category = "driver"
		if s.Path == "" { // Windows' rule for drivers without an ImagePath
			s.Path = driverFolder + s.Name + ".sys"
		}
	}
	if !a.stopped {
		a.stopped = !a.yield(s, nil)
	}
}

// parameter returns the text of a value below a service's key Parameters.
func (a *autostarts) parameter(service *Key, name string) string {
	k, err := service.Subkey("Parameters")
	if err != nil {
		a.damaged(err)
		return ""
	}
	v, err := k.Value(name)
	if err != nil {
		a.damaged(err)
		return ""
	}
	return a.text(v)
}
