package child

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Limits bound one request. Zero means no limit.
type Limits struct {
	Time   time.Duration
	Memory int64 // in bytes; applies to the largest resident set of the child (only on Linux) and to the growth of its heap
}

// A Fate is how a request ended.
type Fate string

const (
	Answered Fate = "answered"
	Died     Fate = "died"   // the child exited: a panic, a fatal error
	Hung     Fate = "hung"   // it exceeded Limits.Time
	Swelled  Fate = "memory" // it exceeded Limits.Memory
	Babbled  Fate = "babble" // it printed something that is not an answer
)

// A Reply is the outcome of a request.
type Reply struct {
	End
	Fate   Fate
	Wall   time.Duration
	Peak   int64  // the child's largest resident set during the request, in bytes; 0 if unknown
	Stderr string // the last output on stderr of a child that failed
}

// A Process runs a child process and starts a new one if it has died or was killed.
// It must not be used by several goroutines at once. Call Close when done.
type Process struct {
	argv []string
	run  *running
}

type running struct {
	cmd    *exec.Cmd
	in     io.WriteCloser
	out    *bufio.Reader
	stderr *lastWords
}

// New returns a Process that will run argv. It does not start it yet.
func New(argv ...string) *Process { return &Process{argv: argv} }

// Ask sends one request and calls each for every record of the answer. It returns
// an error only if the child could not be started or ctx ended. Whatever else
// happens to the child is a Fate.
func (p *Process) Ask(ctx context.Context, req Request, limits Limits, each func(Record)) (Reply, error) {
	if err := ctx.Err(); err != nil {
		return Reply{}, err
	}
	if p.run == nil {
		if err := p.start(); err != nil {
			return Reply{}, err
		}
	}
	run := p.run
	resetPeak(run.cmd.Process.Pid)
	watch := run.watch(ctx, limits)
	start := time.Now()
	end, err := run.ask(req, each)
	reply := Reply{End: end, Fate: Answered, Wall: time.Since(start)}
	if err == nil {
		reply.Peak = Peak(run.cmd.Process.Pid)
	}
	killed := watch.stop()
	reply.Peak = max(reply.Peak, watch.peak.Load())
	if err == nil && killed == "" {
		if limits.Memory > 0 && max(reply.Peak, reply.Grown) > limits.Memory {
			reply.Fate = Swelled
			p.end() // its memory must not count against the next request
		}
		return reply, nil
	}
	reply.Stderr = p.end()
	switch {
	case ctx.Err() != nil:
		return reply, ctx.Err()
	case killed != "":
		reply.Fate = killed
	case errors.Is(err, errBabble):
		reply.Fate, reply.Error = Babbled, err.Error()
	default:
		reply.Fate = Died
	}
	return reply, nil
}

// Close kills the child process if it is running.
func (p *Process) Close() { p.end() }

func (p *Process) start() error {
	cmd := exec.Command(p.argv[0], p.argv[1:]...)
	isolate(cmd)
	in, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	stderr := &lastWords{}
	cmd.Stderr = stderr
	if err := cmd.Start(); err != nil {
		return err
	}
	p.run = &running{cmd, in, bufio.NewReaderSize(out, 64<<10), stderr}
	return nil
}

// end kills and reaps the child and returns the last output on its stderr.
func (p *Process) end() string {
	if p.run == nil {
		return ""
	}
	run := p.run
	p.run = nil
	run.in.Close()
	kill(run.cmd)
	run.cmd.Wait()
	return run.stderr.String()
}

var errBabble = errors.New("invalid output")

func (r *running) ask(req Request, each func(Record)) (End, error) {
	line, err := json.Marshal(req)
	if err != nil {
		return End{}, err
	}
	if _, err := r.in.Write(append(line, '\n')); err != nil {
		return End{}, err
	}
	for {
		line, err := readLine(r.out)
		if err != nil {
			return End{}, err
		}
		var m message
		if err := json.Unmarshal(line, &m); err != nil {
			return End{}, fmt.Errorf("%w: %.80q", errBabble, line)
		}
		if m.End.End {
			return m.End, nil
		}
		if each != nil {
			each(m.Record)
		}
	}
}

// maxLine bounds the length of a line from a child, in bytes.
const maxLine = 64 << 20

func readLine(r *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, err := r.ReadSlice('\n')
		if err == nil && line == nil {
			return part, nil
		}
		line = append(line, part...)
		if err == nil {
			return line, nil
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return nil, err
		}
		if len(line) > maxLine {
			return nil, fmt.Errorf("%w: a line of over %d bytes", errBabble, maxLine)
		}
	}
}

// A watcher kills a child that exceeds its limits.
type watcher struct {
	done chan struct{}
	over chan struct{}
	fate Fate
	peak atomic.Int64
}

func (r *running) watch(ctx context.Context, limits Limits) *watcher {
	w := &watcher{done: make(chan struct{}), over: make(chan struct{})}
	go func() {
		defer close(w.over)
		var timeout <-chan time.Time
		if limits.Time > 0 {
			timer := time.NewTimer(limits.Time)
			defer timer.Stop()
			timeout = timer.C
		}
		look := time.NewTicker(20 * time.Millisecond)
		defer look.Stop()
		for {
			select {
			case <-w.done:
				return
			case <-ctx.Done():
				kill(r.cmd)
				return
			case <-timeout:
				w.fate = Hung
				kill(r.cmd)
				return
			case <-look.C:
				now := Peak(r.cmd.Process.Pid)
				w.peak.Store(max(now, w.peak.Load()))
				if limits.Memory > 0 && now > limits.Memory {
					w.fate = Swelled
					kill(r.cmd)
					return
				}
			}
		}
	}()
	return w
}

func (w *watcher) stop() Fate {
	close(w.done)
	<-w.over
	return w.fate
}

// lastWords keeps the end of what a child writes to stderr. After a Go panic it
// keeps the beginning of the panic's message, which names the cause.
type lastWords struct {
	mu      sync.Mutex
	text    []byte
	panicks bool
}

const maxWords = 8 << 10

var deathCry = regexp.MustCompile(`(?m)^(panic|fatal error|runtime): `)

func (l *lastWords) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text = append(l.text, p...)
	if !l.panicks {
		if at := deathCry.FindIndex(l.text); at != nil {
			l.panicks = true
			l.text = l.text[at[0]:]
		}
	}
	switch over := len(l.text) - maxWords; {
	case over <= 0:
	case l.panicks:
		l.text = l.text[:maxWords]
	default:
		l.text = append(l.text[:0], l.text[over:]...)
	}
	return len(p), nil
}

func (l *lastWords) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.TrimSpace(string(l.text))
}
