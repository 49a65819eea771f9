package winid

import (
	"fmt"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// Undash returns s, and "" for the dash that Windows logs when there is nothing to
// log.
func Undash(s string) string {
	if s == "-" {
		return ""
	}
	return s
}

// Account returns DOMAIN\user, or the user alone without a domain, and "" without
// a user. A dash is nothing, as by [Undash].
func Account(domain, user string) string {
	if domain, user = Undash(domain), Undash(user); domain == "" || user == "" {
		return user
	}
	return domain + `\` + user
}

// SameAccount reports whether two texts name the same account, in any case, as far
// as they tell: if one of them lacks the domain, the other may have any. No text
// names an account if it is empty.
func SameAccount(a, b string) bool {
	if !strings.Contains(a, `\`) || !strings.Contains(b, `\`) {
		a, b = a[strings.LastIndexByte(a, '\\')+1:], b[strings.LastIndexByte(b, '\\')+1:]
	}
	return a != "" && winpath.SameName(a, b)
}

// LogonType is how an account logged on, as the Security log numbers it.
type LogonType uint32

// logonTypes are the names that Windows' documentation gives the types.
var logonTypes = map[LogonType]string{
	0: "System", 2: "Interactive", 3: "Network", 4: "Batch", 5: "Service", 7: "Unlock", 8: "NetworkCleartext",
	9: "NewCredentials", 10: "RemoteInteractive", 11: "CachedInteractive", 12: "CachedRemoteInteractive", 13: "CachedUnlock",
}

// Name returns the name of the type, such as RemoteInteractive for 10, and "" for
// a number that Windows does not use.
func (t LogonType) Name() string { return logonTypes[t] }

// String returns the number and the name, as in "10 (RemoteInteractive)", or the
// number alone.
func (t LogonType) String() string {
	if name := t.Name(); name != "" {
		return fmt.Sprintf("%d (%s)", uint32(t), name)
	}
	return fmt.Sprint(uint32(t))
}
