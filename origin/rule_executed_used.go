package origin

import (
	"fmt"
	"slices"
	"time"

	"github.com/birthmark-dfir/birthmark/ese/srum"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

var executedUsed = &rule{
	name: "executed.used", question: Executed, best: Inferred,
	finds: "the hours in which the program used the processor, the disk or the network (SRUM)",
	also:  []*source{resourceUsage},
	traps: []trap{
		{"only_name", "SRUM has the name of the program, and not its path"},
		{"earlier_hour", "the hour of the record began before the file was there"},
	},
	against: "another file that had this path at that time",
	apart:   "a record of the start of the process: Sysmon 1, or 4688",
	find:    (*inquiry).findUsed,
}

var reachUsed = &rule{
	name: "reach.used", question: Reach, best: Unknown,
	finds:   "how much the program sent and received (SRUM), which is recorded without the other end",
	also:    []*source{resourceUsage},
	against: "another file that had this path at that time",
	apart:   "a record of a connection: Sysmon 3, or 5156",
	find:    (*inquiry).findTraffic,
}

// hourly is how long the time is that a record of SRUM is about, at most.
const hourly = time.Hour

// used returns the records of SRUM that may be about the subject: those with its path, or
// else those with its name alone.
func (q *inquiry) used() (list []*entry[*srum.Record], byPath bool) {
	var named []*entry[*srum.Record]
	for i := range q.usage {
		u := &q.usage[i]
		if q.created.IsZero() || q.before(u.Time) {
			continue
		}
		device, rest := u.data.App.Device()
		img, isImage := u.data.App.Image()
		switch {
		case device != "" && q.isSubject(drivePrefix(q.letter)+rest), device == "" && rest != "" && q.isSubject(rest):
			list = append(list, u)
		case isImage && winpath.SameName(img.Name, winpath.Base(q.path)) && q.mayBeLinked(img.Linked):
			named = append(named, u)
		}
	}
	if len(list) > 0 {
		return list, true
	}
	return named, false
}

// mayBeLinked reports whether a link time may be that of the subject.
func (q *inquiry) mayBeLinked(linked time.Time) bool {
	if q.content == nil || q.content.image == nil || linked.IsZero() {
		return true
	}
	return q.content.image.LinkTime.Equal(linked)
}

// findUsed finds the records of SRUM about the use of the program.
func (q *inquiry) findUsed() []candidate {
	list, byPath := q.used()
	if len(list) == 0 {
		return nil
	}
	slices.SortStableFunc(list, func(a, b *entry[*srum.Record]) int { return a.Time.Compare(b.Time) })
	first, last := list[0], list[len(list)-1]
	a := candidate{Answer: Answer{Grade: Inferred}, claim: claim{what: "ran"}}
	what := "it"
	if !byPath {
		what = "a program named " + winpath.Base(q.path)
		a.caught("only_name", "another program named %s", winpath.Base(q.path))
	}
	if last.Time.Add(-hourly).Before(q.created) {
		a.caught("earlier_hour", "another file that had this path before: the hour that SRUM recorded began before the creation")
	}
	a.Answer.Answer = fmt.Sprintf("According to SRUM, %s was in use in the hour before %s", what, timeText(first.Time))
	if !last.Time.Equal(first.Time) {
		a.Answer.Answer += ", and for the last time in the hour before " + timeText(last.Time)
	}
	a.Answer.Answer += "."
	a.other = "a use according to SRUM"
	a.fact("proves", "execution")
	a.fact("by", first.Time)
	for _, u := range list[:min(len(list), maxListed)] {
		a.cite(citeUsage(u))
	}
	if len(list) > maxListed {
		a.cite(citeUsage(last))
	}
	return []candidate{a}
}

// findTraffic adds up what the program sent and received.
func (q *inquiry) findTraffic() []candidate {
	list, byPath := q.used()
	if !byPath {
		return nil
	}
	var sent, received uint64
	a := lead()
	n := 0
	for _, u := range list {
		d, ok := u.data.Data.(*srum.Network)
		if !ok {
			continue
		}
		sent, received = sent+d.BytesSent, received+d.BytesRecvd
		if n++; n <= maxListed {
			a.cite(citeUsage(u))
		}
	}
	if n == 0 {
		return nil
	}
	a.Answer.Answer = fmt.Sprintf("According to SRUM, it sent %d bytes and received %d; to and from where is not recorded.", sent, received)
	a.other = fmt.Sprintf("%d bytes that it sent according to SRUM, to an unknown place", sent)
	return []candidate{a}
}

func citeUsage(u *entry[*srum.Record]) Citation {
	fields := []any{"kind", u.data.Kind, "app", u.data.App.Text, "user", u.data.User.Text}
	switch d := u.data.Data.(type) {
	case *srum.Network:
		fields = append(fields, "sent", d.BytesSent, "received", d.BytesRecvd)
	case *srum.Application:
		fields = append(fields, "read", d.ForegroundBytesRead+d.BackgroundBytesRead, "wrote", d.ForegroundBytesWritten+d.BackgroundBytesWritten)
	}
	return cite(&u.Event, fields...)
}
