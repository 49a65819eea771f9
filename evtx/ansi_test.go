package evtx_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/charmap"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/evtx/evtxtest"
	"github.com/birthmark-dfir/birthmark/internal/codepage"
	"github.com/birthmark-dfir/birthmark/internal/testenv"
)

// ansiTexts has a text in each code page, and what evtx_dump calls the code page.
var ansiTexts = []struct {
	codePage int
	bytes    string
	want     string
	rust     string
}{
	{874, "\xca\xc7\xd1\xca\xb4\xd5", "สวัสดี", "windows-874"},
	{932, "\x93\xfa\x96\x7b\x8c\xea\\\xb1", "日本語\\ｱ", "windows-31j"},
	{936, "\xd6\xd0\xce\xc4", "中文", "gbk"},
	{949, "\xc7\xd1\xb1\xb9\xbe\xee", "한국어", "windows-949"},
	{950, "\xc1\x63\xc5\xe9", "繁體", "big5"},
	{1250, "\x9e\xe1ba", "žába", "windows-1250"},
	{1251, "\xcf\xf0\xe8\xe2\xe5\xf2", "Привет", "windows-1251"},
	{1252, "caf\xe9 \x80", "café €", "windows-1252"},
	{1253, "\xe3\xe5\xe9\xdc", "γειά", "windows-1253"},
	{1254, "\xfe\xf0\xdd", "şğİ", "windows-1254"},
	{1255, "\xf9\xec\xe5\xed", "שלום", "windows-1255"},
	{1256, "\xe3\xd1\xcd\xc8\xc7", "مرحبا", "windows-1256"},
	{1257, "\xf0\xfb\xfe", "šūž", "windows-1257"},
	{1258, "\xd0\xf5", "Đơ", "windows-1258"},
	{54936, "\xd6\xd0\xce\xc4\x94\x39\xda\x33", "中文💩", "gb18030"},
	{65001, "\xc3\xa9", "é", "utf-8"},
}

func ansiLog(t *testing.T, text string) []byte {
	t.Helper()
	return valueLog(t, evtx.NewValue(evtx.AnsiType, []byte(text)))
}

// Every code page gives its text in every form of an event.
func TestANSI(t *testing.T) {
	var tested []int
	for _, tt := range ansiTexts {
		tested = append(tested, tt.codePage)
		log := ansiLog(t, tt.bytes+"\x00hidden")
		for rec, err := range open(t, log, evtx.WithANSI(codepage.Encoding(tt.codePage))).Records() {
			if err != nil {
				t.Fatal(err)
			}
			e, err := rec.Event()
			if err != nil || e.Text("V") != tt.want {
				t.Errorf("%d: value %q, %v; want %q", tt.codePage, e.Text("V"), err, tt.want)
			}
			if v, _ := e.Lookup("V"); string(v.Bytes()) != tt.bytes+"\x00hidden" {
				t.Errorf("%d: bytes %q", tt.codePage, v.Bytes())
			}
			for name, f := range map[string]func([]byte) ([]byte, error){"JSON": rec.AppendJSON, "XML": rec.AppendXML, "typed": rec.AppendTyped} {
				text, err := f(nil)
				want := tt.want
				if name != "XML" {
					want = strings.ReplaceAll(want, `\`, `\\`)
				}
				if err != nil || !bytes.Contains(text, []byte(want)) || bytes.Contains(text, []byte("hidden")) {
					t.Errorf("%d: %s %s, %v; want %s", tt.codePage, name, text, err, want)
				}
			}
		}
	}
	if pages := codepage.Numbers(); !slices.Equal(tested, pages) {
		t.Errorf("tested %v, there are %v", tested, pages)
	}
}

// The elements of an array, and the values of a tree, know the code page too.
func TestANSIEverywhere(t *testing.T) {
	array := valueLog(t, evtx.NewValue(evtx.AnsiType|evtx.ArrayFlag, []byte("\xcf\x00\xf0\x00")))
	between := rawLog(data(func(a *assembler) {
		named(a, "V", func() { a.text("<"); a.slot(0); a.text(">") })
	}, wire{evtx.AnsiType, []byte("\xcf\xf0")}))
	for _, tt := range []struct {
		name string
		log  []byte
		want string
	}{{"an array", array, "П,р"}, {"between texts", between, "<Пр>"}} {
		for rec := range open(t, tt.log, evtx.WithANSI(charmap.Windows1251)).Records() {
			e, err := rec.Event()
			if err != nil || e.Text("V") != tt.want {
				t.Errorf("%s: %q, %v; want %q", tt.name, e.Text("V"), err, tt.want)
			}
		}
	}
}

// The text fields of a struct know the code page.
func TestANSITyped(t *testing.T) {
	e, err := evtx.EventOf(&evtx.Security4688{System: evtx.System{TimeCreated: time.Unix(0, 0)}})
	if err != nil {
		t.Fatal(err)
	}
	for i := range e.Fields {
		if e.Fields[i].Name == "NewProcessName" {
			e.Fields[i].Value = evtx.NewValue(evtx.AnsiType, []byte("\xcf\xf0.exe"))
		}
	}
	log, err := evtxtest.Bytes(e)
	if err != nil {
		t.Fatal(err)
	}
	for rec := range open(t, log, evtx.WithANSI(charmap.Windows1251)).Records() {
		typed, err := rec.Typed()
		if p, ok := typed.(*evtx.Security4688); err != nil || !ok || p.NewProcessName != "Пр.exe" {
			t.Errorf("got %+v, %v", typed, err)
		}
	}
}

// No encoding is that of most machines.
func TestANSIDefault(t *testing.T) {
	log := ansiLog(t, "caf\xe9 \x80\x81")
	for name, opts := range map[string][]evtx.Option{"no option": nil, "nil": {evtx.WithANSI(charmap.Windows1251), evtx.WithANSI(nil)}} {
		for rec := range open(t, log, opts...).Records() {
			e, err := rec.Event()
			if err != nil || e.Text("V") != "café €\u0081" {
				t.Errorf("%s: %q, %v", name, e.Text("V"), err)
			}
		}
	}
	if codepage.Encoding(437) != nil {
		t.Error("437, which DOS used, is a code page of Windows")
	}
}

// Bytes that are no text are replaced, and nothing panics.
func TestANSIOfBrokenText(t *testing.T) {
	all := make([]byte, 0, 510)
	for b := range 255 {
		all = append(all, byte(b+1), byte(255-b))
	}
	for _, page := range codepage.Numbers() {
		for rec := range open(t, ansiLog(t, string(all)), evtx.WithANSI(codepage.Encoding(page))).Records() {
			e, err := rec.Event()
			if s := e.Text("V"); err != nil || s == "" || strings.ToValidUTF8(s, "") != s {
				t.Errorf("%d: %q, %v", page, s, err)
			}
		}
	}
}

// evtx_dump prints the same text for the same code page.
func TestANSIOfEvtxDump(t *testing.T) {
	tool := testenv.Tool(t, "evtx_dump")
	for _, tt := range ansiTexts {
		log := ansiLog(t, tt.bytes)
		name := filepath.Join(t.TempDir(), "log.evtx")
		if err := os.WriteFile(name, log, 0o600); err != nil {
			t.Fatal(err)
		}
		theirs, err := exec.Command(tool, "-t", "1", "-o", "jsonl", "--ansi-codec", tt.rust, name).Output()
		if err != nil {
			t.Errorf("%d: %v", tt.codePage, err)
			continue
		}
		for rec := range open(t, log, evtx.WithANSI(codepage.Encoding(tt.codePage))).Records() {
			ours, _ := rec.AppendJSON(nil)
			if string(ours) != strings.TrimSpace(string(theirs)) {
				t.Errorf("%d:\n ours   %s\n theirs %s", tt.codePage, ours, theirs)
			}
		}
	}
}
