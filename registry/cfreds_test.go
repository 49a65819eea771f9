package registry_test

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

// cfreds returns the folder of the registry set of NIST's CFReDS of 2017, a checkout of
// the repository with its scripts.
func cfreds(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("BIRTHMARK_CFREDS")
	if dir == "" {
		t.Skip("$BIRTHMARK_CFREDS does not name the folder of the registry set")
	}
	return filepath.Join(dir, "ugrd-assistance-tools_win")
}

// regTexts returns the registration files of a category in UTF-8.
func regTexts(t *testing.T, dir, category string) map[string]string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "[[]"+category+"]-*.reg"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no files of %s: %v", category, err)
	}
	texts := map[string]string{}
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.HasPrefix(b, []byte{0xff, 0xfe}) {
			b = []byte(wtf8.String(b[2:]))
		}
		texts[strings.TrimSuffix(filepath.Base(name), ".reg")] = string(b)
	}
	return texts
}

// allInOne returns a hive with everything of the normal category. The file with large data
// may be missing in a checkout; what the others need of it is added.
func allInOne(t *testing.T, dir string, minor uint32) []byte {
	t.Helper()
	whole := "Windows Registry Editor Version 5.00\n;@time=2017-04-01T00:00:00Z\n"
	texts := regTexts(t, dir, "nr")
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		_, body, _ := strings.Cut(texts[name], "\n")
		whole += body + "\n"
		if _, err := registrytest.ParseReg([]byte(texts[name])); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	h, err := registrytest.ParseReg([]byte(whole))
	if err != nil {
		t.Fatal(err)
	}
	h.Minor = minor
	for _, size := range []int{16344, 16345, 20440} {
		h.Set(`0x06_TYPE1_BIG-DATA`, when, registrytest.Binary(fmt.Sprint("BINARY ", size), pattern(size)), registrytest.SZ(fmt.Sprint("SZ ", size), strings.Repeat("s", size/2-1)))
	}
	return write(t, *h)
}

// wholes are the keys and values of a hive, with what is deleted in it apart.
type wholes struct{ keys, values, deletedKeys, deletedValues map[string]bool }

func wholeOf(r *registry.Reader) wholes {
	w := wholes{map[string]bool{}, map[string]bool{}, map[string]bool{}, map[string]bool{}}
	for k, err := range r.Keys() {
		if err != nil {
			continue
		}
		w.keys[k.Path()] = true
		if k.Path() == "" {
			w.deletedKeys[k.Name] = true
		}
		for v, err := range k.Values() {
			if err == nil {
				b, _ := v.Data()
				value := fmt.Sprintf("%s\t%d\t%x", v.Name, v.Type, b)
				w.values[k.Path()+`\`+v.Name+"\t"+value] = true
				if k.Path() == "" { // which may be another key, made the root
					w.deletedValues[value] = true
				}
			}
		}
	}
	d := r.Deleted()
	value := func(v registry.DeletedValue) {
		b, _ := v.Data()
		w.deletedValues[fmt.Sprintf("%s\t%d\t%x", v.Name, v.Type, b)] = true
	}
	for k := range d.Keys() {
		w.deletedKeys[k.Name] = true
		for _, v := range k.Values {
			value(v)
		}
	}
	for v := range d.Values() {
		value(v)
	}
	return w
}

// longName is how many characters of Latin-1 the name of a value may have for which Deleted
// looks.
const longName = 1024

// lost returns how many keys and values of a hive a changed copy does not show, and how many
// of these are found among what is deleted in it.
func (w wholes) lost(now wholes) (keys, values, foundKeys, foundValues int) {
	for path := range w.keys {
		if !now.keys[path] {
			keys++
			if now.deletedKeys[path[strings.LastIndexByte(path, '\\')+1:]] {
				foundKeys++
			}
		}
	}
	for line := range w.values {
		if !now.values[line] && len(strings.Split(line, "\t")[1]) <= longName {
			values++
			if _, value, _ := strings.Cut(line, "\t"); now.deletedValues[value] {
				foundValues++
			}
		}
	}
	return keys, values, foundKeys, foundValues
}

// The scripts of the set change a hive, and each names what it hides or destroys. What they
// do to a hive of each version is shown all the same, or found among what is deleted, or
// reported; only
// the last three leave nothing in the file that Windows itself would not write.
func TestCFReDS2017(t *testing.T) {
	dir := cfreds(t)
	python := testenv.Tool(t, "python3")
	outcome := map[string]string{
		"[mr]-01.(1)": "found", "[mr]-01.(2)": "found", "[mr]-02.(1)": "reported by its hash", "[mr]-02.(2)": "found", "[mr]-03.(1)": "shown", "[mr]-03.(2)": "found",
		"[mr]-03.(3)": "found", "[mr]-03.(4)": "found", "[mr]-04.(1)": "found", "[mr]-04.(2)": "found", "[mr]-04.(3)": "found", "[mr]-05.(2)": "found",
		"[mr]-06.(1)": "reported", "[mr]-06.(2)": "reported", "[mr]-06.(3)": "reported", "[mr]-07": "reported", "[mr]-08": "found", "[mr]-09": "reported", "[mr]-10": "reported", "[mr]-11": "reported", "[mr]-12": "shown",
		"[mr]-13": "reported by its hash", "[cr]-01": "reported", "[cr]-02": "reported", "[cr]-03": "reported", "[cr]-04": "reported", "[cr]-05": "shown", "[cr]-06": "reported", "[cr]-07": "reported",

		"[mr]-05.(1)": "silent", "[mr]-06.(4)": "silent", "[mr]-14": "silent",
	}
	scripts, err := filepath.Glob(filepath.Join(dir, "[[][mc]r]-*.py"))
	if err != nil {
		t.Fatal(err)
	}
	for _, minor := range []uint32{3, 5} {
		sound := allInOne(t, dir, minor)
		before := wholeOf(read(t, sound))
		for _, script := range scripts {
			name, _, _ := strings.Cut(filepath.Base(script), "_")
			if name == "[mr]-15" {
				continue // it needs Windows
			}
			t.Run(fmt.Sprintf("1.%d/%s", minor, filepath.Base(script)), func(t *testing.T) {
				file := filepath.Join(t.TempDir(), "hive")
				if err := os.WriteFile(file, sound, 0o600); err != nil {
					t.Fatal(err)
				}
				cmd := exec.Command(python, "-c", "import sys, random, runpy; random.seed(1); sys.argv = sys.argv[1:]; runpy.run_path(sys.argv[0], run_name='__main__')", script, file)
				cmd.Env = append(os.Environ(), "PYTHONPATH="+dir, "PYTHONDONTWRITEBYTECODE=1")
				if out, err := cmd.CombinedOutput(); err != nil {
					t.Fatalf("%v: %s", err, out)
				}
				data, err := os.ReadFile(file)
				if err != nil || bytes.Equal(data, sound) {
					t.Fatalf("nothing was changed: %v", err)
				}
				r, err := registry.NewReader(bytes.NewReader(data), int64(len(data)), registry.WithFragments())
				if err != nil {
					t.Fatal(err)
				}
				keys, values, foundKeys, foundValues := before.lost(wholeOf(r))
				reported := len(problems(r)) > len(problems(read(t, sound)))
				got := "silent"
				switch {
				case keys+values == 0:
					got = "shown"
				case keys+values == foundKeys+foundValues:
					got = "found"
				case reported:
					got = "reported"
				}
				want := outcome[name]
				if hash, ok := strings.CutSuffix(want, " by its hash"); ok { // which lists have since format 1.5
					if want = "silent"; minor >= 5 {
						want = hash
					}
				}
				t.Logf("%s: %d of %d keys and %d of %d values are not shown; %d keys and %d values of these are found as deleted; %d problems", got, keys, len(before.keys), values, len(before.values), foundKeys, foundValues, len(problems(r)))
				if got != want {
					t.Errorf("%s, want %s", got, want)
				}
			})
		}
	}
}

// What the registration files of the set delete or change, as hivexregedit does it in the
// hive, is found as deleted in full.
func TestCFReDS2017Deleted(t *testing.T) {
	dir := cfreds(t)
	tool := testenv.Tool(t, "hivexregedit")
	for name, text := range regTexts(t, dir, "nrd") {
		sound := allInOne(t, dir, 3)
		before := wholeOf(read(t, sound))
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			hive, changes := filepath.Join(folder, "hive"), filepath.Join(folder, "changes.reg")
			text = regexp.MustCompile(`"\s*=\s*`).ReplaceAllString(strings.ReplaceAll(text, "\r", ""), `"=`)
			if err := os.WriteFile(hive, sound, 0o600); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(changes, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			if out, err := exec.Command(tool, "--merge", "--prefix", `HKEY_LOCAL_MACHINE\ROOT`, hive, changes).CombinedOutput(); err != nil {
				t.Skipf("hivexregedit: %v: %s", err, out)
			}
			data, err := os.ReadFile(hive)
			if err != nil {
				t.Fatal(err)
			}
			keys, values, foundKeys, foundValues := before.lost(wholeOf(read(t, data)))
			t.Logf("%d keys and %d values are deleted or changed, %d and %d are found", keys, values, foundKeys, foundValues)
			if keys+values == 0 || keys != foundKeys || values != foundValues {
				t.Errorf("%d of %d keys and %d of %d values are found", foundKeys, keys, foundValues, values)
			}
		})
	}
}
