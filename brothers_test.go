package birthmark_test

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/evtx/evtxtest"
	"github.com/birthmark-dfir/birthmark/lnk"
	"github.com/birthmark-dfir/birthmark/lnk/jumplist"
	"github.com/birthmark-dfir/birthmark/lnk/jumplist/jumplisttest"
	"github.com/birthmark-dfir/birthmark/lnk/lnktest"
	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/mft/mfttest"
	"github.com/birthmark-dfir/birthmark/pe"
	"github.com/birthmark-dfir/birthmark/pe/petest"
	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/registry/registrytest"
	"github.com/birthmark-dfir/birthmark/task"
	"github.com/birthmark-dfir/birthmark/task/tasktest"
	"github.com/birthmark-dfir/birthmark/weblog"
	"github.com/birthmark-dfir/birthmark/weblog/weblogtest"
)

// reader is the common interface of the parsers.
type reader interface {
	io.Closer
	Problems() iter.Seq[damage.Problem]
}

// brotherly is a parser with the common signatures. An empty name means no option.
type brotherly struct {
	pkg       string
	kind      string // what errors call an artifact without a name
	notX      error
	open      func(name string) (reader, error)
	openFS    func(fsys fs.FS, name string) (reader, error)
	newReader func(r io.ReaderAt, size int64, name string) (reader, error)
	sample    func() ([]byte, error)
}

// brother makes a row from the functions of a parser. It compiles only if their
// signatures are those of the other parsers.
func brother[R reader, O any](pkg, kind string, notX error,
	open func(string, ...O) (R, error),
	openFS func(fs.FS, string, ...O) (R, error),
	newReader func(io.ReaderAt, int64, ...O) (R, error),
	withName func(string) O,
	sample func() ([]byte, error),
) brotherly {
	return brotherly{pkg, kind, notX,
		func(name string) (reader, error) { return open(name) },
		func(fsys fs.FS, name string) (reader, error) { return openFS(fsys, name) },
		func(r io.ReaderAt, size int64, name string) (reader, error) {
			if name == "" {
				return newReader(r, size)
			}
			return newReader(r, size, withName(name))
		},
		sample,
	}
}

var parsers = []brotherly{
	brother("evtx", "evtx", evtx.ErrNotEventLog, evtx.Open, evtx.OpenFS, evtx.NewReader, evtx.WithName,
		func() ([]byte, error) {
			return evtxtest.Bytes(&evtx.Security4624{System: evtx.System{TimeCreated: time.Unix(0, 0)}})
		}),
	brother("mft", "$MFT", mft.ErrNotMFT, mft.Open, mft.OpenFS, mft.NewReader, mft.WithName, func() ([]byte, error) {
		volume, err := mfttest.Volume{}.Bytes()
		if err != nil {
			return nil, err
		}
		v, err := mft.NewVolume(bytes.NewReader(volume), int64(len(volume)))
		if err != nil {
			return nil, err
		}
		return fs.ReadFile(v, "$MFT")
	}),
	brother("mft (volume)", "ntfs", mft.ErrNotNTFS, mft.OpenVolume, mft.OpenVolumeFS, mft.NewVolume, mft.WithName,
		func() ([]byte, error) { return mfttest.Volume{}.Bytes() }),
	brother("registry", "registry", registry.ErrNotHive, registry.Open, registry.OpenFS, registry.NewReader, registry.WithName,
		func() ([]byte, error) { return (&registrytest.Hive{}).Bytes() }),
	brother("pe", "pe", pe.ErrNotExecutable, pe.Open, pe.OpenFS, pe.NewReader, pe.WithName,
		func() ([]byte, error) { return petest.Image{}.Bytes() }),
	brother("weblog", "weblog", weblog.ErrNotWebLog, weblog.Open, weblog.OpenFS, weblog.NewReader, weblog.WithName,
		func() ([]byte, error) { return weblogtest.Log{}.Bytes() }),
	brother("task", "task", task.ErrNotTask, task.Open, task.OpenFS, task.NewReader, task.WithName,
		func() ([]byte, error) { return tasktest.File{}.Bytes() }),
	brother("lnk", "lnk", lnk.ErrNotLink, lnk.Open, lnk.OpenFS, lnk.NewReader, lnk.WithName,
		func() ([]byte, error) { return lnktest.File{}.Bytes() }),
	brother("lnk/jumplist", "jumplist", jumplist.ErrNotJumpList, jumplist.Open, jumplist.OpenFS, jumplist.NewReader, jumplist.WithName,
		func() ([]byte, error) { return jumplisttest.Bytes(jumplist.List{Version: 4}) }),
}

// All parsers open a file in the same three ways, and report a file of another kind
// in the same way.
func TestParsersAreBrothers(t *testing.T) {
	dir := t.TempDir()
	text := []byte(strings.Repeat("This text is not an artifact.\n", 100))
	other := filepath.Join(dir, "other.txt")
	if err := os.WriteFile(other, text, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, p := range parsers {
		t.Run(p.pkg, func(t *testing.T) {
			for _, tt := range []struct {
				way, artifact string
				open          func() (reader, error)
			}{
				{"Open", other, func() (reader, error) { return p.open(other) }},
				{"OpenFS", "other.txt", func() (reader, error) { return p.openFS(os.DirFS(dir), "other.txt") }},
				{"NewReader", p.kind, func() (reader, error) { return p.newReader(bytes.NewReader(text), int64(len(text)), "") }},
				{"NewReader with a name", "suspect", func() (reader, error) { return p.newReader(bytes.NewReader(text), int64(len(text)), "suspect") }},
			} {
				_, err := tt.open()
				var located *damage.Error
				if !errors.Is(err, p.notX) || !errors.As(err, &located) || located.Artifact != tt.artifact {
					t.Errorf("%s of another file: %v; want the artifact %s and the cause %v", tt.way, err, tt.artifact, p.notX)
				} else if n := strings.Count(err.Error(), tt.artifact+":"); n != 1 {
					t.Errorf("%s of another file: %q names the artifact %d times", tt.way, err, n)
				}
			}
			absent := filepath.Join(dir, "absent")
			if _, err := p.open(absent); !errors.Is(err, fs.ErrNotExist) || strings.Count(err.Error(), absent) != 1 {
				t.Errorf("Open of an absent file: %v", err)
			}
			if _, err := p.openFS(os.DirFS(dir), "absent"); !errors.Is(err, fs.ErrNotExist) || strings.Count(err.Error(), "absent") != 1 {
				t.Errorf("OpenFS of an absent file: %v", err)
			}

			sample, err := p.sample()
			if err != nil {
				t.Fatal(err)
			}
			file := filepath.Join(dir, "sample")
			if err := os.WriteFile(file, sample, 0o644); err != nil {
				t.Fatal(err)
			}
			for way, open := range map[string]func() (reader, error){
				"Open":      func() (reader, error) { return p.open(file) },
				"OpenFS":    func() (reader, error) { return p.openFS(fstest.MapFS{"sample": {Data: sample}}, "sample") },
				"NewReader": func() (reader, error) { return p.newReader(bytes.NewReader(sample), int64(len(sample)), "") },
			} {
				r, err := open()
				if err != nil {
					t.Errorf("%s: %v", way, err)
					continue
				}
				for problem := range r.Problems() {
					t.Errorf("%s: %v", way, problem)
				}
				for range 2 {
					if err := r.Close(); err != nil {
						t.Errorf("%s: Close: %v", way, err)
					}
				}
			}
		})
	}
}
