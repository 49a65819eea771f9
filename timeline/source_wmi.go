package timeline

import (
	"cmp"
	"context"
	"fmt"
	"path"
	"slices"

	"github.com/birthmark-dfir/birthmark/cim"
	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/registry"
)

const wmiFolder = "Windows/System32/wbem/Repository"

func isRepository(name string) bool { return winpath.SameName(path.Base(name), "OBJECTS.DATA") }

// maxConsumers limits how many consumers of a repository are read.
const maxConsumers = 20_000

// addRepository reads the repository of WMI that a file OBJECTS.DATA belongs to.
func (t *Timeline) addRepository(_ context.Context, artifact string) error {
	c := Coverage{Artifact: artifact, Name: "WMI repository", Type: TypeWMI, State: Parsed}
	defer func() { t.coverage = append(t.coverage, c) }()
	r, err := cim.OpenFS(t.vol, path.Dir(artifact))
	if err != nil {
		c.State = Damaged
		c.damaged(err)
		return nil
	}
	defer r.Close()
	for p := range r.Problems() {
		c.State = Partly
		c.add(p)
	}
	var events []Event
	for found, err := range r.Consumers() {
		if err != nil {
			c.State = Partly
			c.damaged(err)
			continue
		}
		if c.Records == maxConsumers {
			c.add(tooMany(artifact, maxConsumers))
			break
		}
		c.Records++
		made := &WMIConsumer{found, artifact}
		t.consumers = append(t.consumers, made)
		if filetime.Ticks(made.Written) != 0 {
			c.saw(made.Written)
			events = append(events, consumerEvent(made, t.opt.drive))
		}
	}
	slices.SortStableFunc(events, func(a, b Event) int { return a.Time.Compare(b.Time) })
	t.sources = append(t.sources, readySource{WMISubscribed, events})
	return nil
}

// consumerEvent makes the event of a consumer that was written.
func consumerEvent(c *WMIConsumer, drive string) Event {
	command := cmp.Or(c.Command, c.Program, c.ScriptFile)
	e := Event{
		Time: c.Written, Desc: "Content Modification Time", Kind: WMISubscribed, Data: c,
		Path:    winpath.Normalize(drive, registry.ExecutablePath(cmp.Or(c.Program, c.Command))),
		Source:  Source{Artifact: c.Artifact, Record: c.Namespace + ":" + c.Class + "." + c.Name, Offset: c.Offset, Type: TypeWMI},
		Message: fmt.Sprintf("the consumer %s of WMI events in %s was written%s", c.Name, c.Namespace, with("command", command)),
		Fields:  []Field{{"Namespace", c.Namespace}, {"Class", c.Class}, {"Name", c.Name}, {"Command", command}, {"Script", c.Script}},
	}
	if !c.Creator.IsZero() {
		e.SID = c.Creator.String()
	}
	for _, f := range c.Filters {
		e.Fields = append(e.Fields, Field{"Filter", f.Name}, Field{"Query", f.Query})
		e.Message += with("on", f.Query)
	}
	if len(c.Filters) == 0 {
		e.Message += ", without a binding"
	}
	return e
}
