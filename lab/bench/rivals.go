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
	program string   // looked up by candidates
	module  string   // a Python module, imported as a test; program is then the interpreter
	version []string // arguments that print the version; nil if the program cannot
	install string   // the package to install, with the version of the last comparison
}

// README.md has the same list.
var rivals = []rival{
	{name: "evtx_dump", program: "evtx_dump", version: []string{"--version"}, install: "cargo install evtx --version 0.15.1"},
	{name: "mft_dump", program: "mft_dump", version: []string{"--version"}, install: "cargo install mft --version 0.9.1"},
	{name: "evtxexport", program: "evtxexport", version: []string{"-V"}, install: "Debian libevtx-utils 20181227"},
	{name: "fls", program: "fls", version: []string{"-V"}, install: "Debian sleuthkit 4.11.1"},
	{name: "nthive", program: "nthive", install: "crate nt-hive 0.3.0, lab/bench/nthive"},
	{name: "hivexml", program: "hivexml", install: "Debian libhivex-bin 1.3.23"},
	{name: "reglookup", program: "reglookup", install: "Debian reglookup 1.0.1"},
	{name: "osslsigncode", program: "osslsigncode", version: []string{"--version"}, install: "Debian osslsigncode 2.9"},
	{name: "plaso", program: "log2timeline", version: []string{"--version"}, install: "PyPI plaso 20260720"},
	{name: "dissect", program: "target-query", version: []string{"--version"}, install: "PyPI dissect.target[full] 3.25.1"},
	{name: "regipy", program: "python3", module: "regipy", install: "PyPI regipy 6.5.0"},
	{name: "signify", program: "python3", module: "signify", install: "PyPI signify 0.9.3"},
	{name: "pefile", program: "python3", module: "pefile", install: "PyPI pefile 2024.8.26"},
}

// installed is a rival that may be installed.
type installed struct {
	rival
	path  string // "" if it is absent
	stamp string // its version, as it prints it
}

// find looks for all rivals.
func find(ctx context.Context) map[string]installed {
	found := map[string]installed{}
	for _, r := range rivals {
		found[r.name] = r.find(ctx, candidates(r.program))
	}
	return found
}

// find returns the rival with the first of the programs that works.
func (r rival) find(ctx context.Context, programs []string) installed {
	in := installed{rival: r}
	for _, program := range programs {
		if r.module != "" {
			out, err := output(ctx, program, "-c", "import importlib.metadata as m, "+r.module+"; print(m.version('"+r.module+"'))")
			if err != nil {
				continue
			}
			in.stamp = r.name + " " + strings.TrimSpace(out)
		} else if r.version != nil {
			// Some print their version and then fail.
			out, _ := output(ctx, program, r.version...)
			in.stamp, _, _ = strings.Cut(strings.TrimSpace(out), "\n")
		}
		in.path = program
		break
	}
	return in
}

// candidates returns the paths of a program in $PATH, in the directories of
// $BIRTHMARK_PEERS, and in the bin directories below ~/peers.
func candidates(program string) []string {
	dirs := filepath.SplitList(os.Getenv("BIRTHMARK_PEERS"))
	if home, err := os.UserHomeDir(); err == nil {
		below, _ := filepath.Glob(filepath.Join(home, "peers", "*", "bin")) // fails only for a bad pattern
		dirs = append(dirs, below...)
	}
	var found []string
	if p, err := exec.LookPath(program); err == nil {
		found = append(found, p)
	}
	for _, dir := range dirs {
		if p, err := exec.LookPath(filepath.Join(dir, program)); err == nil {
			found = append(found, p)
		}
	}
	return found
}

func output(ctx context.Context, name string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	isolate(cmd)
	cmd.WaitDelay = time.Second
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func (in installed) String() string {
	switch {
	case in.path == "":
		return fmt.Sprintf("%s: absent (%s)", in.name, in.install)
	case in.stamp == "":
		return fmt.Sprintf("%s (%s)", in.name, in.install)
	}
	return fmt.Sprintf("%s: %s (%s)", in.name, in.stamp, in.install)
}
