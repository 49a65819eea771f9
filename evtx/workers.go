package evtx

import (
	"iter"
	"sync"
	"sync/atomic"
)

// WithWorkers makes MapChunks read and work on n chunks at the same time, each in its
// own goroutine. By default, and if n is less than 2, it starts no goroutine: the one
// that ranges does the work. It never starts more goroutines than the log has chunks.
// Memory grows with n: at most n chunks and 2n results are held.
func WithWorkers(n int) Option { return func(c *config) { c.workers = n } }

// MapChunks calls f for each chunk of a log and yields the results in the order of
// Reader.Chunks, whatever the number of workers. A chunk and its records are valid
// only until f returns, because their memory is reused. With workers, several
// goroutines call f at the same time, each with a different chunk.
//
// Errors come from the underlying reader and end the iteration. It is safe to stop
// early and to range again; no goroutine is left behind. If f panics, so does the
// range.
func MapChunks[T any](r *Reader, f func(*Chunk) T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		if r != nil && r.workers > 1 {
			mapParallel(r, f, yield)
			return
		}
		chunk := new(Chunk)
		for c, err := range r.chunks(func() *Chunk { return chunk }) {
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
	unused   bool // the chunk was never written
	err      error
	panicked any
}

// mapParallel starts the workers and yields their results in order. At most 2n chunks
// are begun that are not yielded, so each has a channel of its own.
func mapParallel[T any](r *Reader, f func(*Chunk) T, yield func(T, error) bool) {
	var none T
	order, err := r.order()
	if err != nil {
		yield(none, err)
		return
	}
	n := min(r.workers, len(order))
	results := make([]chan mapped[T], 2*n)
	for i := range results {
		results[i] = make(chan mapped[T], 1)
	}
	begun := make(chan struct{}, len(results))
	stop := make(chan struct{})
	var next atomic.Int64 // index of the next chunk to begin
	var workers sync.WaitGroup
	for range n {
		workers.Go(func() {
			c := new(Chunk)
			for {
				select {
				case begun <- struct{}{}:
				case <-stop:
					return
				}
				i := int(next.Add(1)) - 1
				if i >= len(order) {
					return
				}
				results[i%len(results)] <- mapChunk(r, c, order[i], f)
			}
		})
	}
	defer workers.Wait() // no goroutine outlives the range
	defer close(stop)
	for i := range order {
		m := <-results[i%len(results)]
		<-begun
		switch {
		case m.panicked != nil:
			panic(m.panicked)
		case m.err != nil:
			yield(none, m.err)
			return
		case !m.unused && !yield(m.value, nil):
			return
		}
	}
}

// mapChunk reads chunk n into c and calls f for it.
func mapChunk[T any](r *Reader, c *Chunk, n int, f func(*Chunk) T) (m mapped[T]) {
	defer func() { m.panicked = recover() }()
	if m.err = r.load(c, n); m.err != nil {
		return m
	}
	if m.unused = c.unused(); !m.unused {
		m.value = f(c)
	}
	return m
}
