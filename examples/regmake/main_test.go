package main

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
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/registry"
)

// regmake runs the program on standard input.
func regmake(t *testing.T, in string, args ...string) (code int, hive []byte, problems string) {
	t.Helper()
	var out, stderr bytes.Buffer
	code = run(args, strings.NewReader(in), &out, &stderr)
	return code, out.Bytes(), stderr.String()
}

const header = "Windows Registry Editor Version 5.00\r\n\r\n"

// large is a registration file with all forms of values, long texts and many keys.
func large() string {
	var b strings.Builder
	b.WriteString(header + ";@time=2026-03-02T13:42:09Z\r\n")
	hex := func(data []byte) string {
		var out strings.Builder
		for i, c := range data {
			if fmt.Fprintf(&out, "%02x", c); i < len(data)-1 {
				if out.WriteByte(','); i%25 == 24 {
					out.WriteString("\\\r\n  ")
				}
			}
		}
		return out.String()
	}
	for _, name := range []string{"", `\Many`} { // hivexregedit wants them
		fmt.Fprintf(&b, "[HKEY_LOCAL_MACHINE\\SOFTWARE%s]\r\n", name)
	}
	for i := range 1200 { // several lists of keys
		fmt.Fprintf(&b, "[HKEY_LOCAL_MACHINE\\SOFTWARE\\Many\\key %04d]\r\n\"number\"=dword:%08x\r\n@=\"default \\\\ %d \\\"quoted\\\"\"\r\n", i, i, i)
		if i%100 == 0 {
			fmt.Fprintf(&b, ";@time=2026-03-0%dT00:00:00Z\r\n", 1+i%900/100)
		}
	}
	b.WriteString("[HKEY_LOCAL_MACHINE\\SOFTWARE\\Types]\r\n")
	for n := range 12 {
		fmt.Fprintf(&b, "\"type %d\"=hex(%x):%s\r\n", n, n, hex(wtf8.Encode(fmt.Sprintf("text %d\x00\x00", n))[:16]))
	}
	long := bytes.Repeat([]byte("0123456789"), 5000) // big data
	fmt.Fprintf(&b, "\"big\"=hex:%s\r\n\"empty\"=hex:\r\n\"expand\"=hex(2):%s\r\n\"quad\"=hex(b):%s\r\n\"long\"=\"%s\"\r\n", hex(long), hex(wtf8.Encode("%SystemRoot%\\x\x00")), hex([]byte{1, 2, 3, 4, 5, 6, 7, 8}), long[:9000])
	fmt.Fprintf(&b, "\"multi\"=hex(7):%s\r\n\"%s\"=\"a long name\"\r\n", hex(wtf8.Encode("one\x00two\x00\x00")), bytes.Repeat([]byte("n"), 300))
	b.WriteString("[HKEY_LOCAL_MACHINE\\SOFTWARE\\Names\\Straße\\日本\\Привет 🔑]\r\n\"Ünïcode €\"=\"日本 🔑\"\r\n;@class=Class\r\n[-HKEY_LOCAL_MACHINE\\SOFTWARE\\Many\\key 0007]\r\n")
	return b.String()
}

// facts returns what a hive holds, one line for each key and value, with the data in
// hexadecimal.
func facts(t *testing.T, hive []byte, times bool) []string {
	t.Helper()
	r, err := registry.NewReader(bytes.NewReader(hive), int64(len(hive)))
	if err != nil {
		t.Fatal(err)
	}
	for p := range r.Problems() {
		t.Error(p)
	}
	var list []string
	for k, err := range r.Keys() {
		if err != nil {
			t.Fatal(err)
		}
		path := `\` + k.Path()
		if line := "K " + path; times {
			list = append(list, fmt.Sprint(line, " ", k.LastWrite.Unix()))
		} else {
			list = append(list, line)
		}
		for v, err := range k.Values() {
			if err != nil {
				t.Fatal(err)
			}
			data, err := v.Data()
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, fmt.Sprintf("V %s %q %d %x", path, v.Name, v.Type, data))
		}
	}
	slices.Sort(list)
	return list
}

func same(t *testing.T, got, want []string) {
	t.Helper()
	for _, list := range [...]struct {
		what       string
		one, other []string
	}{{"missing", want, got}, {"not expected", got, want}} {
		n := 0
		for _, line := range list.one {
			if _, found := slices.BinarySearch(list.other, line); !found {
				if n++; n <= 5 {
					t.Errorf("%s: %.200s", list.what, line)
				}
			}
		}
		if n > 5 {
			t.Errorf("%s: %d lines", list.what, n)
		}
	}
}

// The hive that is made does not depend on how the file is encoded.
func TestEncodings(t *testing.T) {
	text := large()
	code, want, problems := regmake(t, text, "-")
	if code != 0 || problems != "" {
		t.Fatalf("exit code %d: %s", code, problems)
	}
	if n := len(facts(t, want, true)); n < 3600 {
		t.Errorf("%d keys and values", n)
	}
	name := filepath.Join(t.TempDir(), "utf16.reg")
	if err := os.WriteFile(name, append([]byte{0xff, 0xfe}, wtf8.Encode(text)...), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, got, problems := regmake(t, "", name); code != 0 || problems != "" || !bytes.Equal(got, want) {
		t.Errorf("UTF-16: exit code %d, %d bytes, want %d: %s", code, len(got), len(want), problems)
	}
}

// hivexregedit imports the same file to a hive that holds the same, and what it exports of
// our hive gives that hive again.
func TestAgainstHivexregedit(t *testing.T) {
	tool := testenv.Tool(t, "hivexregedit")
	dir := t.TempDir()
	const prefix = `HKEY_LOCAL_MACHINE\SOFTWARE`
	write := func(name string, data []byte) string {
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	do := func(args ...string) []byte {
		cmd := exec.Command(tool, args...)
		cmd.Env = append(os.Environ(), "PERL_UNICODE=SDA", "LC_ALL=C.UTF-8")
		var out, stderr bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &stderr
		if err := cmd.Run(); err != nil {
			t.Fatalf("%v: %s", err, &stderr)
		}
		return out.Bytes()
	}
	// hivexregedit reads no names beyond ASCII, and wants an empty line before each key.
	text, _, _ := strings.Cut(large(), `[HKEY_LOCAL_MACHINE\SOFTWARE\Names`)
	text = strings.ReplaceAll(text, "\r\n[", "\r\n\r\n[")
	_, ours, problems := regmake(t, text)
	_, empty, _ := regmake(t, header+"["+prefix+"]\n")
	theirs := write("theirs", empty)
	do("--merge", "--prefix", prefix, theirs, write("in.reg", []byte(text)))
	merged, err := os.ReadFile(theirs)
	if err != nil || problems != "" {
		t.Fatal(err, problems)
	}
	same(t, facts(t, ours, false), facts(t, merged, false))

	_, whole, _ := regmake(t, large())
	exported := do("--export", "--prefix", prefix, write("ours", whole), `\`)
	code, again, problems := regmake(t, string(exported))
	if code != 0 {
		t.Fatal(problems)
	}
	same(t, facts(t, again, false), facts(t, whole, false))
}

const yarpFacts = `
import sys
from yarp import Registry
hive = Registry.RegistryHive(open(sys.argv[1], 'rb'))
out = []
def walk(k, path):
    out.append('K %s %d' % (path, int(k.last_written_timestamp().timestamp())))
    for v in k.values():
        name = v.name()
        data = v.data_raw()
        out.append('V %s\t%s\t%d\t%s' % (path, name, v.type_raw(), (data or b'').hex()))
    for s in k.subkeys():
        walk(s, (path if path != '\\' else '') + '\\' + s.name())
walk(hive.root_key(), '\\')
sys.stdout.buffer.write('\n'.join(out).encode())
`

// yarp reads the same keys, times, values and data.
func TestAgainstYarp(t *testing.T) {
	python := testenv.Python(t, "yarp")
	_, hive, _ := regmake(t, large())
	name := filepath.Join(t.TempDir(), "hive")
	if err := os.WriteFile(name, hive, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(python, "-c", yarpFacts, name).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	var theirs []string
	for line := range strings.SplitSeq(string(out), "\n") {
		if f := strings.Split(line, "\t"); len(f) == 4 {
			line = fmt.Sprintf("%s %q %s %s", f[0], f[1], f[2], f[3])
		}
		theirs = append(theirs, line)
	}
	slices.Sort(theirs)
	same(t, facts(t, hive, true), theirs)
}

// hivexml and reglookup find as many keys and values, and the same texts.
func TestAgainstListers(t *testing.T) {
	text, _, _ := strings.Cut(large(), `[HKEY_LOCAL_MACHINE\SOFTWARE\Names`) // reglookup prints ASCII
	_, hive, _ := regmake(t, text)
	name := filepath.Join(t.TempDir(), "hive")
	if err := os.WriteFile(name, hive, 0o600); err != nil {
		t.Fatal(err)
	}
	keys, values := 0, 0
	for _, line := range facts(t, hive, false) {
		if line[0] == 'K' {
			keys++
		} else {
			values++
		}
	}
	for _, tt := range []struct {
		tool       string
		args       []string
		key, value string
		text       string
	}{
		{"hivexml", nil, "<node ", "<value ", `default \ 1199 &quot;quoted&quot;`},
		{"reglookup", []string{"-H"}, ",KEY,", "", `default \ 1199 %22quoted%22`},
	} {
		t.Run(tt.tool, func(t *testing.T) {
			out, err := exec.Command(testenv.Tool(t, tt.tool), append(tt.args, name)...).Output()
			if err != nil {
				t.Fatal(err)
			}
			n := bytes.Count(out, []byte(tt.key))
			v := bytes.Count(out, []byte("\n")) - n
			if tt.value != "" {
				v = bytes.Count(out, []byte(tt.value))
			}
			if n != keys || v != values || !bytes.Contains(out, []byte(tt.text)) {
				t.Errorf("%d keys and %d values, want %d and %d; the text is there: %v", n, v, keys, values, bytes.Contains(out, []byte(tt.text)))
			}
		})
	}
}

func TestUsage(t *testing.T) {
	for _, tt := range []struct {
		in   string
		args []string
		code int
		want string
	}{
		{"", []string{"a", "b"}, 2, "want one FILE, got 2"},
		{"", []string{"-codepage", "7"}, 2, "-codepage 7: want one of [874 932"},
		{"", []string{"-time", "x"}, 2, "want a time such as"},
		{"x", nil, 1, `regmake: standard input: registrytest: line 1: want "Windows Registry Editor Version 5.00" or "REGEDIT4", got "x"`},
		{header + "[HKLM\\SYSTEM]\n[HKLM\\SOFTWARE]", nil, 1, `line 4: want a key below HKEY_LOCAL_MACHINE\SYSTEM, the root of the hive, got "HKLM\\SOFTWARE"`},
		{"", []string{"absent.reg"}, 1, "absent.reg"},
	} {
		code, out, problems := regmake(t, tt.in, tt.args...)
		if code != tt.code || len(out) > 0 || !strings.Contains(problems, tt.want) {
			t.Errorf("%q: exit code %d, %d bytes, %s", tt.args, code, len(out), problems)
		}
	}
	code, hive, _ := regmake(t, "REGEDIT4\n[HKCU\\Software\\\xcf]\n", "-time", "2026-03-02T00:00:00Z", "-codepage", "1251", "-root", "HKCU")
	if got := facts(t, hive, true); code != 0 || !slices.Equal(got, []string{`K \ 1772409600`, `K \Software 1772409600`, `K \Software\П 1772409600`}) {
		t.Errorf("exit code %d: %q", code, got)
	}
}
