package origin

import (
	"cmp"
	"regexp"
	"strings"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/timeline"
)

// A consumer is a permanent consumer of WMI events, which runs a command or a script
// whenever its filter matches: WMI-Activity 5861, or Sysmon 20.
type consumer struct {
	timeline.Event
	name, command, script string
	deleted               bool
	citation              Citation
}

// mofString finds the strings in the text of instances in the Managed Object Format.
var mofString = regexp.MustCompile(`(?i)\b(Name|CommandLineTemplate|ExecutablePath|WorkingDirectory|ScriptText|ScriptFileName)\s*=\s*"((?:[^"\\]|\\.)*)"`)

// mofEscapes undoes the escapes in those strings.
var mofEscapes = strings.NewReplacer(`\\`, `\`, `\"`, `"`, `\'`, `'`, `\n`, "\n", `\r`, "\r", `\t`, "\t")

// consumersOf returns the consumer that a binding names. The record has it as text: the
// filter and the consumer, one after the other.
func consumersOf(e *timeline.Event, d *evtx.WMI5861) []consumer {
	text := d.PossibleCause
	if i := strings.Index(strings.ToLower(text), "eventconsumer"); i >= 0 {
		text = text[i:]
	}
	values := map[string]string{}
	for _, m := range mofString.FindAllStringSubmatch(text, -1) {
		key := strings.ToLower(m[1])
		values[key] = cmp.Or(values[key], mofEscapes.Replace(m[2]))
	}
	c := consumer{Event: *e, name: cmp.Or(values["name"], d.Consumer)}
	c.command = values["commandlinetemplate"]
	if program := values["executablepath"]; program != "" && c.command == "" {
		c.command = `"` + program + `"`
	}
	if file := values["scriptfilename"]; file != "" {
		c.command = `wscript.exe "` + file + `"`
	}
	c.script = values["scripttext"]
	c.citation = cite(e, "Namespace", d.Namespace, "ESS", d.Filter, "CONSUMER", d.Consumer, "PossibleCause", oneLine(d.PossibleCause))
	return []consumer{c}
}

// consumerOf returns the consumer that Sysmon 20 records.
func consumerOf(e *timeline.Event, d *evtx.Sysmon20) consumer {
	c := consumer{Event: *e, name: strings.Trim(d.Name, ` "`), deleted: strings.EqualFold(d.Operation, "Deleted")}
	text := mofEscapes.Replace(strings.Trim(strings.TrimSpace(d.Destination), `"`))
	if strings.Contains(strings.ToLower(d.Type), "script") {
		c.script = text
	} else {
		c.command = text
	}
	c.citation = cite(e, "Operation", d.Operation, "Name", d.Name, "Type", d.Type, "Destination", d.Destination, "User", d.User)
	return c
}
