package cim

import (
	"iter"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/winid"
)

// Consumer is a permanent consumer of events that makes Windows run something: an instance
// of CommandLineEventConsumer or ActiveScriptEventConsumer.
type Consumer struct {
	Instance
	Name       string
	Command    string    // the command line template; "" if there is only a program, or a script
	Program    string    // the path of the program, or ""
	Folder     string    // in which the command runs
	Script     string    // the text of a script
	ScriptFile string    // or the file with it
	Engine     string    // of the script: VBScript, JScript
	Creator    winid.SID // who made it; zero if it is not recorded
	Filters    []Filter  // that bindings tie it to: without one, it does not run
}

// Filter says for which events a consumer runs.
type Filter struct {
	Name, Query, Language string

	Namespace string // of the events; "" is that of the filter
}

// consumerClasses are the classes of consumers that run something.
var consumerClasses = []string{"CommandLineEventConsumer", "ActiveScriptEventConsumer"}

// Consumers iterates over the consumers that run something, with the filters that they
// are bound to. Errors are as those of Instances; that of a binding or a filter comes
// first.
func (r *Reader) Consumers() iter.Seq2[Consumer, error] {
	return func(yield func(Consumer, error) bool) {
		filters := map[place]Filter{}
		for i, err := range r.Instances("__EventFilter") {
			if err != nil {
				if !yield(Consumer{}, err) {
					return
				}
				continue
			}
			f := Filter{i.Text("Name"), i.Text("Query"), i.Text("QueryLanguage"), i.Text("EventNamespace")}
			filters[placeOf(i.Namespace, i.Class, f.Name)] = f
		}
		bound := map[place][]Filter{}
		for i, err := range r.Instances("__FilterToConsumerBinding") {
			if err != nil {
				if !yield(Consumer{}, err) {
					return
				}
				continue
			}
			filter, ok := filters[referred(i.Namespace, i.Text("Filter"))]
			if consumer := referred(i.Namespace, i.Text("Consumer")); ok && len(bound[consumer]) < maxFilters {
				bound[consumer] = append(bound[consumer], filter)
			}
		}
		for _, class := range consumerClasses {
			for i, err := range r.Instances(class) {
				c := Consumer{}
				if err == nil {
					c = consumerOf(i)
					c.Filters = bound[placeOf(i.Namespace, i.Class, c.Name)]
				}
				if !yield(c, err) {
					return
				}
			}
		}
	}
}

// maxFilters limits how many filters of a consumer are kept.
const maxFilters = 256

func consumerOf(i Instance) Consumer {
	c := Consumer{Instance: i, Name: i.Text("Name"), Command: i.Text("CommandLineTemplate"), Program: i.Text("ExecutablePath"), Folder: i.Text("WorkingDirectory"),
		Script: i.Text("ScriptText"), ScriptFile: i.Text("ScriptFilename"), Engine: i.Text("ScriptingEngine")}
	if sid, err := winid.DecodeSID(i.Bytes("CreatorSID")); err == nil {
		c.Creator = sid
	}
	return c
}

// place is an instance by its folded namespace, class and name.
type place struct{ namespace, class, name string }

func placeOf(namespace, class, name string) place {
	return place{winpath.Fold(namespace), winpath.FoldName(class), winpath.FoldName(name)}
}

// referred reads a reference, such as \\.\root\subscription:__EventFilter.Name="x": without a
// namespace, it is in that of the instance that has it.
func referred(namespace, reference string) place {
	if rest, ok := strings.CutPrefix(reference, `\\`); ok {
		_, rest, _ = strings.Cut(rest, `\`) // the machine
		namespace, reference, _ = strings.Cut(rest, ":")
	} else if at, rest, ok := strings.Cut(reference, ":"); ok && !strings.ContainsAny(at, `."`) {
		namespace, reference = at, rest
	}
	class, key, _ := strings.Cut(reference, ".")
	_, name, _ := strings.Cut(key, "=")
	name = strings.TrimSuffix(strings.TrimPrefix(name, `"`), `"`)
	return placeOf(namespace, class, unescape.Replace(name))
}

// unescape undoes the escapes of names in references.
var unescape = strings.NewReplacer(`\\`, `\`, `\"`, `"`)
