package evtx

import (
	"iter"
	"sync"
)

// WithWorkers makes MapChunks work on n chunks at the same time, each in its own
// goroutine. By default, and if n is less than 2, it starts no goroutine: the one
// that ranges does the work. It never starts more goroutines than the log has chunks.
// Memory grows with n: at most 2n chunks and results are held.
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

// mapped is the result of a worker for a chunk.
type mapped[T any] struct {
	value    T
	panicked any
}

// mapParallel reads the chunks and passes them to the workers. It yields the oldest
// result when 2n chunks are in use, so that no more than that are held.
func mapParallel[T any](r *Reader, f func(*Chunk) T, yield func(T, error) bool) {
	type job struct {
		chunk  *Chunk
		result chan mapped[T]
	}
	n := max(1, min(r.workers, r.count()))
	jobs := make(chan job)
	free := make(chan *Chunk, 2*n)
	for range cap(free) {
		free <- new(Chunk)
	}
	var workers sync.WaitGroup
	for range n {
		workers.Go(func() {
			for j := range jobs {
				j.result <- call(f, j.chunk)
				free <- j.chunk
			}
		})
	}
	defer workers.Wait() // no goroutine outlives the range
	defer close(jobs)
	var queue []chan mapped[T]
	next := func() bool {
		m := <-queue[0]
		queue = queue[1:]
		if m.panicked != nil {
			panic(m.panicked)
		}
		return yield(m.value, nil)
	}
	for c, err := range r.chunks(func() *Chunk { return <-free }) {
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
		if len(queue) == cap(free)-1 && !next() { // one more is being read
			return
		}
		result := make(chan mapped[T], 1)
		queue = append(queue, result)
		jobs <- job{c, result}
	}
	for len(queue) > 0 {
		if !next() {
			return
		}
	}
}

func call[T any](f func(*Chunk) T, c *Chunk) (m mapped[T]) {
	defer func() { m.panicked = recover() }()
	m.value = f(c)
	return m
}
