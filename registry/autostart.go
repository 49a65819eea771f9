package registry

import (
	"iter"
	"time"
)

// Autostart is something that the hive makes Windows run by itself.
type Autostart struct {
	Category  string    // "run", "runonce", "winlogon", "service", "driver", …
	Location  string    // path of the key below the hive's root
	Name      string    // of the value, or of the service
	Command   string    // as written
	Path      string    // executable named by Command, see ExecutablePath
	Enabled   bool      // neither disabled in StartupApproved nor a service that is never started
	User      string    // whose hive it is, "" for the machine's
	LastWrite time.Time // of the key at Location
	Hive      string    // name of the hive file
	Offset    int64     // of the value's cell in the hive file, of the key's for a service

	// Services only.
	Start          uint32 // 0 boot, 1 system, 2 automatic, 3 on demand, 4 disabled
	Type           uint32 // 1 kernel driver, 2 file system driver, 0x10 own process, 0x20 shared process, …
	ObjectName     string // account it runs under
	DisplayName    string
	ServiceDll     string // Parameters\ServiceDll
	FailureCommand string
}

// An AutostartOption changes what Autostarts yields.
type AutostartOption func(*autostarts)

type autostarts struct{ user string }

// ForUser gives the name or SID of the account that a user's hive belongs to.
func ForUser(user string) AutostartOption { return func(a *autostarts) { a.user = user } }

// Autostarts yields what the hive makes Windows run by itself.
func Autostarts(r *Reader, opts ...AutostartOption) iter.Seq2[Autostart, error] {
	return func(func(Autostart, error) bool) {}
}

// ExecutablePath returns the path of the first program of a command line.
func ExecutablePath(command string) string { return "" }
