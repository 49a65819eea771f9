package evtx_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/internal/testenv"
)

// Every record of the corpus has the same content in all its forms, and hardly any is
// damaged. (examples/evtxdump compares the same records with other parsers.)
func TestCorpus(t *testing.T) {
	logs := append(testenv.CorpusGlob(t, "evtx/evtx-rs/*.evtx"), testenv.CorpusGlob(t, "evtx/attack-samples/*.evtx")...)
	records, damaged := 0, 0
	kinds, ragged := map[string]int{}, map[string]int{}
	for _, name := range logs {
		log, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for rec, err := range open(t, log).Records() {
			if err != nil {
				damaged++
				continue
			}
			e, err := rec.Event()
			if err != nil {
				damaged++
				continue
			}
			records++
			sys, err := rec.System()
			sys.Rendering = e.Rendering
			if err != nil || sys != e.System {
				t.Errorf("%s record %d: System %+v, %v; Event %+v", filepath.Base(name), rec.ID, sys, err, e.System)
			}
			typed, err := rec.Typed()
			if err != nil {
				t.Errorf("%s record %d: %v", filepath.Base(name), rec.ID, err)
			}
			if !reflect.DeepEqual(typed, evtx.TypedOf(e)) {
				t.Errorf("%s record %d: %+v", filepath.Base(name), rec.ID, typed)
			}
			k, ok := evtx.KindOf(typed)
			if ok {
				kinds[k.Name]++
			}
			if ok && !declaredLayout(k, e) {
				ragged[filepath.Base(name)]++
			}
			if _, generic := typed.(*evtx.Event); generic == ok || typed.Kind() != sys.Kind() || ok && sys.Kind() != k.Name {
				t.Errorf("%s record %d: a %T of kind %s, System says %s", filepath.Base(name), rec.ID, typed, typed.Kind(), sys.Kind())
			}
			js, err := rec.AppendJSON(nil)
			if err != nil || !json.Valid(js) || bytes.Contains(js, []byte("\n")) {
				t.Errorf("%s record %d: %s, %v", filepath.Base(name), rec.ID, js, err)
			}
		}
	}
	// evtx_dump has as many. Of the lost ones, 87 are in the chunks of
	// sample_with_a_bad_chunk_magic.evtx that were overwritten with zeros, and 8 are
	// the data that sysmon.evtx has in place of chunks.
	if records != 23116 || damaged != 102 {
		t.Errorf("%d records, %d lost: want 23116 and 102", records, damaged)
	}
	// 32-bit Windows gives both GUIDs of 4648 the same name. The other record holds the
	// error that Windows made in writing it.
	if want := map[string]int{"Security_with_size_t.evtx": 92, "LM_winrm_target_wrmlogs_91_wsmanShellStarted_poorLog.evtx": 1}; !maps.Equal(ragged, want) {
		t.Errorf("records with a layout that is not declared: %v, want %v", ragged, want)
	}
	t.Logf("%d records, %d lost, of %d kinds: %v", records, damaged, len(kinds), kinds)
}

// declaredLayout reports whether the fields of an event are a layout of its kind.
func declaredLayout(k evtx.Kind, e *evtx.Event) bool {
	var have []string
	for name := range e.Leaves() {
		have = append(have, name)
	}
	return slices.ContainsFunc(k.Layouts(), func(names []string) bool {
		return slices.EqualFunc(names, have, func(name, f string) bool { return name == f || f == "" && name[0] == '#' })
	})
}

// A typed record holds the values of the event, under the same names or those of the
// newest version. What its struct does not name is in Extra.
func TestTypedHoldsTheEvent(t *testing.T) {
	logs := append(testenv.CorpusGlob(t, "evtx/evtx-rs/*.evtx"), testenv.CorpusGlob(t, "evtx/attack-samples/*.evtx")...)
	records, values := 0, 0
	for _, name := range logs {
		log, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for rec, err := range open(t, log).Records() {
			if err != nil {
				continue
			}
			e, err := rec.Event()
			typed, err2 := rec.Typed()
			if _, ok := evtx.KindOf(typed); !ok || err != nil || err2 != nil {
				continue
			}
			back, err := evtx.EventOf(typed)
			if err != nil {
				t.Fatalf("%s record %d: %v", filepath.Base(name), rec.ID, err)
			}
			got := valuesByName(typed, back.Fields)
			for name, want := range valuesByName(typed, e.Fields) {
				values++
				if have, ok := got[name]; have != want && (ok || want != "") {
					t.Errorf("%s record %d: %s is %q, want %q", typed.Kind(), rec.ID, name, have, want)
				}
			}
			records++
		}
	}
	t.Logf("%d records, %d values", records, values)
}

// valuesByName returns the texts of fields by the name of the field in the struct, or
// their own. The first of a name counts.
func valuesByName(typed evtx.TypedEvent, fields []evtx.Field) map[string]string {
	typ := reflect.TypeOf(typed).Elem()
	m := map[string]string{}
	unnamed := 0
	for _, f := range fields {
		name := f.Name
		if name == "" {
			name = fmt.Sprint("#", unnamed)
			unnamed++
		}
		if i := fieldNamed(typ, name); i > 0 {
			name = typ.Field(i).Name
		}
		if _, ok := m[name]; !ok {
			m[name] = f.Value.String()
		}
	}
	return m
}

// System holds what the kinds declare that Windows writes. The table has what is not
// the same in all records of a kind: an event of the audit may be a success or a
// failure, and one about an object is in the category of the object.
func TestSystemIsAsDeclared(t *testing.T) {
	logs := append(testenv.CorpusGlob(t, "evtx/evtx-rs/*.evtx"), testenv.CorpusGlob(t, "evtx/attack-samples/*.evtx")...)
	got, records := map[string]int{}, 0
	for _, name := range logs {
		log, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for rec, err := range open(t, log).Records() {
			sys, err2 := rec.System()
			if err != nil || err2 != nil {
				continue
			}
			k, ok := evtx.KindOf(evtx.TypedOf(&evtx.Event{System: sys}))
			if !ok {
				continue
			}
			records++
			want := k.New().Sys()
			for field, differs := range map[string]bool{
				"ProviderGUID": sys.ProviderGUID != want.ProviderGUID, "EventSourceName": sys.EventSourceName != want.EventSourceName,
				"Qualifiers": sys.Qualifiers != want.Qualifiers, "Version": sys.Version > want.Version, "Level": sys.Level != want.Level,
				"Task": sys.Task != want.Task, "Opcode": sys.Opcode != want.Opcode, "Keywords": sys.Keywords != want.Keywords, "Channel": sys.Channel != want.Channel,
			} {
				if differs {
					got[k.Name+" "+field]++
				}
			}
		}
	}
	want := map[string]int{
		"security-4656 Task": 1, "security-4663 Task": 7, "security-4673 Keywords": 1, "security-4776 Keywords": 1,
		// A script block that looks suspicious is a warning.
		"powershell-4104 Level": 3,
		// Windows 10 1507 wrote them without a task.
		"system-1 Task": 15, "system-12 Task": 7, "system-12 Keywords": 7, "system-13 Task": 7, "system-13 Keywords": 7,
		// The name of the channel is damaged.
		"rdp-261 Channel": 1,
	}
	if !maps.Equal(got, want) {
		t.Errorf("%d records; other than declared: %v, want %v", records, got, want)
	}
}
