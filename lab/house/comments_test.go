package main

import (
	"slices"
	"testing"
	"testing/fstest"
)

func TestPatterns(t *testing.T) {
	tests := []struct {
		line string
		want []string
	}{
		{"// nil where there is none", []string{"where as condition", "is/are no, none"}},
		{"// -1 where unknown", []string{"where as condition"}},
		{"// Where the log is damaged, it goes on.", []string{"where as condition"}},
		{"// It returns where the name begins.", nil},
		{"// offset is where it lies", []string{"stand, lie, bear"}},
		{"// a map where each key is a name", nil},
		{"// returns where it begins, -1 where it does not", []string{"where as condition"}},
		{"// somewhere the code says nowhere", nil},
		{"// the records are none of ours", []string{"is/are no, none"}},
		{"// it is not a log, and this is nothing", nil},
		{"// Told apart by what it tells", []string{"tell, told"}},
		{"// understand, belief, forbear", nil},
		{"// If it fails, try again", []string{"if"}},
		{"// iff diff", nil},
	}
	for _, test := range tests {
		var got []string
		for i := range patterns {
			if patterns[i].in(test.line) {
				got = append(got, patterns[i].name)
			}
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: got %q, want %q", test.line, got, test.want)
		}
	}
}

func TestCommentLines(t *testing.T) {
	const text = `//go:build linux

// Package p is one thing.
// If not, another.
package p

/* if
if */
var s = "// if in a string" // if at the end, if twice
`
	code, tests, err := habitsOf(fstest.MapFS{
		"p.go":          {Data: []byte(text)},
		"p_test.go":     {Data: []byte("package p // told\n")},
		"testdata/q.go": {Data: []byte("not Go")},
	})
	if err != nil {
		t.Fatal(err)
	}
	if want := (habits{lines: 5, with: [len(patterns)]int{4: 4}}); code != want {
		t.Errorf("code: got %v, want %v", code, want)
	}
	if want := (habits{lines: 1, with: [len(patterns)]int{2: 1}}); tests != want {
		t.Errorf("tests: got %v, want %v", tests, want)
	}
	if got := code.per1000(4); got != 800 {
		t.Errorf("per 1,000 lines: got %v, want 800", got)
	}
}
