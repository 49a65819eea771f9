package timeline

import (
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/show"
)

// A text that is put together from one that was escaped before is as if it were escaped
// as a whole.
func TestKnownText(t *testing.T) {
	var k knownText
	for _, first := range []string{"", `C:\a.exe`, "C:\\=\"\x1b[2J\u202e", "C:\\half\xed\xa0\x80", "C:\\\xff", `C:\a.exe`, "Ünal"} {
		for _, rest := range []string{"", " was created", "\xed\xb0\x80 was", "\u0301", "\"", "\x80"} {
			for _, value := range []string{first + rest, "x" + first, ""} {
				got, want := newObject(nil), newObject(nil)
				got.textOf(&k, "message", value, first)
				want.text("message", value)
				if string(got.line()) != string(want.line()) {
					t.Errorf("%q behind %q: got %s, want %s", value, first, got.line(), want.line())
				}
				if value != "" {
					if escaped := show.AppendJSON(nil, value); string(got.b) != `{"message":`+string(escaped) {
						t.Errorf("%q: %s", value, got.b)
					}
				}
			}
		}
	}
}

func TestTimesketchClock(t *testing.T) {
	var c timesketchClock
	day := time.Date(2026, 3, 2, 13, 42, 11, 0, time.UTC)
	for _, d := range []time.Duration{0, time.Microsecond, 123456 * time.Microsecond, time.Second, time.Second + 999999*time.Microsecond, -56 * 365 * 24 * time.Hour, 0} {
		for _, at := range []time.Time{day.Add(d), time.Unix(0, 0).UTC().Add(d)} {
			if got, want := string(c.append(nil, at)), `"`+at.Format("2006-01-02T15:04:05.000000+00:00")+`"`; got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		}
	}
}
