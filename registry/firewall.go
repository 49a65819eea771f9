package registry

import (
	"fmt"
	"strings"

	"github.com/birthmark-dfir/birthmark/damage"
)

// A FirewallRule is a rule of the Windows Firewall: what it lets through or blocks, or would
// if it were active. It does not show that anything used it.
type FirewallRule struct {
	Name       string // for people; @ begins that of a resource
	Active     bool   //
	Action     string // "Allow", "Block", or "ByPass" of rules that block
	Direction  string // "In" or "Out"
	Protocol   string // number, such as 6 for TCP; "" for all
	App        string // path of the program, as written; "" for all
	Service    string // in the program
	LocalPort  string // separated by ", " if there are several, as are the next
	RemotePort string
	RemoteIP   string
	Profile    string // "Domain", "Private", "Public"; "" for all
}

// firewallFields is a table of the fields of a rule that are kept.
var firewallFields = map[string]func(*FirewallRule) *string{
	"Action": func(r *FirewallRule) *string { return &r.Action }, "Dir": func(r *FirewallRule) *string { return &r.Direction },
	"Protocol": func(r *FirewallRule) *string { return &r.Protocol }, "App": func(r *FirewallRule) *string { return &r.App },
	"Svc": func(r *FirewallRule) *string { return &r.Service }, "Name": func(r *FirewallRule) *string { return &r.Name },
	"LPort": func(r *FirewallRule) *string { return &r.LocalPort }, "LPort2_10": func(r *FirewallRule) *string { return &r.LocalPort },
	"RPort": func(r *FirewallRule) *string { return &r.RemotePort }, "RPort2_10": func(r *FirewallRule) *string { return &r.RemotePort },
	"RA4": func(r *FirewallRule) *string { return &r.RemoteIP }, "RA6": func(r *FirewallRule) *string { return &r.RemoteIP },
	"Profile": func(r *FirewallRule) *string { return &r.Profile },
}

// ParseFirewallRule reads a value of the key FirewallRules ([MS-GPFAS] 2.2.2.19): a version,
// and fields with their values, separated by |.
func ParseFirewallRule(text string) (FirewallRule, error) {
	version, rest, _ := strings.Cut(text, "|")
	if len(version) < 2 || version[0] != 'v' || version[1] < '0' || version[1] > '9' {
		return FirewallRule{}, damage.New("rule of the firewall", -1, fmt.Sprintf("%.40q", text), "v, a version, and fields separated by |")
	}
	var r FirewallRule
	for field := range strings.SplitSeq(rest, "|") {
		name, value, _ := strings.Cut(field, "=")
		if name == "Active" {
			r.Active = strings.EqualFold(value, "TRUE")
		}
		place, ok := firewallFields[name]
		switch {
		case !ok || value == "":
		case *place(&r) == "":
			*place(&r) = value
		case len(*place(&r)) < maxFirewallField:
			*place(&r) += ", " + value
		}
	}
	return r, nil
}

// maxFirewallField limits how long a field with several values becomes, in bytes.
const maxFirewallField = 4096

// ParseAuthorizedApplication reads a value of the key AuthorizedApplications\List, in which
// Windows XP has the programs that may be connected to: its name is the path, and its text
// the path, the addresses, Enabled or Disabled, and a name, separated by colons.
func ParseAuthorizedApplication(path, text string) (FirewallRule, error) {
	rest, ok := cutPrefixFold(text, path+":")
	parts := strings.SplitN(rest, ":", 3)
	if !ok || len(parts) < 2 {
		return FirewallRule{}, damage.New("program of the firewall", -1, fmt.Sprintf("%.40q", text), "its path, addresses and state, separated by colons")
	}
	r := FirewallRule{App: path, Action: "Allow", Direction: "In", Active: strings.EqualFold(parts[1], "Enabled")}
	if parts[0] != "*" {
		r.RemoteIP = parts[0]
	}
	if len(parts) == 3 {
		r.Name = parts[2]
	}
	return r, nil
}
