package hostile

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/lab/internal/child"
)

func TestDifferences(t *testing.T) {
	for _, tt := range []struct {
		name          string
		sound, mutant string
		want          []Range
	}{
		{"none", "abc", "abc", nil},
		{"two", "abcdef", "xbcyyf", []Range{{0, 1}, {3, 5}}},
		{"the end", "abc", "abx", []Range{{2, 3}}},
		{"cut off", "abcdef", "xbc", []Range{{0, 1}, {3, 6}}},
		{"longer", "abc", "abcd", nil},
	} {
		if got := differences([]byte(tt.sound), []byte(tt.mutant)); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

// A byte of a sample is changed; the records whose footprints it lies in are
// those that hang on it.
func TestFootprints(t *testing.T) {
	for _, tt := range []struct {
		format, file string
		what         string // is changed
		at           func(data []byte, records map[string]child.Record) int64
		want         func(key string) bool // the touched among the judged
	}{
		{"evtx", "small.evtx", "a record", offsetOf("record 5", 24), equals("record 5")},
		{"evtx", "small.evtx", "the template in the first record of its kind", offsetOf("record 1", 100),
			equals("record 1", "record 4", "record 7", "record 10")},
		{"evtx", "small.evtx", "the chunk header", at(logHeader + 8), equals()},
		{"registry", "1.5.hive", "a key", offsetOf(`ControlSet001\Services`, 8), func(key string) bool {
			return strings.HasPrefix(key, `ControlSet001\Services`)
		}},
		{"registry", "1.5.hive", "a value", offsetOf(`Select [Current]`, 8), equals(`Select [Current]`, `Select [Current] data`)},
		{"registry", "1.5.hive", "data", offsetOf(`Microsoft\Windows\CurrentVersion\Run [a] data`, 8), equals(`Microsoft\Windows\CurrentVersion\Run [a] data`)},
		{"registry", "1.5.hive", "the length of the bins", at(40), equals()},
		{"mft", "small.mft", "a directory", offsetOf("66-1", 16), func(key string) bool {
			return key == "66-1" || key == "66-1 path" || key == "67-1 path"
		}},
		{"pe", "amd64.dll", "the code", at(0x400), equals()},
		{"weblog", "default.log", "a line", offsetOf("request 0x165", 3), equals("request 0x165")},
		{"weblog", "default.log", "the end of a line", offsetOf("request 0x165", -1), equals("request 0x105", "request 0x165")},
		{"weblog", "default.log", "the fields", at(100), func(string) bool { return true }},
		{"weblog", "default.log", "the date, which lines have too", at(0x50), equals()},
		{"weblog", "nodate.log", "the date, which lines do not have", at(0x50), func(string) bool { return true }},
	} {
		t.Run(tt.format+" "+tt.what, func(t *testing.T) {
			samples, err := Samples(tt.format)
			if err != nil {
				t.Fatal(err)
			}
			data := samples[tt.file]
			records := recordsOfFile(t, tt.format, data)
			damaged := bytes.Clone(data)
			damaged[tt.at(data, records)] ^= 0xff
			format, _ := FormatNamed(tt.format)
			footprint, changed := format.footprints(data), differences(data, damaged)
			judged := 0
			for key, r := range records {
				print := footprint(key, r.Offset)
				if print == nil {
					continue
				}
				judged++
				if got, want := touched(changed, print), tt.want(key); got != want {
					t.Errorf("%q: touched %v, want %v; footprint %x, damage %x", key, got, want, print, changed)
				}
			}
			if judged == 0 {
				t.Error("no record was judged")
			}
		})
	}
}

func at(n int64) func([]byte, map[string]child.Record) int64 {
	return func([]byte, map[string]child.Record) int64 { return n }
}

func offsetOf(key string, n int64) func([]byte, map[string]child.Record) int64 {
	return func(_ []byte, records map[string]child.Record) int64 { return records[key].Offset + n }
}

func equals(keys ...string) func(string) bool {
	return func(key string) bool { return slices.Contains(keys, key) }
}

// recordsOfFile asks our parser in this process.
func recordsOfFile(t *testing.T, format string, data []byte) map[string]child.Record {
	path := filepath.Join(t.TempDir(), "sound")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	list := map[string]child.Record{}
	if _, err := Parsers()[format](path, func(r child.Record) { list[r.Key] = r }); err != nil {
		t.Fatal(err)
	}
	return list
}
