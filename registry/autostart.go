package registry

import (
	"errors"
	"iter"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// Autostart is something that a hive makes Windows run or load by itself.
type Autostart struct {
	Category  string    // "run", "service", …: one of [Categories]
	Location  string    // path of the key below the hive's root
	Name      string    // of the value; of the key if that is what counts, as for a service
	Command   string    // as written; for a COM class, that of its server if it was found, else the class
	Path      string    // of the program, by ExecutablePath, or of the library; for a driver without a command, where Windows looks for it
	Use       Use       // what Windows does with the file at Path
	Enabled   bool      // false if another value, such as StartupApproved or the Start of a service, turns it off
	User      string    // account that the hive belongs to, "" for a hive of the machine
	LastWrite time.Time // of the key at Location
	Hive      string    // name of the hive's file
	Offset    int64     // of the cell, in the hive file, of the value or key that Name names
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
	user       string
	set        string // control set to read; "" for the current one
	all        bool
	classHives []*Reader
}

// ForUser sets the account, by name or SID, that a user's hive belongs to. Without
// it, Autostart.User is the name of the profile's folder, if the base block has
// it.
func ForUser(account string) AutostartOption { return func(c *autostartConfig) { c.user = account } }

// InControlSet makes Autostarts read another control set of a SYSTEM hive, such as
// one that [Reader.ControlSets] names.
func InControlSet(name string) AutostartOption { return func(c *autostartConfig) { c.set = name } }

// WithAllLocations makes Autostarts also read the locations that hold thousands of
// entries that come with Windows, such as the COM classes of the machine, and list what
// has the value that Windows itself gives it.
func WithAllLocations() AutostartOption { return func(c *autostartConfig) { c.all = true } }

// WithClassesOf gives hives that may hold the COM classes which the hive names: those of
// the same user before that of the machine. Autostarts looks into the hive itself first.
func WithClassesOf(hives ...*Reader) AutostartOption {
	return func(c *autostartConfig) { c.classHives = append(c.classHives, hives...) }
}

// Autostarts iterates over what a hive makes Windows run or load by itself, location by
// location: a SOFTWARE, SYSTEM, NTUSER or UsrClass hive. Other hives yield nothing. In a
// SYSTEM hive it reads the current control set, or ControlSet001 if Select does not name
// an existing one. Symbolic links are followed within the hive. What Sysinternals
// Autoruns moved to a key AutorunsDisabled is not enabled.
//
// A *FormatError means that a key or value is damaged, and iteration goes on with
// the next. It yields no other errors. Breaking early and ranging again are safe.
func Autostarts(r *Reader, opts ...AutostartOption) iter.Seq2[Autostart, error] {
	return func(yield func(Autostart, error) bool) {
		a := newAutostarts(r, yield, opts)
		if a.hives != 0 {
			a.run()
		}
	}
}

func newAutostarts(r *Reader, yield func(Autostart, error) bool, opts []AutostartOption) *autostarts {
	a := &autostarts{r: r, yield: yield}
	switch r.Type() {
	case Software:
		a.hives, a.ofClasses = machine|machineClasses, "Classes"
	case User:
		a.hives, a.below, a.ofClasses = user|profile|userClasses, "Software", `Software\Classes`
		a.user = profileFolder(r.FileName())
	case UserSoftware:
		a.hives, a.ofClasses = user|userClasses, "Classes"
	case UserClasses:
		a.hives = userClasses
	case System:
		a.hives = system | setup
	}
	for _, opt := range opts {
		opt(&a.autostartConfig)
	}
	return a
}

// autostarts is the state of one iteration of Autostarts.
type autostarts struct {
	autostartConfig
	r         *Reader
	hives     hives
	below     string // path of the key Software of a user
	ofClasses string // path of the key Classes
	base      string // the control set
	yield     func(Autostart, error) bool
	stopped   bool

	places       map[string]place           // by folded path
	links        int                        // being followed
	reported     map[string]bool            // damage
	disabledRuns map[string]map[string]bool // by the key below StartupApproved
	books        []*classBook               // see autostartclass.go

	// Of the location that is being read.
	in32           bool           // in the view of 32-bit programs
	link           string         // that led to the key
	disabledByMove bool           // below AutorunsDisabled
	seen           map[int64]bool // offsets of the keys that have been read
}

func (a *autostarts) run() {
	if a.hives&system != 0 {
		if a.base = a.set; a.base == "" {
			var err error
			a.base, err = a.r.controlSetInUse()
			a.damaged(err)
		}
	}
	for i := range locations {
		l := &locations[i]
		if a.stopped || l.in&a.hives == 0 || l.form&marks != 0 || l.form&all != 0 && !a.all {
			continue
		}
		a.seen = nil
		base := a.baseOf(l)
		a.location(l, base)
		if l.form&both == 0 {
			continue
		}
		a.in32 = true
		a.location(l, join(base, "Wow6432Node"))
		if l.in&classes != 0 && a.hives != userClasses {
			a.location(l, join(join(a.below, "Wow6432Node"), "Classes"))
		}
		a.in32 = false
	}
	if a.hives&machine != 0 && !a.stopped {
		a.tasks()
	}
}

// baseOf returns the path below which a location is.
func (a *autostarts) baseOf(l *location) string {
	switch {
	case l.in&a.hives&classes != 0:
		return a.ofClasses
	case l.in&a.hives&user != 0:
		return a.below
	case l.in&a.hives&system != 0:
		return a.base
	}
	return ""
}

// damaged yields err if it is damage. A key or value that does not exist, or that
// has another type than Windows would read, is not an autostart.
func (a *autostarts) damaged(err error) {
	var e *FormatError
	if a.stopped || !errors.As(err, &e) || a.reported[e.Error()] { // locations share keys
		return
	}
	if a.reported == nil {
		a.reported = map[string]bool{}
	}
	a.reported[e.Error()] = true
	a.stopped = !a.yield(Autostart{}, e)
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

// values yields what the values of a key name.
func (a *autostarts) values(l *location, k *Key) {
	for v, err := range k.Values() {
		switch {
		case a.stopped:
			return
		case err != nil:
			a.damaged(err)
		case l.has(v.Name):
			a.read(l, k, v)
		}
	}
}

// emit yields an autostart of a key, and of a value of it unless that is nil.
func (a *autostarts) emit(l *location, k *Key, v *Value, f found) {
	if a.stopped {
		return
	}
	s := Autostart{
		Category:  l.category,
		Location:  k.Path(),
		Name:      k.Name,
		Command:   f.command,
		Path:      f.path,
		Use:       f.use,
		Class:     f.class,
		Enabled:   !a.disabledByMove && offs[l.off].on(a, k, v),
		User:      a.user,
		Link:      a.link,
		LastWrite: k.LastWrite,
		Hive:      a.r.Name(),
		Offset:    k.Offset,
	}
	if l.category == "com" {
		s.Shadows = a.shadowed(k)
	}
	if v != nil {
		s.Name, s.Offset = v.Name, v.Offset
	}
	if !a.stopped {
		a.stopped = !a.yield(s, nil)
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

// disabled returns the folded names of the Run values that the user disabled in
// the task manager or the settings: the value of the same name below
// StartupApproved has an odd first byte.
func (a *autostarts) disabled(prefix, list string) map[string]bool {
	k := a.at(join(prefix, explorer+`StartupApproved\`+list)).key
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
	a := newAutostarts(r, func(Autostart, error) bool { return true }, nil)
	return a.disabled(a.below, "StartupFolder")[winpath.FoldName(name)]
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
