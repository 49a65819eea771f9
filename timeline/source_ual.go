package timeline

import (
	"cmp"
	"context"
	"fmt"
	"path"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/ese"
	"github.com/birthmark-dfir/birthmark/ese/ual"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

const ualFolder = "Windows/System32/LogFiles/Sum"

// isUAL reports whether a file has the name of a database of User Access Logging: also
// outside its folder, as collectors flatten folders.
func isUAL(name string) bool {
	base := winpath.Fold(path.Base(name))
	if base == "CURRENT.MDB" || base == "SYSTEMIDENTITY.MDB" {
		return true
	}
	ok, _ := path.Match("{????????-????-????-????-????????????}.MDB", base)
	return ok
}

// addUAL reads a database of User Access Logging: for each client an event of its first
// access, of its last, and of each day with one.
func (t *Timeline) addUAL(ctx context.Context, artifact string) error {
	c := Coverage{Artifact: artifact, Name: "UAL", Type: TypeUAL, State: Parsed}
	defer func() { t.coverage = append(t.coverage, c) }()
	r, err := ual.OpenFS(t.vol, artifact, ese.WithName(path.Base(artifact)))
	if err != nil {
		c.State = Damaged
		c.damaged(err)
		return nil
	}
	defer r.Close()
	var events []Event
	days := 0
	for client, err := range r.Clients() {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err != nil {
			c.damaged(err)
			continue
		}
		c.Records++
		days += len(client.Days)
		events = append(events, ualEvents(&client, artifact, days <= maxDays)...)
	}
	for host, err := range r.Hosts() {
		if err != nil {
			c.damaged(err)
			continue
		}
		c.Records++
		if host.LastSeen.IsZero() {
			continue
		}
		events = append(events, Event{
			Time: host.LastSeen, Desc: "Last Seen", Kind: HostNamed, Message: fmt.Sprintf("%s had the name %s", host.Address, host.Name),
			Source: Source{Artifact: artifact, Record: host.Table, Offset: host.Offset, Type: TypeUAL},
			Fields: []Field{{"Address", host.Address}, {"HostName", host.Name}},
		})
	}
	if r.Table("CLIENTS") == nil && r.Table("SYSTEM_IDENTITY") == nil {
		c.State = Damaged
		c.add(damage.Note(damage.Malformed, damage.New("tables", -1, "no CLIENTS", "those of User Access Logging"), path.Base(artifact), ""))
	}
	if days > maxDays {
		c.add(damage.Note(damage.Limit, damage.New("days with an access", -1, days, maxDays), path.Base(artifact), "CLIENTS"))
	}
	for p := range r.Problems() {
		c.add(p)
	}
	for i := range events {
		c.saw(events[i].Time)
	}
	t.addReady(events)
	return nil
}

// maxDays is for how many days of clients a database has events. A busy server has a hundred
// for each of its clients. Data has the days of a client all the same.
const maxDays = 200_000

// ualEvents makes the events of a client, those of its days only if they are asked for.
func ualEvents(client *ual.Client, artifact string, days bool) []Event {
	address := ""
	if client.Address.IsValid() {
		address = client.Address.Unmap().String()
	}
	role := cmp.Or(client.Role.Name, client.Role.ID.String())
	who := cmp.Or(client.User, "someone")
	var list []Event
	add := func(at time.Time, desc, message string, more ...Field) {
		if at.IsZero() {
			return
		}
		list = append(list, Event{
			Time: at, Desc: desc, Kind: ServerAccessed, User: client.User, Data: client, Message: message,
			Source: Source{Artifact: artifact, Record: client.Table, Offset: client.Offset, Type: TypeUAL},
			Fields: append([]Field{
				{"Address", address}, {"Role", role}, {"RoleGuid", client.Role.ID.String()}, {"ClientName", client.Name}, {"TotalAccesses", fmt.Sprint(client.Accesses)},
			}, more...),
		})
	}
	from := ""
	if address != "" {
		from = " from " + address
	}
	add(client.First, "First Access", fmt.Sprintf("%s used the role %s%s for the first time of the year", who, role, from))
	for _, d := range client.Days {
		if !days {
			break
		}
		add(d.Date, "Day of Access", fmt.Sprintf("%s used the role %s%s %d times on this day", who, role, from, d.Accesses), Field{"Accesses", fmt.Sprint(d.Accesses)})
	}
	add(client.Last, "Last Access", fmt.Sprintf("%s used the role %s%s for the last time, %d times in all", who, role, from, client.Accesses))
	return list
}
