package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// threeBytes makes inputs of 1, 4 and 16 bytes.
func threeBytes(t *testing.T) made {
	t.Helper()
	var all []input
	dir := t.TempDir()
	for _, n := range []int{1, 4, 16} {
		name := filepath.Join(dir, fmt.Sprint(n))
		if err := os.WriteFile(name, make([]byte, n), 0o600); err != nil {
			t.Fatal(err)
		}
		all = append(all, input{name, float64(n), "bytes"})
	}
	return func(context.Context) ([]input, error) { return all, nil }
}

var quick = rules{rounds: 2, limit: time.Minute, slow: time.Minute}

func TestHold(t *testing.T) {
	exits := fakes(t, "exits 1 and says all", "complains")
	exits.exit = 1
	number := fakes(t, "prints a number", "number").counts(number)
	rubbish := fakes(t, "prints rubbish", "babbles").counts(number.counter)
	uncounted := fakes(t, "is not counted", "counts").counts(nil)
	fewer := fakes(t, "has a reason", "miscounts").because("also counts the end")
	absent := contender{name: "absent", args: before(nil)}
	nowhere := contender{name: "is not a program", path: filepath.Join(t.TempDir(), "none"), args: before(nil)}
	unready := fakes(t, "cannot begin", "counts")
	unready.before = func() error { return errors.New("the store is locked") }

	c := contest{
		name: "fakes", inputs: threeBytes(t), note: "all are fakes",
		ours: fakes(t, "ours", "counts"),
		rivals: []contender{
			fakes(t, "same", "counts"), exits, number, fewer,
			fakes(t, "differs", "miscounts"), uncounted,
			fakes(t, "dies", "dies"), fakes(t, "exits 1", "complains"), rubbish, absent, nowhere, unready,
		},
	}
	out, err := hold(t.Context(), c, quick)
	if err != nil {
		t.Fatal(err)
	}
	type want struct {
		records           int
		failed            string // the beginning
		raced, comparable bool
	}
	for i, w := range []want{
		{4, "", true, false}, // ours has no ratio to itself
		{4, "", true, true},
		{4, "", true, true},
		{4, "", true, true},
		{5, "", true, true},
		{5, "", true, false},
		{-1, "", true, false},
		{-1, "dies: exit status 3: out of luck", false, false},
		{-1, "dies: exit status 1", false, false},
		{-1, "prints nothing that can be counted", false, false},
		{-1, "absent", false, false},
		{-1, "does not start: ", false, false},
		{-1, "the store is locked", false, false},
	} {
		r := out.Rows[i]
		if r.Records != w.records || !strings.HasPrefix(r.Failed, w.failed) || (r.Failed == "") != (w.failed == "") {
			t.Errorf("%s: %d records, failed %q; want %d, %q", r.Program, r.Records, r.Failed, w.records, w.failed)
		}
		rounds, times := 0, 0
		if w.raced {
			rounds, times = quick.rounds, 3
		}
		if r.Rounds != rounds || len(r.Times) != times || (r.Median > 0) != w.raced {
			t.Errorf("%s: %d rounds, median %v, times %v; want %d rounds", r.Program, r.Rounds, r.Median, r.Times, rounds)
		}
		if (r.Ratio > 0) != w.comparable {
			t.Errorf("%s: ratio %v, want one: %v", r.Program, r.Ratio, w.comparable)
		}
	}
	if out.Input != "4 bytes" || !slices.Equal(out.Inputs, []string{"1 bytes", "4 bytes", "16 bytes"}) {
		t.Errorf("inputs %q, %q", out.Input, out.Inputs)
	}
	notes := []string{
		"all are fakes", "has a reason: also counts the end",
		"not comparable: differs sees 5 records, ours sees 4 records",
		"not comparable: is not counted was not counted, ours sees 4 records",
	}
	if !slices.Equal(out.Notes, notes) {
		t.Errorf("notes %q, want %q", out.Notes, notes)
	}
}

// A program's peak does not include the memory of the process that starts it.
func TestPeak(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux provides exact peaks")
	}
	ballast = touched(200 << 20)
	defer func() { ballast = nil }()
	in, err := threeBytes(t)(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		fate     string
		from, to int64
	}{{"counts", 1, 100 << 20}, {"swells", 100 << 20, 200 << 20}} {
		who := fakes(t, "ours", tt.fate)
		got, err := run(t.Context(), who, who.argv(in[0].path), io.Discard, time.Minute)
		if err != nil || got.peak < tt.from || got.peak >= tt.to {
			t.Errorf("%s: %d MiB, %v; want %d to %d", tt.fate, got.peak>>20, err, tt.from>>20, tt.to>>20)
		}
	}
}

// A program that hangs is stopped, and has a row.
func TestHang(t *testing.T) {
	c := contest{inputs: threeBytes(t), ours: fakes(t, "ours", "hangs")}
	out, err := hold(t.Context(), c, rules{rounds: 1, limit: 200 * time.Millisecond, slow: time.Minute})
	if err != nil || out.Rows[0].Failed != "hangs: stopped after 200ms" {
		t.Errorf("got %+v, %v", out.Rows, err)
	}
}

// A program whose first run is slow is measured once.
func TestSlow(t *testing.T) {
	c := contest{inputs: threeBytes(t), ours: fakes(t, "ours", "counts")}
	out, err := hold(t.Context(), c, rules{rounds: 3, limit: time.Minute, slow: 1})
	if err != nil || out.Rows[0].Rounds != 1 || len(out.Rows[0].Times) != 3 {
		t.Errorf("got %+v, %v", out.Rows, err)
	}
}

func TestContestWithoutInput(t *testing.T) {
	c := contest{name: "no corpus", inputs: func(context.Context) ([]input, error) { return nil, os.ErrNotExist }}
	out, err := hold(t.Context(), c, quick)
	if err != nil || out.NotHeld != os.ErrNotExist.Error() || out.Rows != nil {
		t.Errorf("got %+v, %v", out, err)
	}
}

// Ctrl-C during a run ends the contest at once.
func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	who := fakes(t, "ours", "hangs")
	in, err := threeBytes(t)(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := run(ctx, who, who.argv(in[0].path), &trigger{"started", cancel}, time.Minute); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
	if _, err := hold(ctx, contest{inputs: threeBytes(t), ours: who}, quick); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
}

func TestCounters(t *testing.T) {
	const text = "header\n<node a><node b>\n<value c>\n"
	for _, tt := range []struct {
		name string
		make func() counter
		text string
		want int
	}{
		{"lines less a header", lines(1), text, 2},
		{"not even a header", lines(1), "", -1},
		{"words", each("<node ", "<value "), text, 3},
		{"no words", each("<event"), text, 0},
		{"number", number, " 42\n", 42},
		{"not a number", number, text, -1},
		{"nothing", number, "", -1},
		{"a flood that begins with a number", number, "1" + strings.Repeat(" ", 100) + "2", 1},
	} {
		for _, size := range []int{1, 3, 7, len(tt.text) + 1} { // pipes may cut the text anywhere
			c := tt.make()
			for part := range slices.Chunk([]byte(tt.text), size) {
				if n, err := c.Write(part); n != len(part) || err != nil {
					t.Fatalf("%s: wrote %d, %v", tt.name, n, err)
				}
			}
			if got := c.count(); got != tt.want {
				t.Errorf("%s in parts of %d: got %d, want %d", tt.name, size, got, tt.want)
			}
		}
	}
}
