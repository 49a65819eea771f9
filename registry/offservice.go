package registry

import (
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

func offServiceStart(s *switched, _ *autostarts) string {
	return reason(s.numberIn(s.k.parent, "Start", 0) == startDisabled, "Start 4 of the service "+s.k.parent.Name)
}

// serviceOff returns a function for what a service loads: it is off if the service is.
func serviceOff(name string) func(*switched, *autostarts) string {
	return func(s *switched, _ *autostarts) string { return s.stopped4(name, "service") }
}

// stopped4 returns that a service or driver of the control set has the Start 4, or "".
func (s *switched) stopped4(name, what string) string {
	k := s.at(join(s.base, `Services\`+name)).key
	return reason(s.numberIn(k, "Start", 0) == startDisabled, "Start 4 of the "+what+" "+name)
}

// offOwner asks the service below whose key the autostart is.
func offOwner(s *switched, _ *autostarts) string {
	rest, ok := winpath.CutPrefix(s.l.path, `Services\`)
	name, _, _ := strings.Cut(rest, `\`)
	if !ok {
		return ""
	}
	return s.stopped4(name, "service")
}

func offDriver(s *switched, _ *autostarts) string { return s.stopped4(s.f.command, "driver") }

// offProviderOrder asks the list of network providers, which are those that are loaded.
func offProviderOrder(s *switched, _ *autostarts) string {
	const order, marker = `Control\NetworkProvider\`, ","
	list := s.listOf(order, func(add func(string)) {
		for _, key := range [...]string{"Order", "HwOrder"} {
			v := s.value(s.at(join(s.base, order+key)).key, "ProviderOrder")
			if v == nil {
				continue
			}
			add(marker) // there is an order, even if it is empty
			for name := range strings.SplitSeq(s.text(v), ",") {
				add(strings.TrimSpace(name))
			}
		}
	})
	name := s.k.parent.Name
	return reason(list[marker] && !list[winpath.FoldName(name)], order+"Order does not name "+name)
}

// scheduleOff returns that the service of the Task Scheduler has the Start 4, or "" if it
// does not, or if the SYSTEM hive was not given.
func (a *autostarts) scheduleOff() string {
	system := a.beside().system
	if system == nil {
		return ""
	}
	s := &switched{autostarts: system}
	return s.stopped4("Schedule", "service")
}
