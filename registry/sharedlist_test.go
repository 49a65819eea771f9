package registry_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

// A list of subkeys that several keys have belongs to the one that its keys name as their
// parent, also if that comes later. The other one loses it, with a problem at its place. If
// its keys name neither, it belongs to the first.
func TestListOfSubkeysOfSeveralKeys(t *testing.T) {
	many := func(kind string) (h registrytest.Hive) {
		h.Set(`1`, when)
		h.Set(`2\own`, when)
		h.Set(`3\x`, when)
		h.Set(`3\x\deep`, when)
		h.Set(`3\y`, when)
		if kind == "ri" {
			for i := range 1200 {
				h.Set(`3\`+strings.Repeat("k", i/256+1)+string(rune('A'+i%256)), when)
			}
		}
		return h
	}
	for _, tt := range []struct {
		name, kind string
		damage     func(p *patient)
		has        []string // paths, all others of 1, 2 and 3 are lost
		lost       string   // key of the problem
	}{
		{"of a later key", "lh", func(p *patient) { p.put(p.key("2")+subkeyList, p.get(p.key("3")+subkeyList)) }, []string{`3\x`, `3\x\deep`, `3\y`}, "2"},
		{"of an earlier key", "lh", func(p *patient) { p.put(p.key("3")+subkeyList, p.get(p.key("2")+subkeyList)) }, []string{`2\own`}, "3"},
		{"of a later key, by an index root", "ri", func(p *patient) { p.put(p.key("2")+subkeyList, p.get(p.key("3")+subkeyList)) }, []string{`3\x`, `3\x\deep`, `3\y`}, "2"},
		{"of neither", "lh", func(p *patient) {
			p.put(p.key("2")+subkeyList, p.get(p.key("3")+subkeyList))
			for _, sub := range []string{`3\x`, `3\y`} {
				p.put(p.key(sub)+16, uint32(p.key("1")-4-4096))
			}
		}, []string{`2\x`, `2\x\deep`, `2\y`}, "3"},
		{"one key names another parent", "lh", func(p *patient) { p.put(p.key(`3\x`)+16, uint32(p.key("2")-4-4096)) }, []string{`2\own`, `3\x`, `3\x\deep`, `3\y`}, ""},
		{"of the key itself and below it", "lh", func(p *patient) {
			p.put(p.key(`3\x`)+subkeyList, p.get(p.key("3")+subkeyList))
		}, []string{`2\own`, `3\x`, `3\y`}, `3\x`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			data := write(t, many(tt.kind))
			p := &patient{t, bytes.Clone(data), read(t, data)}
			for _, key := range []string{"2", "3"} {
				if tt.lost == key { // as many as the list has
					p.put(p.key(key)+subkeyCount, 2)
				}
			}
			tt.damage(p)
			r := read(t, p.data)
			var got []string
			for k, err := range r.Keys() {
				if err == nil && strings.Contains(k.Path(), `\`) && (tt.kind == "lh" || slices.Contains(tt.has, k.Path())) {
					got = append(got, k.Path())
				}
			}
			if !slices.Equal(got, tt.has) {
				t.Errorf("a walk has %q, want %q", got, tt.has)
			}
			asked := read(t, p.data)
			for _, path := range tt.has {
				if _, err := asked.OpenKey(path); err != nil {
					t.Error(err)
				}
			}
			refused := 0
			for problem := range r.Problems() {
				if strings.Contains(problem.String(), "subkey list offset") && strings.Contains(problem.String(), "in use elsewhere or too deep") {
					if refused++; problem.Err.Path != tt.lost || problem.Err.Offset < 4096 {
						t.Errorf("problem at %q, want %q: %v", problem.Err.Path, tt.lost, problem)
					}
				}
			}
			if refused > 1 || (refused == 1) != (tt.lost != "") {
				t.Errorf("%d lists are refused", refused)
			}
		})
	}
}

// However many keys have the lists of others, a walk stays linear.
func TestManySharedLists(t *testing.T) {
	var h registrytest.Hive
	for i := range 3000 {
		h.Set(`k`+string(rune('A'+i%26))+strings.Repeat("x", i/26)+`\sub`, when)
	}
	data := write(t, h)
	r := read(t, data)
	var lists []int
	for k := range r.Keys() {
		if k.SubkeyCount() > 0 && k.Path() != "" {
			lists = append(lists, int(k.Offset)+4+subkeyList)
		}
	}
	for _, at := range lists[:len(lists)-1] { // each has that of the last
		copy(data[at:], data[lists[len(lists)-1]:][:4])
	}
	bad, err := registry.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	keys, _ := countAll(t, bad)
	if want := 1 + len(lists) + 1; keys != want {
		t.Errorf("%d keys, want %d", keys, want)
	}
}
