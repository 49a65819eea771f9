package origin

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// verdict returns the answers in a few sentences: what the file is, when and how
// it came, who wrote it under which account, whether it ran and what starts it;
// then what is unknown, with the reason. It is made of the facts of the answers.
func (r *Report) verdict() []Sentence {
	v := verdict{Report: r}
	v.nature()
	v.arrival()
	v.sessions()
	v.execution()
	v.open()
	return v.said
}

// verdict is a Verdict in the making.
type verdict struct {
	*Report
	said []Sentence
}

// say adds a sentence about an answer.
func (v *verdict) say(question Question, format string, args ...any) {
	v.said = append(v.said, Sentence{question, v.Answer(question).Grade, fmt.Sprintf(format, args...) + "."})
}

// answered returns an answer, an empty one if the question is unanswered.
func (v *verdict) answered(question Question) *Answer {
	if a := v.Answer(question); a != nil && a.Grade != Unknown {
		return a
	}
	return &Answer{}
}

func (v *verdict) nature() {
	if what := v.answered(What); what.Grade != "" {
		v.say(What, "%s %s", baseName(v.Subject.Path), what.nature())
	}
	if at := v.answered(Appeared).Fact("time"); at != "" {
		v.say(Appeared, "It appeared on %s", at)
	}
}

func (v *verdict) arrival() {
	if w := v.answered(Writer); w.Fact("image") != "" {
		by := ""
		if parent := w.Fact("parent_image"); parent != "" {
			by = ", a child of " + baseName(parent)
		}
		v.say(Writer, "%s (PID %s%s) wrote it", w.Fact("image"), cmp.Or(w.Fact("pid"), "unknown"), by)
	}
	if a := v.answered(Account); a.Grade != "" {
		v.say(Account, "The account is %s", cmp.Or(a.Fact("user"), a.Fact("sid")))
	}
	if a := v.answered(Arrival); a.Grade != "" {
		v.say(Arrival, "It came %s", a.way())
	}
	switch a := v.answered(WebEntry); {
	case a.Fact("method") != "":
		v.say(WebEntry, "The way in was %s %s from %s, served by %s", a.Fact("method"), a.Fact("url"), a.Fact("address"), baseName(a.Fact("image")))
	case a.Fact("image") != "":
		v.say(WebEntry, "The way in was the web server's process %s", a.Fact("image"))
	}
}

// sessions tells the session of the writer, which the first facts of the answer
// are, apart from the others of the same account.
func (v *verdict) sessions() {
	a := v.answered(Logon)
	created := v.answered(Appeared).Fact("time")
	for i, session := range groups(a.Facts, "logon_id") {
		at, from := session.Fact("time"), session.Fact("address")
		switch {
		case i == 0 && from != "":
			v.say(Logon, "The session in which it was written began on %s, from %s", at, from)
		case i == 0:
			v.say(Logon, "The session in which it was written began on %s, on the machine itself", at)
		case laterText(at, created):
			v.say(Logon, "Later, on %s, the same account logged on from %s", at, from)
		default:
			v.say(Logon, "The same account had also logged on from %s, on %s", from, at)
		}
	}
}

// laterText reports whether the first of two times of facts is the later one.
func laterText(a, b string) bool {
	at, err := time.Parse(time.RFC3339Nano, a)
	bt, err2 := time.Parse(time.RFC3339Nano, b)
	return err == nil && err2 == nil && at.After(bt)
}

func (v *verdict) execution() {
	if a := v.answered(Executed); a.Grade != "" {
		times := "once"
		if n := a.Fact("count"); n != "1" {
			times = n + " times, first"
		}
		text := fmt.Sprintf("It ran %s on %s", times, a.Fact("time"))
		if parent := a.Fact("parent_image"); parent != "" {
			text += ", started by " + baseName(parent)
		}
		if user := a.Fact("user"); user != "" {
			text += " as " + user
		}
		v.say(Executed, "%s", text)
	}
	if a := v.answered(Autostart); a.Grade != "" {
		v.say(Autostart, "%s", a.starters())
	}
	if list := facts(v.answered(Reach), "address"); len(list) > 0 {
		v.say(Reach, "It exchanged traffic with %s", enumerate(firstOf(list)))
	}
}

// open adds what is unknown.
func (v *verdict) open() {
	for i := range v.Answers {
		if a := &v.Answers[i]; a.Grade == Unknown {
			v.say(a.Question, "Unknown: %s (%s)", cmp.Or(topics[a.Question], string(a.Question)), cmp.Or(reasons[a.UnknownBecause], string(a.UnknownBecause)))
		}
	}
}

// verdictLines returns the verdict of a printable report as people read it: each
// sentence with its grade, what is unknown in one line, and the caveats.
func (r *Report) verdictLines() []string {
	var lines, because []string
	unknown := map[string][]string{} // topics by the reason
	for _, s := range r.Verdict {
		if s.Grade != Unknown {
			lines = append(lines, fmt.Sprintf("%s (%s).", strings.TrimSuffix(s.Text, "."), s.Grade))
			continue
		}
		a := r.Answer(s.Question)
		if a == nil {
			continue
		}
		reason := cmp.Or(reasons[a.UnknownBecause], string(a.UnknownBecause))
		if unknown[reason] == nil {
			because = append(because, reason)
		}
		unknown[reason] = append(unknown[reason], cmp.Or(topics[a.Question], string(a.Question)))
	}
	for _, reason := range because {
		lines = append(lines, fmt.Sprintf("Unknown: %s (%s).", enumerate(unknown[reason]), reason))
	}
	return append(lines, r.caveats()...)
}

// caveats returns the first contradiction of each kind.
func (r *Report) caveats() []string {
	var lines, kinds []string
	for _, c := range r.Contradictions {
		if slices.Contains(kinds, c.Kind) {
			continue
		}
		kinds = append(kinds, c.Kind)
		if len(kinds) <= maxNamed {
			lines = append(lines, "Caveat: "+c.Text)
		}
	}
	if more := len(kinds) - maxNamed; more > 0 {
		lines = append(lines, fmt.Sprintf("%s: see the contradictions.", count(more, "more caveat", "more caveats")))
	}
	return lines
}

// maxNamed limits how many things of a kind the verdict names.
const maxNamed = 5

// nature says what an answer to What found, as the end of a sentence.
func (a *Answer) nature() string {
	var traits []string
	switch {
	case a.Fact("lookalike_of") != "":
		traits = append(traits, "has nearly the name of "+a.Fact("lookalike_of"))
	case a.Fact("misplaced") != "":
		traits = append(traits, "has the name of a program that belongs in a folder "+a.Fact("misplaced"))
	}
	if original := a.Fact("original_name"); original != "" {
		traits = append(traits, fmt.Sprintf("calls itself %s by %s", original, cmp.Or(a.Fact("company"), "nobody")))
	}
	switch a.Fact("signed") {
	case "yes":
		traits = append(traits, "states a signature by "+cmp.Or(a.Fact("signer"), "nobody")+", not verified")
	case "no":
		traits = append(traits, "has no signature of its own")
	}
	if len(traits) == 0 {
		return "has no version information"
	}
	return enumerate(traits)
}

// way says how an answer to Arrival found that the file came.
func (a *Answer) way() string {
	kind, from := a.Fact("kind"), ""
	if where := cmp.Or(a.Fact("url"), a.Fact("address")); where != "" {
		from = " from " + where
	}
	switch kind {
	case "download":
		return "by download" + from
	case "web_upload":
		return "by an upload to " + a.Fact("url") + " from " + a.Fact("address")
	case "rdp":
		return "over a remote desktop session" + from
	case "smb":
		return "over a share" + from
	case "dropped":
		return "out of " + a.Fact("via") + from
	}
	return "by " + kind + from
}

// starters says what an answer to Autostart found.
func (a *Answer) starters() string {
	var list []string
	for _, s := range groups(a.Facts, "category") {
		list = append(list, "the "+categoryWord(s.Fact("category"))+" "+s.Fact("name"))
	}
	if len(list) == 1 {
		return capital(list[0]) + " starts it"
	}
	return capital(enumerate(firstOf(list))) + " start it"
}

// categoryWord says what an autostart is, for a reader.
func categoryWord(category string) string {
	switch category {
	case "run":
		return "Run value"
	case "runonce":
		return "RunOnce value"
	case "task":
		return "scheduled task"
	}
	return category
}

// capital returns a text that begins with a capital letter.
func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}

// firstOf returns the first of many names, and how many more there are.
func firstOf(list []string) []string {
	if more := len(list) - maxNamed; more > 0 {
		return append(slices.Clone(list[:maxNamed]), fmt.Sprintf("%d more", more))
	}
	return list
}

// groups splits facts that repeat for each of several things, each beginning
// with the fact of one name.
func groups(facts []Fact, first string) []Answer {
	var list []Answer
	for _, f := range facts {
		if f.Name == first || len(list) == 0 {
			list = append(list, Answer{})
		}
		last := &list[len(list)-1]
		last.Facts = append(last.Facts, f)
	}
	return list
}

// facts returns all values of the facts of one name.
func facts(a *Answer, name string) (list []string) {
	for _, f := range a.Facts {
		if f.Name == name {
			list = append(list, f.Value)
		}
	}
	return list
}

// enumerate joins texts as a sentence lists them.
func enumerate(list []string) string {
	if n := len(list); n > 1 {
		return strings.Join(list[:n-1], ", ") + " and " + list[n-1]
	}
	return strings.Join(list, "")
}
