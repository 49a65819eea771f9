package origin

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/command"
)

var arrivalArgument = &rule{
	name: "arrival.argument", question: Arrival, best: Corroborated,
	after: []Question{Writer},
	finds: "the address in the writer's command line that this program takes as its source",
	also:  []*source{sysmonProcess, auditProcess},
	traps: []trap{
		{"not_source", "what the program does with the address is not known"},
		{"several", "the command line names several addresses"},
	},
	against: "another address, to which that one led, or that the program did not ask",
	apart:   "the network records of the writer, or a proxy's log",
	find:    (*inquiry).findArgument,
}

// httpURL finds URLs in a command line.
var httpURL = regexp.MustCompile(`(?i)\b(?:https?|ftp)://[^\s"'<>|]+`)

// findArgument finds the addresses that the writer's command line takes as a source.
// Proxies, comments, and where a program sends something, are not sources. If what the
// line does with an address is not known, it may be.
func (q *inquiry) findArgument() []candidate {
	if q.writer == nil {
		return nil
	}
	line := wholeLine(q.writer.commandLine)
	uses, unclear := command.Read(line)
	list := slices.DeleteFunc(command.Sources(uses), isPath)
	if s := q.writer.script; s != nil {
		list = append(list, slices.DeleteFunc(command.Sources(command.ReadScript(s.text)), isPath)...)
	}
	sure := len(list) > 0
	if !sure {
		for _, part := range command.Unread(uses, unclear) {
			list = append(list, httpURL.FindAllString(part, -1)...)
		}
	}
	if len(list) == 0 {
		return nil
	}
	what := "command line"
	if q.writer.script != nil && !strings.Contains(line, list[0]) {
		what = "script"
	}
	a := candidate{Answer: Answer{Grade: Corroborated}, rests: []Question{Writer}}
	a.fact("kind", "download")
	a.fact("url", list[0])
	a.fact("address", addressOf(withScheme(list[0]), ""))
	a.Answer.Answer = fmt.Sprintf("%s wrote it; its %s takes %s as the source.", q.writer, what, list[0])
	a.other = "its writer's " + what + " takes it from " + list[0]
	if !sure {
		a.Answer.Answer = fmt.Sprintf("%s wrote it; its command line names %s.", q.writer, list[0])
		a.other = "its writer's command line names " + list[0]
		a.caught("not_source", "another source: what the command does with %s is not known", list[0])
	}
	a.claim = claim{what: "download " + hostOf(withScheme(list[0]))}
	a.cite(q.writer.cite()...)
	a.cite(q.citeCreation()...)
	for _, u := range slices.Compact(list)[1:] {
		if u != list[0] {
			a.caught("several", "%s, from the same command line", u)
		}
	}
	return []candidate{a}
}

// isPath reports whether a source is a file and not an address.
func isPath(source string) bool {
	return !strings.Contains(source, "://") && (strings.Contains(source, `\`) || len(source) > 1 && source[1] == ':' || !strings.Contains(source, "."))
}

// withScheme completes an address as curl does.
func withScheme(address string) string {
	if strings.Contains(address, "://") {
		return address
	}
	return "http://" + address
}
