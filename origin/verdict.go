package origin

import (
	"fmt"
	"strings"
)

// Verdict returns the report in a few sentences: what the file is, when and how
// it came, who wrote it under which account, what starts it and whether it ran,
// each with the grade of its answer. What is unknown it lists with the reason.
// The text is made of evidence, so not escaped.
//
// It is made of the Facts of the answers. A report that was read from JSON has
// none, and so no verdict beyond what is unknown.
func (r *Report) Verdict() string {
	name := baseName(r.Subject.Path)
	var said []string
	say := func(question Question, format string, args ...any) {
		if a := r.Answer(question); a != nil && a.Grade != Unknown {
			said = append(said, fmt.Sprintf(format, args...)+" ("+string(a.Grade)+").")
		}
	}
	fact := func(question Question, name string) string {
		if a := r.Answer(question); a != nil {
			return a.Fact(name)
		}
		return ""
	}

	if what := r.Answer(What); what != nil && what.Grade != Unknown {
		say(What, "%s %s", name, what.nature())
	}
	if at := fact(Appeared, "time"); at != "" {
		say(Appeared, "It appeared on %s", at)
	}
	if image := fact(Writer, "image"); image != "" {
		by := ""
		if parent := fact(Writer, "parent_image"); parent != "" {
			by = ", a child of " + baseName(parent)
		}
		say(Writer, "%s (PID %s%s) wrote it", image, or(fact(Writer, "pid"), "unknown"), by)
	}
	if user := or(fact(Account, "user"), fact(Account, "sid")); user != "" {
		say(Account, "The account is %s", user)
	}
	if kind := fact(Arrival, "kind"); kind != "" {
		say(Arrival, "It came %s", r.Answer(Arrival).way(kind))
	}
	if request := fact(WebEntry, "method"); request != "" {
		say(WebEntry, "The way in was %s %s from %s, served by %s", request, fact(WebEntry, "url"), fact(WebEntry, "address"), baseName(fact(WebEntry, "image")))
	} else if image := fact(WebEntry, "image"); image != "" {
		say(WebEntry, "The way in was the web server's process %s", image)
	}
	if a := r.Answer(Logon); a != nil && a.Fact("address") != "" {
		said = append(said, fmt.Sprintf("The account had logged on from %s (%s).", a.Fact("address"), a.Grade))
	}
	if at := fact(Executed, "time"); at != "" {
		by := ""
		if parent := fact(Executed, "parent_image"); parent != "" {
			by = " by " + baseName(parent)
		}
		as := ""
		if user := fact(Executed, "user"); user != "" {
			as = " as " + user
		}
		times := "once"
		if n := fact(Executed, "count"); n != "1" {
			times = n + " times, first"
		}
		say(Executed, "It ran %s on %s, started%s%s", times, at, by, as)
	}
	if a := r.Answer(Autostart); a != nil && a.Grade != Unknown {
		say(Autostart, "It is started by %s", a.starters())
	}
	if addresses := facts(r.Answer(Reach), "address"); len(addresses) > 0 {
		say(Reach, "It was connected with %s", strings.Join(addresses[:min(len(addresses), maxNamed)], ", "))
	}
	var open []string
	for i := range r.Answers {
		if a := &r.Answers[i]; a.Grade == Unknown {
			open = append(open, fmt.Sprintf("%s (%s)", a.Question, a.UnknownBecause))
		}
	}
	if len(open) > 0 {
		said = append(said, "Unknown: "+strings.Join(open, ", ")+".")
	}
	if n := len(r.Contradictions); n > 0 {
		var kinds []string
		for _, c := range r.Contradictions {
			if len(kinds) == 0 || kinds[len(kinds)-1] != c.Kind {
				kinds = append(kinds, c.Kind)
			}
		}
		said = append(said, "To be weighed: "+strings.Join(kinds, ", ")+".")
	}
	return strings.Join(said, " ")
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
		traits = append(traits, fmt.Sprintf("calls itself %s by %s", original, or(a.Fact("company"), "nobody")))
	}
	switch a.Fact("signed") {
	case "yes":
		traits = append(traits, "states a signature by "+or(a.Fact("signer"), "nobody")+", not verified")
	case "no":
		traits = append(traits, "bears no signature of its own")
	}
	if len(traits) == 0 {
		return "is no program that tells of itself"
	}
	return enumerate(traits)
}

// way says how an answer to Arrival found that the file came.
func (a *Answer) way(kind string) string {
	from := ""
	if where := or(a.Fact("url"), a.Fact("address")); where != "" {
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
	categories, names := facts(a, "category"), facts(a, "name")
	var list []string
	for i, name := range names {
		if i == maxNamed {
			list = append(list, fmt.Sprintf("%d more", len(names)-i))
			break
		}
		if i < len(categories) {
			name = categories[i] + " " + name
		}
		list = append(list, name)
	}
	return enumerate(list)
}

// facts returns all values of the facts of one name.
func facts(a *Answer, name string) (list []string) {
	if a == nil {
		return nil
	}
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

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}
