package recipes_test

import (
	"fmt"
	"strings"
	"testing"
)

// A move is a part of a step: a change of a file, or a test that fails as long as
// what follows is not done.
type move struct {
	verb   string // after, before, replace, end, new; or without
	file   string
	anchor string   // of after and before, in one line of the file; of replace, what is replaced
	text   string   // what comes into the file
	run    []string // of without: a command
	says   string   // of without: what it prints when it fails
}

// parseSteps reads a walk through a recipe: below a few words about the addition
// steps of moves, each begun by a line with two equal signs.
//
//	== step
//	== after FILE: ANCHOR      the text below goes behind the line that holds ANCHOR
//	== before FILE: ANCHOR     … before it
//	== replace FILE: OLD       … takes the place of OLD
//	== end FILE                … goes to the end of the file
//	== new FILE                … is the file
//	== without COMMAND         fails now, since what follows is missing
//	== says WORDS              … and its output holds WORDS
func parseSteps(walk string) ([][]move, error) {
	var steps [][]move
	for line := range strings.Lines(walk) {
		directive, ok := strings.CutPrefix(line, "== ")
		if !ok {
			if n := len(steps); n > 0 && len(steps[n-1]) > 0 {
				last := &steps[n-1][len(steps[n-1])-1]
				last.text += line
			}
			continue
		}
		verb, rest, _ := strings.Cut(strings.TrimRight(directive, "\n"), " ")
		if verb == "step" {
			steps = append(steps, nil)
			continue
		}
		if len(steps) == 0 {
			return nil, fmt.Errorf("%q is before the first step", line)
		}
		step := &steps[len(steps)-1]
		m := move{verb: verb}
		switch verb {
		case "after", "before", "replace":
			m.file, m.anchor, ok = strings.Cut(rest, ": ")
			if !ok || m.anchor == "" {
				return nil, fmt.Errorf("%q has no anchor", line)
			}
		case "end", "new":
			m.file = rest
		case "without":
			m.run = strings.Fields(rest)
		case "says":
			if n := len(*step); n == 0 || (*step)[n-1].run == nil || rest == "" {
				return nil, fmt.Errorf("%q is not behind a command", line)
			}
			(*step)[len(*step)-1].says = rest
			continue
		default:
			return nil, fmt.Errorf("%q: an unknown word", line)
		}
		*step = append(*step, m)
	}
	return steps, nil
}

// apply returns a file with a change. The anchor is in exactly one of its lines.
func (m move) apply(old string) (string, error) {
	switch m.verb {
	case "new":
		if old != "" {
			return "", fmt.Errorf("%s is there already", m.file)
		}
		return m.text, nil
	case "end":
		return old + m.text, nil
	}
	if n := strings.Count(old, m.anchor); n != 1 {
		return "", fmt.Errorf("%s holds %q %d times, want once", m.file, m.anchor, n)
	}
	at := strings.Index(old, m.anchor)
	switch m.verb {
	case "before":
		at = strings.LastIndexByte(old[:at], '\n') + 1
	case "after":
		at += strings.IndexByte(old[at:], '\n') + 1
	case "replace":
		return old[:at] + strings.TrimSuffix(m.text, "\n") + old[at+len(m.anchor):], nil
	}
	return old[:at] + m.text + old[at:], nil
}

func TestMoves(t *testing.T) {
	const old = "one\ntwo\nthree\nthree\n"
	for _, tt := range []struct{ name, walk, want string }{
		{"after", "== after f: tw\nnew\n", "one\ntwo\nnew\nthree\nthree\n"},
		{"before", "== before f: two\nnew\nline\n", "one\nnew\nline\ntwo\nthree\nthree\n"},
		{"replace", "== replace f: wo\nhree\n", "one\nthree\nthree\nthree\n"},
		{"end", "== end f\n\nlast\n", old + "\nlast\n"},
		{"not there", "== after f: four\n", `f holds "four" 0 times, want once`},
		{"there twice", "== after f: three\n", `f holds "three" 2 times, want once`},
		{"a file that is there", "== new f\nx\n", "f is there already"},
		{"no anchor", "== after f\n", `"== after f\n" has no anchor`},
		{"no verb", "== behind f: two\n", `"== behind f: two\n": an unknown word`},
		{"words of nothing", "== says f\n", `"== says f\n" is not behind a command`},
	} {
		steps, err := parseSteps("about it\n== step\n" + tt.walk)
		got := fmt.Sprint(err)
		if err == nil {
			if got, err = steps[0][0].apply(old); err != nil {
				got = err.Error()
			}
		}
		if got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
	if _, err := parseSteps("== new f\n"); err == nil {
		t.Error("a move before the first step")
	}
	steps, err := parseSteps("== step\n== without go test ./a\n== says missing: b\n== new f\nx\n== step\n")
	if err != nil || len(steps) != 2 || len(steps[0]) != 2 || len(steps[1]) != 0 || steps[0][0].says != "missing: b" || len(steps[0][0].run) != 3 {
		t.Errorf("%+v, %v", steps, err)
	}
}
