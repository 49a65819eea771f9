package origin

import (
	"cmp"
	"fmt"

	"github.com/birthmark-dfir/birthmark/internal/command"
	"github.com/birthmark-dfir/birthmark/timeline"
)

// inRepository adds the consumers of WMI events that the repository holds. One that is not
// bound to a filter does not run.
func (s *autostartSearch) inRepository() {
	if s.tl == nil {
		return
	}
	for _, c := range s.tl.WMIConsumers() {
		if found := s.asConsumer(c); found != nil {
			s.list.add(found)
		}
	}
}

// asConsumer returns a consumer as an autostart, or nil if it does nothing with the subject.
func (s *autostartSearch) asConsumer(c *timeline.WMIConsumer) *autostart {
	is := s.inConsumer(c.Name, consumerLine(c), c.Script)
	if named, _ := s.usesPath(s.environment(serviceProfile), c.Program); named {
		is = stronger(is, starts)
	}
	if is == "" {
		return nil
	}
	state := held
	if len(c.Filters) == 0 {
		state = disabled
	}
	return &autostart{category: "wmi", name: c.Name, location: c.Namespace, command: consumerCommand(c), written: c.Written, state: state, role: is,
		records: []Citation{citeConsumer(c)}}
}

// consumerLine returns the command line that a consumer runs, or "" if its script is in it.
func consumerLine(c *timeline.WMIConsumer) string {
	switch {
	case c.Command != "":
		return c.Command
	case c.Program != "":
		return `"` + c.Program + `"`
	case c.ScriptFile != "":
		return `wscript.exe "` + c.ScriptFile + `"`
	}
	return ""
}

// consumerCommand is what a consumer runs, as the fact "command" has it.
func consumerCommand(c *timeline.WMIConsumer) string {
	return cmp.Or(consumerLine(c), oneLine(c.Script))
}

// inConsumer returns what the command and the script of a consumer do with the subject.
func (s *autostartSearch) inConsumer(name, line, script string) role {
	e := s.environment(serviceProfile)
	is := s.read(e, "wmi", name, line)
	for _, u := range command.ReadScript(script) {
		named, _ := s.usesSubject(e, u)
		is = stronger(is, named)
	}
	if !is.executes() && namesFile(script, s.path) {
		is = stronger(is, passes)
		if len(s.unclear) < maxListed {
			s.unclear = append(s.unclear, fmt.Sprintf("the script of the %s %s, which names it in a way that could not be understood: %s", categoryWord("wmi"), name, clip(oneLine(script))))
		}
	}
	return is
}

func citeConsumer(c *timeline.WMIConsumer) Citation {
	text := values("namespace", c.Namespace, "class", c.Class, "name", c.Name, "command", c.Command, "program", c.Program, "script", oneLine(c.Script), "script file", c.ScriptFile, "creator", c.Creator.String())
	for _, f := range c.Filters {
		text += values("filter", f.Name, "query", f.Query)
	}
	return Citation{Artifact: c.Artifact, Record: c.Namespace + ":" + c.Class + "." + c.Name, Offset: c.Offset, Time: c.Written, Text: text}
}

// wmiRepository is what the repository of WMI holds.
var wmiRepository = &source{name: "WMI repository", typ: timeline.TypeWMI, none: "-", writer: "WMI", reach: administrator, why: databaseReach}
