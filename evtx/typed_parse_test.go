package evtx_test

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/evtx/evtxtest"
	"github.com/birthmark-dfir/birthmark/internal/testenv"
)

// The typed lines of a log that was written from typed lines are the same, but for the
// name and the offset.
func TestTypedLinesAreAFixedPoint(t *testing.T) {
	lines, refused, different := 0, 0, 0
	why := map[string]int{}
	for _, name := range append(testenv.CorpusGlob(t, "evtx/evtx-rs/*.evtx"), testenv.CorpusGlob(t, "evtx/attack-samples/*.evtx")...) {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for rec, err := range open(t, data).Records() {
			if err != nil {
				continue
			}
			line, err := rec.AppendTyped(nil)
			if err != nil {
				continue
			}
			lines++
			e, err := evtx.ParseTyped(line)
			if err != nil {
				why[err.Error()]++
				refused++
				continue
			}
			log, err := evtxtest.Bytes(e)
			if err != nil {
				why[err.Error()]++
				refused++
				continue
			}
			again := only(t, log)
			if got, err := again.AppendTyped(nil); err != nil || !bytes.Equal(afterOffset(got), afterOffset(line)) {
				if different++; different < 9 {
					t.Logf("%s, record %d (%v):\n got  %s\n want %s", name, rec.ID, err, got, line)
				}
			}
		}
	}
	// Events without a channel or a provider cannot be written: of records that are
	// mostly zeros, and of one log that is not Windows' own. One SID has revision 0.
	if lines == 0 || refused > 420 || different > 0 {
		t.Errorf("%d lines, %d refused: %v; %d different", lines, refused, why, different)
	}
}

// afterOffset returns a line from its time on.
func afterOffset(line []byte) []byte { return line[max(0, bytes.Index(line, []byte(`"time":`))):] }

func TestTypedLinesThatCannotBeParsed(t *testing.T) {
	for _, tt := range []struct{ name, line, want string }{
		{"not JSON", "x", "evtx: typed line: invalid character 'x'"},
		{"not an object", "[]", "evtx: typed line: not an object"},
		{"an unknown kind", `{"kind":"security-1"}`, `evtx: typed line: member "kind": no kind is called "security-1"`},
		{"an unknown member", `{"kind":"rdp-23","Users":"x"}`, `evtx: typed line: member "Users": an event of this kind does not have it`},
		{"a member without a kind", `{"kind":"event","User":"x"}`, `evtx: typed line: member "User": an event of this kind does not have it`},
		{"an unknown member of system", `{"kind":"event","system":{"Levels":1}}`, `evtx: typed line: member "system": member "Levels": an event of this kind does not have it`},
		{"a number that does not fit", `{"kind":"rdp-23","SessionID":4294967296}`, `evtx: typed line: member "SessionID": evtx: a value of type 0x08: strconv.ParseUint: parsing "4294967296": value out of range`},
		{"text in place of a number", `{"kind":"rdp-23","SessionID":"x"}`, `evtx: typed line: member "SessionID": evtx: a value of type 0x08: strconv.ParseUint: parsing "x": invalid syntax`},
		{"a list of two types", `{"kind":"event","data":[{"name":"A","value":[1,"x"]}]}`, `evtx: typed line: member "data": item 0: item 1: not of one type with those before it`},
		{"more than one object", `{"kind":"event"}{}`, "evtx: typed line: more than one object"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := evtx.ParseTyped([]byte(tt.line)); err == nil || !strings.Contains(strings.ReplaceAll(err.Error(), "\n", " "), tt.want) {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}
