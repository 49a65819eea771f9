package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
)

// exe is the suffix of a program's file.
var exe = map[bool]string{true: ".exe"}[runtime.GOOS == "windows"]

// inputs are what the contests read.
type inputs struct {
	self  string // this program
	dir   string // for files that rivals insist on writing
	logs  []logInput
	mft   []input
	hives []input
	hive  string // a real one
	pes   []input

	image   string // a partitioned disk; empty where zstd is absent
	subject string // a file in it
}

type logInput struct {
	name   string
	inputs []input
}

func defaultCorpus() string {
	if dir := os.Getenv("BIRTHMARK_CORPUS"); dir != "" {
		return dir
	}
	return filepath.Join("..", "..", "shared", "corpus")
}

// build compiles the programs of examples into dir, all at once.
func build(ctx context.Context, dir string) (string, error) {
	bin := filepath.Join(dir, "bin") + string(filepath.Separator)
	cmd := exec.CommandContext(ctx, "go", "build", "-C", "..", "-o", bin, "./examples/...")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w: %s", err, out)
	}
	return bin, nil
}

// makeInputs makes the big inputs from the small real ones of the corpus, each
// in three sizes: 1, 4 and 16.
func makeInputs(ctx context.Context, dir, corpus string, mib int, note func(string, ...any)) (inputs, error) {
	self, err := os.Executable()
	if err != nil {
		return inputs{}, err
	}
	in := inputs{self: self, dir: dir, hive: filepath.Join(corpus, "registry", "regipy_SYSTEM_B"), subject: `C:\Users\IEUser\AppData\Roaming\9QxTsAU9w8gyPj4w\BRE6BgE2JubB.exe`}
	for _, name := range []string{"security", "sysmon", "system"} {
		real, err := os.ReadFile(filepath.Join(corpus, "evtx", "evtx-rs", name+".evtx"))
		if err != nil {
			return in, err
		}
		log := logInput{name: name + ".evtx repeated"}
		for _, part := range []int{16, 4, 1} {
			data, err := repeatLog(real, mib<<20/part)
			path, err := makeFile(filepath.Join(dir, fmt.Sprintf("%s-%d.evtx", name, part)), data, err)
			if err != nil {
				return in, err
			}
			log.inputs = append(log.inputs, input{path, float64(len(data)) / (1 << 20), "MiB"})
		}
		in.logs = append(in.logs, log)
	}
	if in.mft, err = makeMFTs(dir, filepath.Join(corpus, "mft", "xw.mft"), mib); err != nil {
		return in, err
	}
	if in.hives, err = makeHives(dir, mib); err != nil {
		return in, err
	}
	if in.pes, err = copyPEs(dir, filepath.Join(corpus, "pe")); err != nil {
		return in, err
	}
	in.image, err = unpack(ctx, filepath.Join(corpus, "cases", "winlogon-shell", "disk.raw.zst"), filepath.Join(dir, "disk.raw"))
	if err != nil {
		note("no disk image: %v", err)
	}
	return in, ctx.Err()
}

func makeMFTs(dir, from string, mib int) ([]input, error) {
	real, err := os.ReadFile(from)
	if err != nil {
		return nil, err
	}
	var made []input
	for _, n := range []int{400 * mib, 1600 * mib, 6400 * mib} {
		data, err := repeatMFT(real, n)
		path, err := makeFile(filepath.Join(dir, fmt.Sprintf("mft-%d", n)), data, err)
		if err != nil {
			return nil, err
		}
		made = append(made, input{path, float64(n), "records"})
	}
	return made, nil
}

// makeHives writes hives of plain keys.
func makeHives(dir string, mib int) ([]input, error) {
	var made []input
	for _, n := range []int{100 * mib, 400 * mib, 1600 * mib} {
		data, err := plainHive(n).Bytes()
		path, err := makeFile(filepath.Join(dir, fmt.Sprintf("hive-%d", n)), data, err)
		if err != nil {
			return nil, err
		}
		made = append(made, input{path, float64(n), "keys"})
	}
	return made, nil
}

func plainHive(keys int) registrytest.Hive {
	written := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	h := registrytest.Hive{Name: "BENCH", Root: registrytest.Key{Name: "ROOT", LastWrite: written}}
	for i := range keys {
		if i%100 == 0 {
			h.Root.Keys = append(h.Root.Keys, registrytest.Key{Name: fmt.Sprintf("group%05d", i/100), LastWrite: written})
		}
		group := &h.Root.Keys[len(h.Root.Keys)-1]
		group.Keys = append(group.Keys, registrytest.Key{
			Name: fmt.Sprintf("key%06d", i), LastWrite: written.Add(time.Duration(i) * time.Second),
			Values: []registrytest.Value{
				registrytest.SZ("ImagePath", `C:\Windows\System32\svchost.exe -k netsvcs -p`),
				registrytest.DWORD("Start", uint32(i%5)),
			},
		})
	}
	return h
}

// copyPEs makes folders that hold the executables of the corpus once, four
// and sixteen times.
func copyPEs(dir, from string) ([]input, error) {
	entries, err := os.ReadDir(from)
	if err != nil {
		return nil, err
	}
	var made []input
	for _, times := range []int{1, 4, 16} {
		folder := filepath.Join(dir, fmt.Sprintf("pe-%d", times))
		total := int64(0)
		for i := range times {
			sub := filepath.Join(folder, fmt.Sprint(i))
			if err := os.MkdirAll(sub, 0o700); err != nil {
				return nil, err
			}
			for _, e := range entries {
				data, err := os.ReadFile(filepath.Join(from, e.Name()))
				if err != nil {
					return nil, err
				}
				if !bytes.HasPrefix(data, []byte("MZ")) {
					continue
				}
				if err := os.WriteFile(filepath.Join(sub, e.Name()), data, 0o600); err != nil {
					return nil, err
				}
				total += int64(len(data))
			}
		}
		made = append(made, input{folder, float64(total) / (1 << 20), "MiB"})
	}
	return made, nil
}

// unpack unpacks a .gz or, by the zstd program, a .zst file.
func unpack(ctx context.Context, from, to string) (string, error) {
	if filepath.Ext(from) == ".zst" {
		out, err := exec.CommandContext(ctx, "zstd", "-q", "-d", from, "-o", to).CombinedOutput()
		if err != nil {
			return "", fmt.Errorf("zstd: %w: %s", err, strings.TrimSpace(string(out)))
		}
		return to, nil
	}
	packed, err := os.Open(from)
	if err != nil {
		return "", err
	}
	defer packed.Close()
	r, err := gzip.NewReader(packed)
	if err != nil {
		return "", err
	}
	f, err := os.Create(to)
	if err != nil {
		return "", err
	}
	_, err = io.Copy(f, r)
	return to, errors.Join(err, f.Close())
}

// countRecords is the child of this program that reads one file with the
// library and returns the number of its records.
func countRecords(kind, name string) (int, error) {
	if kind != "hive" {
		return 0, fmt.Errorf("no count for %q: want hive", kind)
	}
	r, err := registry.Open(name)
	if err != nil {
		return 0, err
	}
	defer r.Close()
	n := 0
	for key, err := range r.Keys() {
		if err != nil {
			continue
		}
		n++
		for v, err := range key.Values() {
			if err != nil {
				continue
			}
			if _, err := v.Data(); err == nil {
				n++
			}
		}
	}
	return n, nil
}

func fileSize(name string) float64 {
	st, err := os.Stat(name)
	if err != nil {
		return 0
	}
	return float64(st.Size())
}
