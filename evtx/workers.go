package evtx

import "iter"

// WithWorkers makes MapChunks work on n chunks at a time, each in a goroutine of
// its own. The default, and anything below 2, is none: the work is done by the
// goroutine that ranges. Memory grows with n: at most 2n chunks and results are
// held.
func WithWorkers(n int) Option { return func(r *Reader) { r.workers = n } }

// MapChunks calls f for each chunk of a log and yields the results in the order
// of Reader.Chunks, whatever the number of workers. With workers f is called by
// several goroutines at a time, each with a chunk of its own.
//
// An error is final: it is one of the underlying reader. Breaking off early is
// safe, and so is ranging again; no goroutine is left behind. A panic of f comes
// out of the range.
func MapChunks[T any](r *Reader, f func(*Chunk) T) iter.Seq2[T, error] {
	if r.workers > 1 {
		return func(yield func(T, error) bool) { mapParallel(r, f, yield) }
	}
	return func(yield func(T, error) bool) {
		for c, err := range r.Chunks() {
			var out T
			if err == nil {
				out = f(c)
			}
			if !yield(out, err) {
				return
			}
		}
	}
}

// mapped is what a worker made of a chunk.
type mapped[T any] struct {
	value    T
	panicked any
}

// mapParallel reads the chunks, hands each to a goroutine, and yields what the
// oldest one made when 2n are under way.
func mapParallel[T any](r *Reader, f func(*Chunk) T, yield func(T, error) bool) {
	slots := make(chan struct{}, r.workers)
	var queue []chan mapped[T]
	defer func() { // no goroutine outlives the range
		for _, q := range queue {
			<-q
		}
	}()
	next := func() bool {
		q := queue[0]
		queue = queue[1:]
		m := <-q
		if m.panicked != nil {
			panic(m.panicked)
		}
		return yield(m.value, nil)
	}
	for c, err := range r.Chunks() {
		if err != nil {
			for len(queue) > 0 {
				if !next() {
					return
				}
			}
			var none T
			yield(none, err)
			return
		}
		if len(queue) == 2*r.workers && !next() {
			return
		}
		q := make(chan mapped[T], 1)
		queue = append(queue, q)
		go func() {
			slots <- struct{}{}
			var m mapped[T]
			defer func() {
				m.panicked = recover()
				<-slots
				q <- m
			}()
			m.value = f(c)
		}()
	}
	for len(queue) > 0 {
		if !next() {
			return
		}
	}
}
