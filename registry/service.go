package registry

import (
	"time"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// A key below Services describes a service or a driver if it has an ImagePath,
// or a Type and a Start. Other keys there hold settings of other kinds.
const (
	driverTypes   = 0x1 | 0x2 | 0x4 | 0x8 // kernel, file system, adapter, recognizer
	startDisabled = 4
	driverFolder  = `%SystemRoot%\System32\drivers\`
)

// service yields the service or driver that a key describes.
func (a *autostarts) service(k *Key) {
	s := Autostart{
		Category:  "service",
		Use:       Runs,
		Location:  k.Path(),
		Name:      k.Name,
		Link:      a.link,
		LastWrite: k.LastWrite,
		Newest:    k.LastWrite,
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
		case "FAILUREACTIONS":
			data, err := v.Data()
			a.damaged(err)
			s.FailureActions = failuresText(data)
		case "SERVICEDLL": // the place for services of old versions
			if s.ServiceDll == "" {
				s.ServiceDll = a.text(v)
			}
		default:
			a.takeSetting(&s.Settings, v)
		}
	}
	if a.stopped || !hasCommand && !(hasType && hasStart) {
		return
	}
	parameters, security := a.sub(k, "Parameters"), a.sub(k, "Security")
	if dll := a.textOf(parameters, "ServiceDll"); dll != "" {
		s.ServiceDll = dll
	}
	if main := a.textOf(parameters, "ServiceMain"); main != "" {
		s.Settings.ServiceMain = main
	}
	triggers := a.sub(k, "TriggerInfo")
	s.Triggers = a.triggers(triggers)
	var sd []byte
	if v := a.value(security, "Security"); v != nil {
		s.HasDescriptor = true
		var err error
		sd, err = v.Data()
		if err == nil && len(sd) > 0 {
			s.Hidden, err = unlisted(sd)
			err = v.in(err)
		}
		a.damaged(err)
	}
	s.Settings.Changers = a.changers(k, sd)
	for _, below := range []*Key{parameters, security, triggers} {
		if below != nil {
			s.Newest = later(s.Newest, below.LastWrite)
		}
	}
	s.NoStart = !hasStart
	s.Off = reason(s.Start == startDisabled, "Start 4")
	s.Enabled = s.Off == ""
	s.Path = ExecutablePath(s.Command)
	if s.Type&driverTypes != 0 {
		s.Category = "driver"
		if s.Path == "" { // Windows' rule for drivers without an ImagePath
			s.Path = driverFolder + s.Name + ".sys"
		}
		if s.Enabled {
			s.Undecided = a.blocklistDoubt(s.Path)
		}
	}
	if !a.stopped {
		a.stopped = !a.yield(s, nil)
	}
}

// later returns the later of two times.
func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
