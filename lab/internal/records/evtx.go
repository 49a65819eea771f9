package records

import (
	"strconv"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/lab/internal/child"
)

// EVTX emits the records of a log, by the identifier in their header. Their fields
// are that header, the event's System element and data, the kind of the typed event,
// and digests of the event as JSON and as XML, so that everything a user of package
// evtx can decode is decoded. If the event of a record is damaged, the record has
// only the fields before the damage.
func EVTX(path string, emit func(child.Record)) (int, error) {
	r, err := evtx.Open(path)
	if err != nil {
		return 0, err
	}
	defer r.Close()
	damaged := count(r.Problems())
	for rec, err := range r.Records() {
		if err != nil {
			damaged++
			continue
		}
		f, err := eventFields(&rec)
		if err != nil {
			damaged++
		}
		emit(child.Record{
			Key: "record " + strconv.FormatUint(rec.ID, 10), Offset: rec.Offset, Size: int64(rec.Size), Fields: f,
		})
	}
	return damaged, nil
}

func eventFields(rec *evtx.Record) (fields, error) {
	var f fields
	f.set("written", Time(rec.Written))
	e, err := rec.Event()
	if err != nil {
		return f, err
	}
	f.system(&e.System)
	f.set("element", e.Element)
	f.set("namespace", e.Namespace)
	for name, value := range e.Leaves() {
		f.add("data "+name, value.String())
	}
	typed, err := rec.Typed()
	if err != nil {
		return f, err
	}
	if kind := typed.Kind(); kind != "event" {
		f.add("kind", kind)
	}
	for _, form := range []struct {
		name  string
		bytes func([]byte) ([]byte, error)
	}{{"json", rec.AppendJSON}, {"xml", rec.AppendXML}} {
		text, err := form.bytes(nil)
		if err != nil {
			return f, err
		}
		f.add(form.name, Data(text))
	}
	return f, nil
}

// system adds the fields of an event's System element.
func (f *fields) system(s *evtx.System) {
	f.set("provider", s.Provider)
	f.set("event_source", s.EventSourceName)
	f.set("provider_guid", text(s.ProviderGUID))
	f.number("event_id", uint64(s.EventID))
	f.number("qualifiers", uint64(s.Qualifiers))
	f.number("version", uint64(s.Version))
	f.number("level", uint64(s.Level))
	f.number("task", uint64(s.Task))
	f.number("opcode", uint64(s.Opcode))
	f.number("keywords", s.Keywords)
	f.set("time_created", Time(s.TimeCreated))
	f.number("record_id", s.RecordID)
	f.set("activity", text(s.ActivityID))
	f.set("related_activity", text(s.RelatedActivityID))
	f.number("process", uint64(s.ProcessID))
	f.number("thread", uint64(s.ThreadID))
	f.set("channel", s.Channel)
	f.set("computer", s.Computer)
	f.set("user", s.UserSID)
}

// text returns a GUID as text, or "" if it is zero.
func text(g evtx.GUID) string {
	if g == (evtx.GUID{}) {
		return ""
	}
	return g.String()
}
