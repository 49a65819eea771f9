// Bench runs birthmark's programs and their rivals side by side and prints Markdown
// tables of times, memory and growth, then the same for Go packages in one process.
//
//	go run -C lab/bench . [-corpus DIR] [-rounds N] [-only REGEXP] [-json] [-o FILE]
//
// It does not install anything. A rival that is not installed has a row that says
// so. The README.md beside this file names the package of each rival.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// exe is the suffix of a program's file.
var exe = map[bool]string{true: ".exe"}[runtime.GOOS == "windows"]

type options struct {
	corpus, only, out, remark string
	mib                       int
	json                      bool
	rules
}

func main() {
	var o options
	flag.StringVar(&o.corpus, "corpus", os.Getenv("BIRTHMARK_CORPUS"), "make the inputs from the real evidence in `DIR`; by default $BIRTHMARK_CORPUS or, if it is not set, shared/corpus beside the project. Missing files are taken from testdata")
	flag.IntVar(&o.rounds, "rounds", 5, "measure `N` rounds of each program, after one that counts and warms the cache")
	flag.DurationVar(&o.limit, "limit", 5*time.Minute, "stop a run after `DURATION`")
	flag.DurationVar(&o.slow, "slow", 25*time.Second, "measure a program only once if its first run took longer than `DURATION`")
	flag.IntVar(&o.mib, "mib", 30, "measure logs of `N` MiB; the sizes of other inputs are proportional")
	flag.StringVar(&o.only, "only", "", "do only the work whose name matches `REGEXP`; the names of benchmarks in one process begin with \"in process\"")
	flag.BoolVar(&o.json, "json", false, "print JSON instead of Markdown")
	flag.StringVar(&o.out, "o", "", "write to `FILE` instead of stdout; a relative path is below the project's root")
	flag.StringVar(&o.remark, "remark", "", "put `TEXT` about the run into the report")
	counted := flag.String("count-hive", "", "only read every key, and every value with its data, of the hive `FILE`, and print how many they are")
	hive := flag.String("print-hive", "", "only print every key and value of the hive `FILE`, which is how package registry competes")
	flag.Parse()
	err := errors.New("want no arguments: " + strings.Join(flag.Args(), " "))
	switch {
	case flag.NArg() > 0:
	case *hive != "":
		err = printHive(os.Stdout, *hive)
	case *counted != "":
		err = countHive(os.Stdout, *counted)
	default:
		// A second Ctrl-C has no further effect, so that the temporary files are
		// removed.
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		err = bench(ctx, o, os.Stdout, os.Stderr)
		stop()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func bench(ctx context.Context, o options, stdout, stderr io.Writer) (err error) {
	if o.rounds < 1 || o.mib < 1 {
		return fmt.Errorf("%d rounds, %d MiB: want at least 1", o.rounds, o.mib)
	}
	chosen, err := regexp.Compile(o.only)
	if err != nil {
		return err
	}
	root, err := projectRoot(ctx)
	if err != nil {
		return err
	}
	if o.corpus == "" {
		o.corpus = filepath.Join(root, "..", "shared", "corpus")
	}
	dir, err := os.MkdirTemp("", "birthmark-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()

	say := func(format string, a ...any) { fmt.Fprintf(stderr, "bench: "+format+"\n", a...) }
	rep := report{Machine: machine(), Date: time.Now().UTC().Format(time.DateOnly), Rounds: o.rounds, Version: revision(ctx, root), Remark: o.remark}
	p := programs{ours: filepath.Join(dir, "bin"), rivals: find(ctx)}
	for _, r := range rivals {
		rep.Rivals = append(rep.Rivals, p.rivals[r.name].String())
	}
	if p.self, err = os.Executable(); err != nil {
		return err
	}
	say("building the programs")
	if err := build(ctx, root, p.ours); err != nil {
		return err
	}
	in := newInputs(filepath.Join(dir, "in"), o.corpus, root, o.mib)
	if err := os.Mkdir(in.dir, 0o700); err != nil {
		return err
	}
	err = rep.measure(ctx, contests(p, in), chosen, root, o.rules, say)
	if err != nil && len(rep.Contests)+len(rep.InProcess) == 0 {
		return err
	}
	// An interrupted run prints what it has measured.
	rep.Interrupted = err != nil
	return errors.Join(err, rep.write(o, root, stdout))
}

// measure does the chosen work and adds each piece to the report when it is done.
func (r *report) measure(ctx context.Context, all []contest, chosen *regexp.Regexp, root string, rules rules, say func(string, ...any)) error {
	for _, c := range all {
		if !chosen.MatchString(c.name) {
			continue
		}
		say("%s", c.name)
		out, err := hold(ctx, c, rules)
		if err != nil {
			return err
		}
		r.Contests = append(r.Contests, out)
	}
	for _, m := range modules {
		if !chosen.MatchString(m.name()) {
			continue
		}
		say("%s", m.name())
		got, err := m.measure(ctx, root, rules)
		if err != nil {
			return err
		}
		r.InProcess = append(r.InProcess, got...)
	}
	return nil
}

func (r report) write(o options, root string, stdout io.Writer) error {
	form := r.markdown
	if o.json {
		form = r.json
	}
	if o.out == "" {
		return form(stdout)
	}
	name := o.out
	if !filepath.IsAbs(name) {
		name = filepath.Join(root, name) // since go run -C changes the directory
	}
	var b strings.Builder
	if err := form(&b); err != nil {
		return err
	}
	return os.WriteFile(name, []byte(b.String()), 0o644)
}

// projectRoot returns the directory of the measured module.
func projectRoot(ctx context.Context) (string, error) {
	out, err := tool(ctx, ".", "go", "list", "-m", "-f", "{{.Dir}}", "github.com/birthmark-dfir/birthmark")
	return strings.TrimSpace(out), err
}

// revision returns the name of the measured commit, or "" if git does not know it.
func revision(ctx context.Context, root string) string {
	out, err := tool(ctx, root, "git", "describe", "--always", "--dirty")
	if err != nil {
		return ""
	}
	return strings.TrimSpace(out)
}

// build compiles the programs of examples into a directory.
func build(ctx context.Context, root, dir string) error {
	_, err := tool(ctx, root, "go", "build", "-o", dir+string(filepath.Separator), "./examples/...")
	return err
}

// tool runs a developer's tool in a directory and returns its output.
func tool(ctx context.Context, dir, name string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	isolate(cmd)
	cmd.WaitDelay = time.Second
	var last lastWords
	cmd.Stderr = &last
	out, err := cmd.Output()
	if ctx.Err() != nil {
		return "", context.Cause(ctx)
	}
	if err != nil {
		return string(out), fmt.Errorf("%s %s: %w: %s", name, args[0], err, last.text)
	}
	return string(out), nil
}
