package main

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"

	rival "github.com/0xrawsec/golang-evtx/evtx"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/lab/internal/child"
)

// Both sides give an event as its leaves, by their path below Event, such as
// "System/EventRecordID" and "EventData/SubjectUserSid". The path is built as
// golang-evtx builds its maps: attributes and elements share one level, the name of a
// Data element is its Name attribute, and namespaces are left out. An event is
// identified by the identifier and the offset of its record.

func eventKey(id uint64) string { return "record " + strconv.FormatUint(id, 10) }

func ourEVTX(path string, emit func(child.Record)) (int, error) {
	r, err := evtx.Open(path)
	if err != nil {
		return 0, err
	}
	defer r.Close()
	damaged := 0
	var text []byte
	for rec, err := range r.Records() {
		if err != nil {
			damaged++
			continue
		}
		if text, err = rec.AppendXML(text[:0]); err != nil {
			damaged++
			continue
		}
		l, err := xmlLeaves(text)
		if err != nil {
			return damaged, fmt.Errorf("record %d at %#x: %w", rec.ID, rec.Offset, err)
		}
		emit(child.Record{Key: eventKey(rec.ID), Offset: rec.Offset, Size: int64(rec.Size), Fields: l})
	}
	return damaged, nil
}

// An element is an XML element with its content.
type element struct {
	XMLName  xml.Name
	Attrs    []xml.Attr `xml:",any,attr"`
	Text     string     `xml:",chardata"`
	Elements []element  `xml:",any"`
}

func xmlLeaves(text []byte) (list, error) {
	var event element
	// The decoder treats \r as a line end and drops it.
	if err := xml.Unmarshal(bytes.ReplaceAll(text, []byte("\r"), []byte("&#13;")), &event); err != nil {
		return nil, err
	}
	var l list
	event.leaves("", &l)
	return l, nil
}

func (e *element) leaves(path string, l *list) {
	for _, a := range e.Attrs {
		if a.Name.Space == "xmlns" {
			a.Name.Local = "xmlns:" + a.Name.Local
		}
		if a.Name.Local != "xmlns" && a.Value != "" {
			l.add(join(path, a.Name.Local), a.Value)
		}
	}
	if len(e.Elements) == 0 && (e.Text != "" || len(e.Attrs) == 0) {
		if strings.HasPrefix(e.Text, "\n") && strings.TrimSpace(e.Text) == "" {
			e.Text = "" // the indentation of an end tag
		}
		l.add(path, e.Text)
	}
	for i := range e.Elements {
		c := &e.Elements[i]
		name := c.XMLName.Local
		if name == "Data" && len(c.Attrs) == 1 && c.Attrs[0].Name.Local == "Name" && len(c.Elements) == 0 {
			l.add(join(path, c.Attrs[0].Value), c.Text)
			continue
		}
		c.leaves(join(path, name), l)
	}
}

// join appends a name to a path. It leaves out Value, which is what golang-evtx calls
// the text of an element.
func join(path, name string) string {
	switch {
	case name == "Value":
		return path
	case path == "":
		return name
	}
	return path + "/" + name
}

// golangEVTX does what File.FastEvents does, but sequentially and with the offset of
// each event.
func golangEVTX(path string, emit func(child.Record)) (int, error) {
	f, err := rival.OpenDirty(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	for c := range f.Chunks() {
		chunk, err := f.FetchChunk(c.Offset)
		if err != nil && err != io.EOF {
			panic(err) // as FastEvents does
		}
		for _, at := range chunk.EventOffsets {
			if err := emitGolang(&chunk, at, emit); err != nil {
				return 0, err
			}
		}
	}
	return 0, nil
}

// golangEVTXGuarded takes the chunks by their offset in the file and recovers from the
// panic of each event.
func golangEVTXGuarded(path string, emit func(child.Record)) (refused int, err error) {
	st, err := os.Stat(path)
	if err != nil {
		return 0, err
	}
	f, err := rival.OpenDirty(path)
	if err != nil && err != rival.ErrCorruptedHeader && err != rival.ErrRepairFailed {
		return 0, err
	}
	defer f.Close()
	guard := func(work func()) {
		defer func() {
			if recover() != nil {
				refused++
			}
		}()
		work()
	}
	const firstChunk = 4096 // the size of the file header
	for off := int64(firstChunk); off < st.Size(); off += rival.ChunkSize {
		var chunk rival.Chunk
		// In a damaged chunk it has listed the events before the damage.
		guard(func() {
			var err error
			if chunk, err = f.FetchChunk(off); err != nil {
				refused++
			}
		})
		for _, at := range chunk.EventOffsets {
			guard(func() { emitGolang(&chunk, at, emit) })
		}
	}
	return refused, nil
}

func emitGolang(chunk *rival.Chunk, at int32, emit func(child.Record)) error {
	event := chunk.ParseEvent(int64(at))
	m, err := event.GoEvtxMap(chunk)
	if err != nil || m == nil {
		return nil // golang-evtx leaves out the event silently
	}
	var l list
	if err := mapLeaves("", (*m)["Event"], &l); err != nil {
		return err
	}
	emit(child.Record{Key: eventKey(uint64(event.Header.ID)), Offset: chunk.Offset + int64(at), Size: int64(event.Header.Size), Fields: l})
	return nil
}

func mapLeaves(path string, v any, l *list) error {
	switch v := v.(type) {
	case nil:
	case string:
		l.add(path, v)
	case []byte: // a string of 8-bit characters
		l.add(path, string(bytes.TrimRight(v, "\x00")))
	case []string:
		for _, s := range v {
			l.add(path, s)
		}
	case rival.GoEvtxMap:
		for _, name := range numbered(path, v) {
			if name.base == "xmlns" {
				continue
			}
			if err := mapLeaves(join(path, name.base), v[name.name], l); err != nil {
				return err
			}
		}
	default: // golang-evtx's own types marshal to what its users see
		text, err := json.Marshal(v)
		if err != nil {
			return err
		}
		l.add(path, strings.Trim(string(text), `"`))
	}
	return nil
}

type numberedName struct {
	name, base string
	number     int
}

// numbered returns the names of a map in order. If elements repeat a name, golang-evtx
// appends a number to it: Data, Data1, Data2. It does not number Data elements that
// have names.
func numbered(path string, m rival.GoEvtxMap) []numberedName {
	var names []numberedName
	for _, name := range slices.Sorted(maps.Keys(m)) {
		n := numberedName{name, name, 0}
		if base := strings.TrimRight(name, "0123456789"); base != name {
			if _, repeats := m[base]; repeats && (base == "Data" || !strings.HasSuffix(path, "EventData")) {
				n.base = base
				n.number, _ = strconv.Atoi(name[len(base):])
			}
		}
		names = append(names, n)
	}
	slices.SortStableFunc(names, func(a, b numberedName) int {
		if c := strings.Compare(a.base, b.base); c != 0 {
			return c
		}
		return a.number - b.number
	})
	return names
}
