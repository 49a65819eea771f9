package origin

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/ese/ual"
	"github.com/birthmark-dfir/birthmark/winid"
)

var logonAccess = &rule{
	name: "logon.access", question: Logon, best: Inferred,
	finds: "the addresses from which the account used a role of this server on the day of the creation, if the 4624 is missing (UAL)",
	also:  []*source{userAccessLog},
	traps: []trap{
		{"several", "the account used roles of the server from several addresses on that day"},
	},
	against: "a session that began on another day or on the machine itself, or a use of the server that was no logon",
	apart:   "the 4624 of the writer's LogonId",
	find:    (*inquiry).findAccess,
}

// findAccess finds from which other machines the account of the writer, or else of the
// owner, used this server on the day on which the file was created.
func (q *inquiry) findAccess() []candidate {
	user := q.accountOfLogon()
	if user == "" || q.created.IsZero() {
		return nil
	}
	if p := q.writer; p != nil && p.logonID != 0 && q.logons.at(p.logonID, p.start) != nil {
		return nil
	}
	a := candidate{Answer: Answer{Grade: Inferred}}
	if q.writer != nil {
		a.rests = []Question{Writer}
	}
	var addresses, said []string
	for _, e := range q.clientsOf(user) {
		c := e.data
		n := accessesOn(c, q.created)
		if n == 0 || q.isOwnAddress(c.Address.String()) {
			continue
		}
		a.cite(cite(&e.Event, "role", e.Field("Role"), "address", c.Address.Unmap(), "user", c.User, "day", q.created.UTC().Format(time.DateOnly), "accesses", n))
		address := plainAddress(c.Address.Unmap().String())
		if slices.Contains(addresses, address) { // for another role
			continue
		}
		addresses = append(addresses, address)
		said = append(said, fmt.Sprintf("%s (%s)", address, e.Field("Role")))
		a.fact("address", address)
		a.fact("from", fromRemote)
		a.fact("user", c.User)
	}
	if len(addresses) == 0 {
		return nil
	}
	if len(addresses) > 1 {
		a.caught("several", "")
		for _, address := range addresses[1:] {
			a.rival("a use of the server by %s from %s on that day", user, address)
		}
	}
	a.Answer.Answer = fmt.Sprintf("According to User Access Logging, %s used this server on the day of the creation from %s. At which time is not recorded.", user, strings.Join(said, " and from "))
	a.other = fmt.Sprintf("a use of the server by %s from %s on that day", user, addresses[0])
	return []candidate{a}
}

// clientsOf returns the clients of an account, the first access first.
func (q *inquiry) clientsOf(user string) []entry[*ual.Client] {
	var list []entry[*ual.Client]
	for _, e := range q.clients {
		if winid.SameAccount(e.data.User, user) {
			list = append(list, e)
		}
	}
	slices.SortFunc(list, func(a, b entry[*ual.Client]) int {
		return cmp.Or(a.data.First.Compare(b.data.First), a.data.Address.Compare(b.data.Address), cmp.Compare(a.data.Offset, b.data.Offset), cmp.Compare(a.Source.Artifact, b.Source.Artifact))
	})
	return list
}

// accountOfLogon returns the account whose logon is asked for: that of the writer, or
// else the owner, if that is not a group.
func (q *inquiry) accountOfLogon() string {
	switch {
	case q.writer != nil && q.writer.user != "":
		return q.writer.user
	case q.owner == administrators:
		return ""
	}
	return q.accounts[q.owner].name
}

// accessesOn returns how often a client used the role on the day of a time. A client
// without days did so at its first and last access.
func accessesOn(c *ual.Client, at time.Time) uint64 {
	day := at.UTC().Truncate(24 * time.Hour)
	for _, d := range c.Days {
		if d.Date.Equal(day) {
			return d.Accesses
		}
	}
	if len(c.Days) == 0 && (c.First.Truncate(24*time.Hour).Equal(day) || c.Last.Truncate(24*time.Hour).Equal(day)) {
		return 1
	}
	return 0
}
