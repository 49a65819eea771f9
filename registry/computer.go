package registry

import "errors"

// A Computer is what a SYSTEM hive records of the machine itself, in the control set that
// was in use.
type Computer struct {
	ControlSet string

	Name       Setting // NetBIOS name, from the next start on
	ActiveName Setting // NetBIOS name since the last start
	Host       Setting // name in the DNS
	NextHost   Setting // name in the DNS, from the next start on
	Domain     Setting // DNS name of the domain
	DHCPDomain Setting // DNS name that a DHCP server gave
	Product    Setting // WinNT, ServerNT for a server, LanmanNT for a domain controller
	GUID       Setting // of the hardware, which a management system knows the machine by
	Model      Setting // of the hardware
	Maker      Setting // of the hardware
	Zone       TimeZone
}

// ComputerOf reads what a SYSTEM hive records of the machine. The error is about what is
// damaged; the rest is read.
func ComputerOf(r *Reader) (Computer, error) {
	set, damaged := r.controlSetInUse()
	c := Computer{ControlSet: set}
	for _, row := range [...]struct {
		key    string
		values []string
		field  *Setting
	}{
		{`Control\ComputerName\ComputerName`, []string{"ComputerName"}, &c.Name},
		{`Control\ComputerName\ActiveComputerName`, []string{"ComputerName"}, &c.ActiveName},
		{tcpip, []string{"Hostname"}, &c.Host},
		{tcpip, []string{"NV Hostname"}, &c.NextHost},
		{tcpip, []string{"Domain", "NV Domain"}, &c.Domain},
		{tcpip, []string{"DhcpDomain"}, &c.DHCPDomain},
		{`Control\ProductOptions`, []string{"ProductType"}, &c.Product},
		{`Control\SystemInformation`, []string{"ComputerHardwareId"}, &c.GUID},
		{`Control\SystemInformation`, []string{"SystemProductName"}, &c.Model},
		{`Control\SystemInformation`, []string{"SystemManufacturer"}, &c.Maker},
	} {
		s := r.settingsAt(join(set, row.key))
		*row.field = s.setting(row.values...)
		damaged = errors.Join(damaged, s.damaged)
	}
	zone, err := timeZoneOf(r, set)
	c.Zone = zone
	return c, errors.Join(damaged, err)
}

// MachineGUID returns the identifier that an installation of Windows gives itself, from a
// SOFTWARE hive.
func MachineGUID(r *Reader) (Setting, error) {
	s := r.settingsAt(`Microsoft\Cryptography`)
	return s.setting("MachineGuid"), s.damaged
}

// tcpip holds the machine's names and addresses, below a control set.
const tcpip = `Services\Tcpip\Parameters`
