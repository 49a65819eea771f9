package origin

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/birthmark-dfir/birthmark/registry"
)

var reachAllowed = &rule{
	name: "reach.allowed", question: Reach, best: Unknown,
	finds:   "rules of the Windows Firewall for it: what it may do, and not what it did",
	also:    []*source{firewallRules},
	against: "a rule that nothing used, or one that was made for another file with this path",
	apart:   "Sysmon 3, 5156 or records from outside this machine",
	find:    (*inquiry).findAllowed,
}

// findAllowed finds the rules of the firewall that name the file, as a lead. Their key has one
// time, which is that of the rule that was changed last.
func (q *inquiry) findAllowed() []candidate {
	a := lead()
	var seen []string // the control sets of a hive repeat them
	for i := range q.allowed {
		e := &q.allowed[i]
		r, ok := e.Data.(*registry.FirewallRule)
		if !ok || slices.Contains(seen, e.Field("Rule")) || len(a.Evidence) == maxListed {
			continue
		}
		if is, _ := q.usesPath(&q.paths, r.App); !is {
			continue
		}
		seen = append(seen, e.Field("Rule"))
		if len(seen) == 1 {
			since := "by " + timeText(e.Time)
			if q.before(e.Time) {
				since += ", before the file was there"
			}
			a.Answer.Answer = fmt.Sprintf("The Windows Firewall has a rule that %s, %s; nothing shows that it was used.", allows(r), since)
		}
		a.cite(cite(e, "rule", e.Field("Rule"), "name", r.Name, "application", r.App, "active", r.Active, "action", r.Action, "direction", r.Direction, "protocol", r.Protocol, "local port", r.LocalPort,
			"remote port", r.RemotePort, "remote address", r.RemoteIP, "profile", r.Profile))
	}
	if len(seen) == 0 {
		return nil
	}
	return []candidate{a}
}

// ruleActions are what a rule does, by the action in it.
var ruleActions = map[string]string{"Allow": "allows", "Block": "blocks", "ByPass": "allows"}

// allows describes what a rule of the firewall does with the traffic of the file.
func allows(r *registry.FirewallRule) string {
	direction := map[string]string{"In": "inbound", "Out": "outbound"}[r.Direction]
	text := fmt.Sprintf("%s its %s traffic", cmp.Or(ruleActions[r.Action], "is about"), cmp.Or(direction, "network"))
	if r.LocalPort != "" {
		text += " on local port " + clip(r.LocalPort)
	}
	if !r.Active {
		text += " and is not active"
	}
	return text
}
