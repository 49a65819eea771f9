package hostile

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/birthmark-dfir/birthmark/lab/internal/child"
)

// A Campaign attacks one parser with mutants of some sound files.
type Campaign struct {
	Format  Format
	Parser  string   // its name in the table
	Command []string // starts a child that serves Format.Name
	Sound   []string // paths of sound files
	Seed    uint64
	First   uint64 // number of the first mutant
	Mutants int
	// Findings is the directory that gets two files for each finding: the mutant,
	// and a text that records how it was made. If it is empty, findings are not
	// saved.
	Findings string
	Losses   bool          // treat reported losses as findings too
	Time     time.Duration // limit for one mutant; 0 means DefaultTime
}

// The limits that a parser must keep on any input: the time DefaultTime, and memory
// of MemoryFactor times the size of the file plus MemoryBase bytes.
const (
	DefaultTime  = 2 * time.Second
	MemoryFactor = 8
	MemoryBase   = 64 << 20

	// patience is by how much the time limit of the second try is longer.
	patience = 5
)

// A Result is a row of the table.
type Result struct {
	Format, Parser string
	Absent         string // why the parser could not be run, or ""
	Files, Mutants int
	Panics, Hangs  int
	Memory, Babble int
	// Lossy counts the mutants with lost untouched records. Silent counts those
	// among them in which the parser reported nothing.
	Lossy, Silent int
	Lost          int // untouched records lost, in all mutants
	Judged        int // untouched records of all mutants
	Slowest       time.Duration
	Peak          int64 // largest resident set of the child, in bytes; 0 if unknown
	Findings      []Finding
}

// A subject is a sound file and what the parser finds in it.
type subject struct {
	*Sound
	records  map[identity]known
	problems int
	err      string
}

// known is what is known of a record of a sound file.
type known struct {
	digest    uint64
	footprint []Range // nil if the record is not judged
}

type identity struct {
	key    string
	offset int64
}

// run is a running campaign.
type run struct {
	Campaign
	proc *child.Process
	path string // of the current mutant
	res  Result
}

// Run makes the mutants and runs the parser on each. It returns an error only if the
// campaign itself fails, because a file cannot be read or ctx ends. The result covers
// the mutants that were tried before the error.
func (c Campaign) Run(ctx context.Context, progress func(done int)) (Result, error) {
	r := &run{Campaign: c, res: Result{Format: c.Format.Name, Parser: c.Parser, Files: len(c.Sound)}}
	if len(c.Sound) == 0 {
		return r.res, fmt.Errorf("hostile: no sound %s file to damage", c.Format.Name)
	}
	if r.Time == 0 {
		r.Time = DefaultTime
	}
	dir, err := os.MkdirTemp("", "birthmark-hostile-")
	if err != nil {
		return r.res, err
	}
	defer os.RemoveAll(dir)
	r.path = filepath.Join(dir, "mutant")
	r.proc = child.New(c.Command...)
	defer r.proc.Close()
	if err := r.probe(ctx); err != nil || r.res.Absent != "" {
		return r.res, err
	}

	var subjects []*subject
	var donors []*Sound
	for _, name := range c.Sound {
		s, err := r.read(ctx, name)
		if err != nil {
			return r.res, err
		}
		subjects, donors = append(subjects, s), append(donors, s.Sound)
	}
	for n := c.First; r.res.Mutants < c.Mutants; n++ {
		s := subjects[n%uint64(len(subjects))]
		if err := r.attack(ctx, s, n, s.Mutate(donors, c.Seed, n)); err != nil {
			return r.res, err
		}
		r.res.Mutants++
		if progress != nil {
			progress(r.res.Mutants)
		}
	}
	return r.res, nil
}

// probe finds out whether the parser can be run at all.
func (r *run) probe(ctx context.Context) error {
	reply, err := r.proc.Ask(ctx, child.Request{Format: r.Format.Name}, child.Limits{Time: time.Minute}, nil)
	switch {
	case ctx.Err() != nil:
		return err
	case err != nil:
		r.res.Absent = err.Error()
	case reply.NoParser:
		r.res.Absent = reply.Error
	case reply.Fate != child.Answered:
		r.res.Absent = fmt.Sprintf("%s without a file: %.200s", reply.Fate, reply.Stderr)
	}
	return nil
}

// read runs the parser on a sound file. A rival that cannot read the file is attacked
// too; it has no records to lose.
func (r *run) read(ctx context.Context, name string) (*subject, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	s := &subject{Sound: r.Format.NewSound(filepath.Base(name), data), records: map[identity]known{}}
	footprint := byOffset(nil)
	if r.Format.footprints != nil {
		footprint = r.Format.footprints(data)
	}
	req := child.Request{Format: r.Format.Name, Path: name, Digest: true}
	reply, err := r.proc.Ask(ctx, req, child.Limits{Time: time.Minute}, func(rec child.Record) {
		s.records[identity{rec.Key, rec.Offset}] = known{rec.Digest, footprint(rec.Key, rec.Offset)}
	})
	s.problems, s.err = reply.Problems, reply.Error
	return s, err
}

// attack runs the parser on one mutant and judges the answer.
func (r *run) attack(ctx context.Context, s *subject, n uint64, mutant Mutant) error {
	if err := os.WriteFile(r.path, mutant.Data, 0o600); err != nil {
		return err
	}
	limits := child.Limits{Time: r.Time, Memory: MemoryFactor*int64(len(mutant.Data)) + MemoryBase}
	var seen map[identity]uint64
	var reply child.Reply
	for range 2 {
		seen = make(map[identity]uint64, len(s.records))
		var err error
		reply, err = r.proc.Ask(ctx, child.Request{Format: r.Format.Name, Path: r.path, Digest: true}, limits, func(rec child.Record) {
			seen[identity{rec.Key, rec.Offset}] = rec.Digest
		})
		if err != nil {
			return err
		}
		if reply.Fate != child.Hung {
			break
		}
		limits.Time = patience * r.Time // the machine may be busy
	}
	r.res.Slowest = max(r.res.Slowest, reply.Wall)
	r.res.Peak = max(r.res.Peak, reply.Peak)
	f := Finding{Format: r.Format.Name, Parser: r.Parser, File: s.Name, Seed: r.Seed, Number: n, What: mutant.What, Fate: reply.Fate, Stderr: reply.Stderr}
	switch reply.Fate {
	case child.Died:
		f.Kind = "panic"
		r.res.Panics++
	case child.Hung:
		f.Kind, f.Detail = "hang", fmt.Sprintf("over %s, and again over %s", r.Time, limits.Time)
		r.res.Hangs++
	case child.Swelled:
		f.Kind, f.Detail = "memory", fmt.Sprintf("%d bytes, limit %d", max(reply.Peak, reply.Grown), limits.Memory)
		r.res.Memory++
	case child.Babbled:
		f.Kind, f.Detail = "babble", reply.Error
		r.res.Babble++
	default:
		f.Kind, f.Detail = r.compare(s, mutant, seen, reply)
	}
	if f.Kind == "" {
		return nil
	}
	err := f.save(r.Findings, mutant.Data)
	r.res.Findings = append(r.res.Findings, f)
	return err
}

// compare counts the untouched records that are lost.
func (r *run) compare(s *subject, mutant Mutant, seen map[identity]uint64, reply child.Reply) (kind, detail string) {
	changed := differences(s.Data, mutant.Data)
	lost := 0
	var first identity
	for id, was := range s.records {
		if was.footprint == nil || touched(changed, was.footprint) {
			continue
		}
		r.res.Judged++
		if now, ok := seen[id]; ok && now == was.digest {
			continue
		}
		if lost == 0 || id.offset < first.offset {
			first = id
		}
		lost++
	}
	if lost == 0 {
		return "", ""
	}
	r.res.Lossy++
	r.res.Lost += lost
	detail = fmt.Sprintf("%d untouched records lost, the first %q at %#x", lost, first.key, first.offset)
	switch reported := reply.Problems > s.problems || reply.Error != "" && reply.Error != s.err; {
	case !reported && withoutChecksum[r.Format.Name]:
		r.res.Silent++
		return "", ""
	case !reported:
		r.res.Silent++
		return "silent loss", detail
	case r.Losses:
		return "loss", detail
	}
	return "", ""
}
