// Hostile attacks our parsers, or a rival's, with mutants of real files and prints
// a table of the results. Package lab/internal/hostile documents what it counts,
// and how.
//
//	go run ./lab/hostile -mutants 20000 -findings DIR evtx LOG…
//	go run ./lab/hostile -mutants 500 -parser golang-evtx -child 'crosscheck -child golang-evtx' evtx LOG…
//	go run ./lab/hostile -seed 1 -replay 4711 -o MUTANT evtx LOG…
//
// The first argument is the format (evtx, mft, ntfs, i30, vss, vsscarve, registry, hivelogs, regtext, pe, catalog, weblog, task, taskcache, cim, lnk, jumplist, logfile, usn, mplog, prefetch, recyclebin, pca, detectionhistory, bits, ese, image, archive, recovered, or a container
// of disks: ewf, vhd, vhdx, vmdk, qcow2, vdi), the others are sound files. Without files, hostile damages the samples that package
// lab/internal/hostile makes. It exits with 1 if a parser panicked, hung, or used
// too much memory.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/birthmark-dfir/birthmark/lab/internal/child"
	"github.com/birthmark-dfir/birthmark/lab/internal/hostile"
)

var (
	mutants  = flag.Int("mutants", 2000, "the `number` of mutants")
	first    = flag.Uint64("first", 0, "the `number` of the first mutant")
	seed     = flag.Uint64("seed", 1, "the `seed`; equal seeds give equal mutants")
	findings = flag.String("findings", "", "save the mutant of each finding, and how it was made, in `DIR`")
	losses   = flag.Bool("losses", false, "treat losses that were reported as findings too")
	limit    = flag.Duration("time", hostile.DefaultTime, "the most `time` that one mutant may take")
	parser   = flag.String("parser", "birthmark", "the `name` of the parser in the table")
	command  = flag.String("child", "", "the `command` of a child process that parses the format instead of ours")
	replay   = flag.Int64("replay", -1, "write mutant `number` to the file that -o names, and exit")
	output   = flag.String("o", "mutant", "with -replay, write to `FILE`")
	serve    = flag.Bool("serve", false, "run as a child process: answer requests on standard input")
)

func main() {
	flag.Usage = func() {
		fmt.Fprintln(os.Stderr, "usage: hostile [flags] FORMAT [SOUND FILE…]")
		flag.PrintDefaults()
	}
	flag.Parse()
	if !*serve && flag.NArg() < 1 {
		flag.Usage()
		os.Exit(2)
	}
	if err := mainErr(); err != nil {
		fmt.Fprintln(os.Stderr, "hostile:", err)
		os.Exit(1)
	}
}

func mainErr() error {
	if *serve {
		return child.Serve(os.Stdin, os.Stdout, hostile.Parsers())
	}
	format, ok := hostile.FormatNamed(flag.Arg(0))
	if !ok {
		return fmt.Errorf("no format %q", flag.Arg(0))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	files := flag.Args()[1:]
	if len(files) == 0 {
		dir, err := os.MkdirTemp("", "birthmark-samples-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		if files, err = hostile.WriteSamples(dir, format.Name); err != nil {
			return err
		}
	}
	if *replay >= 0 {
		return writeMutant(format, files)
	}
	return attack(ctx, format, files)
}

func attack(ctx context.Context, format hostile.Format, files []string) error {
	argv := strings.Fields(*command)
	if len(argv) == 0 {
		self, err := os.Executable()
		if err != nil {
			return err
		}
		argv = []string{self, "-serve"}
	}
	if *findings != "" {
		if err := os.MkdirAll(*findings, 0o700); err != nil {
			return err
		}
	}
	last := time.Now()
	res, err := hostile.Campaign{
		Format: format, Parser: *parser, Command: argv, Sound: files, Seed: *seed, First: *first,
		Mutants: *mutants, Findings: *findings, Losses: *losses, Time: *limit,
	}.Run(ctx, func(done int) {
		if now := time.Now(); now.Sub(last) > 10*time.Second {
			last = now
			fmt.Fprintf(os.Stderr, "hostile: %s, %d of %d\n", format.Name, done, *mutants)
		}
	})
	// Show what was found before an error.
	err = errors.Join(err, hostile.WriteTable(os.Stdout, []hostile.Result{res}))
	for _, f := range res.Findings {
		fmt.Fprintf(os.Stderr, "hostile: %s: mutant %d of %q: %s: %s\n", f.Kind, f.Number, f.File, strings.Join(f.What, "; "), f.Detail)
	}
	if res.Absent != "" {
		err = errors.Join(err, errors.New(res.Absent))
	}
	if n := res.Panics + res.Hangs + res.Memory; n > 0 {
		err = errors.Join(err, fmt.Errorf("the parser failed on %d mutants", n))
	}
	return err
}

// writeMutant makes one mutant again and writes it to the file that -o names.
func writeMutant(format hostile.Format, files []string) error {
	var sound []*hostile.Sound
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		sound = append(sound, format.NewSound(filepath.Base(name), data))
	}
	n := uint64(*replay)
	s := sound[n%uint64(len(sound))]
	m := s.Mutate(sound, *seed, n)
	fmt.Printf("mutant %d of %q:\n%s\n", n, s.Name, strings.Join(m.What, "\n"))
	return os.WriteFile(*output, m.Data, 0o600)
}
