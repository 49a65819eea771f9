package weblog_test

import (
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/weblog"
)

func TestSpanOfName(t *testing.T) {
	for name, want := range map[string]string{ // with a day on either side
		"u_ex260312.log":    "2026-03-11 2026-03-14",
		"U_EX260312_x.LOG":  "2026-03-11 2026-03-14",
		"ex260312.log":      "2026-03-11 2026-03-14",
		"u_ex260312.log.gz": "2026-03-11 2026-03-14",
		"u_ex26031223.log":  "2026-03-11 2026-03-14", // an hour
		"u_ex2603.log":      "2026-02-28 2026-04-02", // a month
		"u_ex260301.log":    "2026-02-28 2026-04-02", // a day, or the first week
		"u_ex260306.log":    "2026-02-28 2026-04-02",
		"u_ex261231.log":    "2026-12-30 2027-01-02",
		"u_ex269999.log":    "2034-06-06 2034-06-09", // it cannot be, and covers nothing that is
		"access.log":        "",
		"u_extend1.log":     "",
		"u_ex26031.log":     "",
		"u_in260312.log":    "",
		"u_ex260312.log.1":  "",
	} {
		from, to, ok := weblog.SpanOfName(name)
		got := ""
		if ok {
			got = from.Format(time.DateOnly) + " " + to.Format(time.DateOnly)
		}
		if got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}
