package winid

import (
	"strconv"
	"strings"
)

// ParameterText is a text in which Windows logs the number of a message instead of
// its words, as in %%1833, so that a viewer shows the words in its own language. The
// provider Microsoft-Windows-Security-Auditing logs them: ImpersonationLevel and
// ElevatedToken of Security 4624, FailureReason of 4625, TokenElevationType of 4688,
// AccessList of 4656, 4661, 4662, 4663, 5140 and 5145, UserAccountControl of 4720 and
// 4738, AuditPolicyChanges of 4719, Direction and LayerName of 5156, and others.
//
// Other providers have messages of their own, in part under the same numbers: see
// [ErrorText] and [DefenderText].
type ParameterText string

// String returns the text with the words of the messages in our own wording instead
// of their numbers. A number that is not in the table stays, as does a text without
// any. Lists, which Windows separates by newlines and tabs, are separated by commas.
func (t ParameterText) String() string { return expand(string(t), parameterMessage) }

// parameterMessage returns the words of a message of the Security log; "" for one that
// is not known.
func parameterMessage(number uint32) string {
	for _, table := range [...]map[uint32]string{parameterMessages, auditMessages, networkMessages} {
		if words, ok := table[number]; ok {
			return words
		}
	}
	if words := accountMessage(number); words != "" {
		return words
	}
	return rightMessage(number)
}

// ErrorText is a text in which a system error code is logged: as the number of a
// message, as %%1053 by the Service Control Manager in System 7000, 7001, 7009, 7023 and
// 7031, or as a number, as in Error Code of Windows Defender, QueryStatus of Sysmon 22
// and Status of MsiInstaller.
type ErrorText string

// String returns the text with the errors as [Win32Error] has them instead of their
// numbers: "1053 (service did not respond in time)". What is not known stays.
func (t ErrorText) String() string {
	if n, ok := parseNumber(string(t)); ok {
		return labelled(string(t), Win32Error(n).Meaning())
	}
	return expand(string(t), func(number uint32) string {
		if e := Win32Error(number); e.Meaning() != "" {
			return e.String()
		}
		return ""
	})
}

// expand replaces each %%number for which there are words. If the text has any number,
// white space is made one space, or a comma and a space if it has a newline, and that
// at the ends is removed.
func expand(s string, words func(uint32) string) string {
	if !strings.Contains(s, "%%") {
		return s
	}
	var b strings.Builder
	numbers := false
	rest := s
	for rest != "" {
		number, digits := messageNumber(rest)
		if digits == "" {
			b.WriteByte(rest[0])
			rest = rest[1:]
			continue
		}
		numbers = true
		if w := words(number); w != "" {
			b.WriteString(w)
		} else {
			b.WriteString("%%" + digits)
		}
		rest = rest[2+len(digits):]
	}
	if !numbers {
		return s
	}
	return tidyList(b.String())
}

// messageNumber returns the number of the message that s begins with, and its digits,
// which are empty if s does not begin with one.
func messageNumber(s string) (number uint32, digits string) {
	if !strings.HasPrefix(s, "%%") {
		return 0, ""
	}
	s = s[2:]
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	number64, err := strconv.ParseUint(s[:n], 10, 32)
	if err != nil {
		return 0, ""
	}
	return uint32(number64), s[:n]
}

// isSpace reports whether Windows separates lists by c.
func isSpace(c rune) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

// tidyList makes one line of a list.
func tidyList(s string) string {
	var b strings.Builder
	for s = strings.TrimFunc(s, isSpace); s != ""; {
		space := strings.IndexFunc(s, isSpace)
		if space < 0 {
			break
		}
		rest := strings.TrimLeftFunc(s[space:], isSpace)
		b.WriteString(s[:space])
		if gap := s[space : len(s)-len(rest)]; strings.Contains(gap, "\n") && !strings.HasSuffix(s[:space], ",") {
			b.WriteByte(',')
		}
		b.WriteByte(' ')
		s = rest
	}
	return b.String() + s
}
