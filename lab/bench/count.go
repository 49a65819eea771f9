package main

import (
	"bytes"
	"strconv"
	"strings"
)

// A counter counts the records in a program's output while the program runs.
type counter interface {
	Write(p []byte) (int, error)
	// count returns the number of records, or −1 if the output is not in the form
	// that the program is known to print.
	count() int
}

// lines returns a function that makes a counter of lines, not counting so many lines
// of header.
func lines(header int) func() counter {
	return func() counter { return &lineCounter{n: -header} }
}

type lineCounter struct{ n int }

func (c *lineCounter) Write(p []byte) (int, error) {
	c.n += bytes.Count(p, []byte{'\n'})
	return len(p), nil
}

func (c *lineCounter) count() int { return max(c.n, -1) }

// each returns a function that makes a counter of all occurrences of the words.
func each(words ...string) func() counter {
	return func() counter { return &wordCounter{words: words} }
}

type wordCounter struct {
	words []string
	tail  []byte // the end of the output so far, which may be the beginning of a word
	n     int
}

func (c *wordCounter) Write(p []byte) (int, error) {
	text := append(c.tail, p...)
	longest := 0
	for _, w := range c.words {
		// A word inside the old tail has been counted already.
		c.n += bytes.Count(text, []byte(w)) - bytes.Count(c.tail, []byte(w))
		longest = max(longest, len(w))
	}
	c.tail = bytes.Clone(text[max(0, len(text)-longest+1):])
	return len(p), nil
}

func (c *wordCounter) count() int { return c.n }

// number returns a counter that reads the count that the program prints.
func number() counter { return &numberReader{} }

type numberReader struct{ text strings.Builder }

func (c *numberReader) Write(p []byte) (int, error) {
	c.text.Write(p[:min(len(p), max(0, 32-c.text.Len()))])
	return len(p), nil
}

func (c *numberReader) count() int {
	n, err := strconv.Atoi(strings.TrimSpace(c.text.String()))
	if err != nil {
		return -1
	}
	return n
}
