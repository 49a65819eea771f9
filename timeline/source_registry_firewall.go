package timeline

import (
	"cmp"
	"fmt"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/registry"
)

// The keys with the rules of the Windows Firewall, below a control set.
const (
	firewallKey    = sets + `\Services\SharedAccess\Parameters\FirewallPolicy\`
	firewallPolicy = `Policies\Microsoft\WindowsFirewall\FirewallRules`
)

// readFirewallRules reads the rules that name a program.
func readFirewallRules(k *registry.Key) ([]timedValue, error) {
	return firewallRules(k, func(_, text string) (registry.FirewallRule, error) { return registry.ParseFirewallRule(text) })
}

// readAuthorizedApplications reads the programs that the firewall of Windows XP lets others
// connect to.
func readAuthorizedApplications(k *registry.Key) ([]timedValue, error) {
	return firewallRules(k, registry.ParseAuthorizedApplication)
}

func firewallRules(k *registry.Key, parse func(name, text string) (registry.FirewallRule, error)) ([]timedValue, error) {
	var list []timedValue
	var damaged error
	for v, err := range k.Values() {
		var text string
		if err == nil {
			text, err = v.Text()
		}
		var r registry.FirewallRule
		if err == nil {
			r, err = parse(v.Name, text)
			err = damage.In(err, "", v.Name)
		}
		if err != nil {
			damaged = cmp.Or(damaged, err)
			continue
		}
		if r.App == "" || r.App == "System" {
			continue // for every program, or for the kernel
		}
		t := timedValue{value: v.Name, offset: v.Offset, path: r.App, data: &r, says: fmt.Sprintf("the Windows Firewall had %s", ruleText(&r))}
		for _, f := range []Field{{"Rule", v.Name}, {"Name", r.Name}, {"Application", r.App}, {"Service", r.Service}, {"Action", r.Action}, {"Direction", r.Direction}, {"Active", fmt.Sprint(r.Active)},
			{"Protocol", r.Protocol}, {"LocalPort", r.LocalPort}, {"RemotePort", r.RemotePort}, {"RemoteAddress", r.RemoteIP}, {"Profile", r.Profile}} {
			if f.Value != "" {
				t.fields = append(t.fields, f)
			}
		}
		list = append(list, t)
	}
	return list, damaged
}

// ruleText describes a rule of the firewall.
func ruleText(r *registry.FirewallRule) string {
	text := "a rule"
	if !r.Active {
		text = "an inactive rule"
	}
	text += " for " + r.App
	if r.Service != "" {
		text += " (service " + r.Service + ")"
	}
	return text + ": " + r.Action + " " + r.Direction
}
