package registry

import (
	"slices"
	"strings"

	"github.com/birthmark-dfir/birthmark/winid"
)

// A reader is an account for which a security descriptor is evaluated.
type reader struct {
	name  string
	token []winid.SID
}

// serviceReaders are those for which the security descriptor of a service is evaluated: the
// service control manager leaves out the services that its caller cannot query. An
// administrator who looks for them is logged on at the machine.
var serviceReaders = func() (list [2]reader) {
	list = taskReaders
	list[0].token = append(slices.Clone(list[0].token), winid.WellKnownSID(`NT AUTHORITY\INTERACTIVE`))
	return list
}()

// unlisted returns for whom the tools of Windows do not list a service because of its
// security descriptor, or "".
func unlisted(sd []byte) (why string, err error) {
	why, err = refused(sd, "query it", serviceReaders[:], func(sd []byte, token ...winid.SID) (verdict, error) {
		return allows(sd, serviceQueryStatus|genericAll|genericRead, token...)
	})
	if why != "" {
		why = "its security descriptor " + why
	}
	return why, err
}

// taskReaders are the accounts for which the security descriptor of a task is evaluated,
// each with the SIDs that its tokens have in any case. Which tasks the tools of Windows list
// depends on who asks: the Task Scheduler leaves out what its caller cannot read.
var taskReaders = func() (list [2]reader) {
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
	return refused(sd, "read it", taskReaders[:], canRead)
}

// refused returns for which of the accounts a security descriptor does not allow something,
// and which of its entries says so, or "".
func refused(sd []byte, what string, readers []reader, can func(sd []byte, token ...winid.SID) (verdict, error)) (why string, err error) {
	var who, because []string
	for _, r := range readers {
		v, err := can(sd, r.token...)
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
	return "does not let " + strings.Join(who, " and ") + " " + what + " (" + strings.Join(because, ", ") + ")", nil
}

// nameOfReader returns the name of an account without its domain, which all readers are of
// Windows itself.
func nameOfReader(sid winid.SID) string {
	name := sid.WellKnown()
	return name[strings.LastIndexByte(name, '\\')+1:]
}
