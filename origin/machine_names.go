package origin

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/timeline"
)

// belonging is whose a record is, by the machine that it names.
type belonging int

const (
	own     belonging = iota // of this machine, or it names none: a file, a hive, a web log
	former                   // of a name that the machine seems to have had, such as that of the image it was made from
	foreign                  // of another machine
)

// names are the names of the machine whose volume this is. Every join goes through
// them: a record of another machine that has the same LogonId, PID or path is about
// something else.
type names struct {
	list    []string             // of this machine; the present one first
	past    map[string]time.Time // when it gave up a name of the list
	formers []string             // presumed
	bound   string               // one that no hive holds, and that the file itself binds to the volume: see bind
	domain  string               // DNS domain, according to a hive
	seen    []string             // all that the logs name
	firsts  []timeline.Event     // the first record of each
	by      settling             // what settled it
}

// A settling is what settles which machine it is.
type settling int

const (
	noNames   settling = iota // no record names a machine
	byHive                    // a hive names it
	byCaller                  // the caller names it, and logs have records of it
	byLogs                    // its records prevail in the logs
	unsettled                 // the logs name several machines, and none of them prevails
)

// computers counts the records of each machine that the logs name.
type computers struct {
	list   []*computer // in order of their first record
	byName map[string]*computer
	logs   map[string]*computer // whose the records of a log are, by artifact; nil if they are of several
}

type computer struct {
	name        string
	records     int // outside of logs that collect those of other machines
	naming      int // records that name the subject
	kinds       map[string]int
	first, last time.Time
	example     timeline.Event // its first record
}

// count adds a record of a log, which may name the subject.
func (cs *computers) count(e *timeline.Event, d evtx.TypedEvent, naming bool) {
	name := d.Sys().Computer
	c := cs.byName[name]
	if c == nil {
		c = &computer{name: strings.Clone(name), kinds: map[string]int{}, first: e.Time, example: *e}
		c.example.Data = evtx.Clone(d)
		if cs.byName == nil {
			cs.byName, cs.logs = map[string]*computer{}, map[string]*computer{}
		}
		cs.byName[c.name] = c
		cs.list = append(cs.list, c)
	}
	c.kinds[d.Kind()]++
	c.last = e.Time
	if !collects(e.Source.Artifact) {
		c.records++
	}
	if naming {
		c.naming++
	}
	if of, known := cs.logs[e.Source.Artifact]; !known {
		cs.logs[strings.Clone(e.Source.Artifact)] = c
	} else if of != nil && of != c {
		cs.logs[e.Source.Artifact] = nil
	}
}

// hold reports whether a machine has records.
func (cs *computers) hold(name string) bool {
	return name != "" && slices.ContainsFunc(cs.list, func(c *computer) bool { return c.name != "" && sameComputer(c.name, name, "") })
}

// collects reports whether a log is one into which Windows collects the records of
// other machines.
func collects(artifact string) bool {
	return strings.Contains(winpath.Fold(winpath.Base(strings.ReplaceAll(artifact, "/", `\`))), "FORWARDEDEVENTS")
}

// A rename is System 6011.
type rename struct {
	from, to string
	at       time.Time
}

// renameSpan is how long after a rename records may still have the former name: until
// the machine has been restarted.
const renameSpan = time.Hour

// settledBy is how many times more records than any other machine one must have in
// the logs, if no hive names the machine.
const settledBy = 4

// newNames settles which machine it is: the one that the hives name, else the one that
// was asked for, else the one whose records prevail in its logs.
func newNames(asked string, hives []*timeline.Hive, all computers, renames []rename, kept []timeline.Event, subjects []*subject) names {
	n := namesOfHives(hives)
	if len(n.list) == 0 && all.hold(asked) {
		n.list, n.by = []string{asked}, byCaller
	}
	if len(n.list) == 0 {
		n.fromLogs(all, renames)
	}
	for range renames { // a name before the last one may precede another
		for _, r := range renames {
			if n.has(r.to) && !n.has(r.from) {
				n.list = append(n.list, r.from)
			}
		}
	}
	n.giveUp(renames)
	for _, about := range subjects {
		n.bind(all, kept, about)
	}
	if n.by != byCaller { // who names a machine has logs of others
		n.presume(all)
	}
	for _, c := range all.list {
		if c.name != "" && len(n.firsts) < maxListed {
			n.seen, n.firsts = append(n.seen, c.name), append(n.firsts, c.example)
		}
	}
	return n
}

// giveUp notes since when the machine no longer has its former names: another machine
// may have been given one of them.
func (n *names) giveUp(renames []rename) {
	n.past = map[string]time.Time{}
	for _, r := range renames { // in order of time
		for name := range n.past {
			if sameComputer(name, r.to, n.domain) {
				delete(n.past, name)
			}
		}
		if n.has(r.from) && n.has(r.to) && !sameComputer(r.from, r.to, n.domain) {
			n.past[r.from] = r.at
		}
	}
}

// namesOfHives reads the names of the machine from its hives.
func namesOfHives(hives []*timeline.Hive) names {
	var n names
	for _, h := range hives {
		if h.Reader.Type() != registry.System {
			continue
		}
		set, err := h.Reader.CurrentControlSet()
		if err != nil || set == "" {
			continue
		}
		n.domain = cmp.Or(n.domain, valueIn(h.Reader, set+tcpipKey, "Domain"), valueIn(h.Reader, set+tcpipKey, "NV Domain"))
		for _, at := range [...][2]string{
			{`\Control\ComputerName\ComputerName`, "ComputerName"}, {`\Control\ComputerName\ActiveComputerName`, "ComputerName"},
			{tcpipKey, "Hostname"}, {tcpipKey, "NV Hostname"},
		} {
			if name := valueIn(h.Reader, set+at[0], at[1]); name != "" && !n.has(name) {
				n.list, n.by = append(n.list, name), byHive
			}
		}
	}
	return n
}

// fromLogs settles the machine by its logs. If the records of no machine prevail, it
// takes the one whose records name the subject, and nothing is settled.
func (n *names) fromLogs(all computers, renames []rename) {
	joined := func(a, b *computer) bool {
		return a == b || sameComputer(a.name, b.name, "") || slices.ContainsFunc(renames, func(r rename) bool {
			return sameComputer(r.from, a.name, "") && sameComputer(r.to, b.name, "") || sameComputer(r.from, b.name, "") && sameComputer(r.to, a.name, "")
		})
	}
	records := map[*computer]int{}
	list := slices.DeleteFunc(slices.Clone(all.list), func(c *computer) bool { return c.name == "" })
	for _, c := range list {
		for _, d := range list {
			if joined(c, d) {
				records[c] += d.records
			}
		}
	}
	slices.SortStableFunc(list, func(a, b *computer) int { // of one machine, the last name comes first
		return cmp.Or(cmp.Compare(records[b], records[a]), b.last.Compare(a.last))
	})
	if len(list) == 0 {
		return
	}
	best := list[0]
	n.by = byLogs
	rival := slices.IndexFunc(list, func(c *computer) bool { return !joined(c, best) })
	if records[best] == 0 || rival >= 0 && records[best] < settledBy*records[list[rival]] {
		n.by = unsettled
		for _, c := range list {
			if c.naming > best.naming {
				best = c
			}
		}
	}
	n.list = []string{best.name}
}

// bind adds the name of another machine in a log if the file itself shows that the log
// is of this volume: all records of the log name that machine, and its record of the
// creation of the subject has the time that the $MFT holds. A volume is renamed,
// cloned and restored in more ways than Windows logs.
func (n *names) bind(all computers, kept []timeline.Event, about *subject) {
	if about.rec == nil || n.bound != "" {
		return
	}
	fn, ok := about.rec.FileName()
	if !ok {
		return
	}
	for i := range kept {
		e := &kept[i]
		d, ok := e.Data.(*evtx.Sysmon11)
		if !ok || n.has(d.Computer) || collects(e.Source.Artifact) || !about.isSubject(d.TargetFilename) || !near(e.Time, fn.Created) {
			continue
		}
		if of := all.logs[e.Source.Artifact]; of != nil && of.name == d.Computer {
			n.list, n.bound = append(n.list, of.name), of.name
			return
		}
	}
}

// presume adds as former names those of machines whose records all precede the first
// of this machine: an image that machines are made from keeps the records of the one
// on which it was built.
func (n *names) presume(all computers) {
	var first time.Time
	for _, c := range all.list {
		if n.has(c.name) && c.records > 0 && (first.IsZero() || c.first.Before(first)) {
			first = c.first
		}
	}
	for _, c := range all.list {
		if c.name != "" && c.records > 0 && !n.has(c.name) && !first.IsZero() && c.last.Before(first) {
			n.formers = append(n.formers, c.name)
		}
	}
}

// has reports whether a name is one that the machine is known to have had.
func (n *names) has(computer string) bool {
	return slices.ContainsFunc(n.list, func(name string) bool { return sameComputer(name, computer, n.domain) })
}

// of returns whose the records are that name a machine.
func (n *names) of(computer string) belonging {
	switch {
	case computer == "" || n.by == noNames || n.has(computer):
		return own
	case slices.Contains(n.formers, computer):
		return former
	}
	return foreign
}

// ofEvent returns whose a record is.
func (n *names) ofEvent(e *timeline.Event) belonging {
	computer := e.Computer()
	for name, at := range n.past {
		if e.Time.After(at.Add(renameSpan)) && sameComputer(name, computer, n.domain) {
			return foreign
		}
	}
	return n.of(computer)
}

// maxNetBIOS is how many characters of its name a machine has in NetBIOS.
const maxNetBIOS = 15

// sameComputer reports whether two names are those of one machine: the host names are
// equal, or one is the other cut to the length of NetBIOS, and the domains do not
// differ. Domain is that of a name without one, if it is known.
func sameComputer(a, b, domain string) bool {
	hostA, domainA, _ := strings.Cut(winpath.Fold(a), ".")
	hostB, domainB, _ := strings.Cut(winpath.Fold(b), ".")
	if domainA = cmp.Or(domainA, winpath.Fold(domain)); domainA != "" && domainB != "" && domainA != domainB {
		return false
	}
	if hostA == "" || hostB == "" {
		return false
	}
	return hostA == hostB || len(hostA) == maxNetBIOS && strings.HasPrefix(hostB, hostA) || len(hostB) == maxNetBIOS && strings.HasPrefix(hostA, hostB)
}
