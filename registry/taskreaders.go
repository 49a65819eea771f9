package registry

import (
	"strings"

	"github.com/birthmark-dfir/birthmark/winid"
)

// taskReaders are the accounts for which the security descriptor of a task is evaluated,
// each with the SIDs that its tokens have in any case. Which tasks the tools of Windows list
// depends on who asks: the Task Scheduler leaves out what its caller cannot read.
var taskReaders = func() (list [2]struct {
	name  string
	token []winid.SID
}) {
	everyone, authenticated := winid.WellKnownSID("Everyone"), winid.WellKnownSID(`NT AUTHORITY\Authenticated Users`)
	admins, users := winid.WellKnownSID(`BUILTIN\Administrators`), winid.WellKnownSID(`BUILTIN\Users`)
	list[0].name, list[0].token = "Administrators", []winid.SID{admins, everyone, authenticated, users}
	list[1].name, list[1].token = "SYSTEM", []winid.SID{winid.WellKnownSID(`NT AUTHORITY\SYSTEM`), admins, everyone, authenticated}
	return list
}()

// unreadable returns who cannot read a task because of a security descriptor, and which of
// its entries says so, or "". A descriptor without bytes is not evaluated.
func unreadable(sd []byte) (why string, err error) {
	if len(sd) == 0 {
		return "", nil
	}
	var who, because []string
	for _, r := range taskReaders {
		v, err := canRead(sd, r.token...)
		if err != nil {
			return "", err
		}
		if v.allowed || v.unknown {
			continue
		}
		reason := "nothing allows it"
		if !v.entry.IsZero() {
			reason = "an entry denies it to " + nameOfReader(v.entry)
		}
		who = append(who, r.name)
		if len(because) == 0 || because[0] != reason {
			because = append(because, reason)
		}
	}
	if len(who) == 0 {
		return "", nil
	}
	return "does not let " + strings.Join(who, " and ") + " read it (" + strings.Join(because, ", ") + ")", nil
}

// nameOfReader returns the name of an account without its domain, which all readers are of
// Windows itself.
func nameOfReader(sid winid.SID) string {
	name := sid.WellKnown()
	return name[strings.LastIndexByte(name, '\\')+1:]
}
