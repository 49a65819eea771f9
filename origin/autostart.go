package origin

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/timeline"
)

// autostart is one thing that starts the subject, as any number of records tell.
type autostart struct {
	category, name, location, command string
	written                           time.Time
	records                           []Citation
}

// is reports whether a record with these names tells of the same autostart.
func (s *autostart) is(category, name string) bool {
	return s.category == category && timeline.SamePath(s.name, name)
}

// autostarts returns what starts the subject: by the hives, which hold it, and
// by the logs of what wrote it there, in order of time.
func (q *inquiry) autostarts() []*autostart {
	var list []*autostart
	for i := range q.ix.starts {
		s := &q.ix.starts[i]
		if !q.isSubject(s.data.Path) && !q.commands(s.data.Command) && !q.isSubject(s.data.ServiceDll) && !q.commands(s.data.FailureCommand) {
			continue
		}
		list = append(list, &autostart{
			category: s.data.Category, name: s.data.Name, location: s.data.Location, command: s.data.Command, written: s.data.LastWrite,
			records: []Citation{cite(&s.Event, "key", s.data.Location, "name", s.data.Name, "command", s.data.Command,
				"ServiceDll", s.data.ServiceDll, "FailureCommand", s.data.FailureCommand, "ObjectName", s.data.ObjectName, "last written", s.data.LastWrite)},
		})
	}
	for i := range q.ix.installs {
		if in := &q.ix.installs[i]; q.commands(in.command) {
			list = merge(list, &autostart{
				category: "service", name: in.name, location: "the services", command: in.command, written: in.Time,
				records: []Citation{cite(&in.Event, "ServiceName", in.name, "command", in.command, "account", in.account, "SubjectUserSid", in.sid, "SubjectLogonId", hexID(in.logonID))},
			})
		}
	}
	for i := range q.ix.values {
		if v := &q.ix.values[i]; q.commands(v.data.Details) {
			list = mergeValue(list, v.data.TargetObject, v.data.Details, cite(&v.Event, "ProcessGuid", v.data.ProcessGuid, "Image", v.data.Image,
				"TargetObject", v.data.TargetObject, "Details", v.data.Details, "User", v.data.User))
		}
	}
	for i := range q.ix.tasks {
		if t := &q.ix.tasks[i]; namesFile(taskText.Replace(t.data.TaskContent), q.path) {
			list = merge(list, &autostart{
				category: "task", name: t.data.TaskName, location: t.data.TaskName, command: q.path, written: t.Time,
				records: []Citation{cite(&t.Event, "TaskName", t.data.TaskName, "SubjectUserSid", t.data.SubjectUserSid, "SubjectLogonId", hexID(t.data.SubjectLogonId))},
			})
		}
	}
	slices.SortStableFunc(list, func(a, b *autostart) int {
		return cmp.Or(a.written.Compare(b.written), strings.Compare(a.location, b.location))
	})
	return list
}

// taskText makes the words of a task's XML stand apart.
var taskText = strings.NewReplacer("<", " ", ">", " ", "\r", " ", "\n", " ", "&quot;", `"`, "&amp;", "&")

// commands reports whether a command starts the subject. A bare name does not
// tell which file it is.
func (q *inquiry) commands(command string) bool {
	if command == "" {
		return false
	}
	return q.isSubject(strings.Trim(command, `" `)) || containsFold(command, `\`) && namesPath(timeline.NormalizePath(q.drive, strings.TrimLeft(command, `" `)), q.path)
}

// namesPath reports whether a command line holds a full path as a word.
func namesPath(commandLine, path string) bool {
	return namesFile(commandLine, path) && containsFold(commandLine, path)
}

// merge adds a record to the autostart that it tells of, or a new autostart.
func merge(list []*autostart, s *autostart) []*autostart {
	for _, known := range list {
		if known.is(s.category, s.name) {
			known.records = append(known.records, s.records...)
			return list
		}
	}
	return append(list, s)
}

// mergeValue is merge for a registry value, which Sysmon names by its whole path.
func mergeValue(list []*autostart, target, command string, record Citation) []*autostart {
	key, name := folder(target), baseName(target)
	for _, known := range list {
		location := known.location
		if known.category == "service" {
			if containsFold(target, `\Services\`+known.name+`\`) {
				known.records = append(known.records, record)
				return list
			}
			continue
		}
		if timeline.SamePath(known.name, name) && strings.HasSuffix(timeline.FoldPath(key), `\`+timeline.FoldPath(location)) {
			known.records = append(known.records, record)
			return list
		}
	}
	category := "value"
	if containsFold(key, `\Services\`) {
		category, name = "service", baseName(key)
	}
	return append(list, &autostart{category: category, name: name, location: key, command: command, written: record.Time, records: []Citation{record}})
}

func (q *inquiry) askAutostart() Answer {
	list := q.autostarts()
	if len(list) == 0 {
		hives := 0
		for _, c := range q.coverage {
			if c.Type == timeline.TypeRegistry && c.State != timeline.Absent {
				hives++
			}
		}
		if hives == 0 {
			why, text := q.because(q.created, sourceKind{systemChannel, "system-7045"}, sourceKind{securityChannel, "security-4697"}, sourceKind{sysmonChannel, "sysmon-13"})
			return unknown(Autostart, why, "What starts it is unknown: no registry hive is readable; "+text+".")
		}
		return unknown(Autostart, SearchedEmpty, fmt.Sprintf("Nothing that starts it was found in %s, nor in the logs of new services, tasks and registry values; "+
			"the task folder and the startup folders are not read.", count(hives, "registry hive", "registry hives")))
	}
	a := Answer{Grade: Recorded}
	parts := make([]string, 0, len(list))
	for _, s := range list {
		parts = append(parts, fmt.Sprintf("%s %s at %s, written %s, runs %s", s.category, s.name, s.location, timeText(s.written), clip(s.command)))
		a.fact("category", s.category)
		a.fact("name", s.name)
		a.fact("location", s.location)
		a.fact("written", s.written)
		a.fact("command", s.command)
		a.cite(s.records...)
	}
	a.Answer = sentence(strings.Join(parts, "; "))
	return a
}
