package main

import (
	"context"
	"encoding/binary"
	"fmt"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/lab/internal/child"
)

// A reading is what one parser finds in an artifact.
type reading struct {
	records []entry // in the order of the parser
	byKey   map[string]int
	byPlace map[int64]int
	fates   []string // failures; empty if the parser read to the end
	errors  int      // number of problems that it reported
}

// An entry is a record with its fields packed, since there may be millions.
type entry struct {
	key    string
	offset int64
	fields string
}

func newReading() reading { return reading{byKey: map[string]int{}, byPlace: map[int64]int{}} }

// add keeps a record. If its key repeats, the key gets a number.
func (r *reading) add(rec child.Record) {
	key := rec.Key
	for n := 2; ; n++ {
		if _, ok := r.byKey[key]; !ok {
			break
		}
		key = fmt.Sprintf("%s (%d)", rec.Key, n)
	}
	i := len(r.records)
	r.byKey[key] = i
	if _, ok := r.byPlace[rec.Offset]; !ok && rec.Offset >= 0 {
		r.byPlace[rec.Offset] = i
	}
	r.records = append(r.records, entry{key, rec.Offset, pack(rec.Fields)})
}

// find returns the record that corresponds to e, a record of another reading: the one
// at the same offset or, if one of the parsers does not know offsets, the one with the
// same key.
func (r *reading) find(e entry) (int, bool) {
	if e.offset >= 0 {
		if i, ok := r.byPlace[e.offset]; ok {
			return i, true
		}
	}
	i, ok := r.byKey[e.key]
	if ok && e.offset >= 0 && r.records[i].offset >= 0 {
		return 0, false
	}
	return i, ok
}

// pack makes one string of fields: names and values, each after its length.
func pack(fields []child.Field) string {
	var b []byte
	for _, f := range fields {
		for _, s := range []string{f.Name, f.Value} {
			b = append(binary.AppendUvarint(b, uint64(len(s))), s...)
		}
	}
	return string(b)
}

// unpack returns the values of each field by its name.
func unpack(s string) map[string][]string {
	next := func() string {
		n, size := binary.Uvarint([]byte(s[:min(len(s), binary.MaxVarintLen64)]))
		text := s[size : size+int(n)]
		s = s[size+int(n):]
		return text
	}
	m := map[string][]string{}
	for s != "" {
		name := next()
		m[name] = append(m[name], next())
	}
	return m
}

// read runs a parser. If the parser fails, the records that it gave before count, or
// if it can also read record by record, the records of a second run that does so.
func (c *checker) read(ctx context.Context, name string, a artifact) (reading, error) {
	r, fate, err := c.ask(ctx, name, a.format, a.path)
	if err != nil || fate == child.Answered {
		return r, err
	}
	if _, ok := c.parsers[name].formats[a.format+guarded]; !ok {
		return r, nil
	}
	again, _, err := c.ask(ctx, name, a.format+guarded, a.path)
	again.fates = append(r.fates, again.fates...)
	if again.errors > 0 {
		again.fates = append(again.fates, fmt.Sprintf("%s, read%s, refused %d parts", name, guarded, again.errors))
	}
	return again, err
}

func (c *checker) ask(ctx context.Context, name, format, path string) (reading, child.Fate, error) {
	r := newReading()
	req := child.Request{Format: format, Path: path, Prompt: true}
	reply, err := c.process(name).Ask(ctx, req, c.limits, r.add)
	if ctx.Err() != nil {
		return r, "", ctx.Err()
	}
	if err != nil {
		r.fates = append(r.fates, fmt.Sprintf("%s is absent: %v", name, err))
		return r, child.Answered, nil
	}
	r.errors = reply.Problems
	failed := func(format string, args ...any) {
		r.fates = append(r.fates, name+" "+fmt.Sprintf(format, args...)+fmt.Sprintf(", after %d records", len(r.records)))
	}
	switch {
	case reply.Fate == child.Died:
		failed("died: %s", cause(reply.Stderr))
	case reply.Fate == child.Hung:
		failed("hung: stopped after %v", reply.Wall.Round(time.Second))
	case reply.Fate == child.Swelled:
		failed("used too much memory: %d MiB", reply.Peak>>20)
	case reply.Fate == child.Babbled:
		failed("printed %s", reply.Error)
	case reply.Error != "":
		failed("gave up: %s", strings.ReplaceAll(reply.Error, path, "the artifact"))
	}
	return r, reply.Fate, nil
}

// cause returns the line of a crashed program's output that names the cause.
func cause(stderr string) string {
	first, _, _ := strings.Cut(stderr, "\n")
	for line := range strings.Lines(stderr) {
		if strings.HasPrefix(line, "panic:") || strings.HasPrefix(line, "fatal error:") || strings.HasPrefix(line, "runtime:") {
			return strings.TrimSpace(line)
		}
	}
	return first
}
