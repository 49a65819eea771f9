package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/evtx/evtxtest"
)

// Each filter selects events by what their System element says, and several filters
// select what meets them all.
func TestFilters(t *testing.T) {
	at := time.Date(2026, 3, 2, 13, 42, 0, 0, time.UTC)
	sys := func(provider, channel string, id uint16, minutes int) evtx.System {
		return evtx.System{Provider: provider, Channel: channel, EventID: id, TimeCreated: at.Add(time.Duration(minutes) * time.Minute)}
	}
	const security, scm = "Microsoft-Windows-Security-Auditing", "Service Control Manager"
	log, err := evtxtest.Bytes( // numbered from 1
		&evtx.Event{System: sys(security, "Security", 4624, 0), Element: "EventData"},
		&evtx.Event{System: sys(security, "Security", 4634, 1), Element: "EventData"},
		&evtx.Event{System: sys(scm, "System", 7036, 2), Element: "EventData"},
		&evtx.Event{System: sys(scm, "System", 7045, 24*60), Element: "EventData"},
		&evtx.Event{System: sys("Demo", "Security", 4624, 3), Element: "EventData"},
	)
	dir := t.TempDir()
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "a.evtx"), log, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		args string
		want []int
	}{
		{"", []int{1, 2, 3, 4, 5}},
		{"-id 4624", []int{1, 5}},
		{"-id 4624,7045", []int{1, 4, 5}},
		{"-id 4624 -id 7045", []int{1, 4, 5}},
		{"-id 4600-4700", []int{1, 2, 5}},
		{"-id 7000-", []int{3, 4}},
		{"-channel system", []int{3, 4}},
		{"-channel System,Security", []int{1, 2, 3, 4, 5}},
		{"-provider demo", []int{5}},
		{"-kind security-4624,system-7045", []int{1, 4}},
		{"-records 2-4", []int{2, 3, 4}},
		{"-records 4", []int{4}},
		{"-records 4-", []int{4, 5}},
		{"-records -2", []int{1, 2}},
		{"-from 2026-03-03", []int{4}},
		{"-to 2026-03-03", []int{1, 2, 3, 5}},
		{"-from 2026-03-02T13:43 -to 2026-03-02T13:45:00", []int{2, 3}},
		{"-from 2026-03-02T14:44:00+01:00", []int{3, 4, 5}},
		{"-to 2026-03-02T13:42:00Z", nil},
		{"-channel Security -id 4624 -records 2-", []int{5}},
	} {
		out, problems, code := evtxdump(t, dir, append(strings.Fields(tt.args), "-format", "typed", "a.evtx")...)
		var got []int
		for line := range strings.Lines(out) {
			var row struct {
				ID int `json:"record_id"`
			}
			if err := json.Unmarshal([]byte(line), &row); err != nil {
				t.Fatal(err)
			}
			got = append(got, row.ID)
		}
		if !slices.Equal(got, tt.want) || problems != "" || code != 0 {
			t.Errorf("%s: records %v, want %v; code %d, %s", tt.args, got, tt.want, code, problems)
		}
	}
}
