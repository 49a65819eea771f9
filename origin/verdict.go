package origin

// Verdict returns the report in a few sentences: what the file is, how it came,
// who wrote it, and what starts it, each with its grade.
func (r *Report) Verdict() string {
	return ""
}
