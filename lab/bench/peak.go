package main

import (
	"sync/atomic"
	"time"

	"github.com/birthmark-dfir/birthmark/lab/internal/child"
)

// A peakWatch asks a running program for its largest resident set every
// millisecond. It serves the small programs, whose peak the system's own count
// at their end hides; see peakMemory.
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

// stop ends the watch and returns the peak in bytes; 0 where none was seen. A nil
// watch saw none.
func (w *peakWatch) stop() int64 {
	if w == nil {
		return 0
	}
	close(w.quit)
	<-w.done
	return w.peak.Load()
}
