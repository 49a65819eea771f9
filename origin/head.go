package origin

import "cmp"

// machineHead names the machine for the head of the report.
func (q *inquiry) machineHead() Machine {
	m := machineOf(q.tl.Hives(), q.sam.isForeign)
	if len(q.host.list) > 0 && q.host.by != unsettled {
		m.Name = cmp.Or(m.Name, q.host.list[0])
	}
	for _, name := range append(q.host.list, q.host.formers...) {
		if !sameComputer(name, m.Name, m.Domain) && len(m.Former) < maxListed {
			m.Former = append(m.Former, clip(name))
		}
	}
	return m
}
