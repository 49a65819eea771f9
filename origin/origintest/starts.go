package origintest

import (
	"strconv"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/winid"
)

func raw(s evtx.System, provider, guid, channel string, id uint16, qualifiers uint16, level uint8, task uint16, keywords uint64, fields ...evtx.Field) *evtx.Event {
	s.Provider, s.Channel, s.EventID, s.Qualifiers, s.Level, s.Task, s.Keywords = provider, channel, id, qualifiers, level, task, keywords
	s.ProviderGUID, _ = winid.ParseGUID(guid)
	return &evtx.Event{System: s, Element: "EventData", Fields: fields}
}

const kernelGeneral = "{a68ca8b7-004f-d7b6-a698-07e2de0f1f5d}"

func u32(name string, n uint32) evtx.Field {
	return evtx.Field{Name: name, Value: evtx.NewValue(evtx.UInt32Type, []byte{byte(n), byte(n >> 8), byte(n >> 16), byte(n >> 24)})}
}

func (l *logFile) started(when time.Time) *evtx.Event {
	s := l.system(when)
	s.ProcessID, s.ThreadID = kernel, 8
	return raw(s, "Microsoft-Windows-Kernel-General", kernelGeneral, "System", 12, 0, 4, 1, 0x8000000000000080,
		u32("MajorVersion", 10), u32("MinorVersion", 0), u32("BuildVersion", windowsBuild), u32("QfeVersion", windowsRevision), u32("ServiceVersion", 0), u32("BootMode", 0),
		evtx.Field{Name: "StartTime", Value: evtx.StringValue(when.Format(time.RFC3339))})
}

func (l *logFile) stopped(when time.Time) *evtx.Event {
	s := l.system(when)
	s.ProcessID, s.ThreadID = kernel, 8
	return raw(s, "Microsoft-Windows-Kernel-General", kernelGeneral, "System", 13, 0, 4, 2, 0x8000000000000080, evtx.Field{Name: "StopTime", Value: evtx.StringValue(when.Format(time.RFC3339))})
}

func (l *logFile) version(when time.Time) *evtx.Event {
	var f []evtx.Field
	for _, s := range []string{"10.00.", strconv.Itoa(windowsBuild), "", "Multiprocessor Free", "0"} {
		f = append(f, evtx.Field{Value: evtx.StringValue(s)})
	}
	return raw(l.system(when), "EventLog", "", "System", 6009, 0x8000, 4, 0, 0x80000000000000, f...)
}

func (l *logFile) logging(id uint16, when time.Time) *evtx.Event {
	return raw(l.system(when), "EventLog", "", "System", id, 0x8000, 4, 0, 0x80000000000000)
}

func (l *logFile) serviceState(name, state string, when time.Time) *evtx.Event {
	return raw(l.system(when), "Service Control Manager", "{555908d1-a6d7-4695-8e1e-26931d2012f4}", "System", 7036, 0x4000, 4, 0, 0x8080000000000000,
		evtx.Field{Name: "param1", Value: evtx.StringValue(name)}, evtx.Field{Name: "param2", Value: evtx.StringValue(state)})
}
