package registry

import (
	"encoding/hex"
	"errors"
	"iter"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// An Interface is a network interface in a SYSTEM hive, and the addresses that it has or
// had.
type Interface struct {
	Key       string    // path of the key
	Offset    int64     // of the key's cell, in bytes from the beginning of the hive file
	LastWrite time.Time // of the key

	GUID        string // with braces
	Name        string // that the user sees, such as "Ethernet"
	Description string // of the adapter
	DHCP        bool   // it asks a DHCP server for its addresses; else Addresses count

	Addresses   []string // set by hand, and kept while DHCP is used
	Masks       []string // of Addresses, in their order
	Gateways    []string
	NameServers []string
	Domain      string

	Leases []Lease // of the interface first, then those of the networks in which it was
}

// A Lease is an address that a DHCP server gave to an interface.
type Lease struct {
	Key       string    // path of the key: of the interface, or of one below it
	Offset    int64     // of the key's cell, in bytes from the beginning of the hive file
	LastWrite time.Time // of the key

	Address     string
	Mask        string
	Server      string
	Gateways    []string
	NameServers []string
	Domain      string
	Network     string    // SSID of the wireless network, or "" if the hive has none
	Obtained    time.Time // to the second
	Expires     time.Time // to the second
}

// networkClass is the class of network adapters.
const networkClass = "{4D36E972-E325-11CE-BFC1-08002BE10318}"

// Interfaces yields the network interfaces of a SYSTEM hive, in the control set that was in
// use. A *FormatError comes with what could be read of an interface, and the iteration
// goes on.
func Interfaces(r *Reader) iter.Seq2[Interface, error] {
	return func(yield func(Interface, error) bool) {
		set, err := r.controlSetInUse()
		if err != nil && !yield(Interface{}, err) {
			return
		}
		adapters := adaptersIn(r, set)
		for i, err := range below(r, join(set, tcpip+`\Interfaces\*`), readInterface) {
			if i.GUID != "" {
				s := r.settingsAt(join(set, `Control\Network\`+networkClass+`\`+i.GUID+`\Connection`))
				i.Name = s.text("Name")
				i.Description = adapters[winpath.FoldName(i.GUID)]
			}
			if !yield(i, err) {
				return
			}
		}
	}
}

// adaptersIn returns the descriptions of the network adapters by the GUIDs of their
// interfaces. What cannot be read has none.
func adaptersIn(r *Reader, set string) map[string]string {
	list := map[string]string{}
	for k, err := range r.keysLike(join(set, `Control\Class\`+networkClass+`\*`)) {
		if err != nil {
			continue
		}
		s := settingsOf(k)
		if guid := s.text("NetCfgInstanceId"); guid != "" {
			list[winpath.FoldName(guid)] = s.text("DriverDesc")
		}
	}
	return list
}

func readInterface(k *Key) (Interface, bool, error) {
	s := settingsOf(k)
	i := Interface{
		Key: k.Path(), Offset: k.Offset, LastWrite: k.LastWrite, GUID: k.Name, DHCP: s.number("EnableDHCP") != 0,
		Addresses: addressesIn(s, "IPAddress"), Masks: addressesIn(s, "SubnetMask"), Gateways: addressesIn(s, "DefaultGateway"),
		NameServers: s.list("NameServer"), Domain: s.text("Domain"),
	}
	damaged := s.damaged
	if l := s.lease(); l.Address != "" {
		i.Leases = append(i.Leases, l)
	}
	for sub, err := range k.Subkeys() {
		if err == nil {
			below := settingsOf(sub)
			if l := below.lease(); l.Address != "" {
				i.Leases = append(i.Leases, l)
			}
			err = below.damaged
		}
		damaged = errors.Join(damaged, err)
	}
	return i, true, damaged
}

// addressesIn returns the addresses in a value. 0.0.0.0 means none.
func addressesIn(s *settings, name string) []string {
	var list []string
	for _, a := range s.list(name) {
		if a != "0.0.0.0" {
			list = append(list, a)
		}
	}
	return list
}

// lease reads the lease in a key. Its Address is "" if the key has none.
func (s *settings) lease() Lease {
	l := Lease{
		Key: s.key.Path(), Offset: s.key.Offset, LastWrite: s.key.LastWrite,
		Address: s.text("DhcpIPAddress"), Mask: s.text("DhcpSubnetMask"), Server: s.text("DhcpServer"), Gateways: addressesIn(s, "DhcpDefaultGateway"),
		NameServers: s.list("DhcpNameServer"), Domain: s.text("DhcpDomain"), Network: networkOfHint(s.text("DhcpNetworkHint")),
		Obtained: s.seconds("LeaseObtainedTime"), Expires: s.seconds("LeaseTerminatesTime"),
	}
	if l.Address == "0.0.0.0" {
		l.Address = ""
	}
	return l
}

// networkOfHint returns the SSID that a hint means: its bytes in hexadecimal, the
// lower half of each first.
func networkOfHint(hint string) string {
	b := []byte(hint)
	for i := 0; i+1 < len(b); i += 2 {
		b[i], b[i+1] = b[i+1], b[i]
	}
	text, err := hex.DecodeString(strings.ToLower(string(b)))
	if err != nil {
		return hint
	}
	return string(text)
}
