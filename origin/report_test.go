package origin_test

import (
	"bytes"
	"encoding/json"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/birthmark-dfir/birthmark/origin"
)

// fill gives every string, number and time below v a value, and every slice two
// elements.
func fill(v reflect.Value, text string) {
	switch v.Kind() {
	case reflect.Pointer:
		fill(v.Elem(), text)
	case reflect.String:
		v.SetString(text)
	case reflect.Int, reflect.Int64:
		v.SetInt(7)
	case reflect.Uint64:
		v.SetUint(7)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range v.Len() {
			fill(v.Index(i), text)
		}
	case reflect.Struct:
		if _, ok := v.Interface().(time.Time); ok {
			v.Set(reflect.ValueOf(time.Date(2026, 3, 2, 13, 42, 9, 213_456_700, time.UTC)))
			return
		}
		for i := range v.NumField() {
			fill(v.Field(i), text)
		}
	}
}

// hostile holds what could act on a terminal, in a browser or on the eye of a reader.
const hostile = "a\x1b[2Jb\nVERDICT\r\x00\x7f\u009b31m\u202egnp.exe\u200b\u2028\U000e0041<script>alert('1')</script>\"'&<!--{{.}}\xff\xed\xa0\x80"

// Whatever evidence is in a string of a report, no form of the report lets it act.
func TestReportsEscapeEvidence(t *testing.T) {
	r := &origin.Report{}
	fill(reflect.ValueOf(r), hostile)
	for name, write := range map[string]func(io.Writer) error{"text": r.WriteText, "brief": r.WriteBrief, "json": r.WriteJSON, "html": r.WriteHTML} {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		out := b.String()
		if !utf8.ValidString(out) {
			t.Errorf("%s is not UTF-8", name)
		}
		for _, bad := range []string{"\x1b", "\r", "\x00", "\x7f", "\u009b", "\u202e", "\u200b", "\u2028", "\U000e0041", "\nVERDICT\r"} {
			if strings.Contains(out, bad) {
				t.Errorf("%s holds %q", name, bad)
			}
		}
		if name != "text" && name != "brief" && (strings.Contains(out, "<script") || strings.Contains(out, "<!--")) {
			t.Errorf("%s holds markup of the evidence", name)
		}
		if n := strings.Count(out, "gnp.exe"); n < 30 && name != "brief" || n < 8 {
			t.Errorf("%s shows only %d of the strings", name, n)
		}
	}
}

// What is missing still has its key: an empty array, an empty time.
func TestJSONOfAnEmptyReport(t *testing.T) {
	r := &origin.Report{
		Answers:        []origin.Answer{{Question: origin.What, Grade: origin.Recorded, Evidence: []origin.Citation{{}}}, {Question: origin.Reach, Grade: origin.Unknown, UnknownBecause: origin.SourceAbsent}},
		Contradictions: []origin.Contradiction{{}},
		Coverage:       []origin.Coverage{{}},
		Events:         []origin.Event{{}},
	}
	const head = `{
"tool": {"name": "", "version": "", "run": ""},
"evidence": [],
"machine": {"name": "", "former": [], "domain": "", "windows": "", "installed": "", "time_zone": "", "sid": "", "addresses": [], "evidence": []},
"subject": {"path": "", "volume": "", "mft_entry": 0, "size": 0, "md5": "", "sha1": "", "sha256": "", "owner_sid": ""},
"verdict": [],
`
	const want = head + `"answers": [
 {"question": "what", "answer": "", "grade": "recorded", "not_searched": [], "facts": [], "evidence": [{"artifact": "", "record": "", "offset": 0, "time": "", "text": ""}], "rivals": [], "alternative": {"text": "", "apart": ""}},
 {"question": "reach", "answer": "", "grade": "unknown", "unknown_because": "source_absent", "not_searched": [], "facts": [], "evidence": [], "rivals": [], "alternative": {"text": "", "apart": ""}}],
"actions": [],
"elsewhere": [],
"contradictions": [{"kind": "", "text": "", "touches": [], "evidence": []}],
"coverage": [{"artifact": "", "state": "", "records": 0, "first": "", "last": "", "problems": 0, "reason": "", "note": ""}],
"events": [{"time": "", "desc": "", "kind": "", "message": "", "path": "", "user": "", "sid": "", "artifact": "", "record": "", "offset": 0}]
}`
	compare := func(r *origin.Report, want string) {
		t.Helper()
		var got, expected bytes.Buffer
		if err := r.WriteJSON(&got); err != nil {
			t.Fatal(err)
		}
		if err := json.Indent(&expected, []byte(strings.ReplaceAll(want, "\n", "")), "", "  "); err != nil {
			t.Fatal(err)
		}
		if strings.TrimSpace(got.String()) != expected.String() {
			t.Errorf("got\n%s\nwant\n%s", &got, &expected)
		}
	}
	compare(r, want)
	compare(&origin.Report{}, head+`"answers": [], "actions": [], "elsewhere": [], "contradictions": [], "coverage": [], "events": []}`)
}

// A report that is read back equals the one that was written.
func TestJSONRoundTrip(t *testing.T) {
	want := &origin.Report{}
	fill(reflect.ValueOf(want), "x<>&\u202e\U000e0041\x1b")
	want.Coverage[0].First = time.Time{}
	var b bytes.Buffer
	if err := want.WriteJSON(&b); err != nil {
		t.Fatal(err)
	}
	got := &origin.Report{}
	if err := json.Unmarshal(b.Bytes(), got); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

// A time that RFC 3339 cannot express, as a hostile $MFT may hold, becomes the last
// one that it can. So the report can be read back.
func TestJSONOfAFarTime(t *testing.T) {
	far := time.Date(60056, 5, 28, 5, 36, 10, 955_161_500, time.UTC) // the last FILETIME
	r := &origin.Report{Events: []origin.Event{{Time: far}}}
	var b bytes.Buffer
	if err := r.WriteJSON(&b); err != nil || !strings.Contains(b.String(), `"9999-12-31T23:59:59.9999999Z"`) {
		t.Errorf("%v: %s", err, &b)
	}
	if err := json.Unmarshal(b.Bytes(), new(origin.Report)); err != nil {
		t.Error(err)
	}
}

// The report gives no size for a file that is gone.
func TestNoSizeOfWhatIsGone(t *testing.T) {
	for _, tt := range []struct {
		subject origin.Subject
		want    bool
	}{{origin.Subject{Path: `C:\a`}, false}, {origin.Subject{MFTEntry: 70}, true}, {origin.Subject{SHA256: "e3b0c442"}, true}, {origin.Subject{Size: 1}, true}} {
		r := &origin.Report{Subject: tt.subject}
		for name, write := range map[string]func(io.Writer) error{"text": r.WriteText, "html": r.WriteHTML} {
			var b bytes.Buffer
			if err := write(&b); err != nil {
				t.Fatal(err)
			}
			if got := strings.Contains(b.String(), " bytes"); got != tt.want {
				t.Errorf("%s of %+v has a size: %v", name, tt.subject, got)
			}
		}
	}
}

// An error of the writer is returned to the caller.
func TestWritersReportErrors(t *testing.T) {
	r := &origin.Report{}
	fill(reflect.ValueOf(r), strings.Repeat("x", 5000))
	for name, write := range map[string]func(io.Writer) error{"text": r.WriteText, "brief": r.WriteBrief, "json": r.WriteJSON, "html": r.WriteHTML} {
		if err := write(full{}); err != io.ErrShortWrite {
			t.Errorf("%s: %v", name, err)
		}
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

// Lines have at most 100 columns, except those with one long word.
func TestTextIsWrapped(t *testing.T) {
	r := &origin.Report{}
	fill(reflect.ValueOf(r), strings.Repeat("wörter und ", 40)+`C:\`+strings.Repeat("long", 50)+"  two spaces")
	var b bytes.Buffer
	if err := r.WriteText(&b); err != nil {
		t.Fatal(err)
	}
	for line := range strings.SplitSeq(b.String(), "\n") {
		n := utf8.RuneCountInString(line)
		whole := strings.HasPrefix(line, "ORIGIN OF") || strings.HasPrefix(line, "  path ") || slices.ContainsFunc([]string{"volume", "MD5", "SHA-", "owner"}, func(s string) bool { return strings.HasPrefix(strings.TrimSpace(line), s) })
		if long := strings.Contains(line, "longlong"); n > 100 && !long && !whole {
			t.Errorf("%d columns: %s", n, line)
		}
		if strings.HasSuffix(line, " ") {
			t.Errorf("a space ends %q", line)
		}
	}
	if !strings.Contains(b.String(), "  two spaces") {
		t.Error("spaces were joined: a command line with two of them cannot be found again")
	}
}
