package origintest

import "regexp"

// varying are the parts of a report that differ from run to run and from one copy of
// the evidence to the next, in each of its formats, and what remains of each.
var varying = []struct {
	part *regexp.Regexp
	rest string
}{
	{regexp.MustCompile(`(?s)("version": )"[^"]*"(,\s*"run": )"[^"]*"(\s*\},\s*"evidence": )\[.*?\](,\s*"machine": )`), `$1""$2""$3[]$4`}, // JSON
	{regexp.MustCompile(`(?m)^  (?:evidence |report of) .*\n`), ""},                                                                       // text
	{regexp.MustCompile(`<tr><th>(?:Evidence|Report of)</th>.*\n`), ""},                                                                   // HTML
}

// Golden returns a report without what differs from run to run and from one copy of
// the evidence to the next: the version, the time, and what was opened. The reports in
// testdata have this form.
func Golden(report string) string {
	for _, v := range varying {
		report = v.part.ReplaceAllString(report, v.rest)
	}
	return report
}
