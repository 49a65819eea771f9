package origin

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/show"
)

// Verdict returns the report in a few sentences, each on a line of its own: what
// the file is, when and how it came, who wrote it under which account, whether
// it ran and what starts it, each with the grade of its answer; then what is
// unknown, with the reason, and what has to be weighed. It is escaped as
// [show.Text] does.
//
// It is made of the Facts of the answers. A report that was read from JSON has
// none, and so no verdict beyond what is unknown.
func (r *Report) Verdict() string {
	v := verdict{Report: r}
	v.nature()
	v.arrival()
	v.sessions()
	v.execution()
	v.open()
	for i, sentence := range v.said {
		v.said[i] = show.Text(sentence) // once: what is escaped has backslashes, which are no separators
	}
	return strings.Join(v.said, "\n")
}

// verdict is a Verdict in the making.
type verdict struct {
	*Report
	said []string
}

// say adds a sentence that stands on an answer.
func (v *verdict) say(question Question, format string, args ...any) {
	v.said = append(v.said, fmt.Sprintf(format, args...)+" ("+string(v.Answer(question).Grade)+").")
}

// answered returns an answer, an empty one where the question is unanswered.
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
		v.say(Autostart, "It is started by %s", a.starters())
	}
	if list := facts(v.answered(Reach), "address"); len(list) > 0 {
		v.say(Reach, "It was connected with %s", enumerate(firstOf(list)))
	}
}

// open lists what is unknown, and what contradicts.
func (v *verdict) open() {
	var unknown, kinds []string
	for i := range v.Answers {
		if a := &v.Answers[i]; a.Grade == Unknown {
			unknown = append(unknown, fmt.Sprintf("%s (%s)", a.Question, a.UnknownBecause))
		}
	}
	for _, c := range v.Contradictions {
		if !slices.Contains(kinds, c.Kind) {
			kinds = append(kinds, c.Kind)
		}
	}
	if len(unknown) > 0 {
		v.said = append(v.said, "Unknown: "+strings.Join(unknown, ", ")+".")
	}
	if len(kinds) > 0 {
		v.said = append(v.said, "To be weighed: "+strings.Join(kinds, ", ")+".")
	}
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
		traits = append(traits, "bears no signature of its own")
	}
	if len(traits) == 0 {
		return "is no program that tells of itself"
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

// starters names what an answer to Autostart found.
func (a *Answer) starters() string {
	var list []string
	for _, s := range groups(a.Facts, "category") {
		list = append(list, s.Fact("category")+" "+s.Fact("name"))
	}
	return enumerate(firstOf(list))
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
