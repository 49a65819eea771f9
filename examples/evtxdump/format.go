package main

import (
	"strconv"

	"github.com/birthmark-dfir/birthmark/evtx"
)

// formats lists the values of -format, with the function that appends a record. If
// the function returns an error, it has appended nothing.
var formats = []struct {
	name   string
	append func(dst []byte, rec *evtx.Record) ([]byte, error)
}{
	{"jsonl", line((*evtx.Record).AppendJSON)},
	{"xml", appendXML},
	{"typed", line((*evtx.Record).AppendTyped)},
	{"splunk-xml", line(appendSplunk)},
}

// line returns a function that appends a newline to what another one appends.
func line(f func(*evtx.Record, []byte) ([]byte, error)) func([]byte, *evtx.Record) ([]byte, error) {
	return func(dst []byte, rec *evtx.Record) ([]byte, error) {
		out, err := f(rec, dst)
		if err != nil {
			return dst, err
		}
		return append(out, '\n'), nil
	}
}

// appendXML precedes each document with the record's number and an XML
// declaration, as evtx_dump does.
func appendXML(dst []byte, rec *evtx.Record) ([]byte, error) {
	out := append(dst, "Record "...)
	out = strconv.AppendUint(out, rec.ID, 10)
	out = append(out, "\n<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"...)
	out, err := rec.AppendXML(out)
	if err != nil {
		return dst, err
	}
	return append(out, '\n'), nil
}
