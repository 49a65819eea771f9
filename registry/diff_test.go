package registry_test

import (
	"crypto/sha1"
	"fmt"
	"os"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

// changes formats what differs for a table.
func changes(t *testing.T, before, after *registry.Reader) (list []string) {
	t.Helper()
	for c, err := range registry.Diff(before, after) {
		if err != nil {
			list = append(list, "error: "+err.Error())
			continue
		}
		line := string(c.Kind) + " " + c.Path
		for _, v := range []*registry.Value{c.ValueBefore, c.ValueAfter} {
			if v != nil {
				line += fmt.Sprintf(" %s=%s:%s", v.Name, v.Type, v)
			}
		}
		if c.Doubtful {
			line += " (doubtful)"
		}
		list = append(list, line)
		a, b := c.Offsets()
		for _, side := range []struct {
			r      *registry.Reader
			k      *registry.Key
			v      *registry.Value
			offset int64
		}{{before, c.KeyBefore, c.ValueBefore, a}, {after, c.KeyAfter, c.ValueAfter, b}} {
			want := int64(-1)
			if side.v != nil {
				want = side.v.Offset
				if k, ok := side.v.Key(); k != side.k || !ok {
					t.Errorf("%s: not the value's key", line)
				}
			} else if side.k != nil && c.ValueBefore == nil && c.ValueAfter == nil {
				want = side.k.Offset
			}
			if side.offset != want {
				t.Errorf("%s: offset %d, want %d", line, side.offset, want)
			}
		}
	}
	return list
}

func TestDiff(t *testing.T) {
	hive := func(change func(h *registrytest.Hive)) registrytest.Hive {
		var h registrytest.Hive
		h.Set(`Alpha`, when, registrytest.SZ("", "default"), registrytest.SZ("Name", "text"), registrytest.DWord("Number", 7))
		h.Set(`Beta\Deep`, when, registrytest.SZ("x", "1"))
		h.Set(`Gamma`, when)
		if change != nil {
			change(&h)
		}
		return h
	}
	for _, tt := range []struct {
		name   string
		change func(h *registrytest.Hive)
		want   []string
	}{
		{"nothing", nil, nil},
		{"a key with values and subkeys is added", func(h *registrytest.Hive) {
			h.Set(`Beta\Added\Below`, when, registrytest.SZ("b", "2"))
			h.Set(`Beta\Added`, when, registrytest.SZ("a", "1"))
		}, []string{`key added Beta\Added`, `value added Beta\Added a=REG_SZ:1`, `key added Beta\Added\Below`, `value added Beta\Added\Below b=REG_SZ:2`}},
		{"the time of a key", func(h *registrytest.Hive) { h.Key(`Gamma`, when).LastWrite = when.Add(100) }, []string{`time changed Gamma`}},
		{"a class", func(h *registrytest.Hive) { h.Key(`Alpha`, when).Class = "Shell" }, []string{`class changed Alpha`}},
		{"an owner", func(h *registrytest.Hive) { h.Key(`Alpha`, when).Owner = "S-1-5-18" }, []string{`security changed Alpha`}},
		{"a value is added", func(h *registrytest.Hive) { h.Set(`Alpha`, when, registrytest.SZ("Added", "x")) }, []string{`value added Alpha Added=REG_SZ:x`}},
		{"data", func(h *registrytest.Hive) { h.Key(`Alpha`, when).Values[1] = registrytest.SZ("Name", "Text") }, []string{`value changed Alpha Name=REG_SZ:text Name=REG_SZ:Text`}},
		{"a type", func(h *registrytest.Hive) { h.Key(`Alpha`, when).Values[1] = registrytest.ExpandSZ("Name", "text") },
			[]string{`value changed Alpha Name=REG_SZ:text Name=REG_EXPAND_SZ:text`}},
		{"the default value", func(h *registrytest.Hive) { h.Key(`Alpha`, when).Values[0] = registrytest.SZ("", "other") },
			[]string{`value changed Alpha =REG_SZ:default =REG_SZ:other`}},
		{"the order of values, and the case of a name", func(h *registrytest.Hive) {
			k := h.Key(`Alpha`, when)
			k.Values[1].Name = "nAME"
			slices.Reverse(k.Values)
		}, nil},
		{"a value of another name", func(h *registrytest.Hive) { h.Key(`Beta\Deep`, when).Values[0].Name = "y" },
			[]string{`value removed Beta\Deep x=REG_SZ:1`, `value added Beta\Deep y=REG_SZ:1`}},
		{"a link and its target", func(h *registrytest.Hive) {
			k := h.Key(`Gamma\Link`, when)
			k.Link, k.Values = true, []registrytest.Value{{Name: "SymbolicLinkValue", Type: registry.Link, Data: []byte{'x', 0}}}
		}, []string{`key added Gamma\Link`, `value added Gamma\Link SymbolicLinkValue=REG_LINK:x`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			before, after := write(t, hive(nil)), write(t, hive(tt.change))
			if got := changes(t, read(t, before), read(t, after)); !slices.Equal(got, tt.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
			}
			// The other way, what is added is removed.
			added := strings.NewReplacer(" added ", " removed ", " removed ", " added ")
			var back, want []string
			for _, line := range changes(t, read(t, after), read(t, before)) {
				if !strings.HasPrefix(line, "value changed") {
					back = append(back, added.Replace(line))
				}
			}
			for _, line := range tt.want {
				if !strings.HasPrefix(line, "value changed") {
					want = append(want, line)
				}
			}
			if !slices.Equal(back, want) {
				t.Errorf("back: got\n%s\nwant\n%s", strings.Join(back, "\n"), strings.Join(want, "\n"))
			}
		})
	}
}

// What damage hides on one side is not said to be removed without a doubt.
func TestDiffOfADamagedHive(t *testing.T) {
	var h registrytest.Hive
	h.Set(`Alpha`, when, registrytest.SZ("Name", "text"))
	h.Set(`Beta`, when)
	whole := write(t, h)
	damaged := slices.Clone(whole)
	k, err := read(t, whole).OpenKey("Alpha")
	if err != nil {
		t.Fatal(err)
	}
	damaged[k.Offset+4] = 'x'
	failed := fmt.Sprintf("error: registry: root key: key node signature at %#x: got %q, want \"nk\"", k.Offset+4, "xk")
	for _, tt := range []struct {
		before, after []byte
		want          []string
	}{
		{whole, damaged, []string{failed, `key removed Alpha (doubtful)`, `value removed Alpha Name=REG_SZ:text (doubtful)`}},
		{damaged, whole, []string{failed, `key added Alpha (doubtful)`, `value added Alpha Name=REG_SZ:text (doubtful)`}},
	} {
		if got := changes(t, read(t, tt.before), read(t, tt.after)); !slices.Equal(got, tt.want) {
			t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
		}
	}
	for range registry.Diff(read(t, whole), read(t, damaged)) {
		break // early
	}
}

func TestParent(t *testing.T) {
	var h registrytest.Hive
	h.Set(`Alpha\Beta`, when)
	k, err := read(t, write(t, h)).OpenKey(`Alpha\Beta`)
	var names []string
	for ok := err == nil; ok; k, ok = k.Parent() {
		names = append(names, k.Path())
	}
	if want := []string{`Alpha\Beta`, `Alpha`, ``}; !slices.Equal(names, want) {
		t.Errorf("got %q, want %q, %v", names, want, err)
	}
	if k, ok := new(registry.Value).Key(); ok || k.Name != "" {
		t.Error("the zero Value has a key")
	}
}

// differing returns what differs as two lists of the lines that only one of the hives
// has, in the form of lines.
func differing(t *testing.T, before, after *registry.Reader) (gone, added []string) {
	t.Helper()
	key := func(list *[]string, k *registry.Key) {
		*list = append(*list, fmt.Sprintf("K\t%s\t%d", k.Path(), filetime.Ticks(k.LastWrite)))
	}
	value := func(list *[]string, v *registry.Value) {
		data, err := v.Data()
		if err != nil {
			t.Error(err)
		}
		sum := sha1.Sum(data)
		k, _ := v.Key()
		*list = append(*list, fmt.Sprintf("V\t%s\t%s\t%d\t%d\t%x", k.Path(), v.Name, v.Type, len(data), sum[:6]))
	}
	for c, err := range registry.Diff(before, after) {
		if err != nil {
			t.Error(err)
			continue
		}
		switch c.Kind {
		case registry.KeyAdded, registry.KeyRemoved, registry.TimeChanged:
			if c.Kind != registry.KeyAdded {
				key(&gone, c.KeyBefore)
			}
			if c.Kind != registry.KeyRemoved {
				key(&added, c.KeyAfter)
			}
		case registry.ValueAdded, registry.ValueRemoved, registry.ValueChanged:
			if c.ValueBefore != nil {
				value(&gone, c.ValueBefore)
			}
			if c.ValueAfter != nil {
				value(&added, c.ValueAfter)
			}
		}
	}
	slices.Sort(gone)
	slices.Sort(added)
	return gone, added
}

// What the logs of a real hive change is what yarp's two dumps of it differ in, line by
// line.
func TestDiffAgainstYarp(t *testing.T) {
	for _, tt := range replayed {
		t.Run(path.Base(tt.hive), func(t *testing.T) {
			file := testenv.Corpus(t, "registry/"+tt.hive)
			without, err := registry.Open(file)
			if err != nil {
				t.Fatal(err)
			}
			with, err := registry.Open(file, registry.WithLogsBeside())
			if err != nil {
				t.Fatal(err)
			}
			start := time.Now()
			gone, added := differing(t, without, with)
			t.Logf("%d lines gone, %d added, in %v", len(gone), len(added), time.Since(start).Round(time.Millisecond))
			if path.Base(tt.hive) == "regipy_SYSTEM_B" { // the case has yarp's difference
				text, err := os.ReadFile(testenv.UnpackedFound(t, "registry/dirty-hives/regipy_SYSTEM_B.diff.txt.zst"))
				if err != nil {
					t.Fatal(err)
				}
				var want [2][]string
				for line := range strings.Lines(string(text)) {
					side := strings.IndexByte("<>", line[0])
					want[side] = append(want[side], strings.TrimSuffix(line[2:], "\n"))
				}
				if got, want := [4]int{count(gone, "K"), count(gone, "V"), count(added, "K"), count(added, "V")}, [4]int{89, 96, 2561, 4040}; got != want {
					t.Errorf("%d keys and values gone and added, want %d", got, want)
				}
				sameLines(t, anonymous(gone), anonymous(want[0]))
				sameLines(t, anonymous(added), anonymous(want[1]))
				return
			}
			python := testenv.Python(t, "yarp")
			args := []string{"-c", yarpContent, file}
			dump := func(logs ...string) []string {
				out, err := exec.Command(python, append(args, logs...)...).Output()
				if err != nil {
					t.Skipf("yarp: %v", err) // it refuses a bad base block without a log
				}
				return strings.Split(string(out), "\n")
			}
			var logs []string
			for _, u := range with.Logs() {
				logs = append(logs, u.Name)
			}
			wantGone, wantAdded := only(dump(), dump(logs...))
			a, b := only(gone, wantGone)
			c, d := only(added, wantAdded)
			if len(a)+len(b)+len(c)+len(d) > 0 || len(gone)+len(added) == 0 {
				t.Errorf("only here\n%s\n%s\nonly there\n%s\n%s", head(a), head(c), head(b), head(d))
			}
		})
	}
}

func count(lines []string, prefix string) (n int) {
	for _, line := range lines {
		if strings.HasPrefix(line, prefix) {
			n++
		}
	}
	return n
}

func BenchmarkDiff(b *testing.B) {
	file := testenv.Corpus(b, "registry/regipy_SYSTEM_B")
	for b.Loop() {
		without, err := registry.Open(file)
		if err != nil {
			b.Fatal(err)
		}
		with, err := registry.Open(file, registry.WithLogsBeside())
		if err != nil {
			b.Fatal(err)
		}
		n := 0
		for range registry.Diff(without, with) {
			n++
		}
		b.ReportMetric(float64(n), "changes")
	}
}
