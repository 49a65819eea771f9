package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"
)

// A round is one run of one program.
type round struct {
	wall time.Duration
	peak int64 // largest resident set, in bytes; 0 where the system does not tell
}

// run runs a program to its end with its output written to out. The program
// and its children die with ctx and after limit.
func run(ctx context.Context, argv []string, out io.Writer, limit time.Duration) (round, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	killWithChildren(cmd)
	// A pipe left open by a grandchild must not hold the table up.
	cmd.WaitDelay = time.Second
	cmd.Stdout = out
	var stderr bytes.Buffer
	cmd.Stderr = &tail{buf: &stderr}
	start := time.Now()
	err := cmd.Run()
	r := round{wall: time.Since(start), peak: peakMemory(cmd.ProcessState)}
	switch {
	case ctx.Err() != nil:
		return r, fmt.Errorf("stopped after %v: %w", r.wall.Round(time.Millisecond), context.Cause(ctx))
	case err != nil:
		return r, fmt.Errorf("%w: %s", err, lastLine(stderr.String()))
	}
	return r, nil
}

// tail keeps the first 64 KiB, so that a rival that floods stderr costs no
// memory here.
type tail struct{ buf *bytes.Buffer }

func (t *tail) Write(p []byte) (int, error) {
	if room := 64<<10 - t.buf.Len(); room > 0 {
		t.buf.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}

func lastLine(s string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	return lines[len(lines)-1]
}

// compete runs the contenders in alternation, so that whatever else the
// machine does hits both, after one round that warms the cache.
func compete(ctx context.Context, rounds int, limit time.Duration, argvs ...[]string) ([]summary, []error) {
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		return make([]summary, len(argvs)), []error{err}
	}
	defer null.Close()
	measured := make([][]round, len(argvs))
	errs := make([]error, len(argvs))
	for n := range rounds + 1 {
		for i, argv := range argvs {
			if errs[i] != nil || ctx.Err() != nil {
				continue
			}
			r, err := run(ctx, argv, null, limit)
			if err != nil {
				errs[i] = err
			} else if n > 0 {
				measured[i] = append(measured[i], r)
			}
		}
	}
	sums := make([]summary, len(argvs))
	for i := range measured {
		sums[i] = summarize(measured[i])
	}
	return sums, errs
}
