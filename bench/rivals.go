package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// A rival is an independent tool that may be installed on this machine.
type rival struct {
	name    string
	program string   // looked up in $PATH and in $BIRTHMARK_PEERS
	module  string   // a Python module: program is then an interpreter that can import it
	version []string // arguments that print the version; nil where there are none
	install string   // the package that brings it
}

var rivals = []rival{
	{name: "evtx_dump", program: "evtx_dump", version: []string{"--version"}, install: "cargo install evtx --version 0.15.1"},
	{name: "mft_dump", program: "mft_dump", version: []string{"--version"}, install: "cargo install mft --version 0.9.1"},
	{name: "evtxexport", program: "evtxexport", version: []string{"-V"}, install: "Debian libevtx-utils"},
	{name: "fls", program: "fls", version: []string{"-V"}, install: "Debian sleuthkit"},
	{name: "hivexml", program: "hivexml", install: "Debian libhivex-bin"},
	{name: "reglookup", program: "reglookup", install: "Debian reglookup"},
	{name: "osslsigncode", program: "osslsigncode", version: []string{"--version"}, install: "Debian osslsigncode"},
	{name: "plaso", program: "log2timeline", version: []string{"--version"}, install: "PyPI plaso"},
	{name: "dissect", program: "target-query", version: []string{"--version"}, install: "PyPI dissect.target[full]"},
	{name: "regipy", program: "python3", module: "regipy", install: "PyPI regipy"},
	{name: "signify", program: "python3", module: "signify", install: "PyPI signify"},
	{name: "pefile", program: "python3", module: "pefile", install: "PyPI pefile"},
}

// An installed rival.
type installed struct {
	rival
	path  string // empty: absent
	stamp string // what it says of its version
}

func find(ctx context.Context) map[string]installed {
	found := map[string]installed{}
	for _, r := range rivals {
		in := installed{rival: r}
		for _, candidate := range candidates(r.program) {
			if r.module == "" {
				in.path = candidate
				break
			}
			out, err := output(ctx, candidate, "-c", "import importlib.metadata as m, "+r.module+"; print(m.version('"+r.module+"'))")
			if err == nil {
				in.path, in.stamp = candidate, strings.TrimSpace(out)
				break
			}
		}
		if in.path != "" && r.version != nil {
			out, _ := output(ctx, in.path, r.version...)
			in.stamp, _, _ = strings.Cut(strings.TrimSpace(out), "\n")
		}
		found[r.name] = in
	}
	return found
}

// candidates lists where a program may lie: $PATH, then the directories of
// $BIRTHMARK_PEERS.
func candidates(program string) []string {
	var found []string
	if p, err := exec.LookPath(program); err == nil {
		found = append(found, p)
	}
	for _, dir := range filepath.SplitList(os.Getenv("BIRTHMARK_PEERS")) {
		if p, err := exec.LookPath(filepath.Join(dir, program)); err == nil {
			found = append(found, p)
		}
	}
	return found
}

func output(ctx context.Context, name string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	out, err := exec.CommandContext(ctx, name, args...).CombinedOutput()
	return string(out), err
}

func (in installed) String() string {
	switch {
	case in.path == "":
		return fmt.Sprintf("%s: absent (%s brings it)", in.name, in.install)
	case in.stamp == "":
		return fmt.Sprintf("%s (%s)", in.name, in.install)
	case strings.Contains(in.stamp, in.name):
		return fmt.Sprintf("%s (%s)", in.stamp, in.install)
	}
	return fmt.Sprintf("%s: %s (%s)", in.name, in.stamp, in.install)
}
