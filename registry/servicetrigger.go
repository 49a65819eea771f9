package registry

import (
	"fmt"
	"strings"

	"github.com/birthmark-dfir/birthmark/winid"
)

// triggerKinds are the kinds of triggers of a service (Type in TriggerInfo; winsvc.h).
var triggerKinds = map[uint32]string{
	1: "device arrival", 2: "IP address availability", 3: "domain join", 4: "firewall port", 5: "group policy",
	6: "network endpoint", 7: "system state", 20: "event of ETW", 30: "aggregate",
}

// triggerActions are what a trigger does with its service.
var triggerActions = map[uint32]string{1: "start", 2: "stop"}

// triggers returns what the triggers of a service do, in the order of their keys. The key
// TriggerInfo may be nil.
func (a *autostarts) triggers(k *Key) string {
	if k == nil {
		return ""
	}
	var list []string
	for t, err := range k.Subkeys() {
		if err != nil {
			a.damaged(err)
			continue
		}
		kind, _ := a.numberOf(t, "Type")
		action, _ := a.numberOf(t, "Action")
		text := triggerActions[action]
		if text == "" {
			text = fmt.Sprintf("action %d", action)
		}
		if word := triggerKinds[kind]; word != "" {
			text += " on " + word
		} else {
			text += fmt.Sprintf(" on trigger %d", kind)
		}
		if v := a.value(t, "GUID"); v != nil {
			data, err := v.Data()
			a.damaged(err)
			if len(data) == len(winid.GUID{}) {
				text += " " + winid.GUID(data).String()
			}
		}
		list = append(list, text)
	}
	return strings.Join(list, "; ")
}
