package origin

import (
	"context"
	"io/fs"
	"slices"
)

// Needs returns the questions whose findings a question reads.
func (q Question) Needs() []Question { return rowOf(q).needs }

func rowOf(asked Question) question {
	i := slices.IndexFunc(questions[:], func(row question) bool { return row.Question == asked })
	return questions[i]
}

// InvestigateIn is Investigate with a table in which order places the rows.
func InvestigateIn(order []Question, vol fs.FS, path string) (*Report, error) {
	var table []question
	for _, asked := range order {
		table = append(table, rowOf(asked))
	}
	return investigateBy(table, vol, path)
}

// InvestigateAlone answers one question, and only those that it needs.
func InvestigateAlone(asked Question, vol fs.FS, path string) (*Answer, error) {
	needed := map[Question]bool{}
	var add func(Question)
	add = func(asked Question) {
		needed[asked] = true
		for _, need := range asked.Needs() {
			add(need)
		}
	}
	add(asked)
	r, err := investigateBy(slices.DeleteFunc(slices.Clone(questions[:]), func(row question) bool { return !needed[row.Question] }), vol, path)
	if err != nil {
		return nil, err
	}
	return r.Answer(asked), nil
}

// InvestigateForgetting answers a question without the finding of one that it needs.
func InvestigateForgetting(asked, need Question, vol fs.FS, path string) (*Answer, error) {
	table := slices.Clone(questions[:])
	for i := range table {
		if table[i].Question == asked {
			table[i].needs = slices.DeleteFunc(slices.Clone(table[i].needs), func(q Question) bool { return q == need })
		}
	}
	r, err := investigateBy(table, vol, path)
	if err != nil {
		return nil, err
	}
	return r.Answer(asked), nil
}

func investigateBy(table []question, vol fs.FS, path string) (*Report, error) {
	list, err := begin(context.Background(), vol, []string{path}, options{drive: "C"})
	if err != nil {
		return nil, err
	}
	q := list[0]
	defer q.tl.Close()
	r, err := q.report(table)
	if err == nil {
		r.Subject.Volume = "C:"
	}
	return r, err
}

// FactRow is a row of the table of facts.
type FactRow struct{ Name, Form, Meaning string }

// FactRows returns the facts of a question.
func (q Question) FactRows() []FactRow {
	var rows []FactRow
	for _, f := range rowOf(q).facts {
		rows = append(rows, FactRow{f.name, string(f.form), f.meaning})
	}
	return rows
}

// FactForms returns the facts of a question with their forms.
func (q Question) FactForms() map[string]string {
	forms := map[string]string{}
	for _, f := range q.FactRows() {
		forms[f.Name] = f.Form
	}
	return forms
}

// Repeats returns what the facts of a question repeat for, or "" if they do not.
func (q Question) Repeats() string { return rowOf(q).repeat }

// AnsweredBy returns the questions that records of a log answer.
func AnsweredBy(channel string) []Question {
	var list []Question
	for _, row := range questions {
		if answersFrom(row.Question, channel) {
			list = append(list, row.Question)
		}
	}
	return list
}

// Kinds returns all kinds of contradiction in their order.
func Kinds() []ContradictionKind {
	var list []ContradictionKind
	for _, row := range contradictions {
		list = append(list, row.ContradictionKind)
	}
	return list
}

// RuleTraps returns the meanings of the traps of each rule.
func RuleTraps() map[string][]string {
	all := map[string][]string{}
	for _, r := range rules {
		all[r.name] = []string{}
		for _, t := range r.traps {
			all[r.name] = append(all[r.name], t.meaning)
		}
	}
	return all
}
