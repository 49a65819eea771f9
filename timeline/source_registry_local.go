package timeline

import (
	"fmt"
	"path"
	"slices"
	"time"

	"github.com/birthmark-dfir/birthmark/registry"
)

// localTimes is the table of what hives record with times of the clock of the machine. The
// SYSTEM hive in the same folder has the time zone; without it these are not events.
var localTimes = [...]struct {
	hive registry.HiveType
	read func(*machineReader)
}{
	{registry.Software, (*machineReader).networks},
	{registry.System, (*machineReader).upgrades},
}

// addLocalTimes adds the events of hives whose times are of the clock of the machine.
func (t *Timeline) addLocalTimes() {
	zones := map[string]*registry.TimeZone{} // by folder
	for _, h := range t.hives {
		if h.Reader.Type() != registry.System {
			continue
		}
		if computer, _ := registry.ComputerOf(h.Reader); computer.Zone.Known() { // the coverage has what is damaged
			zones[path.Dir(h.Artifact)] = &computer.Zone
		}
	}
	for _, h := range t.hives {
		m := machineReader{r: h.Reader, artifact: h.Artifact, c: &Coverage{}, zone: zones[path.Dir(h.Artifact)]}
		hive := h.Reader.Type()
		for _, row := range localTimes {
			if row.hive == hive && m.zone != nil {
				row.read(&m)
			}
		}
		h.times = append(h.times, m.list...)
		for i := range t.coverage {
			if c := &t.coverage[i]; c.Artifact == h.Artifact && c.Type == TypeRegistry {
				for _, p := range m.c.Problems {
					c.add(p)
				}
			}
		}
	}
}

// addLocal adds an event at a time of the clock of the machine.
func (m *machineReader) addLocal(kind Kind, key string, offset int64, local time.Time, t timedValue) {
	if local.IsZero() {
		return
	}
	zone := m.zone.Name.Text
	if zone == "" {
		zone = m.zone.StandardName.Text
	}
	var ambiguous bool
	t.at, ambiguous = m.zone.UTC(local)
	t.says += fmt.Sprintf(", at %s by the clock of the machine, in the time zone %s", local.Format(time.DateTime), zone)
	if ambiguous {
		t.says += ", in the hour that came twice: taken to be the second one"
	}
	t.fields = append(slices.Clip(t.fields), Field{"LocalTime", local.Format("2006-01-02T15:04:05.000")}, Field{"TimeZone", zone})
	m.add(kind, key, offset, t)
}

// upgrades reads when upgrades replaced versions of Windows.
func (m *machineReader) upgrades() {
	for f := range readable(m, registry.FormerVersions(m.r), func(f *registry.FormerWindows) string { return f.Key }) {
		m.addLocal(WindowsUpgraded, f.Key, f.Offset, f.Upgraded, timedValue{desc: "Update Time", says: "an upgrade replaced " + f.Name()})
	}
}

// networks reads when the machine was in a network for the first time and the last.
func (m *machineReader) networks() {
	for n := range readable(m, registry.Networks(m.r), func(n *registry.Network) string { return n.Key }) {
		says := fmt.Sprintf("the machine was in the %s network %s", n.MediumName(), n.Name)
		fields := []Field{{"Network", n.Name}, {"ProfileGuid", n.GUID}}
		for _, s := range n.Signatures {
			if s.GatewayMAC != "" {
				says += ", of the gateway " + s.GatewayMAC
				fields = append(fields, Field{"GatewayMac", s.GatewayMAC})
			}
		}
		m.addLocal(NetworkJoined, n.Key, n.Offset, n.Created, timedValue{desc: "First Connection Time", value: "DateCreated", says: says + " for the first time", fields: fields, data: n})
		m.addLocal(NetworkJoined, n.Key, n.Offset, n.LastConnected, timedValue{desc: "Last Connected Time", value: "DateLastConnected", says: says + " last", fields: fields, data: n})
	}
}
