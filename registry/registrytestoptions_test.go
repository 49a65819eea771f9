package registry_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

// optioned returns a hive with lists of a kind, slack, unused bins, and something behind
// the bins.
func optioned(h registrytest.Hive, kind registrytest.ListKind) registrytest.Hive {
	h.Lists = kind
	h.Unused = [][]byte{bytes.Repeat([]byte("unused "), 10), nil, make([]byte, 5000)}
	h.Set("Alpha", when, registrytest.Value{Name: "slack", Type: registry.SZ, Data: []byte("d\x00a\x00t\x00a\x00\x00\x00"), Slack: []byte("behind the data")})
	h.Key("Beta", when).Slack = []byte("behind the name")
	return h
}

// What the options of a hive add is in its bytes, and changes nothing of what is read.
func TestOptionsOfHives(t *testing.T) {
	for _, tt := range []struct {
		kind  registrytest.ListKind
		minor uint32
		marks []string // of lists
		err   string
	}{
		{"", 1, []string{"li"}, ""}, {"", 3, []string{"lf"}, ""}, {"", 5, []string{"lh"}, ""},
		{registrytest.IndexLeaf, 5, []string{"li"}, ""}, {registrytest.FastLeaf, 5, []string{"lf"}, ""}, {registrytest.HashLeaf, 6, []string{"lh"}, ""},
		{registrytest.IndexRoot, 1, []string{"ri", "li"}, ""}, {registrytest.IndexRoot, 3, []string{"ri", "lf"}, ""}, {registrytest.IndexRoot, 5, []string{"ri", "lh"}, ""},
		{registrytest.FastLeaf, 2, nil, `no list of subkeys "lf" in format 1.2`}, {registrytest.HashLeaf, 4, nil, `no list of subkeys "lh" in format 1.4`},
		{"lx", 5, nil, `no list of subkeys "lx" in format 1.5`},
	} {
		t.Run(fmt.Sprintf("%s in 1.%d", tt.kind, tt.minor), func(t *testing.T) {
			want := small(tt.minor)
			h := optioned(small(tt.minor), tt.kind)
			h.Behind = []byte("hbin is not here")
			data, err := h.Bytes()
			if tt.err != "" {
				if err == nil || !strings.Contains(err.Error(), tt.err) {
					t.Fatalf("got %v, want %s", err, tt.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			for _, text := range []string{"behind the data", "behind the name", "unused unused", "hbin is not here"} {
				if bytes.Count(data, []byte(text)) == 0 {
					t.Errorf("no %q", text)
				}
			}
			r := read(t, data[:len(data)-len(h.Behind)])
			if p := problems(r); p != nil {
				t.Errorf("problems: %q", p)
			}
			root, err := r.Root()
			if err != nil {
				t.Fatal(err)
			}
			got, err := readBack(root)
			if err != nil {
				t.Fatal(err)
			}
			want.Set("Alpha", when, registrytest.SZ("slack", "data"))
			want.Key("Alpha", when).LastWrite = got.Keys[0].LastWrite
			diffKeys(t, got, wanted(want.Root, ""))
			for _, mark := range tt.marks {
				at := listsOf(t, data)
				if !slices.Contains(at, mark) {
					t.Errorf("lists %q, want %s", at, mark)
				}
			}
		})
	}
	for _, data := range [][]byte{{1, 2, 3, 4}, pattern(16345)} {
		h := registrytest.Hive{}
		h.Set("A", when, registrytest.Value{Name: "v", Type: registry.Binary, Data: data, Slack: []byte("x")})
		if _, err := h.Bytes(); err == nil || !strings.Contains(err.Error(), "do not have a cell of their own") {
			t.Errorf("slack behind %d bytes: %v", len(data), err)
		}
	}
	one := registrytest.Hive{Lists: registrytest.IndexRoot} // a key has its own kind
	one.Set(`A\x`, when)
	one.Key("A", when).List = registrytest.FastLeaf
	if got := listsOf(t, write(t, one)); !slices.Contains(got, "lf") || !slices.Contains(got, "ri") {
		t.Errorf("lists %q", got)
	}
}

// listsOf returns the signatures of the lists of subkeys of a hive.
func listsOf(t *testing.T, data []byte) (list []string) {
	t.Helper()
	p := &patient{t, data, read(t, data)}
	for k, err := range p.r.Keys() {
		if err != nil || k.SubkeyCount() == 0 {
			continue
		}
		header := 4
		if _, minor := p.r.Version(); minor == 1 {
			header = 8
		}
		at := int(k.Offset) + header + subkeyList
		for range 2 { // the list, and the first below an index root
			at = int(p.get(at)) + 4096 + header
			list = append(list, string(data[at:at+2]))
			if list[len(list)-1] != "ri" {
				break
			}
			at += element
		}
	}
	return list
}

// Deleted values are found in slack and in unused bins.
func TestDeletedInSlackAndUnusedBins(t *testing.T) {
	var grave registrytest.Hive
	grave.Set("x", when, registrytest.DWord("evil", 7))
	data := write(t, grave)
	v, err := read(t, data).OpenKey("x")
	if err != nil {
		t.Fatal(err)
	}
	value, err := v.Value("evil")
	if err != nil {
		t.Fatal(err)
	}
	cell := data[value.Offset+4 : value.Offset+4+24]
	filler := make([]byte, 12) // so that it is where a cell may begin
	for name, h := range map[string]registrytest.Hive{
		"slack":      {Root: registrytest.Key{Values: []registrytest.Value{{Name: "kept", Type: registry.Binary, Data: pattern(16), Slack: append(filler[:0:0], cell...)}}}},
		"unused bin": {Unused: [][]byte{append(filler, cell...)}},
	} {
		var got []string
		r := read(t, write(t, h))
		for v := range r.Deleted().Values() {
			got = append(got, v.Name+" "+string(v.Place))
		}
		if !slices.Equal(got, []string{"evil free cell"}) {
			t.Errorf("%s: %q", name, got)
		}
		if p := problems(r); p != nil {
			t.Errorf("%s: %q", name, p)
		}
	}
}

// yarp reads the same keys and values, whatever the kinds of lists.
func TestYarpReadsEveryKindOfList(t *testing.T) {
	python := testenv.Python(t, "yarp")
	const script = `
import sys
from yarp import Registry
def walk(k, n):
    for v in k.values(): n[1] += 1
    for s in k.subkeys():
        n[0] += 1
        walk(s, n)
n = [1, 0]
walk(Registry.RegistryHive(open(sys.argv[1], 'rb')).root_key(), n)
print(n[0], n[1])
`
	for _, kind := range []registrytest.ListKind{registrytest.IndexLeaf, registrytest.FastLeaf, registrytest.HashLeaf, registrytest.IndexRoot} {
		data := write(t, optioned(plain(5), kind))
		file := filepath.Join(t.TempDir(), "hive")
		if err := os.WriteFile(file, data, 0o644); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command(python, "-c", script, file).CombinedOutput()
		if err != nil {
			t.Errorf("%s: %v: %s", kind, err, out)
			continue
		}
		keys, values := countAll(t, read(t, data))
		if want := fmt.Sprintf("%d %d", keys, values); strings.TrimSpace(string(out)) != want {
			t.Errorf("%s: got %s, want %s", kind, out, want)
		}
	}
}
