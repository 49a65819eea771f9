package origin

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/birthmark-dfir/birthmark/timeline"
)

// textWidth is how wide the lines of a text report are, in characters. A word
// that is longer is not broken: it may be wanted for a search.
const textWidth = 100

// asked are the questions in words.
var asked = map[Question]string{
	What: "What is it?", Appeared: "When did it appear?", OriginalName: "What was its name and place at first?",
	Writer: "Which process wrote it?", Account: "Under which account?", Arrival: "How did it get onto the machine?",
	Logon: "From where was that account logged on?", WebEntry: "Which request to a web server led to it?",
	Executed: "Did it run?", Autostart: "What starts it?", Companions: "What came with it?", Reach: "What did it connect to?",
}

// WriteText writes the report for people, to be pasted into a ticket: the
// verdict, each question with its answer, grade, rivals and citations, the
// contradictions, the coverage, and the events around the creation. Citations are
// numbered, and written out where they come first. Lines are wrapped at 100
// columns, times are RFC 3339 in UTC, offsets hexadecimal. What evidence could use
// to act on a terminal, or to look like another line of the report, is escaped.
func (r *Report) WriteText(w io.Writer) error {
	p := r.printable()
	b := bufio.NewWriter(w)
	t := textReport{b, map[Citation]int{}}
	t.subject(p, r.Verdict())
	t.heading("Answers")
	for i := range p.Answers {
		t.answer(&p.Answers[i])
	}
	t.heading("Contradictions")
	if len(p.Contradictions) == 0 {
		t.wrap("  ", "  ", "None was found.")
	}
	for i := range p.Contradictions {
		c := &p.Contradictions[i]
		t.wrap("  ", "    ", c.Kind+": "+c.Text)
		t.citations(c.Evidence)
	}
	t.heading("Coverage")
	t.coverage(p.Coverage)
	t.heading("Events around the creation")
	t.events(p.Events)
	return b.Flush()
}

type textReport struct {
	*bufio.Writer
	cited map[Citation]int // the number of each so far; the time is not compared
}

func (t *textReport) heading(name string) {
	name = strings.ToUpper(name)
	fmt.Fprintf(t, "\n%s\n%s\n", name, strings.Repeat("-", len(name)))
}

func (t *textReport) subject(r *Report, verdict string) {
	s := r.Subject
	fmt.Fprintf(t, "ORIGIN OF %s\n", s.Path)
	t.heading("Verdict")
	for line := range strings.SplitSeq(verdict, "\n") {
		t.wrap("  - ", "    ", line)
	}
	t.heading("Subject")
	t.pair("path", s.Path)
	t.pair("volume", s.Volume)
	if s.MFTEntry != 0 {
		t.pair("$MFT entry", fmt.Sprint(s.MFTEntry))
	}
	if s.sized() {
		t.pair("size", fmt.Sprintf("%d bytes", s.Size))
	}
	t.pair("MD5", s.MD5)
	t.pair("SHA-1", s.SHA1)
	t.pair("SHA-256", s.SHA256)
	t.pair("owner", s.OwnerSID)
}

func (t *textReport) pair(name, value string) {
	if value != "" {
		fmt.Fprintf(t, "  %-10s  %s\n", name, value)
	}
}

func (t *textReport) answer(a *Answer) {
	grade := string(a.Grade)
	if a.UnknownBecause != "" {
		grade += ", " + string(a.UnknownBecause)
	}
	question := cmp.Or(asked[a.Question], string(a.Question))
	fmt.Fprintf(t, "  %s%*s\n", question, max(2+len(grade), textWidth-2-utf8.RuneCountInString(question)), "["+grade+"]")
	t.wrap("    ", "    ", a.Answer)
	for _, rival := range a.Rivals {
		t.wrap("    rival: ", "           ", rival)
	}
	t.citations(a.Evidence)
	t.WriteByte('\n')
}

func (t *textReport) citations(list []Citation) {
	for _, c := range list {
		key := c
		key.Time = time.Time{}
		if n := t.cited[key]; n > 0 {
			fmt.Fprintf(t, "      [%d] above\n", n)
			continue
		}
		t.cited[key] = len(t.cited) + 1
		number := fmt.Sprintf("      [%d] ", len(t.cited))
		indent := strings.Repeat(" ", len(number))
		t.wrap(number, indent, c.place())
		what := c.Text
		if !c.Time.IsZero() {
			what = strings.TrimSpace(timeText(c.Time) + "  " + what)
		}
		if what != "" {
			t.wrap(indent, indent, what)
		}
	}
}

// place says where the record of a citation is.
func (c *Citation) place() string {
	place := c.Artifact
	if c.Record != "" {
		place += ", record " + c.Record
	}
	if c.Offset >= 0 {
		place += fmt.Sprintf(", at %#x", c.Offset)
	}
	return place
}

func (t *textReport) events(list []Event) {
	if len(list) == 0 {
		t.wrap("  ", "  ", "None: when it was created is unknown, or nothing was logged around it.")
	}
	for i := range list {
		e := &list[i]
		c := Citation{Artifact: e.Artifact, Record: e.Record, Offset: e.Offset}
		const indent = "                                "
		t.wrap(fmt.Sprintf("  %-*s", len(indent)-2, timeText(e.Time)), indent, cmp.Or(e.Message, e.Desc))
		t.wrap(indent, indent, e.Kind+" · "+c.place())
	}
}

func (t *textReport) coverage(list []Coverage) {
	var absent []string
	for i := range list {
		c := &list[i]
		if c.State == string(timeline.Absent) {
			absent = append(absent, c.Artifact)
			continue
		}
		t.wrap("  ", "    ", c.Artifact)
		detail := fmt.Sprintf("%s, %s, %s", c.State, count(c.Records, "record", "records"), count(c.Problems, "problem", "problems"))
		if !c.First.IsZero() {
			detail += ", " + timeText(c.First) + " to " + timeText(c.Last)
		}
		t.wrap("    ", "    ", detail)
	}
	if len(absent) > 0 {
		t.wrap("  absent: ", "    ", strings.Join(absent, ", "))
	}
}

// wrap writes a text in lines of textWidth characters, the first behind one
// prefix, the others behind another. Spaces within a line stay as they are.
func (t *textReport) wrap(first, rest, text string) {
	line, width := first, utf8.RuneCountInString(first)
	for i, word := range strings.Split(text, " ") {
		n := utf8.RuneCountInString(word)
		switch {
		case i == 0:
		case width+1+n > textWidth:
			t.line(line)
			line, width = rest, utf8.RuneCountInString(rest)
		default:
			line, width = line+" ", width+1
		}
		line, width = line+word, width+n
	}
	t.line(line)
}

func (t *textReport) line(s string) {
	t.WriteString(strings.TrimRight(s, " "))
	t.WriteByte('\n')
}
