package origin

import (
	"github.com/birthmark-dfir/birthmark/internal/show"
)

// printable returns a copy of the report in which every string is safe to show.
func (r *Report) printable() *Report {
	show := show.Text
	citations := func(list []Citation) []Citation {
		list = filled(list)
		for i := range list {
			c := &list[i]
			c.Artifact, c.Record, c.Text = show(c.Artifact), show(c.Record), show(c.Text)
		}
		return list
	}
	texts := func(list []string) []string {
		list = filled(list)
		for i := range list {
			list[i] = show(list[i])
		}
		return list
	}
	p := *r
	for _, field := range [...]*string{&p.Tool.Name, &p.Tool.Version, &p.Machine.Name, &p.Machine.Domain,
		&p.Machine.Windows, &p.Machine.TimeZone, &p.Machine.SID} {
		*field = show(*field)
	}
	p.Machine.Former, p.Machine.Addresses = texts(p.Machine.Former), texts(p.Machine.Addresses)
	p.Evidence = filled(p.Evidence)
	for i := range p.Evidence {
		e := &p.Evidence[i]
		e.Name, e.Kind, e.SHA256 = show(e.Name), show(e.Kind), show(e.SHA256)
	}
	p.Verdict = filled(p.Verdict)
	for i := range p.Verdict {
		v := &p.Verdict[i]
		v.Question, v.Grade, v.Text = Question(show(string(v.Question))), Grade(show(string(v.Grade))), show(v.Text)
	}
	s := &p.Subject
	for _, field := range [...]*string{&s.Path, &s.Volume, &s.MD5, &s.SHA1, &s.SHA256, &s.OwnerSID} {
		*field = show(*field)
	}
	p.Answers = filled(p.Answers)
	for i := range p.Answers {
		a := &p.Answers[i]
		a.Question, a.Grade, a.UnknownBecause = Question(show(string(a.Question))), Grade(show(string(a.Grade))), UnknownBecause(show(string(a.UnknownBecause)))
		a.Answer, a.Evidence, a.Rivals, a.Facts = show(a.Answer), citations(a.Evidence), texts(a.Rivals), filled(a.Facts)
		a.NotSearched, a.Alternative = texts(a.NotSearched), Alternative{show(a.Alternative.Text), show(a.Alternative.Apart)}
		for i := range a.Facts {
			a.Facts[i].Value = show(a.Facts[i].Value)
		}
	}
	p.Actions = filled(p.Actions)
	for i := range p.Actions {
		a := &p.Actions[i]
		a.Kind, a.Target, a.Evidence = ActionKind(show(string(a.Kind))), show(a.Target), citations(a.Evidence)
	}
	p.Elsewhere = filled(p.Elsewhere)
	for i := range p.Elsewhere {
		e := &p.Elsewhere[i]
		e.Machine, e.Text, e.Evidence = show(e.Machine), show(e.Text), citations(e.Evidence)
	}
	p.Contradictions = filled(p.Contradictions)
	for i := range p.Contradictions {
		c := &p.Contradictions[i]
		c.Kind, c.Text, c.Touches, c.Evidence = ContradictionKind(show(string(c.Kind))), show(c.Text), filled(c.Touches), citations(c.Evidence)
		for i := range c.Touches {
			c.Touches[i] = Question(show(string(c.Touches[i])))
		}
	}
	p.Coverage = filled(p.Coverage)
	for i := range p.Coverage {
		c := &p.Coverage[i]
		c.Artifact, c.State, c.Reason, c.Note = show(c.Artifact), show(c.State), show(c.Reason), show(c.Note)
	}
	p.Events = filled(p.Events)
	for i := range p.Events {
		e := &p.Events[i]
		for _, field := range [...]*string{&e.Desc, &e.Kind, &e.Message, &e.Path, &e.User, &e.SID, &e.Artifact, &e.Record} {
			*field = show(*field)
		}
	}
	return &p
}
