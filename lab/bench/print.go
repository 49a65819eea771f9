package main

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/birthmark-dfir/birthmark/registry"
)

// printHive prints every key and value of a hive, one per line: path and last write;
// path, name, type and data. The rivals print the same, and no program of examples
// does.
func printHive(out io.Writer, name string) error {
	r, err := registry.Open(name)
	if err != nil {
		return err
	}
	defer r.Close()
	w := bufio.NewWriterSize(out, 64<<10)
	var line []byte
	for key, err := range r.Keys() {
		if err != nil {
			continue // the rivals too skip damage silently
		}
		path := key.Path()
		line = strconv.AppendQuote(line[:0], path)
		line = append(line, '\t')
		line = key.LastWrite.AppendFormat(line, time.RFC3339Nano)
		w.Write(append(line, '\n'))
		for v, err := range key.Values() {
			if err != nil {
				continue
			}
			line = strconv.AppendQuote(line[:0], path)
			line = append(line, '\t')
			line = strconv.AppendQuote(line, v.Name)
			line = append(line, '\t')
			line = append(line, v.Type.String()...)
			line = append(line, '\t')
			w.Write(append(appendData(line, v), '\n'))
		}
	}
	return w.Flush() // also returns the error of an earlier write
}

// appendData appends the text of strings, and other data in hexadecimal.
func appendData(line []byte, v *registry.Value) []byte {
	const digits = "0123456789abcdef"
	if v.Type == registry.SZ || v.Type == registry.ExpandSZ {
		if text, err := v.Text(); err == nil {
			return strconv.AppendQuote(line, text)
		}
	}
	data, err := v.Data()
	if err != nil {
		return append(line, "damaged"...)
	}
	for _, b := range data {
		line = append(line, digits[b>>4], digits[b&15])
	}
	return line
}

// countHive prints how many keys and values a hive has, after it has read all of them
// with their data.
func countHive(out io.Writer, name string) error {
	r, err := registry.Open(name)
	if err != nil {
		return err
	}
	defer r.Close()
	n := 0
	for key, err := range r.Keys() {
		if err != nil {
			continue
		}
		n++
		for v, err := range key.Values() {
			if err != nil {
				continue
			}
			if _, err := v.Data(); err == nil {
				n++
			}
		}
	}
	_, err = fmt.Fprintln(out, n)
	return err
}
