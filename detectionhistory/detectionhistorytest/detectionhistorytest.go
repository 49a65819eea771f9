// Package detectionhistorytest writes detection history files of Windows Defender for
// tests: read by package detectionhistory, the content is the
// [detectionhistory.Detection] that was written.
package detectionhistorytest

import (
	"encoding/binary"
	"strconv"
	"time"

	"github.com/birthmark-dfir/birthmark/detectionhistory"
	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
)

var le = binary.LittleEndian

// writer writes values.
type writer struct{ b []byte }

func (w *writer) value(kind uint32, data []byte) {
	w.b = le.AppendUint32(w.b, uint32(len(data)))
	w.b = append(le.AppendUint32(w.b, kind), data...)
	w.b = append(w.b, make([]byte, -len(w.b)&7)...)
}

func (w *writer) number(n uint32)  { w.value(0x06, le.AppendUint32(nil, n)) }
func (w *writer) text(s string)    { w.value(0x15, append(wtf8.Encode(s), 0, 0)) }
func (w *writer) time(t time.Time) { w.value(0x0a, le.AppendUint64(nil, filetime.Ticks(t))) }

const magic = "Magic.Version:1.2"

// Bytes returns the file. A value of tracking that is a number is written as one.
func Bytes(d detectionhistory.Detection) []byte {
	var w writer
	w.value(0x08, le.AppendUint64(nil, d.ThreatID))
	w.value(0x1e, d.ID[:])
	w.text(magic)
	w.text(d.Threat)
	for range 10 {
		w.number(1)
	}
	w.number(uint32(len(d.Resources)))
	for _, r := range d.Resources {
		w.text(magic)
		w.text(r.Type)
		w.text(r.Path)
		w.number(0x1000_0001)
		blob := tracking(r.Tracking)
		w.number(uint32(len(blob)))
		w.value(0x28, blob)
	}
	w.time(d.Changed)
	w.value(0x05, le.AppendUint32(nil, 0))
	w.number(0)
	w.value(0x1e, make([]byte, 16))
	w.number(0)
	w.number(2)
	w.text(d.User)
	w.number(4)
	w.text(d.Process)
	for range 3 {
		w.number(4)
	}
	w.time(d.Detected)
	w.number(0)
	w.time(d.Remediated)
	w.number(0)
	w.value(0, make([]byte, 4))
	w.number(0)
	w.text(d.RemediatedBy)
	for range 4 {
		w.number(0)
	}
	return w.b
}

// tracking returns the values that Defender keeps about a resource.
func tracking(list []detectionhistory.Value) []byte {
	var entries []byte
	for _, v := range list {
		name := append(wtf8.Encode(v.Name), 0, 0)
		entries = append(le.AppendUint32(entries, uint32(len(name))), name...)
		if n, err := strconv.ParseUint(v.Value, 10, 64); err == nil && strconv.FormatUint(n, 10) == v.Value {
			entries = le.AppendUint64(le.AppendUint32(entries, 4), n)
			continue
		}
		text := append(wtf8.Encode(v.Value), 0, 0)
		entries = le.AppendUint32(le.AppendUint32(entries, 6), uint32(len(text)))
		entries = append(entries, text...)
	}
	head := []byte{1, 0, 0, 0, 20, 0, 0, 0}
	head = le.AppendUint32(head, uint32(len(entries)))
	head = le.AppendUint32(head, uint32(len(entries)+20))
	head = le.AppendUint32(head, 0)
	if len(list) == 0 {
		return head
	}
	return append(le.AppendUint32(head, uint32(len(entries))), entries...)
}
