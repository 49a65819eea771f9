package registry_test

import (
	"crypto/sha1"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

// content of a hive, one line per key (K path ticks) and value (V path name type size
// and the beginning of the SHA-1), in order.
func lines(t *testing.T, r *registry.Reader) []string {
	t.Helper()
	var list []string
	for k, err := range r.Keys() {
		if err != nil {
			t.Error(err)
			continue
		}
		list = append(list, fmt.Sprintf("K\t%s\t%d", k.Path(), filetime.Ticks(k.LastWrite)))
		for v, err := range k.Values() {
			if err != nil {
				t.Error(err)
				continue
			}
			data, err := v.Data()
			if err != nil {
				t.Error(err)
			}
			sum := sha1.Sum(data)
			list = append(list, fmt.Sprintf("V\t%s\t%s\t%d\t%d\t%x", k.Path(), v.Name, v.Type, len(data), sum[:6]))
		}
	}
	slices.Sort(list)
	return list
}

// replayed are the hives of the corpus that are dirty and have their logs, with what is
// in them afterwards according to yarp and notatin, which agree.
var replayed = []struct {
	hive         string
	keys, values int
	logs         []string
}{
	{"regipy_SYSTEM_B", 35595, 78901, []string{
		"regipy_SYSTEM_B.LOG1: 10 pages of 4 writes replayed, up to sequence number 2110",
		"regipy_SYSTEM_B.LOG2: 305 pages of 20 writes replayed, up to sequence number 2130"}},
	{"regipy_UsrClass.dat", 6238, 12531, []string{
		"regipy_UsrClass.dat.LOG1: 53 pages of 4 writes replayed, up to sequence number 290",
		"regipy_UsrClass.dat.LOG2: 105 pages of 10 writes replayed, up to sequence number 300"}},
	{"regipy_transactions_NTUSER.DAT", 3105, 4695, []string{
		"regipy_transactions_ntuser.dat.log1: 132 pages of 23 writes replayed, up to sequence number 588",
		"regipy_transactions_ntuser.dat.log2: not replayed: it begins at sequence number 562, and the hive already has 566"}},
	{"yarp/NewDirtyHive1/NewDirtyHive", 5, 1, []string{
		"NewDirtyHive.LOG1: 1 page of 1 write replayed, up to sequence number 2",
		"NewDirtyHive.LOG2: 3 pages of 3 writes replayed, up to sequence number 5"}},
	{"yarp/OldDirtyHive/OldDirtyHive", 5003, 1, []string{
		"OldDirtyHive.LOG1: 64 pages of 1 write replayed, up to sequence number 5",
		"OldDirtyHive.LOG2: not replayed: it is empty"}},
	{"yarp/BadBaseBlockHive/BadBaseBlockHive", 5003, 1, []string{
		"BadBaseBlockHive.LOG1: 64 pages of 1 write replayed, up to sequence number 5",
		"BadBaseBlockHive.LOG2: not replayed: it is empty"}},
}

func TestCorpusReplayed(t *testing.T) {
	for _, tt := range replayed {
		t.Run(path.Base(tt.hive), func(t *testing.T) {
			r, err := registry.Open(testenv.Corpus(t, "registry/"+tt.hive), registry.WithLogsBeside())
			if err != nil {
				t.Fatal(err)
			}
			keys, values := 0, 0
			for _, line := range lines(t, r) {
				if strings.HasPrefix(line, "K") {
					keys++
				} else {
					values++
				}
			}
			if keys != tt.keys || values != tt.values || r.Dirty() {
				t.Errorf("%d keys and %d values, dirty is %v; want %d and %d", keys, values, r.Dirty(), tt.keys, tt.values)
			}
			for p := range r.Problems() {
				t.Error(p)
			}
			var logs []string
			for _, u := range r.Logs() {
				u.Name = filepath.Base(u.Name)
				logs = append(logs, u.String())
			}
			if !slices.Equal(logs, tt.logs) {
				t.Errorf("logs:\n%s", strings.Join(logs, "\n"))
			}
		})
	}
}

// Every key with its time and every value with its data are those of the hives that
// yarp recovered.
func TestFoundDirtyHives(t *testing.T) {
	for _, name := range []string{"regipy_UsrClass.dat", "regipy_transactions_NTUSER.DAT"} {
		t.Run(name, func(t *testing.T) {
			text, err := os.ReadFile(testenv.UnpackedFound(t, "registry/dirty-hives/"+name+".expected.txt.zst"))
			if err != nil {
				t.Fatal(err)
			}
			r, err := registry.Open(testenv.Corpus(t, "registry/"+name), registry.WithLogsBeside())
			if err != nil {
				t.Fatal(err)
			}
			want := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
			sameLines(t, anonymous(lines(t, r)), anonymous(want))
		})
	}
	// The case has the difference from the hive without its logs.
	t.Run("regipy_SYSTEM_B", func(t *testing.T) {
		text, err := os.ReadFile(testenv.UnpackedFound(t, "registry/dirty-hives/regipy_SYSTEM_B.diff.txt.zst"))
		if err != nil {
			t.Fatal(err)
		}
		without, err := registry.Open(testenv.Corpus(t, "registry/regipy_SYSTEM_B"))
		if err != nil {
			t.Fatal(err)
		}
		with, err := registry.Open(testenv.Corpus(t, "registry/regipy_SYSTEM_B"), registry.WithLogsBeside())
		if err != nil {
			t.Fatal(err)
		}
		gone, added := only(lines(t, without), lines(t, with))
		var wantGone, wantAdded []string
		for line := range strings.Lines(string(text)) {
			line = strings.TrimSuffix(line, "\n")
			if rest, ok := strings.CutPrefix(line, "< "); ok {
				wantGone = append(wantGone, rest)
			} else if rest, ok := strings.CutPrefix(line, "> "); ok {
				wantAdded = append(wantAdded, rest)
			}
		}
		sameLines(t, anonymous(gone), anonymous(wantGone))
		sameLines(t, anonymous(added), anonymous(wantAdded))
	})
}

// anonymous leaves out the lines in which the cases have another name of an account.
func anonymous(list []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(line string) bool { return strings.Contains(strings.ToUpper(line), `\USERS\`) })
}

func sameLines(t *testing.T, got, want []string) {
	t.Helper()
	a, b := only(got, want)
	if len(got) == 0 || len(a)+len(b) > 0 {
		t.Errorf("of %d lines %d are only here and %d only there:\n%s\n%s", len(got), len(a), len(b), head(a), head(b))
	}
}

func head(list []string) string { return strings.Join(list[:min(len(list), 10)], "\n") }

// What Windows wrote when it loaded the dirty hives is what is read here.
func TestReplayAgainstWindows(t *testing.T) {
	for _, tt := range []struct{ hive, recovered string }{
		{"yarp/NewDirtyHive1/NewDirtyHive", "yarp/NewDirtyHive1/RecoveredHive_Windows10"},
		{"yarp/OldDirtyHive/OldDirtyHive", "yarp/OldDirtyHive/RecoveredHive_Windows7"},
	} {
		mine, err := registry.Open(testenv.Corpus(t, "registry/"+tt.hive), registry.WithLogsBeside())
		if err != nil {
			t.Fatal(err)
		}
		theirs, err := registry.Open(testenv.Corpus(t, "registry/"+tt.recovered))
		if err != nil {
			t.Fatal(err)
		}
		sameLines(t, lines(t, mine), lines(t, theirs))
	}
}

// yarpContent prints the lines of a hive after yarp replayed its logs.
const yarpContent = `
import hashlib, sys
from yarp import Registry
logs = {'log': None, 'log1': None, 'log2': None}
for name in sys.argv[2:]:
    logs[name.lower().rsplit('.', 1)[1]] = open(name, 'rb')
hive = Registry.RegistryHive(open(sys.argv[1], 'rb'))
if len(sys.argv) > 2:
    hive.recover_auto(logs['log'], logs['log1'], logs['log2'])
out = []
def walk(key, path):
    out.append('K\t%s\t%d' % (path, key.key_node.get_last_written_timestamp()))
    for v in key.values():
        data = v.data_raw()
        out.append('V\t%s\t%s\t%d\t%d\t%s' % (path, v.name(), v.type_raw(), len(data), hashlib.sha1(data).hexdigest()[:12]))
    for sub in key.subkeys():
        walk(sub, (path + '\\' if path else '') + sub.name())
walk(hive.root_key(), '')
sys.stdout.buffer.write('\n'.join(out).encode('utf-8', 'surrogatepass'))
`

func TestReplayAgainstYarp(t *testing.T) {
	python := testenv.Python(t, "yarp")
	files := map[string]string{}
	for _, tt := range replayed {
		files[path.Base(tt.hive)] = testenv.Corpus(t, "registry/"+tt.hive)
	}
	s0, s1, s2 := step(t, 0), step(t, 3), step(t, 7)
	for name, logs := range map[string][2][]byte{
		"written, new format": {registrytest.NewLog(10, s0, s1), registrytest.NewLog(11, s1, s2)},
		"written, old format": {registrytest.OldLog(s0, s2), {}},
	} {
		file := filepath.Join(t.TempDir(), "SYSTEM")
		for i, data := range [][]byte{registrytest.Interrupted(s0, 11), logs[0], logs[1]} {
			if err := os.WriteFile(file+[]string{"", ".LOG1", ".LOG2"}[i], data, 0o666); err != nil {
				t.Fatal(err)
			}
		}
		files[name] = file
	}
	for name, file := range files {
		t.Run(name, func(t *testing.T) {
			r, err := registry.Open(file, registry.WithLogsBeside())
			if err != nil {
				t.Fatal(err)
			}
			args := []string{"-c", yarpContent, file}
			for _, u := range r.Logs() {
				args = append(args, u.Name)
			}
			out, err := exec.Command(python, args...).Output()
			if err != nil {
				t.Fatal(err)
			}
			sameLines(t, lines(t, r), strings.Split(string(out), "\n"))
		})
	}
}
