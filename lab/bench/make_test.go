package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/internal/testenv"
	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/registry"
)

// written writes a temporary file and returns its name.
func written(t *testing.T, write func(io.Writer) error) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "made")
	if err := writeFile(name, write); err != nil {
		t.Fatal(err)
	}
	return name
}

// ask runs an independent tool and returns the count of its output.
func ask(t *testing.T, c counter, tool string, args ...string) int {
	t.Helper()
	cmd := exec.Command(tool, args...)
	cmd.Stdout = c
	if err := cmd.Run(); err != nil {
		t.Errorf("%s: %v", filepath.Base(tool), err)
	}
	return c.count()
}

// givenLogs returns the logs of testdata and, if there is one, of the corpus.
func givenLogs(t *testing.T) map[string][]byte {
	logs := map[string][]byte{}
	for _, pattern := range []string{
		filepath.Join(testenv.Root(t), "testdata", "sqlserver", "C", "Windows", "System32", "winevt", "Logs", "S*.evtx"),
		filepath.Join(corpusDir(t), "evtx", "evtx-rs", "s[ey]*[ymn].evtx"),
	} {
		names, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			logs[filepath.Base(name)] = data
		}
	}
	return logs
}

// records counts the records of a log, which must be sound.
func records(t *testing.T, log []byte) int {
	t.Helper()
	r, err := evtx.NewReader(bytes.NewReader(log), int64(len(log)))
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, err := range r.Records() {
		if err != nil {
			t.Error(err)
		}
		n++
	}
	return n
}

func TestRepeatLog(t *testing.T) {
	for name, log := range givenLogs(t) {
		want, chunks := 0, 0
		for at := evtxHeader; at+evtxChunk <= len(log); at += evtxChunk {
			if c := log[at:][:evtxChunk]; soundChunk(c) {
				chunks++
				want += records(t, append(bytes.Clone(log[:evtxHeader]), c...))
			}
		}
		for _, times := range []int{1, 3} {
			t.Run(fmt.Sprint(name, " ", times), func(t *testing.T) {
				made, err := os.ReadFile(written(t, func(w io.Writer) error { return repeatLog(w, log, times*chunks) }))
				if err != nil {
					t.Fatal(err)
				}
				if got := records(t, made); got != times*want || want == 0 {
					t.Errorf("%d records, want %d", got, times*want)
				}
				r, err := evtx.NewReader(bytes.NewReader(made), int64(len(made)))
				if err != nil {
					t.Fatal(err)
				}
				for p := range r.Problems() {
					// The events keep their identifiers, so they repeat.
					if p.Kind != damage.Conflict && p.Kind != damage.Cleared {
						t.Error(p)
					}
				}
			})
		}
	}
}

func TestOthersReadRepeatedLogs(t *testing.T) {
	for name, log := range givenLogs(t) {
		made := written(t, func(w io.Writer) error { return repeatLog(w, log, 5) })
		data, err := os.ReadFile(made)
		if err != nil {
			t.Fatal(err)
		}
		want := records(t, data)
		t.Run(name+" evtx_dump", func(t *testing.T) {
			if got := ask(t, lines(0)(), testenv.Tool(t, "evtx_dump"), "-o", "jsonl", "--validate-checksums", made); got != want {
				t.Errorf("%d records, ours %d", got, want)
			}
		})
		t.Run(name+" evtxexport", func(t *testing.T) {
			if got := ask(t, each("</Event>")(), testenv.Tool(t, "evtxexport"), "-f", "xml", made); got != want {
				t.Errorf("%d records, ours %d", got, want)
			}
		})
	}
}

func TestNoLogToRepeat(t *testing.T) {
	empty := make([]byte, evtxHeader+evtxChunk)
	copy(empty, "ElfFile\x00")
	for name, log := range map[string][]byte{"empty": nil, "other": make([]byte, 1<<20), "no chunk": empty} {
		if err := repeatLog(io.Discard, log, 1); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	for name, log := range givenLogs(t) {
		if err := repeatLog(io.Discard, log, 1<<16); err == nil {
			t.Errorf("%s: more chunks than the header counts, and no error", name)
		}
	}
}

func TestRepeatMFT(t *testing.T) {
	for _, from := range []string{
		filepath.Join(testenv.Root(t), "testdata", "sqlserver", "disk.raw.gz"),
		filepath.Join(corpusDir(t), "mft", "xw.mft"),
	} {
		t.Run(filepath.Base(from), func(t *testing.T) {
			real, err := readMFT(from)
			if os.IsNotExist(err) {
				t.Skip(err)
			}
			if err != nil {
				t.Fatal(err)
			}
			const n = 5000
			made := written(t, func(w io.Writer) error { return repeatMFT(w, real, n) })
			r, err := mft.Open(made)
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			if r.Len() != n {
				t.Errorf("%d records, want %d", r.Len(), n)
			}
			have := uint64(len(real) / r.RecordSize())
			repeated, whole := uint64(0), uint64(0)
			for rec, err := range r.Records() {
				if err != nil {
					continue // damage of the real $MFT; the counts below cover the copies
				}
				if rec.Entry >= have {
					repeated++
				}
				if rec.Entry >= have && rec.StandardInformation.Present && rec.Name() != "" {
					whole++
				}
			}
			if repeated != n-have {
				t.Errorf("%d repeated records are read, want %d", repeated, n-have)
			}
			if whole < repeated*9/10 { // some of the real records are damaged inside
				t.Errorf("%d of %d repeated records have times and a name", whole, repeated)
			}
			// mft_dump does not print a row for a record that was never used, but
			// prints one for a record that Windows marked as damaged.
			want := n - int(have)
			for at := 0; at < len(real); at += r.RecordSize() {
				if bytes.HasPrefix(real[at:], []byte("FILE")) || bytes.HasPrefix(real[at:], []byte("BAAD")) {
					want++
				}
			}
			if got := ask(t, lines(1)(), testenv.Tool(t, "mft_dump"), "-o", "csv", made); got != want {
				t.Errorf("mft_dump sees %d records, want %d", got, want)
			}
		})
	}
}

func TestNoMFTToRepeat(t *testing.T) {
	file := make([]byte, 64<<10)
	copy(file, "FILE")
	for name, table := range map[string][]byte{"empty": nil, "other": make([]byte, 64<<10), "no record size": file} {
		if err := repeatMFT(io.Discard, table, 100); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// A generated hive has the root, groups, keys, and two values for each key.
func TestPlainHive(t *testing.T) {
	const keys = 250
	const want = 1 + 3 + keys + 2*keys
	hive, err := plainHive(keys).Bytes()
	if err != nil {
		t.Fatal(err)
	}
	made := written(t, func(w io.Writer) error { _, err := w.Write(hive); return err })
	r, err := registry.Open(made)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for p := range r.Problems() {
		t.Error(p)
	}
	var out bytes.Buffer
	if err := printHive(&out, made); err != nil {
		t.Fatal(err)
	}
	if got := bytes.Count(out.Bytes(), []byte{'\n'}); got != want {
		t.Errorf("printHive prints %d lines, want %d", got, want)
	}
	const line = `"group00001\\key0000100"	"ImagePath"	REG_SZ	"C:\\Windows\\System32\\svchost.exe -k netsvcs -p"` + "\n" +
		`"group00001\\key0000100"	"Start"	REG_DWORD	00000000` + "\n"
	if !bytes.Contains(out.Bytes(), []byte(line)) {
		t.Errorf("printHive lacks %q", line)
	}
	out.Reset()
	if err := countHive(&out, made); err != nil || out.String() != fmt.Sprintln(want) {
		t.Errorf("countHive prints %q, %v, want %d", &out, err, want)
	}
	t.Run("hivexml", func(t *testing.T) {
		if got := ask(t, each("<node ", "<value ")(), testenv.Tool(t, "hivexml"), made); got != want {
			t.Errorf("%d keys and values, want %d", got, want)
		}
	})
	t.Run("reglookup", func(t *testing.T) {
		if got := ask(t, lines(1)(), testenv.Tool(t, "reglookup"), "-i", made); got != want {
			t.Errorf("%d keys and values, want %d", got, want)
		}
	})
}

// Without a corpus, every input can be made, and is made once, or its error names what
// is missing.
func TestInputsWithoutCorpus(t *testing.T) {
	in := newInputs(t.TempDir(), filepath.Join(t.TempDir(), "none"), testenv.Root(t), 1)
	lacking := map[string]bool{}
	for _, c := range contests(programs{}, in) {
		got, err := c.inputs(t.Context())
		if err != nil {
			if !os.IsNotExist(err) && len(got) > 0 {
				t.Errorf("%s: %v", c.name, err)
			}
			lacking[c.name] = true
			continue
		}
		again, err := c.inputs(context.Background())
		if err != nil || len(again) != len(got) || again[0] != got[0] {
			t.Errorf("%s: made again: %v, %v; before %v", c.name, again, err, got)
		}
		for _, one := range got {
			if _, err := os.Stat(one.path); err != nil || one.size <= 0 {
				t.Errorf("%s: input %+v: %v", c.name, one, err)
			}
		}
	}
	for _, name := range []string{"evtx to JSON lines, security", "$MFT to CSV", "hive, every key and value", "disk image to origin report"} {
		if lacking[name] {
			t.Errorf("%s: no input without a corpus", name)
		}
	}
}
