package command

import (
	"regexp"
	"strings"
)

// PowerShell logs the commands that a module ran as lines of text (4103, 800), whose
// words are in the language of the machine:
//
//	CommandInvocation(Copy-Item): "Copy-Item"
//	ParameterBinding(Copy-Item): name="Destination"; value="C:\a"
var (
	invocation = regexp.MustCompile(`^[^("]+\(([^()"]+)\):\s*"[^"]*"\s*$`)
	binding    = regexp.MustCompile(`^[^("]+\(([^()"]+)\):[^"]*"([^"]*)"[^"]*"(.*)"\s*$`)
)

// Invocations returns the commands of PowerShell in the payload of a record of what a
// module ran, each on a line, as they could have been typed.
func Invocations(payload string) string {
	var b strings.Builder
	current := ""
	for line := range strings.Lines(payload) {
		line = strings.TrimRight(line, "\r\n")
		if m := invocation.FindStringSubmatch(line); m != nil {
			if b.Len() > 0 {
				b.WriteByte('\n')
			}
			current = m[1]
			b.WriteString(current)
			continue
		}
		m := binding.FindStringSubmatch(line)
		if m == nil || m[1] != current {
			continue
		}
		b.WriteString(" -" + m[2] + " '" + strings.ReplaceAll(m[3], "'", "''") + "'")
	}
	return b.String()
}
