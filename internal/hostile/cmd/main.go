// Cmd attacks our parsers, or a rival's, with mutants of real files and prints
// a table of what came of it.
//
//	go run ./internal/hostile/cmd -mutants 20000 -findings DIR evtx LOG…
//	go run ./internal/hostile/cmd -mutants 500 -parser golang-evtx -child 'crosscheck -child' evtx LOG…
//	go run ./internal/hostile/cmd -replay 4711 -seed 1 -o MUTANT evtx LOG…
//
// The first argument is the format (evtx, mft, ntfs, registry, pe), the others
// are sound files.
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

	"github.com/birthmark-dfir/birthmark/internal/child"
	"github.com/birthmark-dfir/birthmark/internal/hostile"
	"github.com/birthmark-dfir/birthmark/internal/records"
)

var (
	mutants  = flag.Int("mutants", 2000, "the `number` of mutants")
	seed     = flag.Uint64("seed", 1, "the `seed`: the same gives the same mutants")
	findings = flag.String("findings", "", "keep each finding, and how to make it again, in `DIR`")
	limit    = flag.Duration("time", hostile.DefaultTime, "the longest that one mutant may take")
	parser   = flag.String("parser", "birthmark", "what the table calls the parser")
	command  = flag.String("child", "", "the `command` of a child that serves the format in place of ours")
	replay   = flag.Int("replay", -1, "write mutant `number` to the file of -o and stop")
	output   = flag.String("o", "mutant", "where -replay writes")
	serve    = flag.Bool("serve", false, "be a child: answer requests on standard input")
)

func main() {
	flag.Parse()
	if err := mainErr(); err != nil {
		fmt.Fprintln(os.Stderr, "hostile:", err)
		os.Exit(1)
	}
}

func mainErr() error {
	if *serve {
		return child.Serve(os.Stdin, os.Stdout, records.Parsers())
	}
	if flag.NArg() < 2 {
		return errors.New("want a format and sound files; -h helps")
	}
	format, ok := hostile.FormatNamed(flag.Arg(0))
	if !ok {
		return fmt.Errorf("no format %q", flag.Arg(0))
	}
	files := flag.Args()[1:]
	if *replay >= 0 {
		return writeMutant(format, files)
	}
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
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	last := time.Now()
	res, err := hostile.Campaign{
		Format: format, Parser: *parser, Command: argv, Sound: files,
		Seed: *seed, Mutants: *mutants, Findings: *findings, Time: *limit,
	}.Run(ctx, func(done int) {
		if now := time.Now(); now.Sub(last) > 10*time.Second {
			last = now
			fmt.Fprintf(os.Stderr, "hostile: %s, %d of %d\n", format.Name, done, *mutants)
		}
	})
	// What was found before the end is shown all the same.
	err = errors.Join(err, hostile.WriteTable(os.Stdout, []hostile.Result{res}))
	for _, f := range res.Findings {
		fmt.Fprintf(os.Stderr, "hostile: %s: mutant %d of %s: %s\n", f.Kind, f.Number, f.File, strings.Join(f.What, "; "))
	}
	return err
}

// writeMutant makes one mutant again.
func writeMutant(format hostile.Format, files []string) error {
	var sound [][]byte
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		sound = append(sound, data)
	}
	n := uint64(*replay)
	m := format.Mutate(sound[n%uint64(len(sound))], sound, *seed, n)
	fmt.Printf("mutant %d of %s:\n%s\n", n, filepath.Base(files[n%uint64(len(files))]), strings.Join(m.What, "\n"))
	return os.WriteFile(*output, m.Data, 0o600)
}
