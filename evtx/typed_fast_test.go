package evtx

// A typed event that was decoded straight into its struct is the same as one that was
// made of the ordered names and values.

import (
	"bytes"
	"fmt"
	"os"
	"reflect"
	"testing"

	"github.com/birthmark-dfir/birthmark/internal/testenv"
)

// sameTyped reads every record of a log both ways. It returns the number of typed
// records, and of those that could not be decoded straight.
func sameTyped(t *testing.T, log []byte) (typed, slow int) {
	t.Helper()
	r, err := NewReader(bytes.NewReader(log), int64(len(log)))
	if err != nil {
		t.Fatal(err)
	}
	for rec, err := range r.Records() {
		if err != nil {
			continue
		}
		e, err := rec.Event()
		if err != nil || e.kind() == nil {
			continue
		}
		typed++
		got := rec.chunk.typed(rec.at+24, rec.at+rec.Size-4)
		if got == nil {
			slow++
			continue
		}
		want := TypedOf(e)
		if g, w := fmt.Sprintf("%+v", plain(got)), fmt.Sprintf("%+v", plain(want)); g != w {
			t.Errorf("record %d:\n straight %s\n by name  %s", rec.ID, g, w)
		}
	}
	return typed, slow
}

// plain returns the fields of an event, with Extra as text.
func plain(e TypedEvent) (all []any) {
	v := reflect.ValueOf(e).Elem()
	for i := range v.NumField() {
		if extra, ok := v.Field(i).Interface().([]Field); ok {
			for _, f := range extra {
				all = append(all, f.Name, f.Value.Type, f.Value.String())
			}
			continue
		}
		all = append(all, v.Field(i).Interface())
	}
	return all
}

func TestTypedStraightEqualsByName(t *testing.T) {
	typed, slow := 0, 0
	for _, name := range append(testenv.CorpusGlob(t, "evtx/evtx-rs/*.evtx"), testenv.CorpusGlob(t, "evtx/attack-samples/*.evtx")...) {
		log, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		n, s := sameTyped(t, log)
		typed, slow = typed+n, slow+s
	}
	if typed == 0 || slow > typed/100 {
		t.Errorf("%d typed records, %d not decoded straight", typed, slow)
	}
	t.Logf("%d typed records, %d not decoded straight", typed, slow)
}

// The typed line of a record is the same, whichever way the record is read.
func TestTypedLineStraightEqualsTree(t *testing.T) {
	lines := 0
	for _, name := range append(testenv.CorpusGlob(t, "evtx/evtx-rs/*.evtx"), testenv.CorpusGlob(t, "evtx/attack-samples/*.evtx")...) {
		log, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		r, err := NewReader(bytes.NewReader(log), int64(len(log)))
		if err != nil {
			t.Fatal(err)
		}
		for rec, err := range r.Records() {
			if err != nil {
				continue
			}
			straight := rec.chunk.appendTyped(nil, &rec)
			if straight == nil {
				continue
			}
			tree, err := rec.appendTypedTree(nil)
			if err != nil || !bytes.Equal(straight, tree) {
				t.Errorf("%s, record %d:\n straight %s\n tree     %s (%v)", name, rec.ID, straight, tree, err)
			}
			lines++
		}
	}
	if lines == 0 {
		t.Error("no record was read straight")
	}
	t.Logf("%d lines", lines)
}
