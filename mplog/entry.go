package mplog

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/filetime"
)

// Kind is what a line of the log records.
type Kind string

// The kinds of entries.
const (
	Impact       Kind = "impact"        // the cost of scanning what a process opened: the process ran
	Query        Kind = "query"         // Defender asked its cloud about a file, with its hashes
	Detection    Kind = "detection"     // a threat in a file
	Blocked      Kind = "blocked"       // a process was kept from a file
	Behavior     Kind = "behavior"      // the behavior of a process that was reported
	Command      Kind = "command"       // a command line that was reported
	OriginalName Kind = "original_name" // the version information of a file has another name
)

// Entry is a line of the log, or several that belong together.
type Entry struct {
	Time    time.Time // UTC; when it was logged
	Kind    Kind
	Path    string // of the file, without \\?\; may begin with \Device\HarddiskVolumeN
	Process string // path of the process; only its name in an Impact
	PID     uint32

	Started      time.Time // of the process, in a Behavior
	SHA1, SHA256 string    // in lower case
	Threat       string
	CommandLine  string
	OriginalName string

	Line   int    // from 1
	Offset int64  // of the line in bytes from the beginning of the file
	Text   string // the line, without its time
}

// stamp is the time at the beginning of a line. Without a time zone it is UTC.
var stamp = regexp.MustCompile(`^\s*(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,7})?)(Z|[+-]\d\d:\d\d)?\s+(.*)$`)

// form is a row of the table of lines.
type form struct {
	kind Kind
	mark string // that such a line contains
	line *regexp.Regexp
	take func(e *Entry, m []string)
}

// forms are the lines that are read, by what they begin with or contain.
var forms = []form{
	{Impact, "ProcessImageName: ", regexp.MustCompile(`^ProcessImageName: (.*?), Pid: (\d+), .*?MaxTimeFile: (.*?), EstimatedImpact`), func(e *Entry, m []string) {
		e.Process, e.PID, e.Path = m[1], number(m[2]), file(m[3])
	}},
	{Query, "SDN:Issuing SDN query", regexp.MustCompile(`SDN:Issuing SDN query for (.+) \(sha1=([0-9A-Fa-f]{40}), sha2=([0-9A-Fa-f]{64})\)`), func(e *Entry, m []string) {
		e.Path, e.SHA1, e.SHA256 = file(once(m[1])), strings.ToLower(m[2]), strings.ToLower(m[3])
	}},
	{Detection, "DETECTION", regexp.MustCompile(`^(?:\[[^\]]*\] ?)?DETECTION(?:EVENT|_ADD|_CLEANEVENT)?\S*\s+(?:MPSOURCE_\S+\s+)?(?:MP_THREAT_ACTION_\S+\s+)?(?:0x[0-9A-Fa-f]+\s+)?(\S+)\s+(?:container|web)?file:(.+)$`), func(e *Entry, m []string) {
		e.Threat = m[1]
		path, _, _ := strings.Cut(m[2], ";")
		path, _, _ = strings.Cut(path, "->") // what follows is inside the file
		path, _, _ = strings.Cut(path, "|")
		e.Path = file(path)
	}},
	{Blocked, "[Mini-filter] Blocked file: ", regexp.MustCompile(`\[Mini-filter\] Blocked file: (.+?)\.? Process: (.+?), Status:`), func(e *Entry, m []string) {
		e.Path, e.Process = file(m[1]), file(m[2])
	}},
	{Command, "reported as lowfi: ", regexp.MustCompile(`(?i)command line reported as lowfi: (.+)$`), func(e *Entry, m []string) { e.CommandLine = strings.TrimSpace(m[1]) }},
	{OriginalName, "original file name ", regexp.MustCompile(`original file name "(.*?)" for "(.*?)"`), func(e *Entry, m []string) { e.OriginalName, e.Path = m[1], file(m[2]) }},
}

// parse reads a line. It reports whether the line has a time; the entry has no kind if
// it is of none of the forms.
func parse(line string) (Entry, bool) {
	m := stamp.FindStringSubmatch(strings.TrimRight(line, "\r\n"))
	if m == nil {
		return Entry{}, false
	}
	zone := m[2]
	if zone == "" {
		zone = "Z"
	}
	at, err := time.Parse(time.RFC3339Nano, m[1]+zone)
	if err != nil {
		return Entry{}, false
	}
	e := Entry{Time: at.UTC(), Text: m[3]}
	for i := range forms {
		if !strings.Contains(e.Text, forms[i].mark) {
			continue
		}
		if found := forms[i].line.FindStringSubmatch(e.Text); found != nil {
			e.Kind = forms[i].kind
			forms[i].take(&e, found)
			break
		}
	}
	return e, true
}

// The lines around the behavior of a process, and those between them: NAME:VALUE.
const (
	behaviorBegins = "BEGIN BM telemetry"
	behaviorEnds   = "END BM telemetry"
)

// behavior adds a line to the behavior of a process.
func (e *Entry) behavior(line string) {
	name, value, ok := strings.Cut(strings.TrimSpace(line), ":")
	if !ok {
		return
	}
	value = strings.TrimSpace(value)
	switch name {
	case "ProcessID":
		e.PID = number(value)
	case "ProcessCreationTime":
		if n, err := strconv.ParseUint(value, 10, 64); err == nil {
			e.Started = filetime.Time(n)
		}
	case "ImagePath":
		e.Process = file(value)
	}
	if len(e.Text) < maxLine {
		e.Text += " " + name + ":" + value
	}
}

// once returns the path in a text that has it twice: PATH (PATH).
func once(s string) string {
	if n := (len(s) - len(" ()")) / 2; n > 0 && s == s[:n]+" ("+s[:n]+")" {
		return s[:n]
	}
	path, _, _ := strings.Cut(s, " (")
	return path
}

// number returns a decimal number, or 0.
func number(s string) uint32 {
	n, err := strconv.ParseUint(s, 10, 32)
	if err != nil {
		return 0
	}
	return uint32(n)
}

// file returns a path without the prefix of the API.
func file(path string) string {
	path = strings.Trim(strings.TrimSpace(path), `"`)
	for _, prefix := range [...]string{`\\?\`, `\??\`, `_`} {
		path = strings.TrimPrefix(path, prefix)
	}
	return path
}
