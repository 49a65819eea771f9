package origin

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/timeline"
)

// machineOf reads what the hives of a volume record about their machine. If a hive is
// missing or damaged, its fields are empty; the coverage has the reason. A SAM that is of
// another machine does not count.
func machineOf(hives []*timeline.Hive, foreign func(artifact string) bool) Machine {
	var m Machine
	for _, h := range hives {
		cited := citedMachine{&m, h.Artifact}
		switch h.Reader.Type() { // what is damaged is in the coverage
		case registry.System:
			cited.takeSystem(h.Reader)
		case registry.Software:
			cited.takeSoftware(h.Reader)
		case registry.SAM:
			if !foreign(h.Artifact) {
				cited.takeSAM(h.Reader)
			}
		}
	}
	for _, h := range hives {
		if h.Reader.Type() == registry.Security && m.SID == "" {
			citedMachine{&m, h.Artifact}.takeSecurity(h.Reader)
		}
	}
	return m
}

// A citedMachine is a machine about which a hive is read.
type citedMachine struct {
	*Machine
	artifact string
}

// set sets a field to the first of the settings that is there, unless it is set, and cites
// the setting.
func (m citedMachine) set(field *string, settings ...registry.Setting) {
	for _, s := range settings {
		if *field == "" && s.Text != "" {
			*field = clip(s.Text)
			m.cite(s)
		}
	}
}

// cite cites a value of the hive.
func (m citedMachine) cite(s registry.Setting) {
	if len(m.Evidence) < maxMachineEvidence && s.Key != "" {
		m.Evidence = append(m.Evidence, Citation{Artifact: m.artifact, Record: s.Key, Offset: s.Offset, Time: s.LastWrite, Text: values(s.Value, s.Text)})
	}
}

// maxMachineEvidence limits how many records about the machine are cited.
const maxMachineEvidence = 40

func (m citedMachine) takeSystem(r *registry.Reader) {
	if set, err := r.CurrentControlSet(); err != nil || set == "" {
		return
	}
	c, _ := registry.ComputerOf(r)
	m.set(&m.Name, c.Name)
	m.set(&m.Domain, c.Domain)
	m.set(&m.TimeZone, c.Zone.Name, c.Zone.StandardName) // the key name is since Vista; the other may name a resource
	for i, err := range registry.Interfaces(r) {
		if err != nil && i.Key == "" {
			continue
		}
		for _, l := range i.Leases {
			if l.Key == i.Key { // those below are of other networks, at other times
				m.addAddress(l.Address, Citation{Artifact: m.artifact, Record: l.Key, Offset: l.Offset, Time: l.LastWrite,
					Text: values("interface", i.Name, "DhcpIPAddress", l.Address, "DhcpServer", l.Server, "LeaseObtainedTime", l.Obtained)})
			}
		}
		for _, a := range i.Addresses {
			m.addAddress(a, Citation{Artifact: m.artifact, Record: i.Key, Offset: i.Offset, Time: i.LastWrite, Text: values("interface", i.Name, "IPAddress", a)})
		}
	}
}

// addAddress adds an address of a network interface.
func (m citedMachine) addAddress(text string, record Citation) {
	a, err := netip.ParseAddr(text)
	if err != nil || a.IsUnspecified() || len(m.Addresses) >= maxListed || slices.Contains(m.Addresses, a.String()) {
		return
	}
	m.Addresses = append(m.Addresses, a.String())
	m.Evidence = append(m.Evidence, record)
}

func (m citedMachine) takeSoftware(r *registry.Reader) {
	w, _ := registry.WindowsOf(r)
	if m.Windows == "" && w.Name() != "" {
		m.Windows = clip(w.Name())
		m.cite(w.Product)
		m.cite(w.Build)
	}
	if m.Installed.IsZero() && !w.Installed.IsZero() {
		m.Installed = w.Installed
		m.cite(w.InstalledBy)
	}
}

func (m citedMachine) takeSAM(r *registry.Reader) {
	sid, err := registry.MachineSID(r)
	if err != nil || m.SID != "" {
		return
	}
	m.SID = sid.String()
	k, err := r.OpenKey(`SAM\Domains\Account`)
	if err != nil {
		return
	}
	m.cite(registry.Setting{Text: m.SID, Key: k.Path(), Value: "V", Offset: k.Offset, LastWrite: k.LastWrite})
}

// takeSecurity reads the SID of the machine if no SAM has it.
func (m citedMachine) takeSecurity(r *registry.Reader) {
	p, _ := registry.PolicyOf(r)
	if sid := p.AccountDomainSID; !sid.SID.IsZero() {
		m.SID = sid.SID.String()
		m.cite(registry.Setting{Text: m.SID, Key: sid.Key, Value: "SID", Offset: sid.Offset, LastWrite: sid.LastWrite})
	}
}

// tcpipKey holds the machine's names and addresses in the Internet, below a control
// set.
const tcpipKey = `\Services\Tcpip\Parameters`

// valueIn returns a value of a hive as text, or "" if it is missing, damaged, or
// neither text nor a number.
func valueIn(r *registry.Reader, key, name string) string {
	k, err := r.OpenKey(key)
	if err != nil {
		return ""
	}
	v, err := k.Value(name)
	if err != nil {
		return ""
	}
	if text, err := v.Text(); err == nil {
		return clip(text)
	}
	n, err := v.Uint64()
	if err != nil {
		return ""
	}
	return fmt.Sprint(n)
}
