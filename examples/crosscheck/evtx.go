package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	rival "github.com/0xrawsec/golang-evtx/evtx"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/internal/child"
)

// Both sides give an event as nested values of JSON. Its fields are the leaves
// by their path, "System/Provider/Name"; its key is the EventRecordID.

func ourEVTX(path string, emit func(child.Record)) (int, error) {
	r, err := evtx.Open(path)
	if err != nil {
		return 0, err
	}
	defer r.Close()
	damaged := 0
	ids := ordinals{}
	for rec, err := range r.Records() {
		if err != nil {
			damaged++
			continue
		}
		text, err := rec.AppendJSON(nil)
		if err != nil {
			damaged++
			continue
		}
		var event map[string]any
		dec := json.NewDecoder(strings.NewReader(string(text)))
		dec.UseNumber()
		if err := dec.Decode(&event); err != nil {
			return damaged, err
		}
		emit(child.Record{Key: ids.key(event["Event"]), Offset: rec.Offset, Fields: leaves(event["Event"])})
	}
	return damaged, nil
}

func golangEVTX(path string, emit func(child.Record)) (int, error) {
	f, err := rival.OpenDirty(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	ids := ordinals{}
	for event := range f.FastEvents() {
		// Its own types marshal to what its users see.
		text, err := json.Marshal(event)
		if err != nil {
			return 0, err
		}
		var m map[string]any
		if err := json.Unmarshal(text, &m); err != nil {
			return 0, err
		}
		emit(child.Record{Key: ids.key(m["Event"]), Offset: -1, Fields: leaves(m["Event"])})
	}
	return 0, nil
}

// ordinals tells events with the same EventRecordID apart.
type ordinals map[string]int

func (o ordinals) key(event any) string {
	id := "?"
	if m, ok := event.(map[string]any); ok {
		if sys, ok := m["System"].(map[string]any); ok {
			id = fmt.Sprint(sys["EventRecordID"])
		}
	}
	o[id]++
	if n := o[id]; n > 1 {
		return fmt.Sprintf("event %s, occurrence %d", id, n)
	}
	return "event " + id
}

// leaves flattens an event. Attributes and elements share one level, as
// golang-evtx has it; the name space of the event itself is left out.
func leaves(event any) []child.Field {
	var found []child.Field
	var walk func(path string, v any)
	walk = func(path string, v any) {
		switch v := v.(type) {
		case nil:
		case map[string]any:
			for name, inner := range v {
				switch name {
				case "#attributes", "#text", "Value":
					walk(path, inner)
				case "xmlns":
				default:
					walk(path+"/"+name, inner)
				}
			}
		case []any:
			for i, inner := range v {
				walk(path+"/"+strconv.Itoa(i), inner)
			}
		default:
			found = append(found, child.Field{Name: strings.TrimPrefix(path, "/"), Value: fmt.Sprint(v)})
		}
	}
	walk("", event)
	slices.SortStableFunc(found, func(a, b child.Field) int { return strings.Compare(a.Name, b.Name) })
	return found
}

// eventRules make the two spellings of an event's values comparable.
var eventRules = []rule{
	{"GUIDs without braces, in lower case", func(v string) string {
		if t := strings.Trim(v, "{}"); len(t) == 36 && strings.Count(t, "-") == 4 {
			return strings.ToLower(t)
		}
		return v
	}},
	{"hexadecimal numbers without leading zeros", func(v string) string {
		if h, ok := strings.CutPrefix(v, "0x"); ok {
			if n, err := strconv.ParseUint(h, 16, 64); err == nil {
				return "0x" + strconv.FormatUint(n, 16)
			}
		}
		return v
	}},
	{"times without trailing zeros", func(v string) string {
		if len(v) < 20 || v[4] != '-' || !strings.HasSuffix(v, "Z") {
			return v
		}
		if t, err := time.Parse(time.RFC3339Nano, v); err == nil {
			return t.Format(time.RFC3339Nano)
		}
		return v
	}},
	{"hexadecimal bytes in upper case", func(v string) string {
		if len(v) >= 2 && len(v)%2 == 0 && strings.Trim(v, "0123456789abcdefABCDEF") == "" {
			return strings.ToUpper(v)
		}
		return v
	}},
}
