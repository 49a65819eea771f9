package origin

import (
	"cmp"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/internal/command"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/timeline"
	"github.com/birthmark-dfir/birthmark/winid"
)

var arrivalMark = &rule{
	name: "arrival.mark", question: Arrival, best: Recorded,
	finds:   "the file's own Zone.Identifier",
	reads:   []*source{zoneMark},
	traps:   []trap{{"not_web", "its zone is that of the machine, the intranet or a trusted site"}},
	against: "another source: any account that can write the file can also write that mark",
	apart:   "the record of the stream (Sysmon 15), the browser's history, or a proxy's log",
	find:    (*inquiry).findMark,
}

func (q *inquiry) findMark() []candidate {
	m := q.markOf(q.path)
	if m == nil || m.data.ZoneID == mft.ZoneAbsent {
		return nil
	}
	z := m.data
	a := candidate{Answer: Answer{Grade: Recorded}}
	if archive := localFile(z.ReferrerURL); archive != "" {
		return q.findExtracted(m, archive)
	}
	switch z.ZoneID {
	case 0:
		a = lead()
		a.Answer.Answer = "Its Zone.Identifier gives the zone of the machine itself, ZoneId 0."
		a.cite(citeMark(m))
		return []candidate{a}
	case 1, 2:
		a.fact("kind", "intranet")
		a.caught("not_web", "")
	default:
		a.fact("kind", "download")
	}
	a.fact("url", z.HostURL)
	a.fact("referrer", z.ReferrerURL)
	a.fact("address", addressOf(z.HostURL, z.HostIPAddress))
	a.Answer.Answer = fmt.Sprintf("Its Zone.Identifier marks it as coming from %s, ZoneId %d", zoneWords(int(z.ZoneID)), z.ZoneID)
	if z.HostURL != "" {
		a.Answer.Answer += ", from " + clip(z.HostURL)
	}
	if z.ReferrerURL != "" {
		a.Answer.Answer += ", linked from " + clip(z.ReferrerURL)
	}
	a.Answer.Answer += ". Any account that can write the file can also write that mark."
	a.other = "its mark of the web, which names " + cmp.Or(clip(z.HostURL), "no address")
	a.claim = claim{what: "download " + hostOf(z.HostURL)}
	a.cite(citeMark(m))
	if s, _ := q.markSeen(); s != nil {
		a.cite(citeStream(s))
	}
	return []candidate{a}
}

// zoneWords names a zone of Internet Explorer's.
func zoneWords(zone int) string {
	switch zone {
	case 0:
		return "the machine itself"
	case 1:
		return "the local intranet"
	case 2:
		return "a trusted site"
	case 4:
		return "a restricted site"
	}
	return "the Internet"
}

// localFile returns the path in a referrer that is a file of the machine, as the one
// from which Windows extracted another.
func localFile(referrer string) string {
	if len(referrer) > 2 && referrer[1] == ':' && (referrer[2] == '\\' || referrer[2] == '/') {
		return strings.ReplaceAll(referrer, "/", `\`)
	}
	if rest, ok := strings.CutPrefix(strings.ToLower(referrer), "file:///"); ok && len(rest) > 2 && rest[1] == ':' {
		return strings.ReplaceAll(referrer[len("file:///"):], "/", `\`)
	}
	return ""
}

// findExtracted follows the mark of a file that came out of a local archive to the
// archive's own mark.
func (q *inquiry) findExtracted(m *entry[*timeline.Zone], archive string) []candidate {
	archive = winpath.Normalize(q.drive, archive)
	a := candidate{Answer: Answer{Grade: Recorded}}
	a.fact("kind", "extracted")
	a.Answer.Answer = "It was extracted from " + clip(archive)
	if from := q.markOf(archive); from != nil && from.data.ZoneID >= 3 {
		a.fact("url", from.data.HostURL)
		a.fact("referrer", from.data.ReferrerURL)
		a.fact("address", addressOf(from.data.HostURL, from.data.HostIPAddress))
		a.Answer.Answer += ", which is marked as coming from " + zoneWords(int(from.data.ZoneID))
		if from.data.HostURL != "" {
			a.Answer.Answer += ", from " + clip(from.data.HostURL)
		}
		a.cite(citeMark(m), citeMark(from))
	} else {
		a.Answer.Answer += "; where that came from is not recorded"
		a.cite(citeMark(m))
	}
	a.fact("via", archive)
	a.Answer.Answer += "."
	a.other = "it was extracted from " + archive
	return []candidate{a}
}

// hostOf returns the host of a URL, or "".
func hostOf(raw string) string {
	if u, err := url.Parse(raw); err == nil {
		return u.Hostname()
	}
	return ""
}

func citeStream(s *entry[*evtx.Sysmon15]) Citation {
	return cite(&s.Event, "ProcessGuid", s.data.ProcessGuid, "Image", s.data.Image, "TargetFilename", s.data.TargetFilename, "Contents", oneLine(s.data.Contents))
}

// markSeen returns the first record of Sysmon 15 about the subject's own mark of the
// web, and the content of that mark. A mark from before the creation is that of
// another file.
func (q *inquiry) markSeen() (*entry[*evtx.Sysmon15], mft.ZoneIdentifier) {
	for i := range q.streams {
		s := &q.streams[i]
		if !q.isSubject(streamOwner(s.data.TargetFilename)) || !containsFold(s.data.TargetFilename, ":Zone.Identifier") || q.before(s.Time) {
			continue
		}
		if z, err := mft.ParseZoneIdentifier([]byte(s.data.Contents)); err == nil && (z.ZoneID != mft.ZoneAbsent || z.HostURL != "") {
			return s, z
		}
	}
	return nil, mft.ZoneIdentifier{}
}

var arrivalMarkLogged = &rule{
	name: "arrival.mark_logged", question: Arrival, best: Recorded,
	finds:   "the Zone.Identifier that Sysmon 15 logged, if the file no longer has one",
	also:    []*source{sysmonStream},
	against: "another source: any account that can write the file can also write that mark",
	apart:   "the browser's history, or a proxy's log",
	find:    (*inquiry).findMarkLogged,
}

func (q *inquiry) findMarkLogged() []candidate {
	if m := q.markOf(q.path); m != nil && m.data.ZoneID != mft.ZoneAbsent {
		return nil
	}
	s, z := q.markSeen()
	if s == nil || z.ZoneID < 3 && z.HostURL == "" {
		return nil
	}
	a := candidate{Answer: Answer{Grade: Recorded, Answer: "Sysmon logged its mark of the web, which the file no longer has"}}
	if !q.canHoldStreams() {
		a.Answer.Answer = "Sysmon logged its mark of the web"
	}
	a.fact("kind", "download")
	a.fact("url", z.HostURL)
	a.fact("referrer", z.ReferrerURL)
	a.fact("address", addressOf(z.HostURL, z.HostIPAddress))
	if z.HostURL != "" {
		a.Answer.Answer += "; it names " + clip(z.HostURL)
	}
	a.Answer.Answer += "."
	a.claim = claim{what: "download " + hostOf(z.HostURL)}
	a.cite(citeStream(s))
	return []candidate{a}
}

// markOfWriter returns the mark of the writer's own file. If several files had its
// path it is that of the file created last before the writer ran.
func (q *inquiry) markOfWriter() *entry[*timeline.Zone] {
	best := q.markOf(q.writer.image)
	for i := range q.marks {
		m := &q.marks[i]
		if !winpath.Same(m.data.Path, q.writer.image) || m.Time.After(q.writer.start.Add(clockSkew)) {
			continue
		}
		if best == nil || m.Time.After(best.Time) || best.Time.After(q.writer.start) {
			best = m
		}
	}
	return best
}

var arrivalWriterMark = &rule{
	name: "arrival.writer_mark", question: Arrival, best: Corroborated,
	after: []Question{Writer},
	finds: "the mark of the web of the writer's own file, which came shortly before",
	reads: []*source{zoneMark},
	traps: []trap{
		{"mark_old", "the writer's file is older than minutes: it is a tool that was there, and what it wrote need not have come with it"},
		{"mark_later", "the file that has the mark was created after the writer ran"},
		{"fetches", "the writer is a program that fetches files from elsewhere"},
	},
	against: "another source, from which the writer took the file",
	apart:   "the network records of the writer",
	find:    (*inquiry).findWriterMark,
}

// freshMark is how long before the creation the writer's own file may have come to be
// what brought the subject.
const freshMark = 30 * time.Minute

func (q *inquiry) findWriterMark() []candidate {
	if q.writer == nil {
		return nil
	}
	m := q.markOfWriter()
	if m == nil || m.data.ZoneID < 3 {
		return nil
	}
	a := candidate{Answer: Answer{Grade: Corroborated}, rests: []Question{Writer}}
	a.fact("kind", "dropped")
	a.fact("url", m.data.HostURL)
	a.fact("referrer", m.data.ReferrerURL)
	a.fact("address", addressOf(m.data.HostURL, m.data.HostIPAddress))
	a.fact("via", q.writer.image)
	a.Answer.Answer = fmt.Sprintf("%s wrote it; that program is itself marked as downloaded, ZoneId %d", q.writer, m.data.ZoneID)
	if m.data.HostURL != "" {
		a.Answer.Answer += ", from " + clip(m.data.HostURL)
	}
	a.Answer.Answer += "."
	a.other = fmt.Sprintf("it came with %s, which is marked as downloaded from %s", winpath.Base(q.writer.image), cmp.Or(clip(m.data.HostURL), "an unknown address"))
	a.cite(citeMark(m))
	switch {
	case m.Time.After(q.writer.start.Add(clockSkew)) && !q.writer.start.IsZero():
		// What ran had this path before; what has the path now came later.
		a.caught("mark_later", "another file with the path %s: the file that has the mark was created on %s, after the writer ran", q.writer.image, timeText(m.Time))
	case !m.Time.IsZero() && q.created.Sub(m.Time) > freshMark:
		a.caught("mark_old", "%s took it from elsewhere: that program had been there since %s", winpath.Base(q.writer.image), timeText(m.Time))
	case fetches(q.writer.image):
		a.caught("fetches", "%s took it from elsewhere", winpath.Base(q.writer.image))
	}
	a.cite(q.citeCreation()...)
	return []candidate{a}
}

// fetchers are programs whose work is to fetch files from elsewhere.
var fetchers = map[string]bool{
	"curl.exe": true, "wget.exe": true, "certutil.exe": true, "bitsadmin.exe": true, "ftp.exe": true, "sftp.exe": true, "scp.exe": true,
	"chrome.exe": true, "msedge.exe": true, "firefox.exe": true, "iexplore.exe": true, "opera.exe": true, "brave.exe": true,
	"winscp.exe": true, "filezilla.exe": true, "aria2c.exe": true, "anydesk.exe": true, "teamviewer.exe": true, "rclone.exe": true,
}

// fetches reports whether the work of a program is to fetch files from elsewhere.
func fetches(image string) bool { return fetchers[strings.ToLower(winpath.Base(image))] }

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
