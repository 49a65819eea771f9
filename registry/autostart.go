package registry

import (
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// Autostart is something that a hive makes Windows run by itself. The categories
// are run, runonce, winlogon, logon, active-setup, screensaver, image-hijack,
// appinit, command-processor and debugger in SOFTWARE and NTUSER hives, task in SOFTWARE hives, and boot,
// appcert, lsa, print-monitor, safeboot, terminal-server, service and driver in
// SYSTEM hives.
type Autostart struct {
	Category  string    // "run", "service", …: one of those above
	Location  string    // path of the key below the hive's root
	Name      string    // of the value, or of the service
	Command   string    // as written
	Path      string    // of the program, by ExecutablePath; for a driver without a command, where Windows looks for it
	Use       Use       // what Windows does with the file at Path
	Enabled   bool      // false if StartupApproved, the Start of a service, LoadAppInit_DLLs or IsInstalled disables it
	User      string    // account that the hive belongs to, "" for a hive of the machine
	LastWrite time.Time // of the key at Location
	Hive      string    // name of the hive's file
	Offset    int64     // of the value's cell in the hive file; for a service, of its key's cell
	Hidden    string    // why the tools of Windows do not list a task, or not all of it; "" if they do

	Class   string // COM class through which the command was found, or ProgID; "" if the value itself has the command
	Shadows string // of a user's COM class: the machine's command or DLL for the class, which the user's replaces
	Link    string // path of the symbolic link that leads to Location, or ""

	// For services, drivers and tasks only.
	Start          uint32 // 0 boot, 1 system, 2 automatic, 3 on demand, 4 disabled
	Type           uint32 // 1 kernel driver, 2 file system driver, 0x10 own process, 0x20 shared process, …
	DisplayName    string
	ObjectName     string // account it runs under
	ServiceDll     string // in svchost: the DLL with the service's code, as written
	FailureCommand string // run when the service fails, if FailureActions say so
	FailureActions string // what is done when it fails, such as "restart after 1m0s, run the command"
	Triggers       string // what starts a task, and what starts or stops a service besides Start, such as "start on device arrival {…}"
	HasDescriptor  bool   // it has a security descriptor of its own
}

// AutostartOption changes what Autostarts yields.
type AutostartOption func(*autostartConfig)

type autostartConfig struct {
	user string
	set  string // control set to read; "" for the current one
}

// ForUser sets the account, by name or SID, that a user's hive belongs to. Without
// it, Autostart.User is the name of the profile's folder, if the base block has
// it.
func ForUser(account string) AutostartOption { return func(c *autostartConfig) { c.user = account } }

// InControlSet makes Autostarts read another control set of a SYSTEM hive, such as
// one that [Reader.ControlSets] names.
func InControlSet(name string) AutostartOption { return func(c *autostartConfig) { c.set = name } }

// Autostarts iterates over what a SOFTWARE, SYSTEM or NTUSER hive makes Windows
// run by itself, location by location; other hives yield nothing. In a SYSTEM hive
// it reads the current control set, or ControlSet001 if Select does not name an
// existing one.
//
// A *FormatError means that a key or value is damaged, and iteration goes on with
// the next. It yields no other errors. Breaking early and ranging again are safe.
func Autostarts(r *Reader, opts ...AutostartOption) iter.Seq2[Autostart, error] {
	return func(yield func(Autostart, error) bool) {
		a := &autostarts{r: r, yield: yield}
		switch r.Type() {
		case Software:
			a.hives = machine
		case User:
			a.hives, a.below = user|profile, "Software"
			a.user = profileFolder(r.FileName())
		case UserSoftware:
			a.hives = user
		case System:
			a.hives = system
		}
		for _, opt := range opts {
			opt(&a.autostartConfig)
		}
		a.run()
	}
}

// autostarts is the state of one iteration of Autostarts.
type autostarts struct {
	autostartConfig
	r       *Reader
	hives   hives
	below   string // path of the key Software of a user
	yield   func(Autostart, error) bool
	stopped bool
}

func (a *autostarts) run() {
	var base string
	if a.hives&system != 0 {
		if base = a.set; base == "" {
			var err error
			base, err = a.r.controlSetInUse()
			a.damaged(err)
		}
	}
	for _, l := range locations {
		if a.stopped || l.in&a.hives == 0 {
			continue
		}
		prefix := base
		if a.hives&user != 0 && l.in&user != 0 {
			prefix = a.below
		}
		a.location(l, prefix, "Run")
		if l.how&both != 0 && a.hives&system == 0 {
			a.location(l, join(prefix, "Wow6432Node"), "Run32")
		}
	}
	if a.hives&machine != 0 && !a.stopped {
		a.tasks()
	}
	if a.hives&system != 0 {
		a.services(base)
	}
}

// tasks yields the scheduled tasks of a SOFTWARE hive, action by action.
func (a *autostarts) tasks() {
	for t, err := range CachedTasks(a.r) {
		if a.stopped {
			return
		}
		if err != nil {
			a.damaged(err)
			continue
		}
		commands, damaged := t.commands(a.r)
		for _, c := range commands {
			if a.stopped {
				return
			}
			a.stopped = !a.yield(Autostart{
				Category: "task", Location: t.Location, Name: t.Path, Command: c.command, Path: c.path, Use: c.use, Enabled: t.Enabled(), LastWrite: t.LastWrite,
				Hive: a.r.Name(), Offset: t.Offset, Hidden: t.Hidden, Class: c.class, ObjectName: t.Triggers.Account.String(), Triggers: t.Triggers.kinds(),
			}, nil)
		}
		for _, err := range damaged {
			a.damaged(err)
		}
	}
}

// damaged yields err if it is damage. A key or value that does not exist, or that
// has another type than Windows would read, is not an autostart.
func (a *autostarts) damaged(err error) {
	if damage.Is(err) && !a.stopped {
		a.stopped = !a.yield(Autostart{}, err)
	}
}

// open returns the key at a path, or nil.
func (a *autostarts) open(path string) *Key {
	k, err := a.r.OpenKey(path)
	if err != nil {
		a.damaged(err)
		return nil
	}
	return k
}

// sub returns the subkey of that name, or nil. The key may be nil.
func (a *autostarts) sub(k *Key, name string) *Key {
	if k == nil {
		return nil
	}
	sub, err := k.Subkey(name)
	if err != nil {
		a.damaged(err)
		return nil
	}
	return sub
}

// value returns the value of that name, or nil. The key may be nil.
func (a *autostarts) value(k *Key, name string) *Value {
	if k == nil {
		return nil
	}
	v, err := k.Value(name)
	if err != nil {
		a.damaged(err)
		return nil
	}
	return v
}

// textOf returns the text in the value of that name, or "".
func (a *autostarts) textOf(k *Key, name string) string {
	if v := a.value(k, name); v != nil {
		return a.text(v)
	}
	return ""
}

// numberOf returns the number in the value of that name, and whether it has one.
func (a *autostarts) numberOf(k *Key, name string) (uint32, bool) {
	if v := a.value(k, name); v != nil {
		return a.number(v)
	}
	return 0, false
}

// location yields the autostarts at one location below prefix.
func (a *autostarts) location(l location, prefix, approvedAs string) {
	path, perSubkey := strings.CutSuffix(l.path, `\*`)
	k := a.open(join(prefix, path))
	if k == nil {
		return
	}
	var disabled map[string]bool
	if l.how&approved != 0 {
		disabled = a.disabled(approvedPrefix(prefix), approvedAs)
	}
	if !perSubkey {
		a.values(l, k, disabled)
		return
	}
	for sub, err := range k.Subkeys() {
		if a.stopped {
			return
		}
		if err != nil {
			a.damaged(err)
			continue
		}
		a.values(l, sub, disabled)
	}
}

// values yields the commands in the values of a key.
func (a *autostarts) values(l location, k *Key, disabled map[string]bool) {
	on := l.how&switched == 0 || a.switchedOn(l, k)
	for v, err := range k.Values() {
		if a.stopped {
			return
		}
		if err != nil {
			a.damaged(err)
			continue
		}
		if l.values != nil && !slices.ContainsFunc(l.values, func(name string) bool { return winpath.SameName(name, v.Name) }) {
			continue
		}
		commands, err := v.Strings()
		a.damaged(err)
		switch {
		case len(commands) != 1:
		case l.how&commas != 0:
			commands = splitAt(commands[0], ",")
		case l.how&blanks != 0:
			commands = splitAt(commands[0], ", \t")
		}
		for _, command := range commands {
			if a.stopped {
				return
			}
			program := command
			if l.how&native != 0 {
				program, _ = winpath.CutPrefix(command, "autocheck ")
			}
			path := ExecutablePath(program)
			if path == "" {
				continue // an empty value, or "" as a list of no packages
			}
			a.stopped = !a.yield(Autostart{
				Category:  l.category,
				Location:  k.Path(),
				Name:      v.Name,
				Command:   command,
				Path:      path,
				Use:       l.use(),
				Enabled:   on && !disabled[winpath.FoldName(v.Name)],
				User:      a.user,
				LastWrite: k.LastWrite,
				Hive:      a.r.Name(),
				Offset:    v.Offset,
			}, nil)
		}
	}
}

// text returns the text in a value, or "" if it is not text.
func (a *autostarts) text(v *Value) string {
	s, err := v.Text()
	a.damaged(err)
	return s
}

// number returns the number in a value, and whether the value is a number.
func (a *autostarts) number(v *Value) (uint32, bool) {
	n, err := v.Uint64()
	a.damaged(err)
	return uint32(n), err == nil
}

// switchedOn reports whether the value that switches a location off does not.
func (a *autostarts) switchedOn(l location, k *Key) bool {
	s := switches[l.category]
	v, err := k.Value(s.value)
	if err != nil {
		a.damaged(err)
		return s.absent
	}
	n, known := a.number(v)
	return !known || n != 0
}

// approvedPrefix returns the prefix of StartupApproved, which has no separate view
// for 32-bit programs.
func approvedPrefix(prefix string) string {
	if winpath.SameName(prefix, "Wow6432Node") {
		return ""
	}
	return strings.TrimSuffix(prefix, `\Wow6432Node`)
}

// disabled returns the folded names of the Run values that the user disabled in
// the task manager or the settings: the value of the same name below
// StartupApproved has an odd first byte.
func (a *autostarts) disabled(prefix, list string) map[string]bool {
	k := a.open(join(prefix, windows+`Explorer\StartupApproved\`+list))
	if k == nil {
		return nil
	}
	names := map[string]bool{}
	for v, err := range k.Values() {
		if err != nil {
			a.damaged(err)
			continue
		}
		state, err := v.Data()
		a.damaged(err)
		if len(state) > 0 && state[0]&1 != 0 {
			names[winpath.FoldName(v.Name)] = true
		}
	}
	return names
}

// StartupFileDisabled reports whether the task manager or the settings disabled a file
// in the startup folder: that of the account that an NTUSER hive belongs to, or that of
// all accounts for a SOFTWARE hive.
func StartupFileDisabled(r *Reader, name string) bool {
	a := &autostarts{r: r, yield: func(Autostart, error) bool { return true }}
	prefix := ""
	if r.Type() == User {
		prefix = "Software"
	}
	return a.disabled(prefix, "StartupFolder")[winpath.FoldName(name)]
}

// profileFolder returns the name of the folder of an NTUSER.DAT, from the file
// name in its base block, or "" if that name is cut off or is something else.
func profileFolder(file string) string {
	parts := strings.Split(file, `\`)
	n := len(parts)
	if n < 3 || !winpath.SameName(parts[n-1], "ntuser.dat") {
		return ""
	}
	return parts[n-2]
}
