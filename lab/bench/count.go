package main

import (
	"bytes"
	"strconv"
	"strings"
)

// A counter counts the records in what a program prints, as it prints it.
type counter interface {
	Write(p []byte) (int, error)
	// count returns the number of records, or −1 where the output is none of
	// what the program is known to print.
	count() int
}

// lines counts lines, less a header of so many.
func lines(header int) func() counter {
	return func() counter { return &lineCounter{n: -header} }
}

type lineCounter struct{ n int }

func (c *lineCounter) Write(p []byte) (int, error) {
	c.n += bytes.Count(p, []byte{'\n'})
	return len(p), nil
}

func (c *lineCounter) count() int { return max(c.n, -1) }

// each counts how often the words appear, all together.
func each(words ...string) func() counter {
	return func() counter { return &wordCounter{words: words} }
}

type wordCounter struct {
	words []string
	tail  []byte // what may be the beginning of a word
	n     int
}

func (c *wordCounter) Write(p []byte) (int, error) {
	text := append(c.tail, p...)
	longest := 0
	for _, w := range c.words {
		// A word that lies in the old tail alone was counted with it.
		c.n += bytes.Count(text, []byte(w)) - bytes.Count(c.tail, []byte(w))
		longest = max(longest, len(w))
	}
	c.tail = bytes.Clone(text[max(0, len(text)-longest+1):])
	return len(p), nil
}

func (c *wordCounter) count() int { return c.n }

// number reads a count that the program prints itself.
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
