package winpath

// Unquote returns a path without the pair of quotes, double or single, that a
// shell, a report or "Copy as path" of Explorer put around it.
func Unquote(p string) string {
	if n := len(p); n >= 2 && (p[0] == '"' || p[0] == '\'') && p[n-1] == p[0] {
		return p[1 : n-1]
	}
	return p
}
