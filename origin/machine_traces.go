package origin

import (
	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/timeline"
	"github.com/birthmark-dfir/birthmark/winid"
)

// traces are records of what programs of Windows did for others: the scripts that name
// the subject, what they fetched, installed and detected.
type traces struct {
	scripts    []entry[*evtx.PowerShell4104] // these name the subject
	detections []detection                   // as do these
	transfers  []transfer
	packages   []packaging
}

// A detection is Defender 1116 or 1117.
type detection struct {
	timeline.Event
	threat, image, user, path string
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

// take keeps a record, if it is one of those.
func (t *traces) take(e *timeline.Event) {
	switch d := e.Data.(type) {
	case *evtx.PowerShell4104:
		t.scripts = append(t.scripts, entry[*evtx.PowerShell4104]{*e, d})
	case *evtx.Defender1116:
		t.detections = append(t.detections, detection{*e, d.ThreatName, d.ProcessName, d.DetectionUser, d.Path})
	case *evtx.Defender1117:
		t.detections = append(t.detections, detection{*e, d.ThreatName, d.ProcessName, d.DetectionUser, d.Path})
	case *evtx.BITS59:
		t.transfers = append(t.transfers, transfer{Event: *e, url: d.URL, length: d.FileLength, data: d})
	case *evtx.BITS60:
		t.transfers = append(t.transfers, transfer{Event: *e, url: d.URL, length: d.FileLength, data: d, ended: true})
	case *evtx.MsiInstaller1040:
		t.packages = append(t.packages, packaging{Event: *e, name: winid.Undash(d.Package), client: d.ClientProcessID})
	case *evtx.MsiInstaller1042:
		t.packages = append(t.packages, packaging{Event: *e, name: winid.Undash(d.Package), client: d.ClientProcessID, ended: true})
	}
}

func citeScript(s *entry[*evtx.PowerShell4104]) Citation {
	return cite(&s.Event, "ScriptBlockId", s.data.ScriptBlockId, "ScriptBlockText", oneLine(s.data.ScriptBlockText), "ProcessId", s.data.ProcessID, "UserId", s.data.UserSID)
}
