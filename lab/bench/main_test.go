package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/testenv"
)

// The test binary is also the rivals: if it is run as "fake FATE …", it meets that
// fate.
func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == "fake" {
		os.Exit(fake(os.Args[2], os.Args[3]))
	}
	os.Exit(m.Run())
}

// fake prints a line for each byte of its input, unless its fate is another.
func fake(fate, input string) int {
	data, err := os.ReadFile(input)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 9
	}
	switch fate {
	case "dies":
		fmt.Fprintln(os.Stderr, "halfway\nout of luck")
		return 3
	case "hangs":
		fmt.Println("started")
		time.Sleep(time.Hour)
	case "babbles":
		fmt.Println("hello, world")
	case "swells":
		ballast = touched(100 << 20)
	case "number":
		fmt.Println(len(data))
	case "miscounts":
		data = append(data, 0)
		fallthrough
	default:
		fmt.Print(strings.Repeat("record\n", len(data)))
	}
	if fate == "complains" {
		return 1
	}
	return 0
}

// ballast is memory that is really resident.
var ballast []byte

func touched(n int) []byte {
	b := make([]byte, n)
	for i := 0; i < n; i += 1 << 10 {
		b[i] = 1
	}
	return b
}

func fakes(t *testing.T, name, fate string) contender {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return contender{name: name, path: self, args: before([]string{"fake", fate})}.counts(lines(0))
}

// corpusDir returns the folder in which the command looks for the corpus. It may not
// exist.
func corpusDir(t testing.TB) string {
	if dir := os.Getenv("BIRTHMARK_CORPUS"); dir != "" {
		return dir
	}
	return filepath.Join(testenv.Root(t), "..", "shared", "corpus")
}

// Ctrl-C while the programs are built, or during the first or the second contest,
// leaves no file and prints what was measured.
func TestInterrupted(t *testing.T) {
	// With another home no rival is found, but go must keep its caches.
	for _, name := range []string{"GOCACHE", "GOMODCACHE"} {
		dir, err := tool(t.Context(), ".", "go", "env", name)
		if err != nil {
			t.Fatal(err)
		}
		t.Setenv(name, strings.TrimSpace(dir))
	}
	t.Setenv("HOME", t.TempDir())
	t.Setenv("BIRTHMARK_PEERS", "")
	for _, tt := range []struct{ at, printed string }{
		{"building the programs", ""},
		{"bench: hive, every key and value", ""},
		{"SYSTEM hive, every key and value", "| hive, every key and value"},
	} {
		t.Run(tt.at, func(t *testing.T) {
			dir := t.TempDir()
			t.Setenv("TMPDIR", dir)
			t.Setenv("TMP", dir)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			stderr := &trigger{at: tt.at, do: cancel}
			o := options{only: "hive", mib: 1, corpus: filepath.Join(dir, "none"), rules: rules{rounds: 1, limit: time.Minute, slow: time.Minute}}
			var out bytes.Buffer
			if err := bench(ctx, o, &out, stderr); !errors.Is(err, context.Canceled) {
				t.Errorf("got %v, want %v", err, context.Canceled)
			}
			if got := out.String(); !strings.Contains(got, tt.printed) || (tt.printed == "") != (got == "") ||
				tt.printed != "" && !strings.Contains(got, "The run was interrupted") {
				t.Errorf("printed %q, want %q", got, tt.printed)
			}
			left, err := filepath.Glob(filepath.Join(dir, "birthmark-bench-*"))
			if err != nil || len(left) > 0 {
				t.Errorf("left %v, %v", left, err)
			}
		})
	}
}

// trigger calls do when a text is written to it.
type trigger struct {
	at string
	do func()
}

func (t *trigger) Write(p []byte) (int, error) {
	if strings.Contains(string(p), t.at) {
		t.do()
	}
	return len(p), nil
}

func TestBadOptions(t *testing.T) {
	for _, o := range []options{
		{mib: 1},
		{rules: rules{rounds: 1}},
		{only: "(", mib: 1, rules: rules{rounds: 1}},
	} {
		if err := bench(t.Context(), o, &bytes.Buffer{}, &bytes.Buffer{}); err == nil {
			t.Errorf("%+v: no error", o)
		}
	}
}
