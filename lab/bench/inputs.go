package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/birthmark-dfir/birthmark/evidence"
)

// inputs makes the inputs of the contests on demand, in one folder, from small files
// of the corpus or, if the corpus lacks them, of testdata.
type inputs struct {
	dir    string // the folder in which they are made
	corpus string
	root   string // of the project
	mib    int    // the size of the middle log; the sizes of the others are proportional
	cache  map[string][]input
}

func newInputs(dir, corpus, root string, mib int) *inputs {
	return &inputs{dir: dir, corpus: corpus, root: root, mib: mib, cache: map[string][]input{}}
}

// given returns the path of a file of the corpus. If the corpus lacks it and
// inTestdata is not empty, it returns the path of that file in testdata.
func (in *inputs) given(inCorpus, inTestdata string) (string, error) {
	name := filepath.Join(in.corpus, filepath.FromSlash(inCorpus))
	_, err := os.Stat(name)
	if err == nil || inTestdata == "" {
		return name, err
	}
	name = filepath.Join(in.root, "testdata", "sqlserver", filepath.FromSlash(inTestdata))
	_, err = os.Stat(name)
	return name, err
}

// once returns a function that makes inputs at its first call and returns the same
// inputs at later calls.
func (in *inputs) once(name string, make made) made {
	return func(ctx context.Context) ([]input, error) {
		if have := in.cache[name]; have != nil {
			return have, nil
		}
		got, err := make(ctx)
		if err == nil {
			in.cache[name] = got
		}
		return got, err
	}
}

// three makes a file in three sizes, of which n is the middle one.
func (in *inputs) three(name, unit string, n int, write func(w io.Writer, n int) error) ([]input, error) {
	var made []input
	for _, n := range []int{n / 4, n, n * 4} {
		path := filepath.Join(in.dir, fmt.Sprintf("%s-%d", name, n))
		if err := writeFile(path, func(w io.Writer) error { return write(w, n) }); err != nil {
			return nil, err
		}
		one := input{path, float64(n), unit}
		if unit == "MiB" {
			st, err := os.Stat(path)
			if err != nil {
				return nil, err
			}
			one.size = float64(st.Size()) / (1 << 20)
		}
		made = append(made, one)
	}
	return made, nil
}

func writeFile(name string, write func(io.Writer) error) error {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(f, 1<<20)
	return errors.Join(write(w), w.Flush(), f.Close())
}

func (in *inputs) log(inCorpus, inTestdata string) made {
	return in.once(inCorpus, func(context.Context) ([]input, error) {
		name, err := in.given(inCorpus, inTestdata)
		if err != nil {
			return nil, err
		}
		log, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		return in.three(filepath.Base(inCorpus), "MiB", in.mib<<20/evtxChunk, func(w io.Writer, n int) error {
			return repeatLog(w, log, n)
		})
	})
}

// mft repeats the records of a real $MFT.
func (in *inputs) mft() made {
	return in.once("$MFT", func(context.Context) ([]input, error) {
		name, err := in.given("mft/xw.mft", "disk.raw.gz")
		if err != nil {
			return nil, err
		}
		real, err := readMFT(name)
		if err != nil {
			return nil, err
		}
		return in.three("mft", "records", 7000*in.mib, func(w io.Writer, n int) error { return repeatMFT(w, real, n) })
	})
}

// readMFT reads an $MFT. If name is a gzipped disk image, it reads the $MFT of the
// last volume that has one.
func readMFT(name string) ([]byte, error) {
	if filepath.Ext(name) != ".gz" {
		return os.ReadFile(name)
	}
	ev, err := evidence.Open(name)
	if err != nil {
		return nil, err
	}
	defer ev.Close()
	var mft []byte
	for _, vol := range ev.Volumes() {
		if b, err := fs.ReadFile(vol.FS, "$MFT"); err == nil {
			mft = b
		}
	}
	if mft == nil {
		return nil, errors.New(name + ": no $MFT")
	}
	return mft, nil
}

// realMFT is the $MFT of a volume with 200,000 files.
func (in *inputs) realMFT() made {
	return in.unpacked("mft/ntfs3g-205k-records.mft.zst", "")
}

// hives writes hives with plain keys.
func (in *inputs) hives() made {
	return in.once("hives", func(context.Context) ([]input, error) {
		return in.three("hive", "keys", 600*in.mib, func(w io.Writer, n int) error {
			hive, err := plainHive(n).Bytes()
			if err != nil {
				return err
			}
			_, err = w.Write(hive)
			return err
		})
	})
}

// copied copies a file away from the files beside it, such as the transaction logs of
// a hive, which some readers would apply.
func (in *inputs) copied(inCorpus, inTestdata string) made {
	return in.once(inCorpus, func(context.Context) ([]input, error) {
		name, err := in.given(inCorpus, inTestdata)
		if err != nil {
			return nil, err
		}
		to := filepath.Join(in.dir, filepath.Base(inCorpus))
		return in.sized(to, writeFile(to, func(w io.Writer) error {
			f, err := os.Open(name)
			if err != nil {
				return err
			}
			defer f.Close()
			_, err = io.Copy(w, f)
			return err
		}))
	})
}

// executables makes folders that hold the executables of the corpus once, four
// times and sixteen times.
func (in *inputs) executables() made {
	return in.once("pe", func(context.Context) ([]input, error) {
		names, err := filepath.Glob(filepath.Join(in.corpus, "pe", "*"))
		if err != nil {
			return nil, err
		}
		var made []input
		for _, times := range []int{1, 4, 16} {
			folder := filepath.Join(in.dir, fmt.Sprintf("pe-%d", times))
			files := 0
			for i := range times {
				sub := filepath.Join(folder, fmt.Sprint(i))
				if err := os.MkdirAll(sub, 0o700); err != nil {
					return nil, err
				}
				for _, name := range names {
					data, err := os.ReadFile(name)
					if err != nil {
						return nil, err
					}
					if !bytes.HasPrefix(data, []byte("MZ")) {
						continue
					}
					if err := os.WriteFile(filepath.Join(sub, filepath.Base(name)), data, 0o600); err != nil {
						return nil, err
					}
					files++
				}
			}
			if files == 0 {
				return nil, errors.New(filepath.Join(in.corpus, "pe") + ": no executables")
			}
			made = append(made, input{folder, float64(files), "files"})
		}
		return made, nil
	})
}

// unpacked unpacks a file in gzip or, with the program zstd, in zstd.
func (in *inputs) unpacked(inCorpus, inTestdata string) made {
	return in.once(inCorpus, func(ctx context.Context) ([]input, error) {
		from, err := in.given(inCorpus, inTestdata)
		if err != nil {
			return nil, err
		}
		to := filepath.Join(in.dir, strings.TrimSuffix(filepath.Base(from), filepath.Ext(from)))
		if filepath.Ext(from) == ".zst" {
			out, err := exec.CommandContext(ctx, "zstd", "-q", "-d", from, "-o", to).CombinedOutput()
			if err != nil {
				return nil, fmt.Errorf("zstd: %w: %s", err, bytes.TrimSpace(out))
			}
			return in.sized(to, nil)
		}
		return in.sized(to, writeFile(to, func(w io.Writer) error { return gunzip(w, from) }))
	})
}

func gunzip(w io.Writer, name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	r, err := gzip.NewReader(f)
	if err != nil {
		return err
	}
	_, err = io.Copy(w, r)
	return err
}

// sized returns a file as the only input, with its size.
func (in *inputs) sized(name string, err error) ([]input, error) {
	if err != nil {
		return nil, err
	}
	st, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	return []input{{name, float64(st.Size()) / (1 << 20), "MiB"}}, nil
}
