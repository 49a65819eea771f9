package child

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"
)

// The test binary is also the child process.
func TestMain(m *testing.M) {
	if os.Getenv("BIRTHMARK_CHILD") == "" {
		os.Exit(m.Run())
	}
	sink := [][]byte{}
	err := Serve(os.Stdin, os.Stdout, map[string]Parser{
		"good": func(path string, emit func(Record)) (int, error) {
			for i := range 3 {
				emit(Record{Key: fmt.Sprintf("record %d", i), Offset: int64(i), Fields: []Field{{"path", path}}})
			}
			return 2, errors.New("the end is missing")
		},
		"panics": func(string, func(Record)) (int, error) { panic("of its own") },
		"chatters": func(string, func(Record)) (int, error) {
			fmt.Fprintln(os.Stderr, strings.Repeat("chatter\n", 4<<10))
			panic("after much chatter")
		},
		"dies": func(_ string, emit func(Record)) (int, error) {
			emit(Record{Key: "the first"})
			panic("at the second")
		},
		"hangs": func(string, func(Record)) (int, error) { time.Sleep(time.Hour); return 0, nil },
		"swells": func(string, func(Record)) (int, error) {
			for {
				b := make([]byte, 16<<20)
				for i := range b {
					b[i] = 1
				}
				sink = append(sink, b)
			}
		},
		"reserves": func(string, func(Record)) (int, error) {
			sink = append(sink, make([]byte, 512<<20)) // no page of it is touched
			return 0, nil
		},
		"babbles": func(string, func(Record)) (int, error) {
			fmt.Println("hello world")
			return 0, nil
		},
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func self(t *testing.T) *Process {
	t.Setenv("BIRTHMARK_CHILD", "1")
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p := New(exe)
	t.Cleanup(p.Close)
	return p
}

// All requests go to one Process. After each failure the next request gets a new
// child process.
func TestFates(t *testing.T) {
	p := self(t)
	limits := Limits{Time: 10 * time.Second, Memory: 256 << 20}
	good := func() {
		var got []string
		reply, err := p.Ask(t.Context(), Request{Format: "good", Path: "x"}, limits, func(r Record) {
			got = append(got, fmt.Sprintf("%s@%d%v", r.Key, r.Offset, r.Fields))
		})
		if err != nil || reply.Fate != Answered || reply.Problems != 2 || reply.Error != "the end is missing" {
			t.Fatalf("good: %+v, %v", reply, err)
		}
		if want := "record 0@0[{path x}] record 1@1[{path x}] record 2@2[{path x}]"; strings.Join(got, " ") != want {
			t.Fatalf("good: got %v, want %s", got, want)
		}
	}
	good()
	for _, tt := range []struct {
		format string
		limits Limits
		fate   Fate
		words  string
	}{
		{"panics", limits, Died, "panic: of its own"},
		{"chatters", limits, Died, "panic: after much chatter"},
		{"hangs", Limits{Time: 100 * time.Millisecond}, Hung, ""},
		{"swells", limits, Swelled, ""},
		{"reserves", limits, Swelled, ""},
		{"babbles", limits, Babbled, ""},
		{"unheard", limits, Answered, ""},
	} {
		if tt.format == "swells" && runtime.GOOS != "linux" {
			continue
		}
		reply, err := p.Ask(t.Context(), Request{Format: tt.format}, tt.limits, nil)
		if err != nil || reply.Fate != tt.fate || !strings.Contains(reply.Stderr, tt.words) {
			t.Errorf("%s: %+v, %v; want fate %s and %q", tt.format, reply, err, tt.fate, tt.words)
		}
		good()
	}
}

// With Prompt, the records that a parser gave before it crashed are not lost.
func TestPrompt(t *testing.T) {
	p := self(t)
	var got []string
	reply, err := p.Ask(t.Context(), Request{Format: "dies", Prompt: true}, Limits{}, func(r Record) { got = append(got, r.Key) })
	if err != nil || reply.Fate != Died || len(got) != 1 || got[0] != "the first" {
		t.Errorf("%+v, %v, records %q", reply, err, got)
	}
}

func TestDigest(t *testing.T) {
	p := self(t)
	sums := map[uint64]bool{}
	for _, path := range []string{"a", "b", "a"} {
		_, err := p.Ask(t.Context(), Request{Format: "good", Path: path, Digest: true}, Limits{}, func(r Record) {
			if r.Fields != nil || r.Digest == 0 {
				t.Errorf("want a digest instead of fields: %+v", r)
			}
			sums[r.Digest] = true
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(sums) != 2 {
		t.Errorf("%d digests of two contents", len(sums))
	}
}

func TestContextEndsARequest(t *testing.T) {
	p := self(t)
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := p.Ask(ctx, Request{Format: "hangs"}, Limits{}, nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want %v", err, context.DeadlineExceeded)
	}
}

func TestNoSuchProgram(t *testing.T) {
	p := New("/no/such/program")
	if _, err := p.Ask(t.Context(), Request{}, Limits{}, nil); err == nil {
		t.Error("no error for a program that does not exist")
	}
}
