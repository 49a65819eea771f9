package origin

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/command"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/winid"
)

var arrivalUpload = &rule{
	name: "arrival.upload", question: Arrival, best: Corroborated,
	finds:   "the request with a body to the web server that wrote the file itself, or that started the program that wrote it",
	also:    []*source{webLog},
	traps:   []trap{{"child", "a program that the web server started wrote it, and may have fetched it from elsewhere"}},
	against: "another request, or a program that the web server runs",
	apart:   "a web server log with the sizes of requests",
	find:    (*inquiry).findUpload,
}

func (q *inquiry) findUpload() []candidate {
	entry := &q.wayIn
	method := entry.Fact("method")
	if method == "" || !strings.EqualFold(method, "POST") && !strings.EqualFold(method, "PUT") {
		return nil
	}
	child := q.writer != nil && servesWeb(q.writer) != serves
	if child && (fetches(q.writer.image) || len(command.Sources(usesOf(q.writer))) > 0) {
		return nil
	}
	a := candidate{Answer: Answer{Grade: entry.Grade, Evidence: entry.Evidence, Rivals: entry.Rivals}, rests: []Question{WebEntry}}
	a.fact("kind", "web_upload")
	a.fact("url", entry.Fact("url"))
	a.fact("address", entry.Fact("address"))
	a.Answer.Answer = fmt.Sprintf("It was uploaded to %s from %s", entry.Fact("url"), entry.Fact("address"))
	if client := entry.Fact("forwarded_for"); client != "" {
		a.Answer.Answer += ", forwarded for " + client
	}
	a.Answer.Answer += "."
	if child {
		a.Answer.Answer = fmt.Sprintf("The request %s %s from %s led to the program that wrote it.", method, entry.Fact("url"), entry.Fact("address"))
		a.other = a.Answer.Answer
		a.caught("child", "%s fetched it from elsewhere, or made it", winpath.Base(q.writer.image))
	}
	return []candidate{a}
}

var arrivalConnection = &rule{
	name: "arrival.connection", question: Arrival, best: Inferred,
	after:   []Question{Writer},
	finds:   "what the writer exchanged traffic with before (Sysmon 3)",
	also:    []*source{sysmonConnect},
	against: "traffic of the writer that has nothing to do with the file",
	apart:   "the address in the writer's command line, or a proxy's log",
	find:    (*inquiry).findWriterConnected,
}

// findWriterConnected lists what the writer exchanged traffic with before, one
// candidate an address. One that the command line names is that of the source.
func (q *inquiry) findWriterConnected() []candidate {
	if q.writer == nil {
		return nil
	}
	var list []candidate
	known := map[string]bool{}
	for c := range q.connections() {
		address := plainAddress(c.data.DestinationIp)
		if q.writer.guid.IsZero() || c.data.ProcessGuid != q.writer.guid || c.Time.After(q.created.Add(clockSkew)) || !c.data.Initiated || known[address] || len(list) > maxRivals {
			continue
		}
		known[address] = true
		a := candidate{Answer: Answer{Grade: Inferred}, rests: []Question{Writer}}
		a.fact("kind", "download")
		a.fact("address", address)
		a.Answer.Answer = fmt.Sprintf("%s wrote it after it had exchanged traffic with %s port %d.", q.writer, c.data.DestinationIp, c.data.DestinationPort)
		a.other = fmt.Sprintf("%s port %d, with which it exchanged traffic on %s", c.data.DestinationIp, c.data.DestinationPort, timeText(c.Time))
		host := winid.Undash(c.data.DestinationHostname)
		if host == "" || strings.Contains(q.writer.commandLine, address) {
			host = address
		}
		a.claim = claim{what: "download " + host}
		a.cite(cite(&c.Event, "ProcessGuid", c.data.ProcessGuid, "Image", c.data.Image, "DestinationIp", c.data.DestinationIp, "DestinationPort", c.data.DestinationPort))
		list = append(list, a)
	}
	return list
}

// desktopPrograms write the files that a user copies by hand.
var desktopPrograms = map[string]bool{"explorer.exe": true, "rdpclip.exe": true}

var arrivalDesktop = &rule{
	name: "arrival.desktop", question: Arrival, best: Inferred,
	after:   []Question{Writer},
	finds:   "a writer that copies files by hand, in a session of Remote Desktop",
	also:    []*source{auditLogon},
	against: "a copy of a file that was already on the machine",
	apart:   "the same content elsewhere on the volume",
	find:    (*inquiry).findDesktop,
}

func (q *inquiry) findDesktop() []candidate {
	l := q.logon
	if q.writer == nil || l == nil || l.data.LogonType != 10 || !desktopPrograms[strings.ToLower(winpath.Base(q.writer.image))] {
		return nil
	}
	address, from := q.clientOf(l.data)
	if from == fromItself {
		return nil
	}
	a := candidate{Answer: Answer{Grade: Inferred}, rests: []Question{Writer, Logon}}
	a.fact("kind", "rdp")
	a.fact("address", address)
	a.Answer.Answer = fmt.Sprintf("%s wrote it in a Remote Desktop session from %s, as it does for a file that is pasted or copied by hand.", q.writer, cmp.Or(address, "an address that was not recorded"))
	a.cite(citeLogon(l))
	a.cite(q.writer.cite()...)
	a.rival("a copy of a file that was already on the machine")
	return []candidate{a}
}

var arrivalKernel = &rule{
	name: "arrival.kernel", question: Arrival, best: Inferred,
	after:   []Question{Writer},
	finds:   "the kernel as writer, which serves file shares, and the network sessions that were open",
	also:    []*source{auditLogon, sysmonConnect},
	against: "another client of the share",
	apart:   "the 5145 of the file, which names the client",
	find:    (*inquiry).findKernel,
}

// kernelSpan is how far from the creation the kernel may have logged the connection of
// the client.
const kernelSpan = 5 * time.Minute

// findKernel lists the clients that the kernel may have written the file for.
func (q *inquiry) findKernel() []candidate {
	if q.writer == nil || q.writer.pid != kernelPID {
		return nil
	}
	a := candidate{Answer: Answer{Grade: Inferred}, rests: []Question{Writer}}
	a.fact("kind", "smb")
	a.Answer.Answer = "The kernel wrote it, as it does for the client of a file share"
	a.other = "the client of a file share"
	client := func(address, who string, record Citation) {
		switch {
		case a.Fact("address") == "":
			a.fact("address", address)
			a.Answer.Answer += fmt.Sprintf("; %s from %s", who, address)
			a.cite(record)
		case a.Fact("address") == address:
			a.cite(record)
		default:
			a.rival("%s from %s", who, address)
		}
	}
	for _, l := range q.logons.list {
		address, from := q.clientOf(l.data)
		if l.data.LogonType != 3 || from != fromRemote || l.Time.After(q.created) || !q.boots.same(l.Time, q.created) {
			continue
		}
		if end := q.logons.off(l.data.TargetLogonId, l.Time); end != nil && end.Time.Before(q.created) {
			continue
		}
		if l.data.TargetUserSid == q.owner || q.owner == "" || q.owner == administrators {
			client(address, fmt.Sprintf("%s was logged on since %s", l.User, timeText(l.Time)), citeLogon(l))
		}
	}
	for c := range q.connections() {
		if c.data.ProcessId == kernelPID && !c.data.Initiated && c.Time.Sub(q.created).Abs() <= kernelSpan && !q.isOwnAddress(plainAddress(c.data.SourceIp)) {
			client(plainAddress(c.data.SourceIp), "it was connected", cite(&c.Event, "Image", c.data.Image, "Initiated", c.data.Initiated, "SourceIp", c.data.SourceIp, "DestinationIp", c.data.DestinationIp, "DestinationPort", c.data.DestinationPort))
		}
	}
	a.Answer.Answer += "."
	a.cite(q.citeWriting()...)
	return []candidate{a}
}

var arrivalProgram = &rule{
	name: "arrival.program", question: Arrival, best: Inferred,
	after:   []Question{Writer},
	finds:   "a writer that is not part of Windows",
	reads:   []*source{sysmonCreate},
	against: "another source, from which the writer took the file",
	apart:   "the network records of the writer",
	find:    (*inquiry).findProgram,
}

func (q *inquiry) findProgram() []candidate {
	w := q.writer
	if w == nil || w.image == "" || isSystemProgram(w.image) {
		return nil
	}
	a := candidate{Answer: Answer{Grade: Inferred}, rests: []Question{Writer}}
	a.Answer.Answer = fmt.Sprintf("%s wrote it; whether that program contained the file or downloaded it is not recorded.", w)
	a.other = winpath.Base(w.image) + " contained it"
	a.fact("kind", "dropped")
	a.fact("via", w.image)
	a.cite(w.cite()...)
	a.cite(q.citeCreation()...)
	a.rival("%s downloaded it from elsewhere", winpath.Base(w.image))
	return []candidate{a}
}

func sayArrival(a retold) []string { return []string{"It came " + a.way()} }

// way returns how the file came according to an answer to Arrival.
func (a *Answer) way() string {
	kind, from := a.Fact("kind"), ""
	if where := cmp.Or(a.Fact("url"), a.Fact("address")); where != "" {
		from = " from " + where
	}
	switch kind {
	case "download":
		return "by download" + from
	case "web_upload":
		return "by an upload to " + a.Fact("url") + " from " + a.Fact("address")
	case "rdp":
		return "over a Remote Desktop session" + from
	case "smb":
		return "over a file share" + from
	case "extracted":
		if from != "" {
			from = ", which came" + from
		}
		return "out of " + a.Fact("via") + from
	case "moved":
		return "by a move from another volume"
	case "copied":
		if from != "" {
			from = ", which came" + from
		}
		return "as a copy of " + cmp.Or(a.Fact("via"), "another file") + from
	case "intranet":
		return "from the intranet" + from
	case "dropped":
		if from != "" {
			from = ", itself" + from
		}
		return "from the program " + a.Fact("via") + from
	}
	return "by " + kind + from
}
