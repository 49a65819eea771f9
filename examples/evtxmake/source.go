package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"

	"github.com/birthmark-dfir/birthmark/evtx"
)

// source is a file of events.
type source struct {
	name string
	d    *json.Decoder
	n    int         // events read
	next *evtx.Event // or nil at the end
}

func newSource(name string, in io.Reader) *source { return &source{name: name, d: json.NewDecoder(in)} }

// read reads the next event.
func (s *source) read() (err error) {
	s.n++
	var line json.RawMessage
	switch err = s.d.Decode(&line); {
	case errors.Is(err, io.EOF):
		s.next = nil
		return nil
	case err == nil && bytes.HasPrefix(bytes.TrimLeft(line[1:], " \t\r\n"), []byte(`"kind"`)):
		s.next, err = evtx.ParseTyped(line)
	case err == nil:
		s.next, err = evtx.ParseJSON(line)
	}
	if err != nil {
		return fmt.Errorf("%s: event %d: %w", s.name, s.n, err)
	}
	return nil
}

// merged yields the events of all sources in order of time. The events of one source keep
// their order. An error is the last that it yields.
func merged(sources []*source) iter.Seq2[*evtx.Event, error] {
	return func(yield func(*evtx.Event, error) bool) {
		for _, s := range sources {
			if err := s.read(); err != nil {
				yield(nil, err)
				return
			}
		}
		for {
			var first *source
			for _, s := range sources {
				if s.next != nil && (first == nil || s.next.TimeCreated.Before(first.next.TimeCreated)) {
					first = s
				}
			}
			if first == nil || !yield(first.next, nil) {
				return
			}
			if err := first.read(); err != nil {
				yield(nil, err)
				return
			}
		}
	}
}
