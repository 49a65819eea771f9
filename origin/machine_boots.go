package origin

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/timeline"
)

// boots divides time at the starts of the machine. PIDs and LogonIds are reassigned
// after each start, so nothing is joined by them across one.
type boots struct {
	starts []time.Time // in order; a record at or after one belongs to its boot
}

// of returns the number of the boot that t is in, or 0 before the first start that
// was logged.
func (b *boots) of(t time.Time) int {
	n, _ := slices.BinarySearchFunc(b.starts, t, func(start, t time.Time) int {
		if start.After(t) {
			return 1
		}
		return -1
	})
	return n
}

// same reports whether no start of the machine was logged between two times.
func (b *boots) same(t, u time.Time) bool { return b.of(t) == b.of(u) }

// bootMark is a record of a start or a shutdown.
type bootMark struct {
	at    time.Time
	start bool
}

// A start of the machine is logged several times within this duration, by the kernel,
// the event log service and the Security log.
const oneStart = 3 * time.Minute

// newBoots joins the marks of the same start. If a shutdown was logged, the next boot
// begins right after it: the kernel and the first processes are logged with times
// before the first mark of a start.
func newBoots(marks []bootMark) boots {
	slices.SortStableFunc(marks, func(a, b bootMark) int { return a.at.Compare(b.at) })
	var b boots
	var lastStart, shutdown time.Time
	for _, m := range marks {
		switch {
		case !m.start:
			shutdown = m.at
		case !shutdown.IsZero():
			b.starts = append(b.starts, shutdown.Add(1))
			lastStart, shutdown = m.at, time.Time{}
		case lastStart.IsZero() || m.at.Sub(lastStart) > oneStart:
			b.starts = append(b.starts, m.at)
			lastStart = m.at
		}
	}
	return b
}

// bootMarkOf returns the start or shutdown in a log record.
func bootMarkOf(e *timeline.Event) (bootMark, bool) {
	switch d := e.Data.(type) {
	case *evtx.Sysmon1:
		return bootMark{e.Time, true}, isWininit(d.Image)
	case *evtx.Security4688:
		return bootMark{e.Time, true}, isWininit(d.NewProcessName)
	case *evtx.System12, *evtx.Security4608, *evtx.System6005, *evtx.System6008, *evtx.System6009: // 6008: the last shutdown was unexpected
		return bootMark{e.Time, true}, true
	case *evtx.System13, *evtx.System6006:
		return bootMark{e.Time, false}, true
	case *evtx.System6013:
		s, err := strconv.ParseUint(strings.TrimSpace(d.Uptime), 10, 32)
		return bootMark{e.Time.Add(-time.Duration(s) * time.Second), true}, err == nil && s > 0
	}
	return bootMark{}, false
}

// isWininit reports whether an image is wininit.exe in its place, which starts once
// in every boot.
func isWininit(image string) bool {
	rest := winpath.Fold(winpath.Normalize("C", image))
	return strings.HasSuffix(rest, `:\WINDOWS\SYSTEM32\WININIT.EXE`)
}
