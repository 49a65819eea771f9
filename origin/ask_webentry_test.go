package origin

import (
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/weblog"
)

func TestRequestFits(t *testing.T) {
	at := time.Date(2026, 3, 2, 13, 42, 11, 0, time.UTC)
	timed := weblog.Request{Time: at, Taken: 3 * time.Second}
	untimed := weblog.Request{Time: at, Taken: -1}
	for _, tt := range []struct {
		r     weblog.Request
		after time.Duration
		want  bool
	}{
		{timed, 0, true}, {timed, -3 * time.Second, true}, {timed, -4 * time.Second, true}, {timed, -5 * time.Second, false},
		{timed, 1900 * time.Millisecond, true}, {timed, 2 * time.Second, false},
		{untimed, -30 * time.Second, true}, {untimed, -32 * time.Second, false},
	} {
		if got := fits(&tt.r, at.Add(tt.after)); got != tt.want {
			t.Errorf("%v after: %v, want %v", tt.after, got, tt.want)
		}
	}
}

func TestStaticRequests(t *testing.T) {
	for uri, want := range map[string]bool{"/a/styles.CSS": true, "/a.aspx": false, "/": false, "/a.php": false, "/x.aspx/y.css": true} {
		if got := static(&weblog.Request{Method: "GET", Path: uri}); got != want {
			t.Errorf("%s: %v, want %v", uri, got, want)
		}
	}
	if static(&weblog.Request{Method: "POST", Path: "/a.css"}) {
		t.Error("a POST is handled by a program")
	}
}
