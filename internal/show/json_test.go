package show_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/show"
)

func TestJSONLine(t *testing.T) {
	for _, text := range []string{
		"", `C:\Users\Ünal\"a b".exe`, "a\x1b]0;pwn\x07", "one\r\n\ttwo", "invoice\u202efdp.exe", "csi \u009b31m\u2028\ufeff\x7f", "tag \U000e0041 𝄞 <b>&amp;",
		"\U0010f800\U0010ffff", `\ufffd`, "\ufffd",
	} {
		line, err := show.JSONLine(map[string]any{text: []string{text}})
		if err != nil {
			t.Fatal(err)
		}
		body := strings.TrimSuffix(string(line), "\n")
		if len(body) != len(line)-1 || acts(body) {
			t.Errorf("%q acts in %q", text, line)
		}
		var back map[string][]string
		if err := json.Unmarshal(line, &back); err != nil || len(back[text]) != 1 || back[text][0] != text {
			t.Errorf("%q came back as %q: %v", text, back, err)
		}
	}
	if _, err := show.JSONLine(func() {}); err == nil {
		t.Error("a function was written")
	}
}

type inner struct{ Name string }

// quoted has a form of its own.
type quoted string

func (q quoted) MarshalJSON() ([]byte, error) { return json.Marshal("[" + string(q) + "]") }

// Halves of surrogate pairs are written as such wherever they are, beside
// everything else that a value may hold. The value stays as it is.
func TestJSONOfHalves(t *testing.T) {
	type row struct {
		inner
		Text   string            `json:"text"`
		Empty  string            `json:"empty,omitempty"`
		List   []string          `json:"list"`
		Array  [1]string         `json:"array"`
		Map    map[string]string `json:"map"`
		Any    any               `json:"any"`
		Nested *inner            `json:"nested"`
		None   *inner            `json:"none"`
		No     []string          `json:"no"`
		NoMap  map[string]string `json:"no_map"`
		NoAny  any               `json:"no_any"`
		Time   time.Time         `json:"time"`
		Quoted quoted            `json:"quoted"`
		Bytes  []byte            `json:"bytes"`
		Number int               `json:"number"`
		hidden string
	}
	const half = "\xed\xa0\x80"
	v := row{
		inner: inner{half}, Text: "a" + half + "b\xff\ufffd\U0010fffd", List: []string{half, "x"}, Array: [1]string{half}, Map: map[string]string{half: "\xed\xbf\xbf"},
		Any: []any{half, 1}, Nested: &inner{half}, Time: time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC), Quoted: half, Bytes: []byte{1}, Number: 7, hidden: half,
	}
	want := `{"Name":"\ud800","text":"a\ud800b` + "\ufffd\ufffd" + `\udbff\udffd","list":["\ud800","x"],"array":["\ud800"],"map":{"\ud800":"\udfff"},` +
		`"any":["\ud800",1],"nested":{"Name":"\ud800"},"none":null,"no":null,"no_map":null,"no_any":null,"time":"2026-03-02T00:00:00Z",` +
		`"quoted":"[\ud800]","bytes":"AQ==","number":7}` + "\n"
	got, err := show.JSONLine(&v)
	if err != nil || string(got) != want {
		t.Errorf("got  %s%v\nwant %s", got, err, want)
	}
	if v.List[0] != half || v.Nested.Name != half || v.Map[half] == "" || v.hidden != half {
		t.Errorf("the value became %+v", v)
	}
	if got, err := show.JSONDocument([]string{half + "<"}); err != nil || string(got) != "[\n  \"\\ud800\\u003c\"\n]\n" {
		t.Errorf("document: got %s, %v", got, err)
	}
	if got, err := show.JSONLine(nil); err != nil || string(got) != "null\n" {
		t.Errorf("nil: got %s, %v", got, err)
	}
}
