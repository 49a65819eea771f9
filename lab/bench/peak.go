package main

import (
	"sync/atomic"
	"time"

	"github.com/birthmark-dfir/birthmark/lab/internal/child"
)

// A peakWatch reads the largest resident set of a running program every millisecond.
// It is for small programs, whose peak is hidden in the system's count at their end;
// see peakMemory.
type peakWatch struct {
	quit, done chan struct{}
	peak       atomic.Int64
}

func watchPeak(pid int) *peakWatch {
	w := &peakWatch{quit: make(chan struct{}), done: make(chan struct{})}
	go func() {
		defer close(w.done)
		for tick := time.NewTicker(time.Millisecond); ; {
			w.peak.Store(max(w.peak.Load(), child.Peak(pid)))
			select {
			case <-tick.C:
			case <-w.quit:
				tick.Stop()
				return
			}
		}
	}()
	return w
}

// stop ends the watch and returns the peak in bytes, or 0 if it is not known. The peak
// of a nil watch is not known.
func (w *peakWatch) stop() int64 {
	if w == nil {
		return 0
	}
	close(w.quit)
	<-w.done
	return w.peak.Load()
}
