package origin

import (
	"cmp"

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
		line := c.Command
		if line == "" && c.Program != "" {
			line = `"` + c.Program + `"`
		}
		if line == "" && c.ScriptFile != "" {
			line = `wscript.exe "` + c.ScriptFile + `"`
		}
		is := s.inConsumer(c.Name, line, c.Script)
		if named, _ := s.usesPath(s.environment(serviceProfile), c.Program); named {
			is = stronger(is, starts)
		}
		if is == "" {
			continue
		}
		state := held
		if len(c.Filters) == 0 {
			state = disabled
		}
		s.list.add(&autostart{category: "wmi", name: c.Name, location: c.Namespace, command: cmp.Or(line, oneLine(c.Script)), written: c.Written, state: state, role: is,
			records: []Citation{citeConsumer(c)}})
	}
}

// inConsumer returns what the command and the script of a consumer do with the subject.
func (s *autostartSearch) inConsumer(name, line, script string) role {
	e := s.environment(serviceProfile)
	is := s.read(e, "wmi", name, line)
	for _, u := range command.ReadScript(script) {
		if named, _ := s.usesSubject(e, u); named {
			is = stronger(is, roleOf[u.Verb])
		}
	}
	if is == "" && namesFile(script, s.path) {
		is = mentions
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
