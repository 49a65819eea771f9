package origin

import (
	"cmp"
	_ "embed"
	"html/template"
	"io"
	"time"
)

//go:embed report.html.tmpl
var htmlReport string

var htmlTemplate = template.Must(template.New("report").Funcs(template.FuncMap{
	"asked":     Question.Words,
	"time":      func(t time.Time) string { return timeText(t) },
	"sized":     Subject.sized,
	"state":     stateText,
	"place":     func(c Citation) string { return c.place(nil) },
	"reason":    func(b UnknownBecause) string { return cmp.Or(reasons[b], string(b)) },
	"topics":    topicsOf,
	"did":       func(k ActionKind) string { return cmp.Or(actionWords[k], string(k)) },
	"described": func(s Source) string { return s.described() },
	"where": func(e Event) string {
		c := Citation{Artifact: e.Artifact, Record: e.Record, Offset: e.Offset}
		return c.place(nil)
	},
}).Parse(htmlReport))

// WriteHTML writes the report as one self-contained HTML page: no script, no link, no
// image. Everything made of evidence is escaped as in [Report.WriteText] and then for
// HTML.
func (r *Report) WriteHTML(w io.Writer) error {
	p := r.printable()
	return htmlTemplate.Execute(w, struct {
		*Report
		Sentences []string
	}{p, p.verdictLines()})
}
