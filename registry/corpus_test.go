package registry_test

import (
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/registry"
)

// corpusHives returns the hives of the corpus, by their path below its folder
// registry. Empty files and transaction logs are not hives.
func corpusHives(t *testing.T) map[string]string {
	t.Helper()
	root := testenv.Corpus(t, "registry")
	hives := map[string]string{"../cases/winlogon-shell/NTUSER.DAT": testenv.Corpus(t, "cases/winlogon-shell/NTUSER.DAT")}
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		st, err := d.Info()
		if err != nil {
			return err
		}
		if ext := strings.ToLower(filepath.Ext(name)); st.Size() > 0 && !strings.HasPrefix(ext, ".log") {
			rel, err := filepath.Rel(root, name)
			if err != nil {
				return err
			}
			hives[filepath.ToSlash(rel)] = name
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return hives
}

// content is what both readers can print of a hive, one line per key or value.
type content struct{ keys, values []string }

func ours(r *registry.Reader) (c content, damaged int) {
	for k, err := range r.Keys() {
		if err != nil {
			damaged++
			continue
		}
		c.keys = append(c.keys, fmt.Sprintf("%#x %q %s", k.Offset, k.Name, k.LastWrite.Format(time.RFC3339)))
		for v, err := range k.Values() {
			if err != nil {
				damaged++
				continue
			}
			data, err := v.Data()
			if err != nil {
				damaged++
			}
			c.values = append(c.values, fmt.Sprintf("%#x %q %s", k.Offset, v.Name, inXML(v, data)))
		}
	}
	return c, damaged
}

// inXML formats a value's data as hivexml does: numbers signed, and every string
// of a list, including the empty one at its end.
func inXML(v *registry.Value, data []byte) string {
	switch v.Type {
	case registry.SZ, registry.ExpandSZ, registry.Link:
		if s, err := v.Text(); err == nil {
			return fmt.Sprintf("text %q", s)
		}
	case registry.MultiSZ:
		list := strings.Split(wtf8.String(data), "\x00")
		if n := len(list) - 1; list[n] == "" {
			list = list[:n]
		}
		return fmt.Sprintf("texts %q", list)
	case registry.DWord, registry.DWordBigEndian:
		if n, err := v.Uint64(); err == nil {
			return fmt.Sprintf("number %d", int32(n))
		}
	case registry.QWord:
		if n, err := v.Uint64(); err == nil {
			return fmt.Sprintf("number %d", int64(n))
		}
	}
	return "bytes " + base64.StdEncoding.EncodeToString(data)
}

// hivexml returns the content of a hive according to hivexml.
func hivexml(t *testing.T, file string) (c content, err error) {
	t.Helper()
	out, err := exec.Command(testenv.Tool(t, "hivexml"), file).Output()
	if err != nil {
		var failed *exec.ExitError
		if errors.As(err, &failed) {
			return c, errors.New(strings.TrimSpace(strings.ReplaceAll(string(failed.Stderr), file, "hive")))
		}
		return c, err
	}
	type node struct{ name, mtime, at string }
	var stack []node
	var value struct {
		name, text, kind, encoding string
		list                       []string
		open, inString             bool
	}
	inTime := false
	dec := xml.NewDecoder(strings.NewReader(string(out)))
	for {
		token, err := dec.Token()
		if err == io.EOF {
			return c, nil
		}
		if err != nil {
			return c, err
		}
		switch token := token.(type) {
		case xml.StartElement:
			attr := map[string]string{}
			for _, a := range token.Attr {
				attr[a.Name.Local] = a.Value
			}
			switch token.Name.Local {
			case "node":
				stack = append(stack, node{name: attr["name"]})
			case "mtime":
				inTime = true
			case "byte_run":
				if top := &stack[len(stack)-1]; !value.open && top.at == "" {
					top.at = attr["file_offset"]
					var n int64
					fmt.Sscan(top.at, &n)
					top.at = fmt.Sprintf("%#x", n)
					c.keys = append(c.keys, fmt.Sprintf("%s %q %s", top.at, top.name, top.mtime))
				}
			case "value":
				value.open = true
				value.name, value.text, value.kind, value.encoding = attr["key"], attr["value"], attr["type"], attr["encoding"]
				value.list = nil
			case "string":
				value.inString = true
				value.list = append(value.list, "")
			}
		case xml.CharData:
			if inTime && len(stack) > 0 {
				stack[len(stack)-1].mtime += string(token)
			}
			if value.inString {
				value.list[len(value.list)-1] += string(token)
			}
		case xml.EndElement:
			switch token.Name.Local {
			case "node":
				stack = stack[:len(stack)-1]
			case "mtime":
				inTime = false
			case "string":
				value.inString = false
			case "value":
				var data string
				switch {
				case value.kind == "string-list" && value.encoding == "":
					data = fmt.Sprintf("texts %q", value.list)
				case value.encoding == "base64":
					data = "bytes " + strings.Join(strings.Fields(value.text), "")
				case strings.HasPrefix(value.kind, "int"):
					data = "number " + value.text
				default:
					data = fmt.Sprintf("text %q", value.text)
				}
				c.values = append(c.values, fmt.Sprintf("%s %q %s", stack[len(stack)-1].at, value.name, data))
				value.open = false
			}
		}
	}
}

// only returns the lines that are only in a, and those that are only in b.
func only(a, b []string) (inA, inB []string) {
	a, b = slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b))
	for len(a) > 0 && len(b) > 0 {
		switch strings.Compare(a[0], b[0]) {
		case 0:
			a, b = a[1:], b[1:]
		case -1:
			inA, a = append(inA, a[0]), a[1:]
		case 1:
			inB, b = append(inB, b[0]), b[1:]
		}
	}
	return append(inA, a...), append(inB, b...)
}

// unreadByHivexml lists the corpus files of which hivexml gives nothing, with
// what is read here.
var unreadByHivexml = map[string]struct{ read, why string }{
	"yarp/BadBaseBlockHive/BadBaseBlockHive": {"5003 keys, 0 values, 0 damaged",
		"the base block has a wrong checksum, at which hivex stops; reglookup and dissect read 5003 keys too"},
	"yarp/DeletedDataHiveTruncated": {"2 keys, 0 values, 1 damaged",
		"one value list is beyond the end; dissect reads 2 keys and fails at that list, reglookup drops the key as well"},
	"yarp/GarbageHive": {"1 keys, 0 values, 0 damaged",
		"wrong checksum, and garbage after the only bin; reglookup and dissect read 1 key too"},
	"yarp/InvalidParentFragment": {"InvalidParentFragment: base block signature at 0x0: got \"hbin\", want \"regf\": not a registry hive",
		"a piece of a hive without its base block"},
	"yarp/SqliteFragment": {"SqliteFragment: base block signature at 0x0: got \"hbin\", want \"regf\": not a registry hive",
		"a piece of a hive without its base block"},
	"yarp/System_Delta": {"586 keys, 820 values, 0 damaged",
		"hivex fails at a value without data, of which this layered hive has many; reglookup and dissect read 586 keys and 820 values too"},
	"yarp/TruncatedHive": {"2 keys, 0 values, 9 damaged",
		"the nine lists of subkeys are beyond the end; reglookup and dissect read 2 keys too"},
	"yarp/TruncatedNameHive": {"1 keys, 0 values, 1 damaged",
		"a key whose name is longer than its cell; dissect reads on after the cell, reglookup drops the key as this package does"},
	"yarp/TruncatedPairHive2": {"6 keys, 5 values, 0 damaged",
		"names with half a surrogate pair, which hivex and reglookup cannot convert; dissect reads 6 keys and 5 values too"},
}

// Every key (its offset, name and time) and every value (its key, name and data)
// that hivexml finds is found here, and nothing else.
func TestCorpusAgainstHivexml(t *testing.T) {
	hives := corpusHives(t)
	for _, name := range slices.Sorted(maps.Keys(hives)) {
		t.Run(name, func(t *testing.T) {
			theirs, theirErr := hivexml(t, hives[name])
			var mine content
			var got string
			if r, err := registry.Open(hives[name], registry.WithName(path.Base(name))); err != nil {
				got = err.Error()
			} else {
				var damaged int
				mine, damaged = ours(r)
				got = fmt.Sprintf("%d keys, %d values, %d damaged", len(mine.keys), len(mine.values), damaged)
			}
			expected, unread := unreadByHivexml[name]
			if theirErr != nil || unread {
				if theirErr == nil || got != expected.read {
					t.Errorf("hivexml: %v; here: %s; want %s (%s)", theirErr, got, expected.read, expected.why)
				}
				return
			}
			t.Logf("%s; hivexml: %d keys, %d values", got, len(theirs.keys), len(theirs.values))
			a, b := only(mine.keys, theirs.keys)
			report(t, "key", a, b)
			a, b = only(mine.values, theirs.values)
			report(t, "value", withoutEmptyNumbers(a, "bytes "), withoutEmptyNumbers(b, "number -1"))
			if len(a) != len(b) {
				t.Errorf("%d values differ here, %d there", len(a), len(b))
			}
		})
	}
}

// withoutEmptyNumbers drops the one known difference: hivexml takes a REG_DWORD
// without data for the number -1. Each line here has its counterpart there.
func withoutEmptyNumbers(lines []string, suffix string) []string {
	return slices.DeleteFunc(slices.Clone(lines), func(line string) bool {
		return strings.HasSuffix(line, ` "" `+suffix)
	})
}

func report(t *testing.T, what string, here, there []string) {
	t.Helper()
	for _, line := range here[:min(10, len(here))] {
		t.Errorf("%s only here: %.300s", what, line)
	}
	for _, line := range there[:min(10, len(there))] {
		t.Errorf("%s only there: %.300s", what, line)
	}
}

// Real hives that Windows wrote and closed have no problems at all. Dirty hives
// have no other problem.
func TestCorpusProblems(t *testing.T) {
	for name, file := range corpusHives(t) {
		if strings.HasPrefix(name, "yarp/") {
			continue // made to be odd
		}
		r, err := registry.Open(file)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for p := range r.Problems() {
			if p.Kind != damage.Unclean || !r.Dirty() {
				t.Errorf("%s: %v", name, p)
			}
		}
	}
}

// Dirty hives open, are read as they are, and are reported; Windows' own
// recoveries of them are clean.
func TestCorpusDirty(t *testing.T) {
	want := []string{
		"regipy_SECURITY", "regipy_SYSTEM_B", "regipy_UsrClass.dat", "regipy_amcache.hve", "regipy_transactions_NTUSER.DAT",
		"yarp/BadBaseBlockHive/BadBaseBlockHive", "yarp/BadLogHive1/BadLogHive", "yarp/BadLogHive3/BadLogHive",
		"yarp/GarbageHive", // by its checksum only
		"yarp/NewDirtyHive1/NewDirtyHive", "yarp/OldDirtyHive/OldDirtyHive",
	}
	var got []string
	hives := corpusHives(t)
	for _, name := range slices.Sorted(maps.Keys(hives)) {
		r, err := registry.Open(hives[name])
		if err != nil {
			continue // TestCorpusAgainstHivexml knows which, and why
		}
		said := false
		for p := range r.Problems() {
			said = said || p.Kind == damage.Unclean || p.Kind == damage.Checksum && p.Err.What == "base block checksum"
		}
		if said != r.Dirty() {
			t.Errorf("%s: dirty %v, said %v", name, r.Dirty(), said)
		}
		if r.Dirty() {
			got = append(got, name)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("dirty are\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// The owner, class name and time of every key are the same as in reglookup.
func TestCorpusAgainstReglookup(t *testing.T) {
	tool := testenv.Tool(t, "reglookup")
	for name, file := range corpusHives(t) {
		if _, unread := unreadByHivexml[name]; unread {
			continue
		}
		out, err := exec.Command(tool, "-H", "-s", "-t", "KEY", file).Output()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var theirs, mine []string
		for line := range strings.Lines(string(out)) {
			// PATH,TYPE,VALUE,MTIME,OWNER,GROUP,SACL,DACL,CLASS
			f := strings.Split(strings.TrimSuffix(line, "\n"), ",")
			if len(f) != 9 || f[1] != "KEY" {
				t.Errorf("%s: %q", name, line)
				continue
			}
			theirs = append(theirs, strings.Join([]string{f[3], f[4], f[8]}, ","))
		}
		r, err := registry.Open(file)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for k, err := range r.Keys() {
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			owner, err := k.OwnerSID()
			class, err2 := k.Class()
			if err := errors.Join(err, err2); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			mine = append(mine, fmt.Sprintf("%s,%s,%s", k.LastWrite.Format(time.DateTime), owner, class))
		}
		here, there := only(mine, theirs)
		t.Logf("%s: %d keys, reglookup %d", name, len(mine), len(theirs))
		report(t, name+": key", here, there)
	}
}

// Real hives with changed bytes give what is left of them, and reading them
// ends.
func TestCorpusMutated(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long; not run with -short")
	}
	for name, file := range corpusHives(t) {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if len(data) > 3<<20 {
			continue // to save time
		}
		rng := rand.New(rand.NewPCG(1, uint64(len(data))))
		for range 20 {
			bad := bytes.Clone(data)
			for range 1 + rng.IntN(200) {
				bad[rng.IntN(len(bad))] = [...]byte{0, 1, 0x20, 0x7f, 0x80, 0xff}[rng.IntN(6)]
			}
			r, err := registry.NewReader(bytes.NewReader(bad), int64(len(bad)), registry.WithName(name))
			if err != nil {
				continue
			}
			keys, values := countAll(t, r)
			if 76*keys+20*values > 3*len(bad) {
				t.Errorf("%s: %d keys and %d values in %d bytes", name, keys, values, len(bad))
			}
			for range r.Problems() {
			}
			for range registry.Autostarts(r) {
			}
		}
	}
}
