package hostile

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/child"
)

// A Campaign attacks one parser with mutants of some sound files.
type Campaign struct {
	Format  Format
	Parser  string   // what the table calls it
	Command []string // starts a child that serves Format.Name
	Sound   []string // paths of sound files
	Seed    uint64
	Mutants int
	// Findings is the directory that gets a file for each finding; empty keeps
	// none.
	Findings string
	// Time and memory of one mutant; zero stands for DefaultTime and for
	// MemoryFactor × the file's size + MemoryBase.
	Time time.Duration
}

// The limits that a parser must keep on any input.
const (
	DefaultTime  = 2 * time.Second
	MemoryFactor = 8
	MemoryBase   = 64 << 20
)

// A Finding is a mutant that a parser did not stand.
type Finding struct {
	Kind   string // "panic", "hang", "memory", "babble", "silent loss"
	File   string // the sound file
	Number uint64 // of the mutant
	What   []string
	Detail string
	Saved  string // the path of the mutant, where findings are kept
}

// A Result is a row of the table.
type Result struct {
	Format, Parser string
	Files, Mutants int
	Panics, Hangs  int
	Memory, Babble int
	// Lossy counts the mutants that lack a record which the damage did not
	// touch, or show it changed. The parser reported damage in all but Silent
	// of them; in Far of them such a record lies outside the damaged unit (the
	// chunk of a log, the record of a $MFT).
	Lossy, Silent, Far int
	LostRecords        int // in all lossy mutants
	Records            int // untouched records of all mutants, the sum that LostRecords is a part of
	Slowest            time.Duration
	Peak               int64
	Findings           []Finding
}

// sound is a file with what the parser says of it undamaged.
type sound struct {
	name    string
	data    []byte
	records map[identity]known
}

type identity struct {
	key    string
	offset int64
}

type known struct {
	size   int64
	digest uint64
}

// Run makes the mutants and asks the parser about each. The error is of the
// campaign itself: a file that cannot be read, a child that cannot be started,
// the end of ctx.
func (c Campaign) Run(ctx context.Context, progress func(done int)) (Result, error) {
	res := Result{Format: c.Format.Name, Parser: c.Parser, Files: len(c.Sound)}
	if len(c.Sound) == 0 {
		return res, fmt.Errorf("hostile: no sound %s file to damage", c.Format.Name)
	}
	dir, err := os.MkdirTemp("", "birthmark-hostile-")
	if err != nil {
		return res, err
	}
	defer os.RemoveAll(dir)
	proc := child.New(c.Command...)
	defer proc.Close()

	var files []sound
	var donors [][]byte
	for _, name := range c.Sound {
		s, err := c.read(ctx, proc, name)
		if err != nil {
			return res, err
		}
		files, donors = append(files, s), append(donors, s.data)
	}
	for n := range c.Mutants {
		file := &files[n%len(files)]
		mutant := c.Format.Mutate(file.data, donors, c.Seed, uint64(n))
		if err := c.attack(ctx, proc, dir, file, uint64(n), &mutant, &res); err != nil {
			return res, err
		}
		res.Mutants++
		if progress != nil {
			progress(res.Mutants)
		}
	}
	return res, nil
}

// read asks the parser about a sound file, without limits of memory: a rival
// that swells on it already shall still be tried.
func (c Campaign) read(ctx context.Context, proc *child.Process, name string) (sound, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return sound{}, err
	}
	s := sound{filepath.Base(name), data, map[identity]known{}}
	_, err = proc.Ask(ctx, child.Request{Format: c.Format.Name, Path: name, Digest: true}, child.Limits{Time: time.Minute}, func(r child.Record) {
		s.records[identity{r.Key, r.Offset}] = known{r.Size, r.Digest}
	})
	return s, err
}

func (c Campaign) attack(ctx context.Context, proc *child.Process, dir string, file *sound, n uint64, mutant *Mutant, res *Result) error {
	path := filepath.Join(dir, "mutant")
	if err := os.WriteFile(path, mutant.Data, 0o600); err != nil {
		return err
	}
	limits := child.Limits{Time: c.Time, Memory: MemoryFactor*int64(len(mutant.Data)) + MemoryBase}
	if limits.Time == 0 {
		limits.Time = DefaultTime
	}
	seen := make(map[identity]uint64, len(file.records))
	reply, err := proc.Ask(ctx, child.Request{Format: c.Format.Name, Path: path, Digest: true}, limits, func(r child.Record) {
		seen[identity{r.Key, r.Offset}] = r.Digest
	})
	if err != nil {
		return err
	}
	res.Slowest = max(res.Slowest, reply.Wall)
	res.Peak = max(res.Peak, reply.Peak)
	finding := Finding{File: file.name, Number: n, What: mutant.What, Detail: reply.Stderr}
	switch reply.Fate {
	case child.Died:
		finding.Kind = "panic"
		res.Panics++
	case child.Hung:
		finding.Kind = "hang"
		res.Hangs++
	case child.Swelled:
		finding.Kind, finding.Detail = "memory", fmt.Sprintf("%d bytes, limit %d", reply.Peak, limits.Memory)
		res.Memory++
	case child.Babbled:
		finding.Kind, finding.Detail = "babble", reply.Error
		res.Babble++
	default:
		finding.Kind, finding.Detail = c.compare(file, mutant, seen, reply, res)
	}
	if finding.Kind == "" {
		return nil
	}
	finding.Saved, err = c.save(finding, mutant)
	res.Findings = append(res.Findings, finding)
	return err
}

// compare counts the records that the damage did not touch and that are gone or
// changed all the same.
func (c Campaign) compare(file *sound, mutant *Mutant, seen map[identity]uint64, reply child.Reply, res *Result) (kind, detail string) {
	lost, far := 0, 0
	var first identity
	size := int64(len(file.data))
	for id, was := range file.records {
		if id.offset < 0 || mutant.Touches(id.offset, id.offset+max(1, was.size)) {
			continue
		}
		res.Records++
		if now, ok := seen[id]; ok && now == was.digest {
			continue
		}
		if lost == 0 || id.offset < first.offset {
			first = id
		}
		lost++
		if unit := c.Format.unit(size, id.offset); !mutant.Touches(unit.Start, unit.End) {
			far++
		}
	}
	if lost == 0 {
		return "", ""
	}
	res.Lossy++
	res.LostRecords += lost
	if far > 0 {
		res.Far++
	}
	if reply.Problems > 0 || reply.Error != "" {
		return "", ""
	}
	res.Silent++
	return "silent loss", fmt.Sprintf("%d untouched records gone or changed, the first %s at %#x", lost, first.key, first.offset)
}

// save keeps a mutant with the words that say how to make it again.
func (c Campaign) save(f Finding, mutant *Mutant) (string, error) {
	if c.Findings == "" {
		return "", nil
	}
	name := fmt.Sprintf("%s-%s-%s-seed%d-%d", c.Format.Name, c.Parser, strings.ReplaceAll(f.Kind, " ", "-"), c.Seed, f.Number)
	path := filepath.Join(c.Findings, name)
	text := fmt.Sprintf("%s by %s: %s\nmutant %d of seed %d of %s\n%s\n%s\n", f.Kind, c.Parser, c.Format.Name, f.Number, c.Seed, f.File,
		strings.Join(f.What, "\n"), f.Detail)
	return path, errors.Join(os.WriteFile(path, mutant.Data, 0o600), os.WriteFile(path+".txt", []byte(text), 0o600))
}
