package origin

import (
	"strings"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/timeline"
	"github.com/birthmark-dfir/birthmark/winid"
)

// An access is a record of the Security log that a file was opened or used: 4663 and
// 4656 by a process, if the folder has an audit rule, 5145 by a client of a share.
type access struct {
	timeline.Event
	path      string
	sid, user string
	logonID   uint64
	mask      uint32
	requested bool // 4656: a handle was opened, which need not have been used

	image string // of a process; normalized
	pid   uint32

	share   string // of a client
	address string
}

// writeMask are the rights to write and append data, and to add a file to a folder.
const writeMask = 0x2 | 0x4

// auditSuccess is the keyword of a record of what was allowed.
const auditSuccess = 1 << 53

// accessOf returns the access of a record, if it is one that was allowed.
func accessOf(drive string, e *timeline.Event) (a access, ok bool) {
	a.Event = *e
	switch d := e.Data.(type) {
	case *evtx.Security4656:
		if d.Keywords&auditSuccess == 0 {
			return a, false
		}
		a.path, a.mask, a.requested = d.ObjectName, uint32(d.AccessMask), true
		a.image, a.pid = winpath.Normalize(drive, d.ProcessName), uint32(d.ProcessId)
		a.sid, a.user, a.logonID = d.SubjectUserSid, winid.Account(d.SubjectDomainName, d.SubjectUserName), d.SubjectLogonId
	case *evtx.Security4663:
		a.path, a.mask = d.ObjectName, uint32(d.AccessMask)
		a.image, a.pid = winpath.Normalize(drive, d.ProcessName), uint32(d.ProcessId)
		a.sid, a.user, a.logonID = d.SubjectUserSid, winid.Account(d.SubjectDomainName, d.SubjectUserName), d.SubjectLogonId
	case *evtx.Security5145:
		if d.Keywords&auditSuccess == 0 && d.Keywords != 0 {
			return a, false
		}
		a.path, a.mask, a.share = sharePath(d), uint32(d.AccessMask), d.ShareName
		a.address = plainAddress(remote(d.IpAddress))
		a.sid, a.user, a.logonID = d.SubjectUserSid, winid.Account(d.SubjectDomainName, d.SubjectUserName), d.SubjectLogonId
	default:
		return a, false
	}
	if name := wellKnown[a.sid]; name != "" {
		a.user = name
	}
	return a, true
}

// sharePath returns the path of a file that 5145 names by the folder of the share and
// its path below that.
func sharePath(d *evtx.Security5145) string {
	if d.ShareLocalPath == "" || d.RelativeTargetName == "" {
		return ""
	}
	return strings.TrimSuffix(strings.TrimPrefix(d.ShareLocalPath, `\??\`), `\`) + `\` + strings.TrimPrefix(d.RelativeTargetName, `\`)
}

func (a *access) cite() Citation {
	return cite(&a.Event, "path", a.path, "SubjectUserSid", a.sid, "Subject", a.user, "SubjectLogonId", hexID(a.logonID), "AccessMask", hexID(uint64(a.mask)),
		"ProcessName", a.image, "ProcessId", a.pid, "ShareName", a.share, "IpAddress", a.address)
}
