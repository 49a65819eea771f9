package timeline

import (
	"slices"
	"strings"

	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/winid"
)

// taskAspects are what a task of the registry and its file both have: what each says of
// it, and whether these are different. What one of them does not record, or what cannot
// be compared, such as a name and a SID, is not different.
var taskAspects = [...]struct {
	verb    string
	compare func(c *CachedTask, file *Task) (here, there string, differ bool)
}{
	{"has", compareCommands},
	{"runs as", compareAccounts},
	{"has the triggers", compareTriggers},
	{"is", compareSwitches},
}

// compare returns how the file of a task differs from the registry, and how the registry
// differs from the file, in words.
func (c *CachedTask) compare() (file, reg string) {
	var ofFile, ofRegistry []string
	for _, a := range taskAspects {
		if here, there, differ := a.compare(c, c.File); differ {
			ofFile = append(ofFile, "its file "+a.verb+" "+there)
			ofRegistry = append(ofRegistry, "the registry "+a.verb+" "+here)
		}
	}
	return strings.Join(ofFile, "; "), strings.Join(ofRegistry, "; ")
}

func compareCommands(c *CachedTask, file *Task) (here, there string, differ bool) {
	here, there = c.commands(), file.commands()
	return or(here, "no command"), or(there, "no command"), here != there && c.whole("Actions")
}

// compareAccounts compares SIDs with SIDs and names with names. The names of the accounts
// of Windows itself depend on its language, and those of others have a SID with a domain.
func compareAccounts(c *CachedTask, file *Task) (here, there string, differ bool) {
	as := file.RunsAs()
	there = or(as.UserID, as.GroupID)
	a := c.Triggers.Account
	if there == "" || a.Any || !c.whole("Triggers") {
		return "", "", false
	}
	if sid, err := winid.ParseSID(there); err == nil {
		return a.SID.String(), there, !a.SID.IsZero() && a.SID != sid
	}
	ofDomain := a.SID.IsZero() || strings.HasPrefix(a.SID.String(), "S-1-5-21-")
	return a.Name, there, ofDomain && a.Name != "" && !strings.Contains(there, "@") && !winid.SameAccount(a.Name, there)
}

// triggersOfFiles are the kinds of triggers in files, by the kinds that the registry has
// for them.
var triggersOfFiles = map[string]string{
	"CalendarTrigger": "Time", "TimeTrigger": "Time", "BootTrigger": "Boot", "LogonTrigger": "Logon", "EventTrigger": "Event", "IdleTrigger": "Idle",
	"RegistrationTrigger": "Registration", "SessionStateChangeTrigger": "SessionStateChange", "WnfStateChangeTrigger": "WnfStateChange",
}

func compareTriggers(c *CachedTask, file *Task) (here, there string, differ bool) {
	var ofRegistry, ofFile []string
	for i := range c.Triggers.List {
		t := &c.Triggers.List[i]
		ofRegistry = append(ofRegistry, triggerWord(strings.TrimSuffix(t.Kind, "Trigger"), !t.Enabled))
	}
	for i := range file.Triggers {
		t := &file.Triggers[i]
		kind := triggersOfFiles[t.Kind]
		if kind == "" {
			return "", "", false // how the registry has it is not known
		}
		ofFile = append(ofFile, triggerWord(kind, t.Disabled))
	}
	slices.Sort(ofRegistry)
	slices.Sort(ofFile)
	here, there = strings.Join(ofRegistry, ", "), strings.Join(ofFile, ", ")
	return or(here, "none"), or(there, "none"), here != there && c.Triggers.Version != 0 && c.whole("Triggers")
}

func triggerWord(kind string, disabled bool) string {
	if disabled {
		return kind + " (disabled)"
	}
	return kind
}

func compareSwitches(c *CachedTask, file *Task) (here, there string, differ bool) {
	words := map[bool]string{true: "disabled", false: "enabled"}
	disabled := c.Triggers.Options&registry.TaskEnabled == 0
	return words[disabled], words[file.Disabled], disabled != file.Disabled && c.Triggers.Version != 0
}

// whole reports whether a value of the task was read to its end.
func (c *CachedTask) whole(value string) bool { return !slices.Contains(c.Damaged, value) }

// commands returns what a task of the registry starts.
func (c *CachedTask) commands() string {
	var list []string
	for i := range c.Actions {
		a := &c.Actions[i]
		list = append(list, commandOf(a.Kind, a.CommandLine(), a.Class.String()))
	}
	return strings.Join(list, "; ")
}

// commands returns what a task starts by its file.
func (tk *Task) commands() string {
	var list []string
	for i := range tk.Actions {
		a := &tk.Actions[i]
		list = append(list, commandOf(a.Kind, a.CommandLine(), a.ClassID))
	}
	return strings.Join(list, "; ")
}

// commandOf returns what an action starts.
func commandOf(kind, line, class string) string {
	if kind == "ComHandler" {
		return "class {" + strings.Trim(strings.ToUpper(class), "{}") + "}"
	}
	return or(line, kind)
}
