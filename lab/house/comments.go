package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"regexp"
	"strings"
)

// pattern is a habit of English. A line has it if match finds something in the line
// after except is removed.
type pattern struct {
	name          string
	match, except *regexp.Regexp
}

// patterns are habits that distinguished the comments of this module from those of
// the standard library. The last pattern is the remedy for the first.
var patterns = [...]pattern{
	{
		// A clause follows, and no word before it makes "where" refer to a place.
		name:  "where as condition",
		match: regexp.MustCompile(`(?i)\bwhere (the|an?|it|its|there|they|one|this|that|no|nothing|unknown)\b`),
		except: regexp.MustCompile(`(?i)\b(returns?|say|says|said|tells?|told|shows?|states?|stated|know|knows|known|` +
			`names?|named|finds?|found|remembers?|learn|looks?|points?|see|places?|is|are|was|were|` +
			`of|from|to|by|about|for|on|and) where\b`),
	},
	{name: "is/are no, none", match: regexp.MustCompile(`(?i)\b(is|are) (no|none)\b`)},
	{name: "tell, told", match: regexp.MustCompile(`(?i)\b(tells?|told)\b`)},
	{name: "stand, lie, bear", match: regexp.MustCompile(`(?i)\b(stands?|stood|lies?|lay|bears?|bore|borne)\b`)},
	{name: "if", match: regexp.MustCompile(`(?i)\bif\b`)},
}

func (p *pattern) in(line string) bool {
	if p.except != nil {
		line = p.except.ReplaceAllString(line, "")
	}
	return p.match.MatchString(line)
}

// habits counts lines of comment text and, for each pattern, the lines that have it.
type habits struct {
	lines int
	with  [len(patterns)]int
}

func (h *habits) add(other habits) {
	h.lines += other.lines
	for i, n := range other.with {
		h.with[i] += n
	}
}

// per1000 is how many of 1,000 lines have a pattern.
func (h *habits) per1000(pattern int) float64 {
	if h.lines == 0 {
		return 0
	}
	return float64(h.with[pattern]) * 1000 / float64(h.lines)
}

// habitsOf reads the comments below root and counts those of tests separately.
func habitsOf(root fs.FS) (code, tests habits, err error) {
	err = eachGoFile(root, func(name string) error {
		text, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, group := range f.Comments {
			for _, c := range group.List {
				if strings.HasSuffix(name, "_test.go") {
					tests.read(c.Text)
				} else {
					code.read(c.Text)
				}
			}
		}
		return nil
	})
	return code, tests, err
}

// read counts the lines of one comment.
func (h *habits) read(comment string) {
	if strings.HasPrefix(comment, "//go:") {
		return
	}
	for line := range strings.Lines(comment) {
		h.lines++
		for i := range patterns {
			if patterns[i].in(line) {
				h.with[i]++
			}
		}
	}
}
