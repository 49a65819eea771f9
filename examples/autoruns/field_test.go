package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// fullRow returns a row in which each field has a value that no other has, and those
// values.
func fullRow(t *testing.T) (row, map[string]string) {
	t.Helper()
	var r row
	marks := map[string]string{}
	for i := range fields {
		f := &fields[i]
		v := reflect.ValueOf(&r).Elem().Field(f.index)
		mark := fmt.Sprintf("mark%02d", i)
		switch v.Interface().(type) {
		case string:
			v.SetString(mark)
		case bool:
			mark = "true"
			v.SetBool(true)
		case int64:
			mark = fmt.Sprint(7000 + i)
			v.SetInt(int64(7000 + i))
		case *string:
			v.Set(reflect.ValueOf(&mark))
		case *uint32:
			n := uint32(9000 + i)
			mark = fmt.Sprint(n)
			v.Set(reflect.ValueOf(&n))
		case []change:
			r.Changed = []change{{mark, mark + "a", mark + "b"}}
		default:
			t.Fatalf("%s: a type that the formats do not know", f.name)
		}
		marks[f.name] = mark
	}
	return r, marks
}

// Every format has every field of a row: a field without a place in one of them fails.
func TestEveryFormatHasEveryField(t *testing.T) {
	r, marks := fullRow(t)
	written := func(format string) string {
		var b bytes.Buffer
		w, err := newWriter(format, &b)
		if err != nil {
			t.Fatal(err)
		}
		if err := w([]row{r}); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	var names []string
	for i := range reflect.TypeFor[row]().NumField() {
		f := reflect.TypeFor[row]().Field(i)
		if !f.IsExported() {
			continue
		}
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		names = append(names, name)
		if name == "" || name == "-" || f.Tag.Get("text") == "" {
			t.Errorf("%s: want a name in jsonl and csv, and a place in text", f.Name)
		}
		if base := f.Tag.Get("base"); !slices.Contains([]string{"", "identity", "never", "both", "service"}, base) {
			t.Errorf("%s: base is %q", f.Name, base)
		}
	}

	var object map[string]json.RawMessage
	if err := json.Unmarshal([]byte(written("jsonl")), &object); err != nil {
		t.Fatal(err)
	}
	table, err := csv.NewReader(strings.NewReader(written("csv"))).ReadAll()
	if err != nil || len(table) != 2 || !slices.Equal(table[0], names) {
		t.Fatalf("csv: %v, columns %q, want %q", err, table[0], names)
	}
	if len(object) != len(names) {
		t.Errorf("jsonl has %d fields, want %d", len(object), len(names))
	}
	text := written("text")
	for i, name := range names {
		mark := marks[name]
		if !strings.Contains(string(object[name]), mark) {
			t.Errorf("jsonl: %s is %s, want %s", name, object[name], mark)
		}
		if !strings.Contains(table[1][i], mark) {
			t.Errorf("csv: %s is %s, want %s", name, table[1][i], mark)
		}
		switch name {
		case "enabled": // only what is not is said
			if strings.Contains(text, "disabled") {
				t.Error("text: disabled")
			}
		case "offset", "type":
			n := reflect.Indirect(reflect.ValueOf(&r).Elem().Field(fields[i].index))
			if want := fmt.Sprintf("%#x", n.Interface()); !strings.Contains(text, want) {
				t.Errorf("text: no %s: %s", name, want)
			}
		default:
			if !strings.Contains(text, mark) {
				t.Errorf("text: no %s: %s in\n%s", name, mark, text)
			}
		}
	}
}

// A baseline sees a change of every field that is not the identity, nor a time or place.
func TestBaselineComparesEveryField(t *testing.T) {
	r, marks := fullRow(t)
	r.State, r.Changed = "", nil
	for i := range fields {
		f := &fields[i]
		other := r.asRead()
		v := reflect.ValueOf(&other).Elem().Field(f.index)
		after := marks[f.name] + "x"
		switch v.Interface().(type) {
		case string:
			v.SetString(after)
		case bool:
			if after = "false"; f.base == "service" {
				after = ""
			}
			v.SetBool(false)
		case int64:
			v.SetInt(1)
		case *string:
			v.Set(reflect.ValueOf(&after))
		case *uint32:
			n := uint32(1)
			after = "1"
			v.Set(reflect.ValueOf(&n))
		case []change:
			other.Changed = []change{{"x", "y", "z"}}
		}
		var got []string
		for _, d := range newBaseline([]row{r}).compare([]row{other}) {
			got = append(got, d.State+" "+fmt.Sprint(d.Changed))
		}
		var want []string
		switch f.base {
		case "identity":
			want = []string{"new []", "gone []"}
		case "never":
		default:
			want = []string{fmt.Sprintf("changed [%s: %s -> %s]", f.name, marks[f.name], after)}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", f.name, got, want)
		}
		if f.base == "both" { // a run without -verify has nothing to compare
			v.SetString("")
			if got := newBaseline([]row{r}).compare([]row{other}); len(got) != 0 {
				t.Errorf("%s: without a value: %s", f.name, got[0].State)
			}
		}
	}
}
