package winid

import "strings"

// Privileges is a list of privileges or logon rights by name, which Windows separates
// by newlines and tabs: PrivilegeList of Security 4672, 4673 and 4674 and of events of
// accounts, EnabledPrivilegeList of 4703, AccessGranted of 4717.
type Privileges string

// Names returns the names in the list, in its order. The dash for none is left out.
func (p Privileges) Names() []string {
	var names []string
	for _, name := range strings.FieldsFunc(string(p), func(c rune) bool { return isSpace(c) || c == ',' }) {
		if name != "-" {
			names = append(names, name)
		}
	}
	return names
}

// Sensitive returns the names of those privileges that make their holder the master of
// the machine or the domain: Windows audits their use as sensitive, or they give the
// token, the files or the memory of others.
func (p Privileges) Sensitive() []string {
	var names []string
	for _, name := range p.Names() {
		if privileges[name].sensitive {
			names = append(names, name)
		}
	}
	return names
}

// String returns the names, separated by spaces; the text of the log if it has none.
func (p Privileges) String() string {
	if names := p.Names(); len(names) > 0 {
		return strings.Join(names, " ")
	}
	return string(p)
}

// PrivilegeMeaning returns what the holder of a privilege or a logon right may do, such
// as "read and write the memory of any process" for SeDebugPrivilege, and "" for a name
// that is not known.
func PrivilegeMeaning(name string) string { return privileges[name].meaning }

// privileges are the [privilege constants] and the [account rights], with what their
// holder may do, in our own words.
//
// [privilege constants]: https://learn.microsoft.com/windows/win32/secauthz/privilege-constants
// [account rights]: https://learn.microsoft.com/windows/win32/secauthz/account-rights-constants
var privileges = map[string]struct {
	meaning   string
	sensitive bool
}{
	"SeAssignPrimaryTokenPrivilege":             {"start a process with another token", true},
	"SeAuditPrivilege":                          {"write records to the Security log", true},
	"SeBackupPrivilege":                         {"read any file and key", true},
	"SeChangeNotifyPrivilege":                   {"pass through folders without a right to them", false},
	"SeCreateGlobalPrivilege":                   {"create objects for all sessions", false},
	"SeCreatePagefilePrivilege":                 {"create a paging file", false},
	"SeCreatePermanentPrivilege":                {"create permanent objects of the kernel", false},
	"SeCreateSymbolicLinkPrivilege":             {"create symbolic links", false},
	"SeCreateTokenPrivilege":                    {"create any token", true},
	"SeDebugPrivilege":                          {"read and write the memory of any process", true},
	"SeDelegateSessionUserImpersonatePrivilege": {"get the token of another user of the session", true},
	"SeEnableDelegationPrivilege":               {"trust accounts for delegation", true},
	"SeImpersonatePrivilege":                    {"act as a client that connects", true},
	"SeIncreaseBasePriorityPrivilege":           {"raise the priority of a process", false},
	"SeIncreaseQuotaPrivilege":                  {"change memory quotas of a process", false},
	"SeIncreaseWorkingSetPrivilege":             {"enlarge the working set of a process", false},
	"SeLoadDriverPrivilege":                     {"load drivers", true},
	"SeLockMemoryPrivilege":                     {"keep memory from being paged", false},
	"SeMachineAccountPrivilege":                 {"add machines to the domain", false},
	"SeManageVolumePrivilege":                   {"manage volumes, and read and write all of them", true},
	"SeProfileSingleProcessPrivilege":           {"profile a process", false},
	"SeRelabelPrivilege":                        {"change the integrity label of objects", true},
	"SeRemoteShutdownPrivilege":                 {"shut down the machine from another", false},
	"SeRestorePrivilege":                        {"write any file and key, and set any owner", true},
	"SeSecurityPrivilege":                       {"manage auditing, read and clear the Security log", true},
	"SeShutdownPrivilege":                       {"shut down the machine", false},
	"SeSyncAgentPrivilege":                      {"read all objects of the directory", true},
	"SeSystemEnvironmentPrivilege":              {"change variables of the firmware", true},
	"SeSystemProfilePrivilege":                  {"profile the system", false},
	"SeSystemtimePrivilege":                     {"set the time", false},
	"SeTakeOwnershipPrivilege":                  {"take ownership of any object", true},
	"SeTcbPrivilege":                            {"act as part of the operating system", true},
	"SeTimeZonePrivilege":                       {"set the time zone", false},
	"SeTrustedCredManAccessPrivilege":           {"read the stored credentials of users", true},
	"SeUndockPrivilege":                         {"undock the machine", false},
	"SeUnsolicitedInputPrivilege":               {"send unsolicited input", false},

	"SeBatchLogonRight":                 {"log on as a batch job", false},
	"SeDenyBatchLogonRight":             {"may not log on as a batch job", false},
	"SeDenyInteractiveLogonRight":       {"may not log on locally", false},
	"SeDenyNetworkLogonRight":           {"may not log on from the network", false},
	"SeDenyRemoteInteractiveLogonRight": {"may not log on by remote desktop", false},
	"SeDenyServiceLogonRight":           {"may not log on as a service", false},
	"SeInteractiveLogonRight":           {"log on locally", false},
	"SeNetworkLogonRight":               {"log on from the network", false},
	"SeRemoteInteractiveLogonRight":     {"log on by remote desktop", false},
	"SeServiceLogonRight":               {"log on as a service", false},
}
