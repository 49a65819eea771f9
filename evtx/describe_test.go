package evtx

import (
	"testing"
	"time"
	"unsafe"

	"github.com/birthmark-dfir/birthmark/winid"
)

// Every sentence can be parsed, and names only fields of its struct.
func TestSentences(t *testing.T) {
	for _, k := range declared().kinds {
		k.ready()
		if k.sentence.text == "" {
			t.Errorf("%s has no sentence", k.Name)
		}
		k.sentence.append(nil, k.structs(1))
		if k.sentence.err != nil {
			t.Error(k.sentence.err)
		}
		if _, err := winid.ParseGUID(k.system.ProviderGUID.String()); err != nil {
			t.Errorf("%s: %v", k.Name, err)
		}
		for i, n := range k.positions {
			if k.fields[n].position != i {
				t.Errorf("%s: field %s is not the next Data element without a name", k.Name, k.fields[n].name)
			}
		}
	}
}

// described is a struct for the sentences of the test.
type described struct {
	System
	Domain, User string
	Address      string
	LogonId      uint64 `evtx:",hex"`
	LogonType    winid.LogonType
	Status       winid.NTStatus `evtx:",hex"`
	Handle       uint64         `evtx:"HandleId,pointer"`
	Process      uint64         `evtx:"ProcessId,pointer"`
	Session      uint32
	UtcTime      time.Time
	Extra        []Field
}

func TestDescribe(t *testing.T) {
	full := described{Domain: "CORP", User: "amy", Address: "10.0.0.5", LogonId: 0x3e7, LogonType: 3, UtcTime: time.Date(2026, 1, 2, 3, 4, 5, 6000000, time.UTC)}
	for _, tt := range []struct {
		name, text string
		event      described
		want       string
	}{
		{"text", "nothing", full, "nothing"},
		{"a field", "from {Address}", full, "from 10.0.0.5"},
		{"an empty field", "from {Address}", described{}, "from -"},
		{"a dash is empty", "{Address|User}", described{Address: "-", User: "amy"}, "amy"},
		{"an account", `{Domain\User} logged on`, full, `CORP\amy logged on`},
		{"an account without a domain", `{Domain\User} logged on`, described{User: "amy"}, "amy logged on"},
		{"no account", `{Domain\User|"someone"} logged on`, described{Domain: "-", User: "-"}, "someone logged on"},
		{"hexadecimal", "LogonId {LogonId}", full, "LogonId 0x3e7"},
		{"hexadecimal 0 is empty", "logged on[, LogonId {LogonId}]", described{}, "logged on"},
		{"decimal 0 is a value", "session {Session}", described{}, "session 0"},
		{"a type that names its values", "type {LogonType}", full, "type 3 (Network)"},
		{"a status always has a value", "status {Status}", described{}, "status 0x0 (success)"},
		{"a process identifier is decimal", "process {Process}", described{Process: 500}, "process 500"},
		{"a handle is hexadecimal", "handle {Handle}", described{Handle: 500}, "handle 0x1f4"},
		{"a time", "at {UtcTime}", full, "at 2026-01-02T03:04:05.006Z"},
		{"an option", "logged on[, from {Address}]", full, "logged on, from 10.0.0.5"},
		{"an option without its field", "logged on[, from {Address}]", described{}, "logged on"},
		{"an option in an option", "on[ from {Address}[ of {Domain}]]!", described{Address: "10.0.0.5"}, "on from 10.0.0.5!"},
		{"an option needs all its fields", "on[ from {Address} of {Domain}]!", described{Address: "10.0.0.5"}, "on!"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			k := declaredFor(tt.text)
			if got := string(k.sentence.append(nil, unsafe.Pointer(&tt.event))); got != tt.want || k.sentence.err != nil {
				t.Errorf("got %q, want %q (%v)", got, tt.want, k.sentence.err)
			}
		})
	}
}

func TestSentencesThatCannotBeParsed(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"{Address", "evtx: sentence of demo-1: { without }"},
		{"[a", "evtx: sentence of demo-1: [ without ]"},
		{"a]", "evtx: sentence of demo-1: ] without ["},
		{"{Nobody}", `evtx: sentence of demo-1: no field is called "Nobody"`},
		{"{Channel}", `evtx: sentence of demo-1: no field is called "Channel"`}, // of System
		{`{Domain\Nobody}`, `evtx: sentence of demo-1: no field is called "Nobody"`},
	} {
		k := declaredFor(tt.text)
		k.sentence.append(nil, unsafe.Pointer(&described{}))
		if k.sentence.err == nil || k.sentence.err.Error() != tt.want {
			t.Errorf("%s: got %v, want %s", tt.text, k.sentence.err, tt.want)
		}
	}
}

// declaredFor returns a kind with a sentence, without declaring it.
func declaredFor(text string) *Kind {
	return newKind(&declaration{source: source{name: "demo"}, id: 1, text: text, structType: structOf[described, *described]{}})
}
