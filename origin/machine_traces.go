package origin

import (
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/detectionhistory"
	"github.com/birthmark-dfir/birthmark/ese/srum"
	"github.com/birthmark-dfir/birthmark/ese/ual"
	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/internal/command"
	"github.com/birthmark-dfir/birthmark/lnk/shellitem"
	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mplog"
	"github.com/birthmark-dfir/birthmark/pca"
	"github.com/birthmark-dfir/birthmark/prefetch"
	"github.com/birthmark-dfir/birthmark/recyclebin"
	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/timeline"
	"github.com/birthmark-dfir/birthmark/winid"
)

// traces are records of what programs of Windows did for others: the scripts that name
// the subject, what they fetched, installed and detected.
type traces struct {
	scripts    []script                  // these name the subject
	recycled   []entry[*recyclebin.Info] // likewise
	detections []detection               // as do these
	transfers  []transfer
	packages   []packaging
	jobs       []entry[*evtx.BITS3]
	taskLog    []taskRecord
	consumers  []consumer                    // these name the subject
	scans      []entry[*mplog.Entry]         // as do these
	prefetched []entry[*prefetch.File]       // one for each prefetch file that may be of the subject
	presences  []timeline.Event              // of the registry, what shows that a file was there, likewise
	lastRuns   []timeline.Event              // of the registry, likewise
	openings   []entry[*timeline.Opening]    // likewise
	usage      []entry[*srum.Record]         // likewise
	clients    map[client]entry[*ual.Client] // of User Access Logging, each once
}

// A script is PowerShell 4103 or 4104.
type script struct {
	timeline.Event
	text     string
	pid      uint32 // of the PowerShell that ran it
	sid      string
	finished bool // 4103, which PowerShell logs at the end of a pipeline, and not before it
	citation Citation
}

// A detection is Defender 1116 or 1117, or a file of the detection history.
type detection struct {
	timeline.Event
	threat, image, user, path string
	sha256                    string // of the file, if the record has it
}

// A transfer is BITS 59 or 60.
type transfer struct {
	timeline.Event
	url    string
	length uint64
	ended  bool // 60
	data   evtx.TypedEvent
}

// A packaging is MsiInstaller 1040 or 1042: Windows Installer begins or ends with a
// package.
type packaging struct {
	timeline.Event
	name, client string // the client is a PID
	ended        bool   // 1042
}

// A taskRecord is a record of the Task Scheduler with the account that a task runs as
// (100, 110, 119), or that registered or changed it (106, 140).
type taskRecord struct {
	timeline.Event
	name, user string
	made       bool // 106, 140
}

// take keeps a record, if it is one of those.
func (t *traces) take(e *timeline.Event) {
	switch d := e.Data.(type) {
	case *evtx.PowerShell4104:
		t.scripts = append(t.scripts, script{*e, d.ScriptBlockText, d.ProcessID, winid.Undash(d.UserSID), false,
			cite(e, "ScriptBlockId", d.ScriptBlockId, "ScriptBlockText", oneLine(d.ScriptBlockText), "ProcessId", d.ProcessID, "UserId", d.UserSID)})
	case *evtx.PowerShell4103:
		t.scripts = append(t.scripts, script{*e, command.Invocations(d.Payload), d.ProcessID, winid.Undash(d.UserSID), true,
			cite(e, "Payload", oneLine(d.Payload), "ProcessId", d.ProcessID, "UserId", d.UserSID)})
	case *evtx.Defender1116:
		t.detections = append(t.detections, detection{*e, d.ThreatName, d.ProcessName, d.DetectionUser, d.Path, ""})
	case *evtx.Defender1117:
		t.detections = append(t.detections, detection{*e, d.ThreatName, d.ProcessName, d.DetectionUser, d.Path, ""})
	case *evtx.BITS59:
		t.transfers = append(t.transfers, transfer{Event: *e, url: d.URL, length: d.FileLength, data: d})
	case *evtx.BITS60:
		t.transfers = append(t.transfers, transfer{Event: *e, url: d.URL, length: d.FileLength, data: d, ended: true})
	case *detectionhistory.Detection:
		t.detections = append(t.detections, detectionOf(e, d))
	case *recyclebin.Info:
		t.recycled = append(t.recycled, entry[*recyclebin.Info]{*e, d})
	case *mplog.Entry:
		t.scans = append(t.scans, entry[*mplog.Entry]{*e, d})
		if d.Kind == mplog.Blocked {
			t.detections = append(t.detections, detection{*e, "", d.Process, "", "file:_" + d.Path, ""})
		}
	case *prefetch.File:
		if !slices.ContainsFunc(t.prefetched, func(p entry[*prefetch.File]) bool { return p.data == d }) {
			t.prefetched = append(t.prefetched, entry[*prefetch.File]{*e, d})
		}
	case nil, *registry.AmcacheFile, *registry.ShimCacheEntry, *pca.Entry:
		t.takeTrace(e)
	case *timeline.Opening:
		t.openings = append(t.openings, entry[*timeline.Opening]{*e, d})
	case *srum.Record:
		t.usage = append(t.usage, entry[*srum.Record]{*e, d})
	case *ual.Client:
		t.takeClient(e, d)
	case *evtx.BITS3:
		t.jobs = append(t.jobs, entry[*evtx.BITS3]{*e, d})
	case *evtx.TaskScheduler100:
		t.taskLog = append(t.taskLog, taskRecord{*e, d.TaskName, winid.Undash(d.UserContext), false})
	case *evtx.TaskScheduler110:
		t.taskLog = append(t.taskLog, taskRecord{*e, d.TaskName, winid.Undash(d.UserContext), false})
	case *evtx.TaskScheduler119:
		t.taskLog = append(t.taskLog, taskRecord{*e, d.TaskName, winid.Undash(d.UserName), false})
	case *evtx.TaskScheduler106:
		t.taskLog = append(t.taskLog, taskRecord{*e, d.TaskName, winid.Undash(d.UserContext), true})
	case *evtx.TaskScheduler140:
		t.taskLog = append(t.taskLog, taskRecord{*e, d.TaskName, winid.Undash(d.UserName), true})
	case *evtx.WMI5861:
		t.consumers = append(t.consumers, consumersOf(e, d)...)
	case *evtx.Sysmon20:
		t.consumers = append(t.consumers, consumerOf(e, d))
	case *evtx.MsiInstaller1040:
		t.packages = append(t.packages, packaging{Event: *e, name: winid.Undash(d.Package), client: d.ClientProcessID})
	case *evtx.MsiInstaller1042:
		t.packages = append(t.packages, packaging{Event: *e, name: winid.Undash(d.Package), client: d.ClientProcessID, ended: true})
	}
}

// client is what makes a client of User Access Logging one: the role, the address, the
// account, and the first access in the year.
type client struct {
	role    winid.GUID
	address netip.Addr
	user    string
	first   time.Time
}

// takeClient keeps a client of User Access Logging, which has several events and is in a
// copy of the database as well: the one with more accesses.
func (t *traces) takeClient(e *timeline.Event, d *ual.Client) {
	if d.User == "" || !d.Address.IsValid() {
		return
	}
	if t.clients == nil {
		t.clients = map[client]entry[*ual.Client]{}
	}
	id := client{d.Role.ID, d.Address, d.User, d.First}
	if known, ok := t.clients[id]; !ok || known.data.Accesses < d.Accesses {
		t.clients[id] = entry[*ual.Client]{*e, d}
	}
}

// refOf returns a reference of a prefetch file as package mft has it.
func refOf(r prefetch.Ref) mft.Ref { return mft.Ref{Entry: r.Entry(), Seq: r.Sequence()} }

// refOfItem returns the reference of an item as package mft has it.
func refOfItem(i *shellitem.Item) mft.Ref {
	return mft.Ref{Entry: i.Ref.Entry(), Seq: i.Ref.Sequence()}
}

// takeTrace keeps a run or the presence of a file according to the registry.
func (t *traces) takeTrace(e *timeline.Event) {
	switch e.Kind {
	case timeline.ProgramRan:
		t.lastRuns = append(t.lastRuns, *e)
	case timeline.ProgramCached, timeline.ProgramSeen, timeline.FileInventoried:
		t.presences = append(t.presences, *e)
	}
}

// detectionOf makes the detection of a file of the detection history. Its paths are
// written as in 1116.
func detectionOf(e *timeline.Event, d *detectionhistory.Detection) detection {
	made := detection{Event: *e, threat: d.Threat, image: d.Process, user: d.User}
	var paths []string
	for i := range d.Resources {
		r := &d.Resources[i]
		paths = append(paths, r.Type+":_"+r.Path)
		if _, inside := r.File(); inside == "" && made.sha256 == "" {
			made.sha256 = r.SHA256()
		}
	}
	made.path = strings.Join(paths, "; ")
	return made
}
