package main

import (
	"bytes"

	"github.com/birthmark-dfir/birthmark/evtx"
)

// appendSplunk appends an event on one line, as Splunk's forwarder sends it with the
// source type XmlWinEventLog: without indentation, and with attributes in single
// quotes, which the extractions of Splunk's add-ons for Windows and Sysmon require.
func appendSplunk(rec *evtx.Record, dst []byte) ([]byte, error) {
	start := len(dst)
	out, err := rec.AppendXML(dst)
	if err != nil {
		return dst, err
	}
	end := len(out)
	out = appendOneLine(out, out[start:])
	return append(out[:start], out[end:]...), nil
}

// appendOneLine appends an XML document as Record.AppendXML writes it. Indentation is
// the white space around an element that is not alone in its parent: between two tags
// that are not the start and the end of the same element. Line ends in text become
// references.
func appendOneLine(dst, xml []byte) []byte {
	inEmpty := false // behind a start tag
	for len(xml) > 0 {
		open := bytes.IndexByte(xml, '<')
		if open < 0 {
			open = len(xml)
		}
		text, rest := xml[:open], xml[open:]
		ends := bytes.HasPrefix(rest, []byte("</"))
		if !inEmpty || !ends {
			text = bytes.TrimSpace(text)
		}
		dst = appendText(dst, text)
		end := bytes.IndexByte(rest, '>') + 1 // AppendXML escapes > in attributes
		for _, c := range rest[:end] {
			switch c {
			case '"':
				c = '\''
			case '\n': // in a processing instruction
				c = ' '
			}
			dst = append(dst, c)
		}
		inEmpty = !ends && !bytes.HasSuffix(rest[:end], []byte("/>"))
		xml = rest[end:]
	}
	return dst
}

func appendText(dst, text []byte) []byte {
	for _, c := range text {
		switch c {
		case '\n':
			dst = append(dst, "&#xa;"...)
		case '\r':
			dst = append(dst, "&#xd;"...)
		default:
			dst = append(dst, c)
		}
	}
	return dst
}
