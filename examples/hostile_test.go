package examples_test

import (
	"encoding/csv"
	"encoding/xml"
	"errors"
	"fmt"
	"html"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/birthmark-dfir/birthmark/internal/show"
	"github.com/birthmark-dfir/birthmark/internal/show/showtest"
)

// The hostile names try everything: a formula, markup, marks of writing direction, an
// invisible letter, terminal commands, line ends, half of a surrogate pair, and text
// that looks like an escape.
const (
	// hostile is a name for files of a volume and for requests to a web server.
	hostile = "=cmd|'!A0<b>\"&amp;\u202e\U000e0101\u00ad\u0600\x1b[2J\x07\x7f\u009b31m\u2028%0A;=1"
	// hostileHalf is a name for files to which no path of package fs leads.
	hostileHalf = hostile + "\xed\xa0\x80"
	// hostileText is a name for everything else.
	hostileText = hostileHalf + "\r\n\ta\\u202e\\x{9b}\rb"
)

// carried has the names that each program must print in every format.
var carried = map[string][]string{
	"autoruns":      {hostileText + "run", hostileText + "data", hostileHalf + "service", hostileText + "image"},
	"evtxdump":      {hostileText + "line", hostileText + "user", hostileText + "computer", hostileText + "provider", hostileText + "field", hostile + ".exe"},
	"evidence":      {hostile + "damaged"},
	"mftdump":       {hostile + ".exe", hostileHalf + ".exe", hostile + "stream"},
	"origin":        {hostile + ".exe", hostileText + "company", hostileText + "writer", hostile + "agent"},
	"sigcheck":      {hostileHalf + ".exe", hostileText + "company"},
	"supertimeline": {hostile + ".exe", hostileHalf + ".exe", hostileText + "line", hostileText + "user", hostileText + "service"},
}

// reports are the programs that name a damaged file of the machine on stderr.
var reports = map[string]bool{"autoruns": true, "evtxdump": true, "sigcheck": true, "supertimeline": true}

// A format describes how a test reads the output of a program.
type format struct {
	// texts returns the texts from the evidence in the output.
	texts func(out string) ([]string, error)
	// raw are the characters that act and that the output may contain unescaped.
	raw string
	// lost replaces characters that the format cannot represent.
	lost *strings.Replacer
}

// formatsOf has the formats of all programs. A key "program format" takes precedence
// over a key "format".
var formatsOf = map[string]format{
	"text":       {texts: fromText},
	"csv":        {texts: fromCSV},
	"jsonl":      {texts: fromJSON},
	"json":       {texts: fromJSON},
	"typed":      {texts: fromJSON},
	"timesketch": {texts: fromJSON},
	"bodyfile":   {texts: fromBodyfile},
	"html":       {texts: fromHTML},
	// evtxdump prints the values of evtx_dump: JSON without halves of surrogate pairs,
	// and XML with the replacements of Windows for characters that XML does not allow.
	"evtxdump jsonl": {texts: fromJSON, lost: strings.NewReplacer("\xed\xa0\x80", "\ufffd")},
	"evtxdump xml":   {texts: fromXML, raw: "\r\n\t", lost: strings.NewReplacer("\xed\xa0\x80", "_", "\x1b", "_", "\x07", "_", "\r\n", "\n")},
	"splunk-xml":     {texts: fromXML, raw: "\n\t", lost: strings.NewReplacer("\xed\xa0\x80", "_", "\x1b", "_", "\x07", "_", "\r\n", "\n")},
}

// No program lets a name in the evidence act, and every program prints it unambiguously.
func TestHostileNames(t *testing.T) {
	machine := writeHostileMachine(t)
	for _, p := range programs {
		wants, reports := carried[p.name], reports[p.name]
		args := []string{machine.image}
		switch p.name {
		case "origin":
			args = append(args, `C:\Users\svc\`+hostile+".exe")
		case "sigcheck":
			args = []string{machine.executable, machine.damaged}
			if machine.plain {
				wants, reports = wants[1:], false
			}
		}
		for _, name := range formatNames(t, p.name) {
			t.Run(p.name+" "+name, func(t *testing.T) {
				f, known := formatsOf[p.name+" "+name]
				if !known {
					if f, known = formatsOf[name]; !known {
						t.Fatal("formatsOf has no entry for this format")
					}
				}
				code, out, problems := run(t, machine.dir, p.name, append([]string{"-format", name}, args...)...)
				if code != 0 {
					t.Errorf("exit code %d: %s", code, problems)
				}
				inert(t, "stdout", out, f.raw)
				inert(t, "stderr", problems, "")
				if want := show.Text(hostile + "damaged"); reports && !strings.Contains(problems, want) {
					t.Errorf("stderr does not name %s: %s", want, problems)
				}
				texts, err := f.texts(out)
				if err != nil {
					t.Fatal(err)
				}
				for _, want := range wants {
					if f.lost != nil {
						want = f.lost.Replace(want)
					}
					if !slices.ContainsFunc(texts, func(s string) bool { return strings.Contains(s, want) }) {
						t.Errorf("%q is not in the output:\n%.5000s", want, out)
					}
				}
			})
		}
	}
}

// Errors about wrong usage name the argument without letting it act.
func TestHostileArguments(t *testing.T) {
	for _, p := range allPrograms {
		for _, args := range [][]string{
			append([]string{hostile}, p.rest...),
			{"-format", hostile, hostile},
			{"-map", hostile, hostile}, // of evtxmake
			{"-start", hostile, hostile},
			{"-" + hostile},
			{"-o", hostile, hostile, hostile, hostile},
		} {
			code, out, problems := run(t, t.TempDir(), p.name, args...)
			if code == 0 || problems == "" {
				t.Errorf("%s %q: exit code %d, stdout %q, stderr %q", p.name, args, code, out, problems)
			}
			inert(t, p.name, out+problems, "\t")
		}
	}
}

// inert checks, line by line, that a text does nothing but show itself.
func inert(t *testing.T, what, out, raw string) {
	t.Helper()
	acts := func(r rune) bool { return show.Acts(r) && r != '\n' && !strings.ContainsRune(raw, r) }
	for line := range strings.Lines(out) {
		if strings.Contains(raw, "\r") {
			line = strings.TrimSuffix(line, "\r\n") // a carriage return by itself acts
			acts = func(r rune) bool { return r == '\r' || show.Acts(r) && !strings.ContainsRune(raw+"\n", r) }
		}
		if !utf8.ValidString(line) || strings.ContainsFunc(line, acts) {
			t.Errorf("%s acts: %q", what, line)
		}
	}
}

// formatNames returns the values of -format that a program's help lists.
func formatNames(t *testing.T, program string) []string {
	t.Helper()
	_, _, help := run(t, t.TempDir(), program, "-h")
	m := regexp.MustCompile(`(?m)^  -format F\n.*F: (.*?)( \(default .*)?$`).FindStringSubmatch(help)
	if m == nil {
		t.Fatalf("%s -h names no formats:\n%s", program, help)
	}
	names := regexp.MustCompile(`, | or `).Split(m[1], -1)
	if len(names) < 3 {
		t.Errorf("%s has the formats %q", program, names)
	}
	return names
}

func fromText(out string) ([]string, error) {
	// A name with a space could be wrapped, but these have no space.
	var texts []string
	for line := range strings.Lines(out) {
		texts = append(texts, showtest.Text(strings.TrimSuffix(line, "\n")))
	}
	return texts, nil
}

// fromCSV reads cells as a spreadsheet would, and checks that none is a formula.
func fromCSV(out string) ([]string, error) {
	rows, err := csv.NewReader(strings.NewReader(out)).ReadAll()
	var texts []string
	for _, row := range rows {
		for _, cell := range row {
			if strings.IndexAny(cell, "=+-@＝＋－＠") == 0 {
				err = errors.Join(err, fmt.Errorf("a formula: %q", cell))
			}
			texts = append(texts, showtest.Cell(cell))
		}
	}
	if m := regexp.MustCompile(`;"*[=+\-@＝＋－＠]`).FindString(out); m != "" {
		err = errors.Join(err, fmt.Errorf("a formula where semicolons separate cells: %q", m))
	}
	if lines := strings.Count(out, "\n"); lines != len(rows) {
		err = errors.Join(err, fmt.Errorf("%d rows in %d lines", len(rows), lines))
	}
	return texts, err
}

func fromJSON(out string) ([]string, error) {
	if strings.HasPrefix(out, "{\n") {
		return showtest.JSON([]byte(out))
	}
	var texts []string
	for line := range strings.Lines(out) {
		more, err := showtest.JSON([]byte(line))
		if err != nil {
			return nil, fmt.Errorf("%w: %s", err, line)
		}
		texts = append(texts, more...)
	}
	return texts, nil
}

func fromBodyfile(out string) ([]string, error) {
	var texts []string
	for line := range strings.Lines(out) {
		fields := strings.Split(line, "|")
		if len(fields) != 11 {
			return nil, fmt.Errorf("%d fields: %s", len(fields), line)
		}
		name, err := showtest.BodyfileName(fields[1])
		if err != nil {
			return nil, err
		}
		if m := regexp.MustCompile(`%[0-9A-Fa-f]{2}`).FindString(fields[1]); m != "" {
			return nil, fmt.Errorf("mactime would decode %s: %s", m, line)
		}
		texts = append(texts, name)
	}
	return texts, nil
}

// fromXML reads the documents that evtxdump prints.
func fromXML(out string) ([]string, error) {
	var texts []string
	for _, document := range regexp.MustCompile(`(?m)^Record \d+\n`).Split(out, -1) {
		for d := xml.NewDecoder(strings.NewReader(document)); ; {
			token, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				return nil, fmt.Errorf("%w: %s", err, document)
			}
			switch token := token.(type) {
			case xml.StartElement:
				if token.Name.Local == "b" {
					return nil, fmt.Errorf("markup of the evidence: %s", document)
				}
				for _, a := range token.Attr {
					texts = append(texts, lineEnds(a.Value))
				}
			case xml.CharData:
				texts = append(texts, lineEnds(string(token)))
			}
		}
	}
	return texts, nil
}

// lineEnds does what a decoder does in text, also where references kept the line ends.
func lineEnds(s string) string { return strings.ReplaceAll(s, "\r\n", "\n") }

func fromHTML(out string) ([]string, error) {
	tag := regexp.MustCompile(`</?[a-zA-Z!][^<>]*>`)
	if strings.Contains(out, "<b>") || strings.Contains(tag.ReplaceAllString(out, ""), "<") {
		return nil, errors.New("markup of the evidence")
	}
	var texts []string
	for _, text := range tag.Split(out, -1) {
		texts = append(texts, showtest.Text(html.UnescapeString(text)))
	}
	return texts, nil
}
