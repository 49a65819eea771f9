package weblog

import (
	"bytes"
	"compress/gzip"
	"io"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/inflate"
)

// FormatOf returns the format of a log by its beginning, which may be that of a gzip
// file, or "" for another file. Head should be some KiB: what is damaged at the beginning
// is passed over.
func FormatOf(head []byte) Format {
	var r Reader
	if bytes.HasPrefix(head, []byte(inflate.Magic)) {
		z, err := gzip.NewReader(bytes.NewReader(head))
		if err != nil {
			return ""
		}
		head, _ = io.ReadAll(io.LimitReader(z, headSize)) // as far as it goes
	}
	r.recognize(head)
	return r.format
}

// mostForeign is how many lines that are not requests may be before the first request
// of a log that has no directives.
const mostForeign = 16

// recognize finds the format of a log by its beginning, and keeps what the log says
// wrote it.
func (r *Reader) recognize(head []byte) {
	r.encoding = encodingOf(head)
	l := newLines(bytes.NewReader(head), int64(len(head))-int64(len(head)%r.encoding.width()), r.encoding, Place{})
	others := 0
	other := Format("") // of the lines without directives
	for {
		line, err := l.next()
		if err != nil {
			break
		}
		text := r.encoding.text(line.text)
		switch name, value := directive(text); name {
		case "Fields":
			if layout := newLayout(value); r.format == "" {
				r.format = layout.format()
			}
		case "Software":
			if r.software == "" {
				r.software = value
			}
		case "":
			if others++; others <= mostForeign && other == "" && !line.long {
				other = formatOfLine(text)
			}
		}
	}
	if r.format == "" {
		r.format = other
	}
	r.quotes = r.software == advancedLogging
}

// advancedLogging is the software of logs that have texts in quotation marks.
const advancedLogging = "IIS Advanced Logging Module"

// formatOfLine returns the format of a line that says by itself what its values are,
// or "".
func formatOfLine(text string) Format {
	if _, spans := ncsaLine(text, nil); spans != nil {
		return NCSA
	}
	if spans, _ := iisLine(text, 0); spans != nil {
		return IIS
	}
	return ""
}

// directive splits the text of a directive, "" for another line.
func directive(text string) (name, value string) {
	if !strings.HasPrefix(text, "#") {
		return "", ""
	}
	before, after, ok := strings.Cut(text[1:], ":")
	if !ok {
		return "#", "" // a comment
	}
	return before, strings.TrimSpace(after)
}
