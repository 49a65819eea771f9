package winid

import "strings"

// IPProtocol is the protocol of a packet: Protocol of Security 5152 to 5159. The
// numbers are those of the [IANA registry], and 256 for any.
//
// [IANA registry]: https://www.iana.org/assignments/protocol-numbers
type IPProtocol uint32

var ipProtocols = map[IPProtocol]string{
	0: "HOPOPT", 1: "ICMP", 2: "IGMP", 4: "IPv4", 6: "TCP", 17: "UDP", 41: "IPv6", 43: "IPv6-Route", 44: "IPv6-Frag",
	47: "GRE", 50: "ESP", 51: "AH", 58: "IPv6-ICMP", 59: "IPv6-NoNxt", 60: "IPv6-Opts", 89: "OSPF", 103: "PIM",
	112: "VRRP", 113: "PGM", 115: "L2TP", 132: "SCTP", 256: "any",
}

// Name returns the name of the protocol, such as TCP for 6, and "" for one that is not
// in the table.
func (p IPProtocol) Name() string { return ipProtocols[p] }

// String returns the number and the name, as in "6 (TCP)", or the number alone.
func (p IPProtocol) String() string { return decimal(uint32(p), p.Name()) }

// FirewallProtocol is the protocol that a rule of the Windows Firewall is for: Protocol
// of its events 2004 and 2005, which is narrower than in the Security log.
type FirewallProtocol uint16

// Name returns the name of the protocol, as [IPProtocol.Name] does.
func (p FirewallProtocol) Name() string { return IPProtocol(p).Name() }

// String returns the number and the name, as in "256 (any)", or the number alone.
func (p FirewallProtocol) String() string { return IPProtocol(p).String() }

// FirewallDirection is the direction of the traffic that a rule of the Windows Firewall
// is for: Direction of its events 2004 and 2005.
type FirewallDirection uint32

// Name returns "inbound" or "outbound", and "" for another number.
func (d FirewallDirection) Name() string { return index(uint32(d), "", "inbound", "outbound") }

// String returns the number and the name, as in "1 (inbound)", or the number alone.
func (d FirewallDirection) String() string { return decimal(uint32(d), d.Name()) }

// FirewallAction is what a rule of the Windows Firewall does: Action of its events 2004
// and 2005.
type FirewallAction uint32

// Name returns what the rule does, such as "block" for 2, and "" for another number.
func (a FirewallAction) Name() string {
	return index(uint32(a), "", "bypass if authenticated", "block", "allow")
}

// String returns the number and the name, as in "3 (allow)", or the number alone.
func (a FirewallAction) String() string { return decimal(uint32(a), a.Name()) }

// FirewallOrigin is where a rule or a setting of the Windows Firewall comes from:
// Origin of its events 2003 to 2006.
type FirewallOrigin uint32

// Name returns the origin, such as "group policy" for 2, and "" for another number.
func (o FirewallOrigin) Name() string {
	return index(uint32(o), "", "local", "group policy", "dynamic", "generated", "built in")
}

// String returns the number and the name, as in "1 (local)", or the number alone.
func (o FirewallOrigin) String() string { return decimal(uint32(o), o.Name()) }

// FirewallProfiles are the kinds of networks that a rule or a setting of the Windows
// Firewall is for: Profiles of its events 2002 to 2006.
type FirewallProfiles uint32

// allProfiles and noProfiles are numbers that Windows does not mean as bits.
const (
	allProfiles FirewallProfiles = 0x7fffffff
	noProfiles  FirewallProfiles = 0x80000001
)

// Names returns the names of the profiles, and the other bits in hexadecimal.
func (p FirewallProfiles) Names() []string {
	switch p {
	case allProfiles:
		p = 7
	case noProfiles:
		return []string{"none"}
	}
	return flagNames(uint32(p), firewallProfiles)
}

// String returns the number and the names, as in "3 (domain, private)".
func (p FirewallProfiles) String() string {
	return decimal(uint32(p), strings.Join(p.Names(), ", "))
}

var firewallProfiles = []flag{{1, "domain"}, {2, "private"}, {4, "public"}}
