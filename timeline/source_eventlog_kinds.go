package timeline

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/winid"
)

// logKind is how an event-log record becomes an event.
type logKind struct {
	kind     Kind
	describe func(r evtx.TypedEvent, e *Event)
}

// logKinds has one entry for each typed log record. Every other record becomes a
// LogRecord. To turn a typed record into an event of its own kind, add an entry with
// its kind and with what the record holds about path, account and message. Time,
// source and fields are already set, and the path may be as the record writes it. A
// record of nothing that happened on its own has the kind LogRecord.
var logKinds = index(
	// Security
	record(Logon, func(r *evtx.Security4624, e *Event) {
		e.account(r.TargetDomainName, r.TargetUserName, r.TargetUserSid)
		e.Path = winid.Undash(r.ProcessName)
		e.say("%s logged on: type %s, LogonId %#x%s", e.User, r.LogonType, r.TargetLogonId, from(r.IpAddress, r.WorkstationName))
	}),
	record(LogonFailed, func(r *evtx.Security4625, e *Event) {
		e.account(r.TargetDomainName, r.TargetUserName, r.TargetUserSid)
		e.Path = winid.Undash(r.ProcessName)
		e.say("%s failed to log on: type %s, status %#x/%#x%s", e.User, r.LogonType, r.Status, r.SubStatus, from(r.IpAddress, r.WorkstationName))
	}),
	record(Logoff, func(r *evtx.Security4634, e *Event) {
		e.account(r.TargetDomainName, r.TargetUserName, r.TargetUserSid)
		e.say("%s logged off: type %s, LogonId %#x", e.User, r.LogonType, r.TargetLogonId)
	}),
	record(Logoff, func(r *evtx.Security4647, e *Event) {
		e.account(r.TargetDomainName, r.TargetUserName, r.TargetUserSid)
		e.say("%s initiated a logoff: LogonId %#x", e.User, r.TargetLogonId)
	}),
	record(LogonExplicit, func(r *evtx.Security4648, e *Event) {
		e.account(r.SubjectDomainName, r.SubjectUserName, r.SubjectUserSid)
		e.Path = winid.Undash(r.ProcessName)
		e.say("%s (LogonId %#x) used the credentials of %s for %s%s", e.User, r.SubjectLogonId,
			winid.Account(r.TargetDomainName, r.TargetUserName), r.TargetServerName, from(r.IpAddress, ""))
	}),
	record(PrivilegesAssigned, func(r *evtx.Security4672, e *Event) {
		e.account(r.SubjectDomainName, r.SubjectUserName, r.SubjectUserSid)
		e.say("%s (LogonId %#x) was assigned the privileges %s", e.User, r.SubjectLogonId, strings.Join(strings.Fields(r.PrivilegeList), " "))
	}),
	record(ProcessStarted, func(r *evtx.Security4688, e *Event) {
		e.account(r.SubjectDomainName, r.SubjectUserName, r.SubjectUserSid)
		logonID := r.SubjectLogonId
		if r.TargetLogonId != 0 { // the creator started it as another account
			e.account(r.TargetDomainName, r.TargetUserName, r.TargetUserSid)
			logonID = r.TargetLogonId
		}
		e.Path = r.NewProcessName
		e.say("%s (process %d) was started by %s (process %d) as %s, LogonId %#x%s", r.NewProcessName, r.NewProcessId,
			or(r.ParentProcessName, "its parent"), r.ProcessId, e.User, logonID, with("command line", r.CommandLine))
	}),
	record(ProcessEnded, func(r *evtx.Security4689, e *Event) {
		e.account(r.SubjectDomainName, r.SubjectUserName, r.SubjectUserSid)
		e.Path = r.ProcessName
		e.say("%s (process %d) ended with status %#x", r.ProcessName, r.ProcessId, r.Status)
	}),
	record(ServiceInstalled, func(r *evtx.Security4697, e *Event) {
		e.account(r.SubjectDomainName, r.SubjectUserName, r.SubjectUserSid)
		e.Path = registry.ExecutablePath(r.ServiceFileName)
		e.say("%s (LogonId %#x) installed the service %s: %s, to run as %s", e.User, r.SubjectLogonId, r.ServiceName, r.ServiceFileName, r.ServiceAccount)
	}),
	record(TaskRegistered, func(r *evtx.Security4698, e *Event) {
		e.account(r.SubjectDomainName, r.SubjectUserName, r.SubjectUserSid)
		e.say("%s (LogonId %#x) registered the task %s", e.User, r.SubjectLogonId, r.TaskName)
	}),
	record(UserCreated, func(r *evtx.Security4720, e *Event) {
		e.account(r.SubjectDomainName, r.SubjectUserName, r.SubjectUserSid)
		e.say("%s (LogonId %#x) created the account %s (%s)", e.User, r.SubjectLogonId, winid.Account(r.TargetDomainName, r.TargetUserName), r.TargetSid)
	}),
	record(LogCleared, func(r *evtx.Security1102, e *Event) {
		e.account(r.SubjectDomainName, r.SubjectUserName, r.SubjectUserSid)
		e.say("%s (LogonId %#x) cleared the Security log", e.User, r.SubjectLogonId)
	}),

	// System
	record(ServiceInstalled, func(r *evtx.System7045, e *Event) {
		e.SID = r.UserSID
		e.Path = registry.ExecutablePath(r.ImagePath)
		e.say("the service %s was installed: %s, to run as %s%s", r.ServiceName, r.ImagePath, or(r.AccountName, "an unnamed account"), with("start", r.StartType))
	}),
	record(LogCleared, func(r *evtx.System104, e *Event) {
		e.account(r.SubjectDomainName, r.SubjectUserName, "")
		e.say("%s cleared the log %s", e.User, r.Channel)
	}),

	// Sysmon
	record(ProcessStarted, func(r *evtx.Sysmon1, e *Event) {
		e.at(r.UtcTime)
		e.User, e.Path = r.User, r.Image
		e.say("%s (process %d) was started by %s (process %d) as %s, LogonId %#x%s", r.Image, r.ProcessId,
			r.ParentImage, r.ParentProcessId, r.User, r.LogonId, with("command line", r.CommandLine))
	}),
	record(FileTimeChanged, func(r *evtx.Sysmon2, e *Event) {
		e.at(r.UtcTime)
		e.User, e.Path = r.User, r.TargetFilename
		e.say("%s (process %d) changed the creation time of %s from %s to %s", r.Image, r.ProcessId, r.TargetFilename,
			timeText(r.PreviousCreationUtcTime), timeText(r.CreationUtcTime))
	}),
	record(NetworkConnected, func(r *evtx.Sysmon3, e *Event) {
		e.at(r.UtcTime)
		e.User, e.Path = r.User, r.Image
		e.say("%s (process %d) connected: %s %s:%d to %s:%d%s", r.Image, r.ProcessId, r.Protocol, r.SourceIp, r.SourcePort,
			r.DestinationIp, r.DestinationPort, with("host", r.DestinationHostname))
	}),
	record(ProcessEnded, func(r *evtx.Sysmon5, e *Event) {
		e.at(r.UtcTime)
		e.User, e.Path = r.User, r.Image
		e.say("%s (process %d) ended", r.Image, r.ProcessId)
	}),
	record(FileCreatedByProcess, func(r *evtx.Sysmon11, e *Event) {
		e.at(r.UtcTime)
		e.User, e.Path = r.User, r.TargetFilename
		e.say("%s (process %d) created %s", r.Image, r.ProcessId, r.TargetFilename)
	}),
	record(RegistryKeyChanged, func(r *evtx.Sysmon12, e *Event) {
		e.at(r.UtcTime)
		e.User, e.Path = r.User, r.TargetObject
		e.say("%s (process %d): %s %s", r.Image, r.ProcessId, r.EventType, r.TargetObject)
	}),
	record(RegistryValueSet, func(r *evtx.Sysmon13, e *Event) {
		e.at(r.UtcTime)
		e.User, e.Path = r.User, r.TargetObject
		e.say("%s (process %d) set %s to %s", r.Image, r.ProcessId, r.TargetObject, r.Details)
	}),
	record(RegistryRenamed, func(r *evtx.Sysmon14, e *Event) {
		e.at(r.UtcTime)
		e.User, e.Path = r.User, r.TargetObject
		e.say("%s (process %d) renamed %s to %s", r.Image, r.ProcessId, r.TargetObject, r.NewName)
	}),
	record(StreamCreated, func(r *evtx.Sysmon15, e *Event) {
		e.at(r.UtcTime)
		e.User, e.Path = r.User, r.TargetFilename
		e.say("%s (process %d) created the stream %s%s", r.Image, r.ProcessId, r.TargetFilename, with("contents", r.Contents))
	}),
	record(FileDeleted, func(r *evtx.Sysmon23, e *Event) {
		e.at(r.UtcTime)
		e.User, e.Path = r.User, r.TargetFilename
		e.say("%s (process %d) deleted %s, archived by Sysmon: %v", r.Image, r.ProcessId, r.TargetFilename, r.Archived)
	}),
	record(FileDeleted, func(r *evtx.Sysmon26, e *Event) {
		e.at(r.UtcTime)
		e.User, e.Path = r.User, r.TargetFilename
		e.say("%s (process %d) deleted %s", r.Image, r.ProcessId, r.TargetFilename)
	}),

	// Terminal services
	record(RDPAuthenticated, func(r *evtx.RDP1149, e *Event) {
		e.User = winid.Account(r.Domain, r.User)
		e.say("%s authenticated for remote desktop%s", e.User, from(r.Address, ""))
	}),
	record(RDPLogon, func(r *evtx.RDP21, e *Event) {
		e.User = r.User
		e.say("%s logged on to session %d%s", r.User, r.SessionID, from(r.Address, ""))
	}),
	record(RDPShellStarted, func(r *evtx.RDP22, e *Event) {
		e.User = r.User
		e.say("the shell of %s started in session %d%s", r.User, r.SessionID, from(r.Address, ""))
	}),
	record(RDPLogoff, func(r *evtx.RDP23, e *Event) {
		e.User = r.User
		e.say("%s logged off from session %d", r.User, r.SessionID)
	}),
	record(RDPDisconnected, func(r *evtx.RDP24, e *Event) {
		e.User = r.User
		e.say("%s was disconnected from session %d%s", r.User, r.SessionID, from(r.Address, ""))
	}),
	record(RDPReconnected, func(r *evtx.RDP25, e *Event) {
		e.User = r.User
		e.say("%s reconnected to session %d%s", r.User, r.SessionID, from(r.Address, ""))
	}),
	record(RDPDisconnected, func(r *evtx.RDP39, e *Event) {
		e.say("session %d was disconnected by session %d", r.TargetSession, r.Source)
	}),
	record(RDPDisconnected, func(r *evtx.RDP40, e *Event) {
		e.say("session %d was disconnected, reason %d", r.Session, r.Reason)
	}),
)

// loggedKinds are the kinds of the records, each once.
var loggedKinds = func() []Kind {
	all := []Kind{LogRecord}
	for k := range maps.Values(logKinds) {
		all = append(all, k.kind)
	}
	slices.Sort(all)
	return slices.Compact(all)
}()

// record makes an entry of logKinds.
func record[T any, P interface {
	*T
	evtx.TypedEvent
}](kind Kind, describe func(r P, e *Event)) entry {
	declared, _ := evtx.KindOf(P(new(T)))
	return entry{declared.Name, logKind{kind, func(r evtx.TypedEvent, e *Event) { describe(r.(P), e) }}}
}

type entry struct {
	record string // evtx.Kind.Name
	logKind
}

// index returns entries by the name of their record.
func index(entries ...entry) map[string]logKind {
	m := make(map[string]logKind, len(entries))
	for _, e := range entries {
		m[e.record] = e.logKind
	}
	return m
}

// at sets the time to the one that the record holds for the event itself. The time of
// logging is later.
func (e *Event) at(t time.Time) {
	if !t.IsZero() {
		e.Time = t
	}
}

func (e *Event) say(format string, a ...any) { e.Message = fmt.Sprintf(format, a...) }

// nullSID is what Windows logs in place of a missing SID.
const nullSID = "S-1-0-0"

func (e *Event) account(domain, user, sid string) {
	e.User = winid.Account(domain, user)
	if e.SID = winid.Undash(sid); e.SID == nullSID {
		e.SID = ""
	}
}

// from returns ", from …" with the origin of a logon, if it was logged.
func from(address, workstation string) string {
	address, workstation = winid.Undash(address), winid.Undash(workstation)
	switch {
	case address == "" && workstation == "":
		return ""
	case workstation == "":
		return ", from " + address
	case address == "":
		return ", from " + workstation
	}
	return ", from " + address + " (" + workstation + ")"
}
