package origin

import (
	"cmp"
	_ "embed"
	"html/template"
	"io"
	"strings"
	"time"
)

//go:embed report.html.tmpl
var htmlReport string

var htmlTemplate = template.Must(template.New("report").Funcs(template.FuncMap{
	"asked": func(q Question) string { return cmp.Or(asked[q], string(q)) },
	"time":  func(t time.Time) string { return timeText(t) },
	"sized": Subject.sized,
	"place": func(c Citation) string { return c.place() },
	"where": func(e Event) string {
		c := Citation{Artifact: e.Artifact, Record: e.Record, Offset: e.Offset}
		return c.place()
	},
}).Parse(htmlReport))

// WriteHTML writes the report as one HTML page that needs nothing else: no
// script, no link, no image. Everything made of evidence is escaped as in
// [Report.WriteText] and then for HTML.
func (r *Report) WriteHTML(w io.Writer) error {
	p := r.printable()
	return htmlTemplate.Execute(w, struct {
		*Report
		Sentences []string
	}{p, strings.Split(r.Verdict(), "\n")})
}
