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

// textWidth is the width of the lines of a text report, in characters. A longer word
// is not broken, so that it can be searched for.
const textWidth = 100

// topicsOf names several questions.
func topicsOf(questions []Question) string {
	var list []string
	for _, q := range questions {
		list = append(list, q.Topic())
	}
	return enumerate(list)
}

// WriteText writes the report for people, to be pasted into a ticket: the verdict,
// each question with its answer, grade, rivals and citations, the contradictions, the
// coverage, and the events around the creation.
//
// Citations are numbered, and written out only once. An artifact of the coverage is
// cited by a short name, which the coverage lists with its path. Lines are wrapped at
// 100 columns, times are RFC 3339 in UTC, offsets hexadecimal. Evidence that could
// act on a terminal, or look like another line of the report, is escaped.
func (r *Report) WriteText(w io.Writer) error {
	p := r.printable()
	t := newTextReport(w, p)
	t.verdict(p)
	t.subject(p)
	t.heading("Answers")
	for i := range p.Answers {
		t.answer(&p.Answers[i])
		t.citations(p.Answers[i].Evidence)
		t.WriteByte('\n')
	}
	t.actions(p.Actions)
	if len(p.Elsewhere) > 0 {
		t.heading("Seen on other machines")
		for i := range p.Elsewhere {
			t.wrap("  ", "    ", p.Elsewhere[i].Text)
			t.citations(p.Elsewhere[i].Evidence)
		}
	}
	t.heading("Contradictions")
	if len(p.Contradictions) == 0 {
		t.wrap("  ", "  ", "None was found.")
	}
	for i := range p.Contradictions {
		c := &p.Contradictions[i]
		t.wrap("  ", "    ", c.Text)
		if len(c.Touches) > 0 {
			t.wrap("    concerns: ", "              ", topicsOf(c.Touches))
		}
		t.citations(c.Evidence)
	}
	t.heading("Coverage")
	t.coverage(p.Coverage)
	t.heading("Events around the creation")
	t.events(p.Events)
	return t.Flush()
}

// WriteBrief writes only the verdict and the answers with their grades, so that most
// reports fit on a screen. It wraps and escapes as [Report.WriteText] does.
func (r *Report) WriteBrief(w io.Writer) error {
	p := r.printable()
	t := newTextReport(w, p)
	t.verdict(p)
	t.heading("Answers")
	for _, a := range p.Answers {
		t.wrap("  ", "    ", fmt.Sprintf("%s [%s]: %s", capital(a.Question.Topic()), a.gradeText(), a.Answer))
		for _, rival := range a.Rivals {
			t.wrap("    rival: ", "           ", rival)
		}
	}
	return t.Flush()
}

type textReport struct {
	*bufio.Writer
	cited map[Citation]int  // the number of each so far; the time is not compared
	short map[string]string // artifact → its short name
}

func newTextReport(w io.Writer, r *Report) *textReport {
	return &textReport{bufio.NewWriter(w), map[Citation]int{}, shortNames(r.Coverage)}
}

func (t *textReport) heading(name string) {
	name = strings.ToUpper(name)
	fmt.Fprintf(t, "\n%s\n%s\n", name, strings.Repeat("-", len(name)))
}

func (t *textReport) verdict(r *Report) {
	fmt.Fprintf(t, "ORIGIN OF %s\n", r.Subject.Path)
	t.heading("Verdict")
	for _, line := range r.verdictLines() {
		t.wrap("  - ", "    ", line)
	}
}

func (t *textReport) subject(r *Report) {
	s, m := r.Subject, r.Machine
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
	t.heading("Machine")
	t.pair("name", m.Name)
	t.pair("formerly", strings.Join(m.Former, ", "))
	t.pair("domain", m.Domain)
	t.pair("Windows", m.Windows)
	t.pair("installed", timeText(m.Installed))
	t.pair("time zone", m.TimeZone)
	t.pair("SID", m.SID)
	t.pair("addresses", strings.Join(m.Addresses, ", "))
	for _, e := range r.Evidence {
		t.pair("evidence", e.described())
	}
	if r.Tool.Name != "" {
		t.pair("report of", strings.TrimSpace(r.Tool.Name+" "+r.Tool.Version+", "+timeText(r.Tool.Run)))
	}
}

// described names a source with its kind, size and hash.
func (s *Source) described() string {
	text := s.Name
	if s.Kind != "" {
		text += ", " + s.Kind
	}
	if s.Size > 0 {
		text += fmt.Sprintf(", %d bytes", s.Size)
	}
	if s.SHA256 != "" {
		text += ", SHA-256 " + s.SHA256
	}
	return text
}

func (t *textReport) pair(name, value string) {
	if value != "" {
		fmt.Fprintf(t, "  %-10s  %s\n", name, value)
	}
}

func (t *textReport) answer(a *Answer) {
	grade := a.gradeText()
	question := a.Question.Words()
	fmt.Fprintf(t, "  %s%*s\n", question, max(2+len(grade), textWidth-2-utf8.RuneCountInString(question)), "["+grade+"]")
	t.wrap("    ", "    ", a.Answer)
	for _, rival := range a.Rivals {
		t.wrap("    rival: ", "           ", rival)
	}
	if a.Alternative.Text != "" && len(a.Rivals) == 0 {
		t.wrap("    what else fits: ", "        ", a.Alternative.Text)
	}
	if a.Alternative.Apart != "" {
		t.wrap("    what would separate them: ", "        ", a.Alternative.Apart)
	}
}

// actionWords are the kinds of actions in words.
var actionWords = map[ActionKind]string{
	Started: "started", Wrote: "wrote", Deleted: "deleted", SetTime: "set the times of", SetValue: "changed the registry at",
	Loaded: "loaded", Connected: "exchanged traffic with", Queried: "looked up", Pipe: "opened the pipe", Accessed: "accessed", Injected: "injected code into",
}

// actions writes what the subject did, a line each, the first record of each cited.
func (t *textReport) actions(list []Action) {
	if len(list) == 0 {
		return
	}
	t.heading("What it did")
	for i := range list {
		a := &list[i]
		line := fmt.Sprintf("%s  %s %s", timeText(a.Time), cmp.Or(actionWords[a.Kind], string(a.Kind)), a.Target)
		if a.Count > 1 {
			line += fmt.Sprintf(" (%s)", count(a.Count, "record", "records"))
		}
		t.wrap("  ", "    ", line)
		if len(a.Evidence) > 0 {
			t.wrap("    ", "    ", a.Evidence[0].place(t.short))
		}
	}
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
		t.wrap(number, indent, c.place(t.short))
		what := c.Text
		if !c.Time.IsZero() {
			what = strings.TrimSpace(timeText(c.Time) + "  " + what)
		}
		if what != "" {
			t.wrap(indent, indent, what)
		}
	}
}

// place formats the place of the record of a citation. Artifacts with a short name
// are called by it.
func (c *Citation) place(short map[string]string) string {
	place := cmp.Or(short[c.Artifact], c.Artifact)
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
		t.wrap("  ", "  ", "None: the creation time is unknown, or no record is near it.")
	}
	for i := range list {
		e := &list[i]
		c := Citation{Artifact: e.Artifact, Record: e.Record, Offset: e.Offset}
		const indent = "                                "
		t.wrap(fmt.Sprintf("  %-*s", len(indent)-2, timeText(e.Time)), indent, cmp.Or(e.Message, e.Desc))
		t.wrap(indent, indent, e.Kind+" · "+c.place(t.short))
	}
}

// stateText returns the state of an artifact in words.
func stateText(state string) string {
	if state == string(timeline.Unread) {
		return "present, not read"
	}
	return state
}

func (t *textReport) coverage(list []Coverage) {
	var absent []string
	for i := range list {
		c := &list[i]
		if c.State == string(timeline.Absent) {
			absent = append(absent, c.Artifact)
			continue
		}
		name := c.Artifact
		if short := t.short[name]; short != "" && short != name {
			name = short + ": " + name
		}
		t.wrap("  ", "    ", name)
		detail := fmt.Sprintf("%s, %s, %s", stateText(c.State), count(c.Records, "record", "records"), count(c.Problems, "problem", "problems"))
		if !c.First.IsZero() {
			detail += ", " + timeText(c.First) + " to " + timeText(c.Last)
		}
		if c.Reason != "" && c.State != string(timeline.Parsed) {
			detail += ": " + c.Reason
		}
		t.wrap("    ", "    ", detail)
		if c.Note != "" {
			t.wrap("    ", "    ", c.Note)
		}
	}
	if len(absent) > 0 {
		t.wrap("  absent: ", "    ", strings.Join(absent, ", "))
	}
}

// wrap writes a text in lines of textWidth characters, with a prefix before the first
// line and another before the rest. Spaces within a line are unchanged.
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
