package origin

import (
	"slices"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/timeline"
	"github.com/birthmark-dfir/birthmark/winid"
)

// process is one run of a program, from Sysmon 1 and 4688 together.
type process struct {
	guid               winid.GUID // zero without Sysmon
	pid                uint32
	image, commandLine string // the image normalized
	parentGUID         winid.GUID
	parentPID          uint32
	parentImage        string // normalized; "" if not logged
	user, sid          string
	logonID            uint64
	session            uint32 // of Terminal Services; only if sysmon is set
	start, end         time.Time
	ended              bool // end is the time of a logged end; else the latest possible end
	creatorOnly        bool // the account is that of the process that started it: the record does not name its own
	sysmon             *entry[*evtx.Sysmon1]
	audit              *entry[*evtx.Security4688]
	task               *entry[*evtx.TaskScheduler129]
	script             *script // that it ran; only of a writer that is known by it
}

// Sysmon and the Security log record the same start of a process at slightly
// different times.
const sameStart = 2 * time.Second

// alive reports whether a process may have run at a time.
func (p *process) alive(at time.Time) bool {
	return !at.Before(p.start) && (p.end.IsZero() || !at.After(p.end))
}

// written returns the image as the record of the start has it.
func (p *process) written() string {
	switch {
	case p.sysmon != nil:
		return p.sysmon.data.Image
	case p.audit != nil:
		return p.audit.data.NewProcessName
	case p.task != nil:
		return p.task.data.Path
	}
	return ""
}

// cite cites the records of a process: Sysmon 1 first, which holds more.
func (p *process) cite() []Citation {
	var list []Citation
	if s := p.sysmon; s != nil {
		d := s.data
		list = append(list, cite(&s.Event, "ProcessGuid", d.ProcessGuid, "ProcessId", d.ProcessId, "Image", d.Image,
			"CommandLine", d.CommandLine, "User", d.User, "LogonId", hexID(d.LogonId), "Hashes", d.Hashes,
			"ParentProcessGuid", d.ParentProcessGuid, "ParentProcessId", d.ParentProcessId, "ParentImage", d.ParentImage))
	}
	if s := p.audit; s != nil {
		d := s.data
		list = append(list, cite(&s.Event, "NewProcessId", hexID(d.NewProcessId), "NewProcessName", d.NewProcessName,
			"CommandLine", d.CommandLine, "SubjectUserSid", d.SubjectUserSid, "SubjectUserName", d.SubjectUserName,
			"SubjectLogonId", hexID(d.SubjectLogonId), "TargetUserName", d.TargetUserName, "TargetLogonId", hexID(d.TargetLogonId),
			"ProcessId", hexID(d.ProcessId), "ParentProcessName", d.ParentProcessName))
	}
	if s := p.task; s != nil {
		list = append(list, cite(&s.Event, "TaskName", s.data.TaskName, "Path", s.data.Path, "ProcessID", s.data.TaskProcessID))
	}
	if p.script != nil {
		list = append(list, p.script.citation)
	}
	return list
}

// String names the process with its PID.
func (p *process) String() string { return named(p.image, p.pid) }

func fromSysmon(e *timeline.Event, d *evtx.Sysmon1, drive string) *process {
	return &process{
		guid: d.ProcessGuid, pid: d.ProcessId,
		image: winpath.Normalize(drive, d.Image), commandLine: d.CommandLine,
		parentGUID: d.ParentProcessGuid, parentPID: d.ParentProcessId, parentImage: winpath.Normalize(drive, winid.Undash(d.ParentImage)),
		user: winid.Undash(d.User), logonID: d.LogonId, session: d.TerminalSessionId,
		start: e.Time, sysmon: &entry[*evtx.Sysmon1]{withData(e, d), d},
	}
}

// targetSince is the version of 4688 that first names the account of the new process.
const targetSince = 2

func fromAudit(e *timeline.Event, d *evtx.Security4688, drive string) *process {
	p := &process{
		pid: uint32(d.NewProcessId), image: winpath.Normalize(drive, d.NewProcessName), commandLine: d.CommandLine,
		parentPID: uint32(d.ProcessId), parentImage: winpath.Normalize(drive, winid.Undash(d.ParentProcessName)),
		user: winid.Account(d.SubjectDomainName, d.SubjectUserName), sid: winid.Undash(d.SubjectUserSid), logonID: d.SubjectLogonId,
		start: e.Time, audit: &entry[*evtx.Security4688]{withData(e, d), d},
	}
	// The subject is the account that started the process. If the process was to run
	// under another account, as services are, the target names that, since Windows 10.
	switch {
	case d.TargetLogonId != 0 && winid.Undash(d.TargetUserName) != "":
		p.user, p.logonID = winid.Account(d.TargetDomainName, d.TargetUserName), d.TargetLogonId
		p.sid = ""
		if sid := winid.Undash(d.TargetUserSid); sid != nullSID {
			p.sid = sid
		}
	case d.Version < targetSince:
		p.creatorOnly = true
		if systemSIDs[p.logonID] != "" { // services.exe and its like start programs under any account
			p.user, p.sid, p.logonID = "", "", 0
		}
	}
	if name := wellKnown[p.sid]; name != "" { // the record may have the name of the machine's account
		p.user = name
	} else if sid := systemSIDs[p.logonID]; sid != "" && p.sid == "" {
		p.user, p.sid = wellKnown[sid], sid
	}
	return p
}

// withData returns the event of a copy of its record.
func withData(e *timeline.Event, d evtx.TypedEvent) timeline.Event {
	own := *e
	own.Data = d
	return own
}

// processes holds all processes that were logged.
type processes struct {
	boots  *boots
	list   []*process // in order of start
	byGUID map[winid.GUID]*process
	byPID  map[pidInBoot][]*process // in order of start
}

func newProcesses(b *boots) processes {
	return processes{boots: b, byGUID: map[winid.GUID]*process{}, byPID: map[pidInBoot][]*process{}}
}

type pidInBoot struct {
	boot int
	pid  uint32
}

// add adds a process. If the other log has recorded it already, the two are merged.
func (ps *processes) add(p *process) {
	if known := ps.byGUID[p.guid]; known != nil && !p.guid.IsZero() {
		return // the same record in two files
	}
	key := pidInBoot{ps.boots.of(p.start), p.pid}
	if same := ps.byPID[key]; len(same) > 0 {
		if last := same[len(same)-1]; last.merge(p) {
			if !last.guid.IsZero() {
				ps.byGUID[last.guid] = last
			}
			return
		}
	}
	ps.list = append(ps.list, p)
	ps.byPID[key] = append(ps.byPID[key], p)
	if !p.guid.IsZero() {
		ps.byGUID[p.guid] = p
	}
}

// merge adds another record of the same process.
func (p *process) merge(other *process) bool {
	if other.start.Sub(p.start).Abs() > sameStart || !winpath.Same(p.image, other.image) {
		return false
	}
	switch {
	case other.task != nil && p.task == nil:
		p.task = other.task
		return true
	case p.sysmon == nil && p.audit == nil:
		if other.sysmon == nil && other.audit == nil {
			return p.start.Equal(other.start) // a copy of the record
		}
		task := p.task
		*p = *other
		p.task = task
		return true
	case p.sysmon == nil && other.sysmon != nil:
		sid, audit, task := p.sid, p.audit, p.task
		*p = *other
		p.sid, p.audit, p.task = sid, audit, task
	case p.audit == nil && other.audit != nil:
		p.audit, p.sid = other.audit, other.sid
	default:
		// The same log twice: a copy of the record if everything is the same, else a
		// PID that was reused at once.
		return p.start.Equal(other.start) && p.guid == other.guid
	}
	if p.logonID != other.logonID && other.audit != nil {
		p.sid = "" // it is the SID of another logon's account
	}
	return true
}

// end records the end of a process.
func (ps *processes) end(guid winid.GUID, pid uint32, at time.Time) {
	p := ps.byGUID[guid]
	if guid.IsZero() || p == nil {
		p = ps.atPID(pid, at)
	}
	if p != nil && !p.ended {
		p.end, p.ended = at, true
	}
}

// limit bounds the life of processes without a logged end by the next start with the
// same PID, and by the end of their boot.
func (ps *processes) limit() {
	for key, list := range ps.byPID {
		for i, p := range list {
			if p.ended {
				continue
			}
			if i+1 < len(list) {
				p.end = list[i+1].start
			} else if key.boot < len(ps.boots.starts) {
				p.end = ps.boots.starts[key.boot].Add(-1)
			}
		}
	}
}

// atPID returns the process that had a PID at a time, if its start was logged: the
// last one started before in the same boot, unless it had ended.
func (ps *processes) atPID(pid uint32, at time.Time) *process {
	list := ps.byPID[pidInBoot{ps.boots.of(at), pid}]
	after, _ := slices.BinarySearchFunc(list, at, func(p *process, at time.Time) int {
		if p.start.After(at) {
			return 1
		}
		return -1
	})
	if after == 0 || !list[after-1].alive(at) {
		return nil
	}
	return list[after-1]
}

// parent returns the parent of a process, or nil if its start was not logged.
func (ps *processes) parent(p *process) *process {
	if parent := ps.byGUID[p.parentGUID]; parent != nil && !p.parentGUID.IsZero() {
		return parent
	}
	parent := ps.atPID(p.parentPID, p.start)
	if parent == p || parent != nil && p.parentImage != "" && !sameImage(parent.image, p.parentImage) {
		return nil
	}
	return parent
}

// maxAncestors bounds the walk to the root of the process tree.
const maxAncestors = 64

// ancestors returns the parent of a process, its parent and so on. The last one may
// be known only from the record of its child.
func (ps *processes) ancestors(p *process) []*process {
	var list []*process
	for len(list) < maxAncestors {
		parent := ps.parent(p)
		if parent == nil {
			if p.parentImage != "" {
				list = append(list, &process{guid: p.parentGUID, pid: p.parentPID, image: p.parentImage})
			}
			return list
		}
		if slices.Contains(list, parent) {
			return list
		}
		list = append(list, parent)
		p = parent
	}
	return list
}

// descends reports whether ancestor started p, directly or not.
func (ps *processes) descends(p, ancestor *process) bool {
	return slices.Contains(ps.ancestors(p), ancestor)
}

// sameImage compares images of which one may be a bare name.
func sameImage(a, b string) bool {
	if strings.Contains(a, `\`) && strings.Contains(b, `\`) {
		return winpath.Same(a, b)
	}
	return winpath.Same(winpath.Base(a), winpath.Base(b))
}

// isSystemProgram reports whether a program is part of Windows, according to its
// folder.
func isSystemProgram(image string) bool {
	p := winpath.Fold(image)
	return strings.Contains(p, `:\WINDOWS\`) || !strings.Contains(p, `\`)
}
