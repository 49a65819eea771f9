package origin

import (
	"strings"
)

// findUnsettled reports that no hive names the machine, and the logs name several.
func (q *inquiry) findUnsettled() []clash {
	if q.host.by != unsettled {
		return nil
	}
	return []clash{clashing(q.citeNames(), "No hive names the machine, and the records of no machine prevail in the logs (%s): those of %s are taken to be its own. A path that begins with the name of a machine asks for that one.",
		strings.Join(firstOf(q.host.seen), ", "), q.host.list[0])}
}

// findOtherName names the records that have another name for the machine than its
// hives, and are taken to be its own.
func (q *inquiry) findOtherName() []clash {
	var list []clash
	if q.host.bound != "" {
		list = append(list, clashing(q.citeNames(), "The machine is %s, but all records of one log name %s. The creation of the file in it has the time of the $MFT, so the log is taken to be of this machine.",
			q.host.list[0], q.host.bound))
	}
	if len(q.ofFormer) > 0 {
		list = append(list, clashing(q.citeNames(), "The records of %s all precede those of %s: they are taken to be of the image from which the machine was made.",
			strings.Join(firstOf(q.host.formers), ", "), q.host.list[0]))
	}
	return list
}

// citeNames cites a record of each machine that the logs name.
func (q *inquiry) citeNames() []Citation {
	var list []Citation
	for i := range q.host.firsts {
		if len(list) < maxListed {
			e := &q.host.firsts[i]
			list = append(list, cite(e, "Computer", e.Computer()))
		}
	}
	return list
}

// restsOnFormer reports whether an answer cites a record of a presumed former name.
func (q *inquiry) restsOnFormer(a *Answer) bool {
	for _, c := range a.Evidence {
		if q.ofFormer[recordKey{c.Artifact, c.Record}] {
			return true
		}
	}
	return false
}
