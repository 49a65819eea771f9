package winid

import "strings"

// ExceptionCode is why a program was ended, as Application Error 1000 and Windows Error
// Reporting 1001 log it: a status of the kernel, or the code of a language, as
// hexadecimal text with or without 0x.
type ExceptionCode string

// languageExceptions are the codes that compilers and runtimes use.
var languageExceptions = map[uint32]string{
	0xe06d7363: "C++ exception",
	0xe0434352: ".NET exception",
	0xe0434f4d: ".NET exception, old form",
}

// Meaning returns what the code means, such as "access violation" for c0000005, and ""
// for one that is not in the tables.
func (c ExceptionCode) Meaning() string {
	digits := strings.TrimPrefix(string(c), "0x")
	n, ok := parseNumber("0x" + digits)
	if !ok || len(digits) != 8 {
		return ""
	}
	if words := languageExceptions[n]; words != "" {
		return words
	}
	return NTStatus(n).Meaning()
}

// String returns the text of the log and the meaning, as in "c0000005 (access
// violation)", or the text alone.
func (c ExceptionCode) String() string { return labelled(string(c), c.Meaning()) }
