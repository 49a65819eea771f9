package origin

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/timeline"
	"github.com/birthmark-dfir/birthmark/winid"
)

// traceKinds are the kinds of events that hold traces.
var traceKinds = []timeline.Kind{
	timeline.FileCreatedByProcess, timeline.FileDeleted, timeline.FileTimeChanged, timeline.StreamCreated,
	timeline.RegistryValueSet, timeline.RegistryKeyChanged, timeline.RegistryRenamed,
	timeline.ProcessStarted, timeline.ProcessEnded, timeline.ProcessAccessed, timeline.ProcessInjected, timeline.ProcessCrashed,
	timeline.ImageLoaded, timeline.DriverLoaded, timeline.PipeCreated, timeline.PipeConnected,
	timeline.NetworkConnected, timeline.DNSQuery, timeline.ObjectAccessed,
}

// traceOf returns the trace in a record.
func traceOf(d evtx.TypedEvent) (trace, bool) {
	switch d := d.(type) {
	case *evtx.Sysmon1:
		return trace{d.ParentProcessGuid, d.ParentImage, Started, d.Image}, true
	case *evtx.Security4688:
		return trace{image: d.ParentProcessName, kind: Started, target: d.NewProcessName}, true
	case *evtx.Sysmon2:
		return trace{d.ProcessGuid, d.Image, SetTime, d.TargetFilename}, true
	case *evtx.Sysmon3:
		if !d.Initiated {
			return trace{d.ProcessGuid, d.Image, Connected, endpoint(d.SourceIp, d.SourceHostname, strconv.Itoa(int(d.SourcePort)))}, true
		}
		return trace{d.ProcessGuid, d.Image, Connected, endpoint(d.DestinationIp, d.DestinationHostname, strconv.Itoa(int(d.DestinationPort)))}, true
	case *evtx.Sysmon5:
		return trace{guid: d.ProcessGuid, image: d.Image}, true
	case *evtx.Security4689:
		return trace{image: d.ProcessName}, true
	case *evtx.Sysmon7:
		return trace{d.ProcessGuid, d.Image, Loaded, d.ImageLoaded}, true
	case *evtx.Sysmon8:
		return trace{d.SourceProcessGuid, d.SourceImage, Injected, d.TargetImage}, true
	case *evtx.Sysmon10:
		return trace{d.SourceProcessGUID, d.SourceImage, Accessed, d.TargetImage}, true
	case *evtx.Sysmon11:
		return trace{d.ProcessGuid, d.Image, Wrote, d.TargetFilename}, true
	case *evtx.Sysmon12:
		return trace{d.ProcessGuid, d.Image, SetValue, d.TargetObject}, true
	case *evtx.Sysmon13:
		return trace{d.ProcessGuid, d.Image, SetValue, d.TargetObject}, true
	case *evtx.Sysmon14:
		return trace{d.ProcessGuid, d.Image, SetValue, d.NewName}, true
	case *evtx.Sysmon15:
		return trace{d.ProcessGuid, d.Image, Wrote, d.TargetFilename}, true
	case *evtx.Sysmon17:
		return trace{d.ProcessGuid, d.Image, Pipe, d.PipeName}, true
	case *evtx.Sysmon18:
		return trace{d.ProcessGuid, d.Image, Pipe, d.PipeName}, true
	case *evtx.Sysmon22:
		return trace{d.ProcessGuid, d.Image, Queried, d.QueryName}, true
	case *evtx.Sysmon23:
		return trace{d.ProcessGuid, d.Image, Deleted, d.TargetFilename}, true
	case *evtx.Sysmon25:
		return trace{guid: d.ProcessGuid, image: d.Image}, true
	case *evtx.Sysmon26:
		return trace{d.ProcessGuid, d.Image, Deleted, d.TargetFilename}, true
	case *evtx.Security5156:
		return trace{image: d.Application, kind: Connected, target: endpoint(d.DestAddress, "", d.DestPort)}, true
	case *evtx.Security4663:
		return trace{image: d.ProcessName, kind: Accessed, target: d.ObjectName}, d.ProcessName != ""
	case *evtx.ApplicationError1000:
		return trace{image: d.AppPath}, d.AppPath != ""
	}
	return trace{}, false
}

// endpoint writes the other end of a connection.
func endpoint(address, host string, port string) string {
	text := plainAddress(address)
	if strings.Contains(text, ":") {
		text = "[" + text + "]"
	}
	text += ":" + port
	if host := winid.Undash(host); host != "" {
		text += " (" + host + ")"
	}
	return text
}

// findDeeds reads the records that hold traces, once for all who ask.
func (q *inquiry) findDeeds() *deeds {
	if q.done != nil {
		return q.done
	}
	q.machine.done = &deeds{}
	if q.tl == nil {
		return q.done
	}
	known := map[winid.GUID]bool{}
	for _, p := range q.processes.list {
		if !p.guid.IsZero() && q.isSubject(p.image) {
			known[p.guid] = true
		}
	}
	at := map[[2]string]int{}
	for e := range q.own(q.tl.Brief(traceKinds...)) {
		d, ok := e.Data.(evtx.TypedEvent)
		if !ok {
			continue
		}
		if !slices.Contains(joined, e.Kind) {
			q.seen[d.Kind()]++
		}
		t, ok := traceOf(d)
		if !ok {
			continue
		}
		switch {
		case known[t.guid] && !t.guid.IsZero(), q.about.named(t.image) && q.isSubject(t.image):
			q.done.add(&e, t, at)
		case q.about.named(loadedImage(d)) && q.isSubject(loadedImage(d)) && len(q.done.loads) < maxDeeds:
			q.done.loads = append(q.done.loads, keepEvent(&e, d))
		}
	}
	slices.SortStableFunc(q.done.actions, func(a, b Action) int {
		return cmp.Or(a.Time.Compare(b.Time), strings.Compare(a.Target, b.Target))
	})
	return q.done
}

// loadedImage returns the library or driver that a record is about.
func loadedImage(d evtx.TypedEvent) string {
	switch d := d.(type) {
	case *evtx.Sysmon6:
		return d.ImageLoaded
	case *evtx.Sysmon7:
		return d.ImageLoaded
	}
	return ""
}
