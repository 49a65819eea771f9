package main

import (
	"cmp"
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A module holds benchmarks of Go packages, ours and others, in one process.
type module struct {
	dir   string // below the project's root
	bench string // the regular expression of the benchmarks to run
}

// golang-evtx is under the GPL, and only lab/crosscheck links it.
var modules = []module{
	{"lab/bench", "."},
	{"lab/crosscheck", "^BenchmarkEVTX"},
}

func (m module) name() string { return "in process, " + m.dir }

// A benchmark is the figures of one package for one piece of work: the medians of all
// runs.
type benchmark struct {
	Work    string        `json:"work"`
	Package string        `json:"package"`
	Failed  string        `json:"failed,omitempty"`
	Records float64       `json:"records"`
	Time    time.Duration `json:"median_ns"`
	MBs     float64       `json:"mb_per_s,omitempty"` // 10⁶ bytes of input
	Bytes   float64       `json:"bytes"`              // allocated, in total
	Allocs  float64       `json:"allocs"`             // in total
	Ratio   float64       `json:"ratio,omitempty"`    // median over ours
}

// measure runs the benchmarks of a module. It does not fetch missing dependencies.
// The only error is that of ctx.
func (m module) measure(ctx context.Context, root string, r rules) ([]benchmark, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, 4*r.limit, failure(fmt.Sprintf("hangs: stopped after %v", 4*r.limit)))
	defer cancel()
	cmd := exec.CommandContext(ctx, "go", "test", "-run", "^$", "-bench", m.bench, "-benchmem",
		"-benchtime", "300ms", "-count", strconv.Itoa(r.rounds))
	cmd.Dir = filepath.Join(root, filepath.FromSlash(m.dir))
	cmd.Env = append(cmd.Environ(), "GOPROXY=off")
	isolate(cmd)
	cmd.WaitDelay = time.Second
	var last lastWords
	cmd.Stderr = &last
	out, err := cmd.Output()
	killGroup(cmd)
	all := parseBenchmarks(string(out))
	if err == nil {
		return all, nil
	}
	if ctx.Err() != nil {
		err = context.Cause(ctx)
	} else {
		err = failure(strings.TrimSuffix(fmt.Sprintf("dies: %v: %s", err, cmp.Or(last.line(), lastLine(out))), ": "))
	}
	var into row
	if err := failed(&into, err); err != nil {
		return nil, err
	}
	return append(all, benchmark{Work: m.name(), Package: "go test", Failed: into.Failed}), nil
}

func lastLine(out []byte) string {
	var last lastWords
	last.Write(out)
	return last.line()
}

// parseBenchmarks reads the output of go test -bench. In BenchmarkWork/package-2, Work
// is the piece of work and package the package that does it; ours is birthmark.
func parseBenchmarks(out string) []benchmark {
	type key struct{ work, pkg string }
	var order []key
	measured := map[key]map[string][]float64{}
	for line := range strings.Lines(out) {
		f := strings.Fields(line)
		if len(f) < 4 || !strings.HasPrefix(f[0], "Benchmark") {
			continue
		}
		work, pkg, ok := strings.Cut(strings.TrimPrefix(f[0], "Benchmark"), "/")
		if !ok {
			continue
		}
		if at := strings.LastIndexByte(pkg, '-'); at > 0 { // the number of processors
			if _, err := strconv.Atoi(pkg[at+1:]); err == nil {
				pkg = pkg[:at]
			}
		}
		k := key{strings.ReplaceAll(work, "_", " "), pkg}
		if measured[k] == nil {
			order = append(order, k)
			measured[k] = map[string][]float64{}
		}
		for i := 2; i+1 < len(f); i += 2 {
			if v, err := strconv.ParseFloat(f[i], 64); err == nil {
				measured[k][f[i+1]] = append(measured[k][f[i+1]], v)
			}
		}
	}
	var all []benchmark
	ours := map[string]time.Duration{}
	for _, k := range order {
		m := measured[k]
		b := benchmark{
			Work: k.work, Package: k.pkg, Records: median(m["records/op"]), Time: time.Duration(median(m["ns/op"])),
			MBs: median(m["MB/s"]), Bytes: median(m["B/op"]), Allocs: median(m["allocs/op"]),
		}
		if k.pkg == "birthmark" {
			ours[k.work] = b.Time
		}
		all = append(all, b)
	}
	for i, b := range all {
		if t := ours[b.Work]; t > 0 && b.Package != "birthmark" {
			all[i].Ratio = float64(b.Time) / float64(t)
		}
	}
	return all
}

// median returns the median of numbers, or 0 for an empty list.
func median(v []float64) float64 {
	if len(v) == 0 {
		return 0
	}
	s := slices.Sorted(slices.Values(v))
	mid := len(s) / 2
	if len(s)%2 == 0 {
		return (s[mid-1] + s[mid]) / 2
	}
	return s[mid]
}
