package registry

import "time"

// Autostart is something that a hive makes Windows run or load by itself.
type Autostart struct {
	Category  string    // "run", "service", …: one of [Categories]
	Location  string    // path of the key below the hive's root
	Name      string    // of the value; of the key if that is what counts, as for a service
	Command   string    // as written; for a COM class, that of its server if it was found, else the class
	Path      string    // of the program, by ExecutablePath, or of the library; for a driver without a command, where Windows looks for it
	Use       Use       // what Windows does with the file at Path
	Enabled   bool      // false if Off has what turns it off
	Off       string    // what turns it off, such as "LoadBehavior 2" or "Start 4"; "" if nothing does that is known
	OffFor    string    // of an autostart of the machine that is on: the accounts for which something turns it off, such as "alice: LoadBehavior 2"
	DoneFor   string    // of Active Setup: the accounts for which it ran, and does not run again
	Undecided string    // what is not known and decides whether it is on, such as whether Secure Boot is on if the SYSTEM hive was not given
	User      string    // account that the hive belongs to, "" for a hive of the machine
	LastWrite time.Time // of the key at Location
	Newest    time.Time // of all keys that describe it: for a service also Parameters, TriggerInfo and Security, for a task that below Tasks; else LastWrite
	Hive      string    // name of the hive's file
	Offset    int64     // of the cell, in the hive file, of the value or key that Name names
	Hidden    string    // why the tools of Windows do not list a task or a service, or not for every account, or not all of it; "" if they do

	Class   string // COM class through which the command was found, or ProgID; "" if the value itself has the command
	Shadows string // of a user's COM class: the machine's command or DLL for the class, which the user's replaces
	MovedTo string // where a file goes that is moved at the next start
	Link    string // path of the symbolic link that leads to Location, or ""

	// For services, drivers and tasks only.
	Start          uint32 // 0 boot, 1 system, 2 automatic, 3 on demand, 4 disabled
	NoStart        bool   // it has no value Start, so that Start means nothing
	Type           uint32 // 1 kernel driver, 2 file system driver, 0x10 own process, 0x20 shared process, …
	DisplayName    string
	ObjectName     string // account it runs under
	ServiceDll     string // in svchost: the DLL with the service's code, as written
	FailureCommand string // run when the service fails, if FailureActions say so
	FailureActions string // what is done when it fails, such as "restart after 1m0s, run the command"
	Triggers       string // what starts a task, and what starts or stops a service besides Start, such as "start on device arrival {…}"
	HasDescriptor  bool   // it has a security descriptor of its own
	Settings       ServiceSettings
}

// ServiceSettings are the values of a service or a driver that decide when, with what rights
// and with which others it starts, and who may change it.
type ServiceSettings struct {
	Group           string // load order group, by which drivers and services are sorted
	DependOnService string // services that start before it, separated by ", "
	DependOnGroup   string // groups of which one member has to start before it
	ServiceMain     string // function of its DLL that svchost calls, if it is not ServiceMain
	ErrorControl    uint32 // 0 ignore, 1 log, 2 and 3 restart with the last known good configuration; 0 if absent
	DelayedStart    bool   // it starts after the others that start automatically
	FailuresOnStop  bool   // FailureActions also count if it stops with an error
	Privileges      string // that its process has, separated by ", "; "" for all of its account
	SIDType         uint32 // 1 it has a SID of its own, 3 and its process is restricted to that
	Protected       uint32 // LaunchProtected: 1 Windows, 2 Windows light, 3 antimalware light
	Changers        string // who may change it or its key besides SYSTEM, Administrators and TrustedInstaller, by their descriptors
}

// AutostartOption changes what Autostarts yields.
type AutostartOption func(*autostartConfig)

type autostartConfig struct {
	user       string
	set        string // control set to read; "" for the current one
	all        bool
	classHives []*Reader
	machine    []HiveOf
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

// HiveOf is a hive, and the account that it belongs to.
type HiveOf struct {
	*Reader
	User string // by name or SID; "" for a hive of the machine
}

// WithMachine gives the other hives of the same machine. What turns an autostart off may be
// in them: Secure Boot in SYSTEM, a policy in SOFTWARE, and what an account disabled of the
// machine's add-ins in its NTUSER.DAT.
func WithMachine(hives ...HiveOf) AutostartOption {
	return func(c *autostartConfig) { c.machine = append(c.machine, hives...) }
}
