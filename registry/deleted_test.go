package registry_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"maps"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

// remains returns what is left of deleted keys and values, one line each.
func remains(r *registry.Reader) []string {
	var list []string
	value := func(path string, v registry.DeletedValue) string {
		text := fmt.Sprintf("%s = %s, %s, %s", path, v, v.Place, v.Confidence)
		if v.Log != "" {
			text += ", " + v.Log
		}
		return text
	}
	d := r.Deleted()
	for k := range d.Keys() {
		path := k.Path
		if !k.Rooted {
			path = "…" + path
		}
		text := fmt.Sprintf("%s, %s, %s", path, k.Place, k.Confidence)
		if k.Log != "" {
			text += ", " + k.Log
		}
		list = append(list, text)
		for _, v := range k.Values {
			list = append(list, value("  "+v.Name, v))
		}
	}
	for v := range d.Values() {
		path := "?"
		if v.Known {
			path = v.Path
		}
		list = append(list, value(path+": "+v.Name, v))
	}
	return list
}

// graveyard is a hive with deleted keys and values.
func graveyard(minor uint32) registrytest.Hive {
	h := registrytest.Hive{Minor: minor}
	h.Root.LastWrite = when.Add(time.Hour)
	h.Set(`Services`, when.Add(time.Hour), registrytest.DWord("kept", 1), registrytest.SZ("removed", "a value"))
	h.Key(`Services`, when).Values[1].Deleted = true
	h.Set(`Services\Alive`, when, registrytest.DWord("Start", 2))
	h.Set(`Services\Evil`, when, registrytest.ExpandSZ("ImagePath", `C:\evil.exe -k`), registrytest.DWord("Start", 2), registrytest.Binary("big", pattern(40000)))
	h.Set(`Services\Evil\Parameters`, when, registrytest.SZ("ServiceDll", `C:\evil.dll`))
	h.Key(`Services\Evil`, when).Deleted = true
	return h
}

// buried is what is left in graveyard.
var buried = []string{
	`Services\Evil, free cell, high`,
	`  ImagePath = C:\evil.exe -k, free cell, high`,
	`  Start = 2, free cell, high`,
	`  big = ` + fmt.Sprintf("%x", pattern(40000)) + `, free cell, high`,
	`Services\Evil\Parameters, free cell, high`,
	`  ServiceDll = C:\evil.dll, free cell, high`,
	`Services: removed = a value, free cell, high`,
}

func TestDeleted(t *testing.T) {
	for _, tt := range []struct {
		name   string
		damage func(p *patient) // of a hive of format 1.5
		change func(list []string) []string
	}{
		{"nothing", func(*patient) {}, nil},
		{"the parent was written before the key", func(p *patient) { putTicks(p, `Services`, when.Add(-time.Hour)) }, func(list []string) []string {
			for i := range list[:6] {
				list[i] = strings.Replace(list[i], ", high", ", medium", 1)
			}
			return list
		}},
		{"the parent is not there", func(p *patient) { p.put(deletedAt(p, "Evil")+16, 0x7ff8) }, func(list []string) []string {
			for i := range list[:6] {
				list[i] = strings.Replace(list[i], ", high", ", medium", 1)
			}
			list[0], list[4] = `…Evil, free cell, medium`, `…Evil\Parameters, free cell, medium`
			return list
		}},
		{"a time that cannot be", func(p *patient) { copy(p.data[deletedAt(p, "Evil")+4:], bytes.Repeat([]byte{0xff}, 8)) }, func(list []string) []string {
			return []string{`…Parameters, free cell, medium`, strings.Replace(list[5], "high", "medium", 1), list[6],
				strings.Replace("?: "+list[1][2:], "high", "medium", 1), strings.Replace("?: "+list[2][2:], "high", "medium", 1), strings.Replace("?: "+list[3][2:], "high", "medium", 1)}
		}},
		{"flags that no key has", func(p *patient) { p.data[deletedAt(p, "Evil")+3] |= 0x80 }, func(list []string) []string {
			for i := range list[:6] {
				list[i] = strings.Replace(list[i], ", high", ", low", 1)
			}
			return list
		}},
		{"a parent that is the key itself", func(p *patient) { p.put(deletedAt(p, "Evil")+16, uint32(deletedAt(p, "Evil")-4096-4)) }, func(list []string) []string {
			for i := range list[:6] {
				list[i] = strings.Replace(list[i], ", high", ", low", 1)
			}
			list[0], list[4] = `…Evil, free cell, low`, `…Evil\Parameters, free cell, low`
			return list
		}},
		{"its list of values is overwritten", func(p *patient) { p.put(p.to(deletedAt(p, "Evil")+valueList), 0) }, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			data := write(t, graveyard(5))
			p := &patient{t: t, data: data, r: read(t, data)}
			tt.damage(p)
			want := slices.Clone(buried)
			if tt.change != nil {
				want = tt.change(want)
			}
			got := remains(read(t, p.data))
			if tt.name == "its list of values is overwritten" {
				want = append(slices.Delete(want, 1, 2), "?: ImagePath = C:\\evil.exe -k, free cell, medium")
			}
			sameRemains(t, got, want)
		})
	}
}

func sameRemains(t *testing.T, got, want []string) {
	t.Helper()
	a, b := only(got, want)
	for _, line := range a {
		t.Errorf("only here: %.200s", line)
	}
	for _, line := range b {
		t.Errorf("missing: %.200s", line)
	}
}

func putTicks(p *patient, key string, at time.Time) {
	binary.LittleEndian.PutUint64(p.data[p.key(key)+4:], filetime.Ticks(at))
}

// deletedAt returns the offset of the node of a deleted key.
func deletedAt(p *patient, name string) int {
	for k := range p.r.Deleted().Keys() {
		if k.Name == name {
			return int(k.Offset) + 4
		}
	}
	p.t.Fatalf("no deleted key %s", name)
	return 0
}

// Deleted keys are found in hives of every format version, and no other function shows
// them.
func TestDeletedInEveryVersion(t *testing.T) {
	for minor := uint32(1); minor <= 6; minor++ {
		r := read(t, write(t, graveyard(minor)))
		var names []string
		for k := range r.Deleted().Keys() {
			names = append(names, k.Path)
		}
		if !slices.Equal(names, []string{`Services\Evil`, `Services\Evil\Parameters`}) {
			t.Errorf("version 1.%d: %q", minor, names)
		}
		for k, err := range r.Keys() {
			if err != nil || k.Name == "Evil" || k.Name == "Parameters" {
				t.Errorf("version 1.%d: %s, %v", minor, k.Name, err)
			}
		}
		if list := problems(r); len(list) > 0 {
			t.Errorf("version 1.%d: problems %q", minor, list)
		}
	}
}

// Where else deleted keys are.
func TestPlacesOfDeletedKeys(t *testing.T) {
	gone := func() registrytest.Hive {
		var h registrytest.Hive
		h.Root.LastWrite = when.Add(time.Hour)
		h.Set(`Parent\Gone`, when, registrytest.SZ("v", "text"))
		h.Key(`Parent`, when).LastWrite = when.Add(time.Hour)
		return h
	}
	without := gone()
	without.Key(`Parent`, when).Keys = nil
	t.Run("a cell in use to which nothing refers", func(t *testing.T) {
		data := write(t, gone())
		p := &patient{t: t, data: data, r: read(t, data)}
		p.put(p.key("Parent")+subkeyCount, 0)
		sameRemains(t, remains(read(t, p.data)), []string{`Parent\Gone, unlinked cell, high`, `  v = text, unlinked cell, high`})
	})
	t.Run("behind the bins", func(t *testing.T) {
		data := write(t, without)
		other := write(t, gone())
		page := bytes.Clone(other[4096:8192])
		clear(page[:32]) // not a bin any more
		r := read(t, append(data, page...))
		var places []string
		for k := range r.Deleted().Keys() {
			places = append(places, k.Name+" "+string(k.Place))
		}
		if !slices.Contains(places, "Gone behind the bins") {
			t.Errorf("%q", places)
		}
	})
	t.Run("a transaction log", func(t *testing.T) {
		before, after := write(t, gone()), write(t, without)
		log := registrytest.NewLog(1, after, before, after)
		got := remains(read(t, after, registry.WithLogs(aLog("SYSTEM.LOG1", log))))
		sameRemains(t, got, []string{`Parent\Gone, transaction log, high, SYSTEM.LOG1`, `  v = text, transaction log, high, SYSTEM.LOG1`})
		got = remains(read(t, after, registry.WithLogs(aLog("SYSTEM.LOG", registrytest.OldLog(after, before)))))
		if len(got) == 0 || !strings.HasPrefix(got[0], `Parent\Gone, transaction log, high`) {
			t.Errorf("old format: %q", got)
		}
	})
	t.Run("nothing is deleted", func(t *testing.T) {
		for minor := uint32(1); minor <= 6; minor++ {
			if got := remains(read(t, write(t, small(minor)))); len(got) > 0 {
				t.Errorf("version 1.%d: %q", minor, got)
			}
		}
	})
}

// What yarp finds in the cases is found here, with the keys that it belonged to.
func TestFoundDeleted(t *testing.T) {
	for name, want := range map[string][]string{
		"DeletedDataHive": {`456, free cell, high`, `  v = 61626364…, free cell, high`, `123: v2 = …, free cell, high`},
		"DeletedTreeHive": {`1\2\3, free cell, high`, `1\2\3\4, free cell, high`, `1\2\3\4\5, free cell, high`, `1\2\3\4\New Key #1, free cell, high`},
		"RemnantsHive":    {`?:  = …, free cell, low`},
	} {
		r, err := registry.Open(testenv.UnpackedFound(t, "registry/deleted/"+name+".zst"))
		if err != nil {
			t.Fatal(err)
		}
		var got, short []string
		for _, line := range remains(r) {
			got = append(got, withoutData(line))
		}
		for _, line := range want {
			short = append(short, withoutData(line))
		}
		t.Run(name, func(t *testing.T) { sameRemains(t, got, short) })
	}
}

// withoutData leaves out the data of a value.
func withoutData(line string) string {
	name, rest, ok := strings.Cut(line, " = ")
	if !ok {
		return line
	}
	return name + rest[strings.Index(rest, ", "):]
}

// yarpDeleted prints the deleted keys (K name ticks) and values (V name type) that yarp
// finds.
const yarpDeleted = `
import sys
from yarp import Registry, RegistryRecover
hive = Registry.RegistryHive(open(sys.argv[1], 'rb'))
hive.walk_everywhere()
out = set()
for item in RegistryRecover.Scanner(hive).scan():
    if type(item) is Registry.RegistryKey:
        out.add('K\t%s\t%d' % (item.name(), item.key_node.get_last_written_timestamp()))
    else:
        out.add('V\t%s\t%d' % (item.name(), item.type_raw()))
sys.stdout.buffer.write('\n'.join(out).encode('utf-8', 'surrogatepass'))
`

// Every deleted key and value that yarp finds in the hives of the corpus and of the samples
// is found here, and nothing else. Their data is not compared: yarp also takes it from cells
// that a value in use has by now, and so gives one value the data of another.
func TestDeletedAgainstYarp(t *testing.T) {
	python := testenv.Python(t, "yarp")
	hives := corpusHives(t)
	for _, name := range []string{"plaso_NTUSER-CCLEANER.DAT", "plaso_NTUSER-RunTests.DAT", "plaso_NTUSER-WIN7.DAT", "plaso_SAM"} {
		hives[name] = testenv.Sample(t, "hives/"+name)
	}
	hives["plaso_UsrClass.dat"] = testenv.UnpackedSample(t, "hives/plaso_UsrClass.dat.zst")
	for _, name := range slices.Sorted(maps.Keys(hives)) {
		t.Run(filepath.Base(name), func(t *testing.T) {
			out, err := exec.Command(python, "-c", yarpDeleted, hives[name]).Output()
			if err != nil {
				t.Skipf("yarp: %v", err)
			}
			theirs := strings.Split(string(out), "\n")
			r, err := registry.Open(hives[name])
			if err != nil {
				t.Fatal(err)
			}
			seen := map[string]bool{}
			value := func(v registry.DeletedValue) { seen[fmt.Sprintf("V\t%s\t%d", v.Name, v.Type)] = true }
			d := r.Deleted()
			for k := range d.Keys() {
				seen[fmt.Sprintf("K\t%s\t%d", k.Name, filetime.Ticks(k.LastWrite))] = true
				for _, v := range k.Values {
					value(v)
				}
			}
			for v := range d.Values() {
				value(v)
			}
			var mine []string
			for line := range seen {
				mine = append(mine, line)
			}
			if len(theirs) == 1 && theirs[0] == "" {
				theirs = nil
			}
			a, b := only(mine, theirs)
			t.Logf("%d both, %d only here: %q, %d only there: %q", len(mine)-len(a), len(a), a, len(b), b)
			if len(a)+len(b) > 1 {
				t.Errorf("%d only here, %d only there", len(a), len(b))
			}
		})
	}
}
