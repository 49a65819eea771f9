package main

import (
	"errors"
	"fmt"

	"github.com/birthmark-dfir/birthmark/internal/cli"
	"github.com/birthmark-dfir/birthmark/mft"
)

// A part is what is written about a range of entries. Workers make parts side by side,
// which are printed in order.
type part struct {
	first, end uint64
	out        []byte
	problems   []any
	more       int // problems that are not kept
	err        error
}

// An ownerProblem is one that many files share.
type ownerProblem struct{ error }

// partSize is how many entries a part has.
const partSize = 1024

// dump writes the records of one $MFT.
func (s *source) dump(p *cli.Program, make func() writer, deleted bool, workers int) error {
	err := s.parts(make, deleted, workers, func(t *part) error {
		for _, problem := range t.problems {
			if owner, ok := problem.(ownerProblem); ok {
				if s.reported[owner.Error()] || len(s.reported) >= maxProblems {
					continue
				}
				s.reported[owner.Error()] = true
				problem = owner.error
			}
			s.problem(p, problem)
		}
		s.problems += t.more
		p.Progress("%s: %d of %d", s.name, t.end, s.mft.Len())
		if _, err := p.Out.Write(t.out); err != nil {
			return err
		}
		return t.err
	})
	if err != nil {
		return err
	}
	if more := s.problems - maxProblems; more > 0 {
		p.Problem(fmt.Sprintf("%s: %d more problems", s.name, more))
	}
	return nil
}

// parts makes all parts and calls use for each, in order. An error of use ends it.
func (s *source) parts(make func() writer, deleted bool, workers int, use func(*part) error) error {
	count := (s.mft.Len() + partSize - 1) / partSize
	if workers == 1 || count <= 1 {
		var t part
		w := make()
		for i := range count {
			t.reset(i)
			s.write(&t, w, deleted)
			if err := use(&t); err != nil {
				return err
			}
		}
		return nil
	}
	return s.sideBySide(make, deleted, workers, count, use)
}

// sideBySide is parts for several workers. At most two parts for each of them wait to
// be printed.
func (s *source) sideBySide(makeWriter func() writer, deleted bool, workers int, count uint64, use func(*part) error) error {
	type job struct {
		*part
		done chan struct{}
	}
	if err := s.mft.Prepare(workers); err != nil {
		return err
	}
	jobs, order := make(chan job), make(chan job, 2*workers)
	free := make(chan *part, 2*workers+workers+2)
	stop := make(chan struct{})
	defer close(stop)
	go func() {
		defer close(order)
		defer close(jobs)
		for i := range count {
			var t *part
			select {
			case t = <-free:
			default:
				t = new(part)
			}
			t.reset(i)
			j := job{t, make(chan struct{})}
			select {
			case order <- j:
			case <-stop:
				return
			}
			select {
			case jobs <- j:
			case <-stop:
				return
			}
		}
	}()
	for range workers {
		go func() {
			own := &source{name: s.name, drive: s.drive, mft: s.mft, volume: s.volume, seen: map[string]bool{}}
			w := makeWriter()
			for j := range jobs {
				own.write(j.part, w, deleted)
				close(j.done)
			}
		}()
	}
	for j := range order {
		<-j.done
		if err := use(j.part); err != nil {
			return err
		}
		free <- j.part
	}
	return nil
}

// reset empties a part for the range with that number.
func (t *part) reset(i uint64) {
	t.first, t.end = i*partSize, (i+1)*partSize
	t.out = t.out[:0]
	t.problems, t.more, t.err = t.problems[:0], 0, nil
}

func (t *part) problem(problem any) {
	if len(t.problems) > maxProblems {
		t.more++
		return
	}
	t.problems = append(t.problems, problem)
}

// write writes the records in the range of a part.
func (s *source) write(t *part, w writer, deleted bool) {
	for rec, err := range s.mft.ScanRange(t.first, t.end) {
		if err != nil {
			var damage *mft.FormatError
			if !errors.As(err, &damage) {
				t.err = err
				return
			}
			t.problem(err)
			continue
		}
		for _, problem := range rec.Problems {
			t.problem(problem)
		}
		if tooMany(rec) {
			t.problem(fmt.Sprintf("$MFT: entry %d: %d names and %d streams: streams are listed under the best name only",
				rec.Entry, len(rec.FileNames), len(rec.Streams)))
		}
		if deleted && rec.InUse() {
			continue
		}
		s.file = file{Record: rec}
		if s.file.owner, err = s.mft.OwnerSID(rec); err != nil && !absent(err) && !s.seen[err.Error()] && len(s.seen) < maxProblems {
			s.seen[err.Error()] = true
			t.problem(ownerProblem{err})
		}
		t.out = w.append(t.out, s, &s.file)
	}
}
