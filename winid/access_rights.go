package winid

import (
	"slices"
	"strings"
)

// standardRights are the bits of an access mask that mean the same for objects of all
// types, in ascending order: the standard rights, those of system access and the
// generic ones.
var standardRights = []flag{
	{1 << 16, "delete"},
	{1 << 17, "read permissions"},
	{1 << 18, "change permissions"},
	{1 << 19, "take ownership"},
	{1 << 20, "synchronize"},
	{1 << 24, "read or change audit rules"},
	{1 << 25, "maximum allowed"},
	{1 << 28, "generic all"},
	{1 << 29, "generic execute"},
	{1 << 30, "generic write"},
	{1 << 31, "generic read"},
}

// The first messages ([ParameterText]) for the standard rights, from bit 16; for the
// rights from bit 24; and for the bits of an object of an unknown type.
const (
	standardMessages = 1537
	systemMessages   = 1542
	unknownMessages  = 1552
)

// bitsPerType is how many bits of a mask, from the lowest, and so how many messages,
// belong to the type of the object.
const bitsPerType = 16

// rights are the access rights of one type of objects.
type rights struct {
	types []string // as ObjectType names them; nil for rights that only messages name
	// first is the number of the message for bit 0; that of bit n is first+n.
	first uint32
	bits  []string // what bit n means; empty if nothing
	full  []uint32 // masks that are called full control
}

var fileRights = &rights{[]string{"File"}, 4416, []string{
	"read data or list folder", "write data or add file", "append data or add folder or pipe instance",
	"read extended attributes", "write extended attributes", "execute or traverse", "delete children",
	"read attributes", "write attributes"}, []uint32{0x1f01ff}}

var keyRights = &rights{[]string{"Key"}, 4432, []string{
	"query value", "set value", "create subkey", "enumerate subkeys", "notify of changes", "create link",
	"", "", "64-bit view", "32-bit view"}, []uint32{0xf003f}}

var processRights = &rights{[]string{"Process"}, 4480, []string{
	"terminate", "create thread", "set session", "change memory layout", "read memory", "write memory",
	"duplicate handles", "create child process", "set quota", "set information", "query information",
	"suspend or resume", "query limited information", "set limited information"},
	[]uint32{0x1fffff, 0x1f0fff}} // of Windows Vista and later, and before

var directoryRights = &rights{[]string{"DS"}, 7680, []string{
	"create child", "delete child", "list children", "write to self", "read property", "write property",
	"delete tree", "list object", "control access"}, []uint32{0xf01ff}}

// otherRights are those of types that have no Go type of their own.
var otherRights = []*rights{
	{[]string{"Device"}, 4352, []string{
		"device access 0", "device access 1", "device access 2", "device access 3", "device access 4",
		"device access 5", "device access 6", "device access 7", "device access 8"}, nil},
	{[]string{"Directory"}, 4368, []string{"query", "traverse", "create object", "create subdirectory"}, []uint32{0xf000f}},
	{[]string{"Event"}, 4384, []string{"query state", "modify state"}, []uint32{0x1f0003}},
	{[]string{"Mutant"}, 4448, []string{"query state"}, []uint32{0x1f0001}},
	{[]string{"Port", "ALPC Port"}, 4464, []string{"connect"}, []uint32{0x1f0001}},
	{[]string{"Profile"}, 4496, []string{"control"}, []uint32{0xf0001}},
	{[]string{"Section"}, 4512, []string{"query", "map for writing", "map for reading", "map for execution", "extend size"}, []uint32{0xf001f}},
	{[]string{"Semaphore"}, 4528, []string{"query state", "modify state"}, []uint32{0x1f0003}},
	{[]string{"SymbolicLink"}, 4544, []string{"query"}, []uint32{0xf0001}},
	{[]string{"Thread"}, 4560, []string{
		"terminate", "suspend or resume", "alert", "get context", "set context", "set information", "query information",
		"set token", "impersonate", "direct impersonation", "set limited information", "query limited information", "resume"},
		[]uint32{0x1fffff, 0x1f03ff}},
	{[]string{"Timer"}, 4576, []string{"query state", "modify state"}, []uint32{0x1f0003}},
	{[]string{"Token"}, 4592, []string{
		"assign to a process", "duplicate", "impersonate", "query", "query source", "adjust privileges",
		"adjust groups", "adjust default permissions", "adjust session"}, []uint32{0xf01ff, 0xf00ff}},
	{[]string{"Type"}, 4608, []string{"create object of the type"}, nil},
	{[]string{"IoCompletion"}, 4864, []string{"query state", "modify state"}, []uint32{0x1f0003}},
	{[]string{"Channel"}, 5120, []string{"read message", "write message", "query information", "set information"}, nil},
	{[]string{"Job"}, 5136, []string{"assign process", "set attributes", "query", "terminate", "set security attributes"}, nil},
	{[]string{"SAM_SERVER"}, 5376, []string{
		"connect to server", "shut down server", "initialize server", "create domain", "enumerate domains", "look up domain"}, []uint32{0xf003f}},
	{[]string{"SAM_DOMAIN"}, 5392, []string{
		"read password policy", "write password policy", "read other policy", "write other policy", "create user",
		"create group", "create local group", "get local group membership", "list accounts", "look up accounts",
		"administer server"}, []uint32{0xf07ff}},
	{[]string{"SAM_GROUP"}, 5408, []string{"read information", "write account", "add member", "remove member", "list members"}, []uint32{0xf001f}},
	{[]string{"SAM_ALIAS"}, 5424, []string{"add member", "remove member", "list members", "read information", "write account"}, []uint32{0xf001f}},
	{[]string{"SAM_USER"}, 5440, []string{
		"read general information", "read preferences", "write preferences", "read logon information", "read account",
		"write account", "change password", "reset password", "list groups", "read group membership", "write group membership"}, []uint32{0xf07ff}},
	{[]string{"PolicyObject"}, 5632, []string{
		"view local policy", "view audit policy", "view private policy", "manage trusts", "create account",
		"create secret", "create privilege", "set default quotas", "set audit policy", "administer audit log",
		"administer server", "look up names"}, []uint32{0xf0fff}},
	{[]string{"SecretObject"}, 5648, []string{"set secret", "query secret"}, []uint32{0xf0003}},
	{[]string{"TrustedDomainObject"}, 5664, []string{
		"query domain name", "query controllers", "set controllers", "query POSIX offset", "set POSIX offset", "set authentication data",
		"query authentication data"}, []uint32{0xf007f}},
	{[]string{"UserAccountObject"}, 5680, []string{"view account", "adjust privileges", "adjust quotas", "adjust logon rights", "set POSIX offset"}, nil},
	{[]string{"KeyedEvent"}, 5696, []string{"wait", "wake"}, []uint32{0xf0003}},
	{[]string{"WindowStation"}, 6656, []string{
		"enumerate desktops", "read attributes", "use clipboard", "create desktop", "write attributes", "use global atoms",
		"exit Windows", "", "enumerate", "read screen"}, []uint32{0xf037f}},
	{[]string{"Desktop"}, 6672, []string{
		"read objects", "create window", "create menu", "set hook", "record journal", "play journal", "enumerate",
		"write objects", "switch to desktop"}, []uint32{0xf01ff}},
	{[]string{"Server"}, 6912, []string{"administer print server", "list printers"}, nil},
	{[]string{"Printer"}, 6928, []string{"", "", "administer printer", "print"}, nil},
	{[]string{"Document"}, 6944, []string{"", "", "", "", "administer document"}, nil},
	{[]string{"SC_MANAGER OBJECT"}, 7168, []string{
		"connect to service manager", "create service", "list services", "lock service database", "query lock",
		"change boot configuration"}, []uint32{0xf003f}},
	{[]string{"SERVICE OBJECT"}, 7184, []string{
		"query configuration", "change configuration", "query status", "list dependent services", "start service",
		"stop service", "pause or continue service", "interrogate service", "send own control"}, []uint32{0xf01ff}},
	{nil, 7424, []string{
		"read DDE share", "write DDE share", "initiate static", "initiate link", "request", "advise", "poke", "execute",
		"add items", "list items"}, nil},
	{nil, 7936, []string{
		"set system audit policy", "query system audit policy", "set user audit policy", "query user audit policy",
		"list users", "set audit options", "query audit options"}, nil},
	{nil, 8064, []string{"share port for reading", "share port for writing"}, nil},
	{[]string{"WMI Namespace"}, 16896, []string{
		"enable account", "execute methods", "full write", "partial write", "provider write", "remote enable",
		"subscribe", "publish"}, nil},
}

var allRights = slices.Concat([]*rights{fileRights, keyRights, processRights, directoryRights}, otherRights)

// noRights are those of a type that is not in the table.
var noRights = &rights{}

// rightsOf returns the rights of a type as ObjectType names it. If it is the GUID of a
// class, as in 4662, the object is one of Active Directory.
func rightsOf(objectType string) *rights {
	if strings.HasPrefix(objectType, "%{") {
		return directoryRights
	}
	for _, r := range allRights {
		if slices.Contains(r.types, objectType) {
			return r
		}
	}
	return noRights
}

// rightMessage returns the words of the message for an access right; "" for a number
// that is not one of those messages.
func rightMessage(number uint32) string {
	if n := number - standardMessages; n <= 4 {
		return standardRights[n].words
	}
	if n := number - systemMessages; n <= 1 {
		return standardRights[5+n].words
	}
	if n := number - unknownMessages; n < bitsPerType {
		return undefinedBit(n)
	}
	for _, r := range allRights {
		if n := number - r.first; n < bitsPerType {
			if n < uint32(len(r.bits)) && r.bits[n] != "" {
				return r.bits[n]
			}
			return undefinedBit(n)
		}
	}
	return ""
}

func undefinedBit(n uint32) string { return "undefined right " + hex32(1<<n) }

// names returns the names of the rights in a mask, those of the type first.
func (r *rights) names(mask uint32) []string {
	if slices.Contains(r.full, mask) {
		return []string{"full control"}
	}
	var names []string
	for n, words := range r.bits {
		if bit := uint32(1) << n; words != "" && mask&bit != 0 {
			names = append(names, words)
			mask &^= bit
		}
	}
	return append(names, flagNames(mask, standardRights)...)
}

func (r *rights) text(mask uint32) string { return flagged(mask, r.names(mask)) }
