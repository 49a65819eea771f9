// Evtxdump prints the events of Windows event logs: single files, all logs below a
// folder, or all logs on the volumes of a disk image or triage folder.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/internal/cli"
	"github.com/birthmark-dfir/birthmark/internal/codepage"
)

func main() {
	debug.SetGCPercent(400) // the program keeps a few MiB, and reuses them
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

const notes = `
jsonl and xml print the same values as evtx_dump -o jsonl and -o xml. typed prints
one object per line: kind, log, record_id, offset (of the record in the log, in
bytes), time, system, then the fields under Windows' own names. If the kind of an
event is not known, its kind is "event" and its data is a list of names and values.
splunk-xml prints one event per line, as Splunk's source type XmlWinEventLog.

-recovered also prints the records that a log does not list, each marked with how
much of it is certain (whole, values only, torn), why it is not listed, and its
offset. -carve prints those of files that are not logs, such as unallocated space,
the memory of a machine or a page file.

Logs are recognized by content, also if their header is lost. LOG may be - for
standard input. Events must meet all filters. -id, -channel, -provider and -kind take
several values, separated by commas. TIME is 2026-03-02, 2026-03-02T13:42:09 or any
time of RFC 3339; without a zone it is UTC.`

func run(args []string, stdout, stderr io.Writer) int {
	p := cli.New("evtxdump", "[-format F] [-workers N] [-recovered] [-carve] [filters] LOG|FOLDER|EVIDENCE…", stdout, stderr)
	var names []string
	for _, f := range formats {
		names = append(names, f.name)
	}
	format := p.String("format", "jsonl", "write `F`: "+strings.Join(names, ", "))
	workers := p.Int("workers", 0, "decode `N` chunks of 64 KiB at a time (0: as many as the machine has processors)")
	ansi := p.Int("ansi", codepage.Default, "read text without Unicode in the Windows code page `N`, such as 932")
	recovered := p.Bool("recovered", false, "also print records that the log does not list, marked as recovered")
	carve := p.Bool("carve", false, "print only what can be recovered, from files of any kind")
	var filter evtx.Filter
	filterFlags(p.FlagSet, &filter)
	usage := p.Usage
	p.Usage = func() {
		usage()
		fmt.Fprintln(stderr, notes)
	}
	return p.Run(args, func() error {
		at := slices.Index(names, *format)
		switch {
		case p.NArg() == 0:
			return cli.Usagef("want at least one LOG, FOLDER or EVIDENCE")
		case at < 0:
			return cli.Usagef("format %q: want one of %s", *format, strings.Join(names, ", "))
		case *workers < 0 || *workers > 1024:
			return cli.Usagef("workers %d: want 0 to 1024", *workers)
		case codepage.Encoding(*ansi) == nil:
			return cli.Usagef("ansi %d: want one of %v", *ansi, codepage.Numbers())
		}
		if *workers == 0 {
			*workers = runtime.GOMAXPROCS(0)
		}
		opts := []evtx.Option{evtx.WithWorkers(*workers), evtx.WithFilter(filter)}
		if *ansi != codepage.Default {
			opts = append(opts, evtx.WithANSI(codepage.Encoding(*ansi)))
		}
		read := 0
		for _, name := range p.Args() {
			newDumper := func(log string) *dumper {
				return &dumper{log: log, encode: formats[at].append, typed: *format == "typed"}
			}
			var err error
			if *carve {
				if err = newDumper(name).carve(p, opts); err == nil {
					read++
				}
			} else {
				err = eachLog(p, name, func(l log) error {
					r, err := evtx.NewReader(l.r, l.size, append(opts, evtx.WithName(l.name))...)
					if err != nil {
						p.Problem(named(l.name, err))
						return nil
					}
					read++
					d := newDumper(l.name)
					if err := dump(p, r, d); err != nil || !*recovered {
						return err
					}
					return d.recovered(p, r.Recovered())
				})
			}
			var failed writeError
			if errors.As(err, &failed) {
				return failed.error
			}
			if err != nil {
				p.Problem(err)
			}
		}
		if read == 0 {
			return errors.New("no event log could be read: want logs (.evtx), or evidence that holds them")
		}
		return nil
	})
}

// writeError reports that the output cannot be written. No other error ends the
// program early.
type writeError struct{ error }

// dump writes the records of a log and reports the damaged ones.
func dump(p *cli.Program, r *evtx.Reader, d *dumper) error {
	for problem := range r.HeaderProblems() {
		p.Problem(problem)
	}
	for out, err := range evtx.MapChunks(r, d.chunk) {
		if err != nil {
			return named(d.log, err)
		}
		p.Progress("%s: %d KiB", d.log, out.end>>10)
		for _, problem := range out.problems {
			p.Problem(problem)
		}
		if _, err := p.Out.Write(out.text); err != nil {
			return writeError{err}
		}
		d.buffers.Put(&out.text)
	}
	return nil
}

// named prefixes an error with the name of a log, unless it has the name already.
func named(log string, err error) error {
	if damage.Is(err) {
		return err
	}
	return fmt.Errorf("%s: %w", log, err)
}

// dumper turns chunks into text.
type dumper struct {
	log     string
	encode  func(dst []byte, rec *evtx.Record) ([]byte, error)
	typed   bool
	buffers sync.Pool // of *[]byte
}

// output is the text and the problems of a chunk.
type output struct {
	text     []byte
	problems []any // errors of records, and problems of the chunk itself
	end      int64 // offset of the chunk's end in the log
}

// maxText bounds the text of a chunk. Real chunks have less than 1 MiB, but a
// crafted chunk can hold hundreds of records that expand to megabytes each.
const maxText = 64 << 20

func (d *dumper) chunk(c *evtx.Chunk) output {
	out := output{end: c.Offset + 65536}
	if buf, ok := d.buffers.Get().(*[]byte); ok {
		out.text = (*buf)[:0]
	} else {
		out.text = make([]byte, 0, 2*65536) // most chunks have less text
	}
	for problem := range c.Problems() {
		out.problems = append(out.problems, problem)
	}
	var rec evtx.Record // declared once, since its address escapes
	for next, err := range c.Records() {
		rec = next
		if err == nil && len(out.text) > maxText {
			out.problems = append(out.problems, fmt.Errorf("%s: chunk %d: record %d and later ones left out: more than %d MiB of text", d.log, c.Number, rec.ID, maxText>>20))
			break
		}
		if err == nil {
			out.text, err = d.encode(out.text, &rec)
		}
		if err != nil {
			out.problems = append(out.problems, err)
		}
	}
	return out
}
