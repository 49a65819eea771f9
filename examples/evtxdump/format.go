package main

import (
	"strconv"

	"github.com/birthmark-dfir/birthmark/evtx"
)

var formats = []string{"jsonl", "xml", "typed"}

// encoder returns the function that appends a record. If the function returns an
// error, it has appended nothing.
func encoder(format string) func(dst []byte, rec *evtx.Record) ([]byte, error) {
	switch format {
	case "xml":
		return appendXML
	case "typed":
		return appendTypedLine
	}
	return appendJSONLine
}

func appendJSONLine(dst []byte, rec *evtx.Record) ([]byte, error) {
	out, err := rec.AppendJSON(dst)
	if err != nil {
		return dst, err
	}
	return append(out, '\n'), nil
}

func appendTypedLine(dst []byte, rec *evtx.Record) ([]byte, error) {
	out, err := rec.AppendTyped(dst)
	if err != nil {
		return dst, err
	}
	return append(out, '\n'), nil
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
