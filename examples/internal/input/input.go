// Package input opens evidence for the programs and reports its problems.
package input

import (
	"context"
	"errors"
	"fmt"
	"runtime"

	"github.com/birthmark-dfir/birthmark/evidence"
	"github.com/birthmark-dfir/birthmark/internal/cli"
)

// Open opens evidence and reports its problems. The name "-" means standard input.
func Open(p *cli.Program, name string) (*evidence.Evidence, error) {
	ev, err := OpenQuietly(p, name)
	if err != nil {
		return nil, err
	}
	for problem := range ev.Problems() {
		p.Problem(problem)
	}
	return ev, nil
}

// OpenQuietly is Open for a program that reports the problems itself.
func OpenQuietly(p *cli.Program, name string) (*evidence.Evidence, error) {
	if name == cli.StandardInput {
		return standardInput(p)
	}
	return evidence.Open(name, evidence.WithPassword(p.Password(name)))
}

// VerifyImage defines the flag -verify-image. The function that it returns does what the
// flag asks for: it compares the hashes that the images store with their content, and says
// on stderr whether they match.
func VerifyImage(p *cli.Program) func(ctx context.Context, list ...*evidence.Evidence) error {
	wanted := p.Bool("verify-image", false, "read the whole image first, and compare its content with the MD5 and SHA-1 that it stores")
	return func(ctx context.Context, list ...*evidence.Evidence) error {
		if !*wanted {
			return nil
		}
		for _, ev := range list {
			p.Progress("verifying %s", ev.Name())
			hashes, err := ev.VerifyImage(ctx, runtime.GOMAXPROCS(0))
			if ctx.Err() != nil {
				return ctx.Err()
			}
			for _, h := range hashes {
				p.Problem(h)
			}
			switch {
			case err != nil:
				p.Problem(err)
			case len(hashes) == 0:
				p.Problem(ev.Name() + ": the image stores no hash of its content")
			}
		}
		return nil
	}
}

// Evidence is a list of opened evidence, such as that of the flag -with.
type Evidence []*evidence.Evidence

// OpenAll opens several pieces of evidence. If one cannot be opened, it closes the
// others.
func OpenAll(p *cli.Program, names []string) (Evidence, error) {
	var list Evidence
	for _, name := range names {
		ev, err := Open(p, name)
		if err != nil {
			return nil, errors.Join(err, list.Close())
		}
		list = append(list, ev)
	}
	return list, nil
}

// Close closes all evidence of the list.
func (list Evidence) Close() error {
	var errs []error
	for _, ev := range list {
		errs = append(errs, ev.Close())
	}
	return errors.Join(errs...)
}

// Several returns the error with which a program ends. If err is an AmbiguousError,
// Several first reports the files that match PATH, one per line.
func Several(p *cli.Program, err error) error {
	files, ok := errors.AsType[*evidence.AmbiguousError](err)
	if !ok {
		return err
	}
	for _, path := range files.Paths {
		p.Problem(path)
	}
	listed := ""
	if len(files.Paths) < files.Count {
		listed = fmt.Sprintf(", of which %d are listed", len(files.Paths))
	}
	return fmt.Errorf("%s: %d files match%s: give the path of one", files.Pattern, files.Count, listed)
}
