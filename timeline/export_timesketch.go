package timeline

import (
	"io"
	"iter"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/show"
	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/weblog"
)

// maxTimesketchValue is the length in bytes of the longest text that Timesketch's
// index accepts whole.
const maxTimesketchValue = 32766

// WriteTimesketch writes each event as one line of JSON for import into Timesketch.
// Every line has
//
//	message datetime timestamp timestamp_desc data_type
//	event_kind artifact record offset
//
// and, if the event was read in a shadow copy, snapshot: when that was made.
// Datetime is in UTC to the microsecond, and timestamp is the same in microseconds
// since 1970. Path, username and user_sid are present if they are known. For
// Timesketch's analyzers a line also has the attributes that plaso gives the same
// record, under plaso's names:
//
//	windows:evtx:record  source_name provider_identifier event_identifier
//	                     event_level record_number computer_name strings
//	fs:stat:ntfs         filename file_reference attribute_type file_size
//	                     is_allocated
//	windows:registry:*   key_path
//	iis:log:line         http_method requested_uri_stem cs_uri_query http_status
//	                     source_ip user_agent cs_referrer received_bytes
//	                     sent_bytes
//
// As with plaso, the times of $STANDARD_INFORMATION and $FILE_NAME share their
// timestamp_desc and differ in attribute_type (16 or 48): the analyzer for forged
// times pairs them by these. A line has only these attributes, because some hundred
// others would break the index: the values of a log record are in strings, in their
// order. Values are cut at 32,766 bytes.
func WriteTimesketch(w io.Writer, events iter.Seq[Event]) error {
	var path knownText
	var clock timesketchClock
	return writeLines(w, events, func(dst []byte, e *Event) []byte {
		row := timesketchRow{newObject(dst), &path}
		at := filetime.Clamp(e.Time).UTC().Truncate(time.Microsecond)
		desc, isFileName := strings.CutPrefix(e.Desc, fileNamePrefix)
		row.object.textOf(&path, "message", or(show.Cut(e.Message, maxTimesketchValue), string(e.Kind)), e.Path)
		row.name("datetime")
		row.b = clock.append(row.b, at)
		row.int("timestamp", at.UnixMicro())
		row.text("timestamp_desc", or(desc, "Event Time"))
		row.text("data_type", dataType(e))
		row.text("event_kind", string(e.Kind))
		row.text("artifact", e.Source.Artifact)
		row.text("record", e.Source.Record)
		row.int("offset", e.Source.Offset)
		row.text("snapshot", timeText(e.Source.Snapshot))
		row.path("path", e)
		row.text("username", e.User)
		row.text("user_sid", e.SID)
		switch data := e.Data.(type) {
		case *mft.Record:
			row.file(e, data, isFileName)
		case interface{ Sys() *evtx.System }: // typed or not
			row.log(e, data.Sys())
		case registry.Autostart, *registry.Key:
			row.text("key_path", e.Source.Record)
		case *weblog.Request:
			row.request(data)
		}
		return row.line()
	})
}

type timesketchRow struct {
	object
	known *knownText
}

// A timesketchClock formats times. The times of a file are often in the same second, so it
// keeps the text of the last one.
type timesketchClock struct {
	second int64
	text   []byte
}

// append appends a time in UTC to the microsecond, in quotes.
func (c *timesketchClock) append(dst []byte, at time.Time) []byte {
	if s := at.Unix(); s != c.second || c.text == nil {
		c.second, c.text = s, at.AppendFormat(c.text[:0], `"2006-01-02T15:04:05.`)
	}
	dst = append(dst, c.text...)
	micros := at.Nanosecond() / 1000
	for unit := 100_000; unit > 0; unit /= 10 {
		dst = append(dst, byte('0'+micros/unit%10))
	}
	return append(dst, `+00:00"`...)
}

// path writes the path of an event.
func (r *timesketchRow) path(name string, e *Event) {
	value := show.Cut(e.Path, maxTimesketchValue)
	r.textOf(r.known, name, value, value)
}

func (r *timesketchRow) text(name, value string) {
	r.object.text(name, show.Cut(value, maxTimesketchValue))
}

func (r *timesketchRow) file(e *Event, rec *mft.Record, isFileName bool) {
	r.path("filename", e)
	r.int("file_reference", int64(rec.Entry|uint64(rec.Seq)<<48))
	attribute := int64(0x10) // $STANDARD_INFORMATION
	if isFileName {
		attribute = 0x30
	}
	r.int("attribute_type", attribute)
	r.int("file_size", int64(rec.Size()))
	r.bool("is_allocated", rec.InUse())
}

func (r *timesketchRow) log(e *Event, sys *evtx.System) {
	r.text("source_name", sys.Provider)
	if !sys.ProviderGUID.IsZero() {
		r.text("provider_identifier", "{"+strings.ToLower(sys.ProviderGUID.String())+"}")
	}
	r.int("event_identifier", int64(sys.EventID))
	r.int("event_level", int64(sys.Level))
	r.int("record_number", int64(sys.RecordID))
	r.text("computer_name", sys.Computer)
	if len(e.Fields) == 0 {
		return
	}
	r.name("strings")
	sep := byte('[')
	for _, f := range e.Fields {
		r.b = show.AppendJSON(append(r.b, sep), show.Cut(f.Value, maxTimesketchValue))
		sep = ','
	}
	r.b = append(r.b, ']')
}

func (r *timesketchRow) request(req *weblog.Request) {
	r.text("http_method", req.Method)
	r.text("requested_uri_stem", req.Path)
	r.text("cs_uri_query", req.Query)
	r.ifKnown("http_status", req.Status)
	r.text("source_ip", req.Client)
	r.text("user_agent", req.UserAgent)
	r.text("cs_referrer", req.Referer)
	r.ifKnown("received_bytes", req.Received)
	r.ifKnown("sent_bytes", req.Sent)
}

// ifKnown writes a number unless it is negative, that is, was not logged.
func (r *timesketchRow) ifKnown(name string, n int64) {
	if n >= 0 {
		r.int(name, n)
	}
}

// dataType returns plaso's name for the content of a source.
func dataType(e *Event) string {
	switch e.Source.Type {
	case TypeMFT:
		return "fs:stat:ntfs"
	case TypeEVTX:
		return "windows:evtx:record"
	case TypeRegistry:
		a, _ := e.Data.(registry.Autostart)
		switch {
		case strings.HasPrefix(a.Category, "run"):
			return "windows:registry:run"
		case a.Category == "service", a.Category == "driver":
			return "windows:registry:service"
		case a.Category == "winlogon":
			return "windows:registry:winlogon"
		}
		return "windows:registry:key_value"
	case TypeWebLog:
		return "iis:log:line"
	}
	return "birthmark:" + e.Source.Type
}
