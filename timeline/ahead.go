package timeline

import "sync"

// ahead makes events before they are asked for, in goroutines: those of makers that can
// fork. It holds a few batches of them.
type ahead struct {
	order chan *batch // as they are asked for
	free  chan *batch // used ones
	now   *batch
	stop  chan struct{}
	wait  sync.WaitGroup
}

// batch is a part of the refs, and the events that were made of them.
type batch struct {
	refs   []ref
	events []event
	done   chan struct{}
	at     int // the next one
}

type event struct {
	Event
	made bool // or its maker cannot fork
}

// aheadSize is how many refs a batch has.
const aheadSize = 512

func newAhead(refs []ref, makers []maker, workers int) *ahead {
	a := &ahead{order: make(chan *batch, 2*workers), free: make(chan *batch, 4*workers), stop: make(chan struct{})}
	jobs := make(chan *batch)
	a.wait.Go(func() {
		defer close(a.order)
		defer close(jobs)
		for len(refs) > 0 {
			var b *batch
			select {
			case b = <-a.free:
			default:
				b = &batch{done: make(chan struct{}, 1)}
			}
			b.refs, b.at = refs[:min(aheadSize, len(refs))], 0
			refs = refs[len(b.refs):]
			for _, to := range []chan<- *batch{a.order, jobs} {
				select {
				case to <- b:
				case <-a.stop:
					return
				}
			}
		}
	})
	for range workers {
		a.wait.Go(func() {
			own := make([]maker, len(makers))
			for i, m := range makers {
				if m, ok := m.(forker); ok {
					own[i] = m.fork()
				}
			}
			for b := range jobs {
				b.make(own)
				b.done <- struct{}{}
			}
		})
	}
	return a
}

func (b *batch) make(makers []maker) {
	if b.events == nil {
		b.events = make([]event, aheadSize)
	}
	for i, r := range b.refs {
		if m := makers[r.source]; m != nil {
			b.events[i] = event{m.make(r), true}
		} else {
			b.events[i] = event{}
		}
	}
}

// next returns the event of the next ref, and whether it was made.
func (a *ahead) next() (Event, bool) {
	if a.now == nil {
		a.now = <-a.order
		<-a.now.done
	}
	b := a.now
	e := b.events[b.at]
	if b.at++; b.at == len(b.refs) {
		a.now = nil
		select {
		case a.free <- b:
		default:
		}
	}
	return e.Event, e.made
}

// close waits until nothing is read any more.
func (a *ahead) close() {
	close(a.stop)
	a.wait.Wait()
}
