package registrytest

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/winid"
)

const windowsNT = `Microsoft\Windows NT\CurrentVersion\`

// SetPolicy writes the names and SIDs of a machine and its domain into a SECURITY hive.
// Keys and offsets do not count.
func (h *Hive) SetPolicy(p registry.Policy) {
	set := func(key string, lastWrite time.Time, data []byte) {
		if data != nil {
			h.Set(`Policy\`+key, lastWrite, Value{Data: data}) // REG_NONE
		}
	}
	name := func(key string, n registry.PolicyName) {
		if n.Name == "" {
			return
		}
		text := wtf8.Encode(n.Name)
		b := le.AppendUint16(nil, uint16(len(text)))
		b = le.AppendUint16(b, uint16(len(text)))
		set(key, n.LastWrite, append(le.AppendUint32(b, 8), text...))
	}
	sid := func(key string, s registry.PolicySID) {
		b, _ := s.SID.MarshalBinary() // it has no error
		set(key, s.LastWrite, b)
	}
	name("PolAcDmN", p.AccountDomain)
	sid("PolAcDmS", p.AccountDomainSID)
	name("PolPrDmN", p.Domain)
	sid("PolPrDmS", p.DomainSID)
	name("PolDnDDN", p.DNSDomain)
	name("PolDnTrN", p.Forest)
}

// SetCachedLogon writes an entry of the cache of a SECURITY hive. What Windows encrypts is
// zero. Key and Offset do not count.
func (h *Hive) SetCachedLogon(c registry.CachedLogon, lastWrite time.Time) {
	b := make([]byte, 96+c.NameSize+c.DomainSize)
	le.PutUint16(b, uint16(c.NameSize))
	le.PutUint16(b[2:], uint16(c.DomainSize))
	le.PutUint32(b[16:], c.RID)
	le.PutUint32(b[20:], c.PrimaryGroup)
	le.PutUint64(b[32:], filetime.Ticks(c.Written))
	h.Set("Cache", lastWrite, Binary("NL$Control", make([]byte, 8)), Binary(c.Value, b))
}

// SetProfile adds a profile to a SOFTWARE hive. Key and Offset do not count.
func (h *Hive) SetProfile(p registry.Profile) {
	name := p.SID.String()
	if p.Backup {
		name += ".bak"
	}
	sid, _ := p.SID.MarshalBinary() // it has no error
	values := []Value{ExpandSZ("ProfileImagePath", p.Path), DWord("Flags", 0), DWord("State", p.State), Binary("Sid", sid)}
	halves := func(name string, t time.Time) {
		if ticks := filetime.Ticks(t); ticks != 0 {
			values = append(values, DWord(name+"Low", uint32(ticks)), DWord(name+"High", uint32(ticks>>32)))
		}
	}
	halves("LocalProfileLoadTime", p.Loaded)
	halves("LocalProfileUnloadTime", p.Unloaded)
	if p.GUID != "" {
		values = append(values, SZ("Guid", p.GUID))
	}
	h.Set(windowsNT+`ProfileList\`+name, p.LastWrite, values...)
}

// SetInterface adds a network interface to the first control set of a SYSTEM hive. A lease
// with the LastWrite of the interface is its own; the others are in keys below it. Keys
// and offsets do not count.
func (h *Hive) SetInterface(i registry.Interface) {
	const (
		set   = `ControlSet001\`
		class = "{4D36E972-E325-11CE-BFC1-08002BE10318}"
	)
	key := set + `Services\Tcpip\Parameters\Interfaces\` + i.GUID
	if i.Description != "" {
		h.Set(set+`Control\Class\`+class+`\0001`, i.LastWrite, SZ("DriverDesc", i.Description), SZ("NetCfgInstanceId", i.GUID))
	}
	if i.Name != "" {
		h.Set(set+`Control\Network\`+class+`\`+i.GUID+`\Connection`, i.LastWrite, SZ("Name", i.Name))
	}
	dhcp := uint32(0)
	if i.DHCP {
		dhcp = 1
	}
	values := []Value{DWord("EnableDHCP", dhcp), SZ("NameServer", strings.Join(i.NameServers, ",")), SZ("Domain", i.Domain)}
	if len(i.Addresses) > 0 {
		values = append(values, MultiSZ("IPAddress", i.Addresses...), MultiSZ("SubnetMask", i.Masks...), MultiSZ("DefaultGateway", i.Gateways...))
	}
	h.Set(key, i.LastWrite, values...)
	for n, l := range i.Leases {
		at := key
		if n > 0 {
			at = fmt.Sprintf(`%s\%s`, key, hintOf(l.Network))
		}
		h.Set(at, l.LastWrite, SZ("DhcpIPAddress", l.Address), SZ("DhcpSubnetMask", l.Mask), SZ("DhcpServer", l.Server), MultiSZ("DhcpDefaultGateway", l.Gateways...),
			SZ("DhcpNameServer", strings.Join(l.NameServers, " ")), SZ("DhcpDomain", l.Domain), SZ("DhcpNetworkHint", hintOf(l.Network)),
			DWord("LeaseObtainedTime", uint32(l.Obtained.Unix())), DWord("LeaseTerminatesTime", uint32(l.Expires.Unix())))
	}
}

// hintOf is an SSID in hexadecimal, with the lower half of each byte first.
func hintOf(ssid string) string {
	b := []byte(hex.EncodeToString([]byte(ssid)))
	for i := 0; i < len(b); i += 2 {
		b[i], b[i+1] = b[i+1], b[i]
	}
	return string(bytes.ToUpper(b))
}

// SetNetwork adds a network to a SOFTWARE hive. Keys and offsets do not count.
func (h *Hive) SetNetwork(n registry.Network) {
	const list = windowsNT + `NetworkList\`
	managed, kind := uint32(0), "Unmanaged"
	if n.Managed {
		managed, kind = 1, "Managed"
	}
	h.Set(list+`Profiles\`+n.GUID, n.LastWrite, SZ("ProfileName", n.Name), SZ("Description", n.Description), DWord("Category", n.Category), DWord("NameType", n.Medium),
		DWord("Managed", managed), Binary("DateCreated", systemTime(n.Created)), Binary("DateLastConnected", systemTime(n.LastConnected)))
	for i, s := range n.Signatures {
		values := []Value{SZ("ProfileGuid", n.GUID), SZ("FirstNetwork", s.Name), SZ("DnsSuffix", s.DNSSuffix)}
		if mac, err := net.ParseMAC(s.GatewayMAC); err == nil {
			values = append(values, Binary("DefaultGatewayMac", mac))
		}
		h.Set(fmt.Sprintf(`%sSignatures\%s\%X`, list, kind, sha256.Sum256(fmt.Append(nil, n.GUID, i))), s.LastWrite, values...)
	}
}

// systemTime is a SYSTEMTIME.
func systemTime(t time.Time) []byte {
	var b []byte
	if t.IsZero() {
		return make([]byte, 16)
	}
	for _, n := range [...]int{t.Year(), int(t.Month()), int(t.Weekday()), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond() / 1e6} {
		b = le.AppendUint16(b, uint16(n))
	}
	return b
}

// SetTimeZone writes the time zone into the first control set of a SYSTEM hive. The names
// and the other settings are those of z.
func (h *Hive) SetTimeZone(z registry.TimeZone) {
	off := uint32(0)
	if z.NoDaylight {
		off = 1
	}
	h.Set(`ControlSet001\Control\TimeZoneInformation`, z.LastWrite, SZ("TimeZoneKeyName", z.Name.Text), SZ("StandardName", z.StandardName.Text), SZ("DaylightName", z.DaylightName.Text),
		DWord("Bias", uint32(z.Bias)), DWord("StandardBias", uint32(z.StandardBias)), DWord("DaylightBias", uint32(z.DaylightBias)), DWord("ActiveTimeBias", uint32(z.ActiveBias.Minutes)),
		DWord("DynamicDaylightTimeDisabled", off), Binary("StandardStart", zoneChange(z.Standard)), Binary("DaylightStart", zoneChange(z.Daylight)))
}

func zoneChange(c registry.ZoneChange) []byte {
	var b []byte
	clock := int(c.Clock / time.Millisecond)
	for _, n := range [...]int{c.Year, int(c.Month), c.Day, clock / 3_600_000, clock / 60_000 % 60, clock / 1000 % 60, clock % 1000, int(c.Weekday)} {
		b = le.AppendUint16(b, uint16(n))
	}
	return b
}

// SIDName returns the key of a SOFTWARE or NTUSER.DAT hive that records a name with its
// SID, and its values. Only the Source, the SID and the Name count.
func SIDName(n registry.SIDName) (key string, values []Value) {
	const logonUI = `Microsoft\Windows\CurrentVersion\Authentication\LogonUI`
	sid := n.SID.String()
	switch n.Source {
	case "LogonUI":
		return logonUI, []Value{SZ("LastLoggedOnUserSID", sid), SZ("LastLoggedOnSAMUser", n.Name), SZ("LastLoggedOnUser", n.Name)}
	case "SessionData":
		return logonUI + `\SessionData\1`, []Value{SZ("LoggedOnUserSID", sid), SZ("LoggedOnSAMUser", n.Name)}
	case "LogonCache":
		return `Microsoft\IdentityStore\LogonCache\D7F9888F-E3FC-49b0-9EA6-A85B5F392A4F\Sid2Name\` + sid, []Value{SZ("IdentityName", n.Name)}
	case "IdentityCache":
		return `Microsoft\IdentityStore\Cache\` + sid + `\IdentityCache\` + sid, []Value{SZ("UserName", n.Name)}
	}
	return `Software\Microsoft\IdentityCRL\StoredIdentities\` + n.Name + `\` + sid, nil
}

// PolicyDomain returns the key of a SOFTWARE hive in which group policy keeps the
// distinguished name of an account, and its values.
func PolicyDomain(sid winid.SID, distinguished string) (key string, values []Value) {
	return `Microsoft\Windows\CurrentVersion\Group Policy\State\` + sid.String(), []Value{SZ("Distinguished-Name", distinguished)}
}
