package main

import (
	"bytes"
	"encoding/xml"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func TestOneLine(t *testing.T) {
	for _, tt := range []struct{ name, xml, want string }{
		{"indentation", "<Event xmlns=\"a'b\">\n  <System>\n    <Provider Name=\"x\"/>\n    <Task>0</Task>\n  </System>\n</Event>\n",
			"<Event xmlns='a'b'><System><Provider Name='x'/><Task>0</Task></System></Event>"},
		{"lines of a value", "<Data>\n  a\r\nb \n</Data>\n", "<Data>&#xa;  a&#xd;&#xa;b &#xa;</Data>"},
		{"a value of white space", "<E>\n  <Data> \n </Data>\n</E>", "<E><Data> &#xa; </Data></E>"},
		{"text beside elements", "<E>\n  a b\n  <Data></Data>\n</E>", "<E>a b<Data></Data></E>"},
		{"quotes of a value", `<Data>"a' > b</Data>`, `<Data>"a' > b</Data>`},
		{"an instruction of two lines", "<Data><?go x\ny?></Data>", "<Data><?go x y?></Data>"},
		{"nothing", "", ""},
	} {
		if got := string(appendOneLine([]byte("|"), []byte(tt.xml))); got != "|"+tt.want {
			t.Errorf("%s:\n got  %s\n want %s", tt.name, got, tt.want)
		}
	}
}

func TestSplunk(t *testing.T) {
	out, _, code := evtxdump(t, folder(t), "-format", "splunk-xml", "Security.evtx")
	const begin = "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Microsoft-Windows-Security-Auditing'"
	const end = "<Data Name='NewProcessId'>0x1f4</Data><Data Name='NewProcessName'>C:\\Temp\\sqlserver.exe</Data>"
	if code != 0 || !strings.HasPrefix(out, begin) || !strings.Contains(out, end) || !strings.HasSuffix(out, "</EventData></Event>\n") || strings.Count(out, "\n") != 1 {
		t.Errorf("code %d: %s", code, out)
	}
}

// content returns the tokens of a document without the white space around elements.
// A parser of XML makes one line feed of the two characters of a line end, unless they
// are references.
func content(t *testing.T, doc []byte) []xml.Token {
	t.Helper()
	all := slices.DeleteFunc(tokens(t, string(doc)), func(token xml.Token) bool {
		text, ok := token.(xml.CharData)
		return ok && len(bytes.TrimSpace(text)) == 0
	})
	for i, token := range all {
		if text, ok := token.(xml.CharData); ok {
			all[i] = xml.CharData(bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")))
		}
	}
	return all
}

// One line has the same elements, attributes and text as the document.
func TestSplunkEqualsXML(t *testing.T) {
	events := 0
	for _, log := range corpusLogs(t) {
		docs := bytes.Split(dumped(t, "-format", "xml", log), []byte("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"))[1:]
		rows := lines(dumped(t, "-format", "splunk-xml", log))
		if len(docs) == 0 && len(rows) == 1 {
			continue
		}
		if len(rows) != len(docs) {
			t.Errorf("%s: %d lines, want %d", log, len(rows), len(docs))
			continue
		}
		for i := range docs {
			doc, _, _ := bytes.Cut(docs[i], []byte("\n\nRecord "))
			if got, want := content(t, rows[i]), content(t, doc); !reflect.DeepEqual(got, want) {
				t.Errorf("%s, event %d:\n got  %s\n want %s", log, i, rows[i], doc)
			}
		}
		events += len(rows)
	}
	t.Logf("%d events", events)
}
