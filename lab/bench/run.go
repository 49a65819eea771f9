package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"time"
)

// A round is one run of one program.
type round struct {
	wall time.Duration
	peak int64 // the largest resident set, in bytes; 0 if the system does not provide it
}

// A failure is the reason why a program did not do its work. It becomes a row of the
// table and does not end the run.
type failure string

func (f failure) Error() string { return string(f) }

// run runs a program to its end. Its output goes to out, or to the null device if
// out is nil. The program and the processes that it started are killed when ctx ends
// or after limit; those that outlive the program are killed too. The error is a
// failure, or that of ctx.
func run(ctx context.Context, who contender, argv []string, out io.Writer, limit time.Duration) (round, error) {
	limited, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	if who.before != nil {
		if err := who.before(); err != nil {
			return round{}, failure(err.Error())
		}
	}
	cmd := exec.CommandContext(limited, argv[0], argv[1:]...)
	isolate(cmd)
	// A pipe left open by another process of the program must not delay the table.
	cmd.WaitDelay = time.Second
	var last lastWords
	if out != nil { // a nil Stdout or Stderr is the null device
		cmd.Stdout, cmd.Stderr = out, &last
	}
	start := time.Now()
	if err := cmd.Start(); err != nil {
		return round{}, failure("does not start: " + err.Error())
	}
	var peak *peakWatch
	if out != nil { // not in the timed runs, which this would disturb
		peak = watchPeak(cmd.Process.Pid)
	}
	err := cmd.Wait()
	r := round{wall: time.Since(start), peak: max(peakMemory(cmd.ProcessState), peak.stop())}
	killGroup(cmd)
	code := cmd.ProcessState.ExitCode()
	switch {
	case ctx.Err() != nil:
		return r, context.Cause(ctx)
	case limited.Err() != nil:
		return r, failure(fmt.Sprintf("hangs: stopped after %v", limit))
	case err != nil && (code <= 0 || code != who.exit):
		return r, failure(strings.TrimSuffix(fmt.Sprintf("dies: %v: %s", err, last.line()), ": "))
	}
	return r, nil
}

// lastWords keeps the end of a program's output on stderr, so that a flood of output
// does not use memory.
type lastWords struct{ text []byte }

func (l *lastWords) Write(p []byte) (int, error) {
	const most = 4 << 10
	l.text = append(l.text, p...)
	l.text = l.text[max(0, len(l.text)-most):]
	return len(p), nil
}

func (l *lastWords) line() string {
	lines := bytes.Split(bytes.TrimSpace(l.text), []byte{'\n'})
	return strings.ToValidUTF8(string(lines[len(lines)-1]), "�")
}
