package origin

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// named returns a program with its PID.
func named(image string, pid uint32) string {
	if image == "" {
		image = "an unknown process"
	}
	if pid == 0 {
		return image
	}
	return fmt.Sprintf("%s (PID %d)", image, pid)
}

// count writes a number with its noun.
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

func minutes(d time.Duration) string { return count(int(d/time.Minute), "minute", "minutes") }

// sentence capitalizes a text and ends it with a full stop.
func sentence(s string) string {
	if s == "" {
		return s
	}
	return capital(s) + "."
}

// capital returns a text that begins with a capital letter.
func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}

// enumerate joins texts as a sentence lists them.
func enumerate(list []string) string {
	if n := len(list); n > 1 {
		return strings.Join(list[:n-1], ", ") + " and " + list[n-1]
	}
	return strings.Join(list, "")
}

// maxNamed limits how many things of a kind the verdict names.
const maxNamed = 5

// firstOf returns the first of many names, and how many more there are.
func firstOf(list []string) []string {
	if more := len(list) - maxNamed; more > 0 {
		return append(slices.Clone(list[:maxNamed]), fmt.Sprintf("%d more", more))
	}
	return list
}
