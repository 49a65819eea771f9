package origin

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/timeline"
)

func (q *inquiry) askArrival() Answer {
	if m := q.markOf(q.path); m != nil && m.data.ZoneID != mft.ZoneAbsent {
		return q.downloaded(m)
	}
	if a, ok := q.markLogged(); ok {
		return a
	}
	if q.writer != nil {
		for _, find := range [...]func() (Answer, bool){q.droppedByMarked, q.commandNamesURL, q.uploaded, q.writerConnected, q.overDesktop, q.overShare} {
			if a, ok := find(); ok {
				return a
			}
		}
		if w := q.writer; w.image != "" && !isSystemProgram(w.image) {
			a := Answer{Grade: weakest(Inferred, q.writerBy), Answer: fmt.Sprintf("%s wrote it; whether that program contained the file or downloaded it is not recorded.", w)}
			a.fact("kind", "dropped")
			a.fact("via", w.image)
			a.cite(w.cite()...)
			a.cite(q.citeCreation()...)
			a.rival("%s downloaded it from elsewhere", winpath.Base(w.image))
			return a
		}
	}
	why, text := SearchedEmpty, "it has no Zone.Identifier, and no record of its writer shows where it came from"
	if q.writer == nil {
		var said string
		why, said = q.because(q.created, sysmonCreate)
		text = "it has no Zone.Identifier, and its writer is unknown: " + said
	}
	return unknown(why, "How it got onto the machine is unknown: "+text+".")
}

func (q *inquiry) downloaded(m *entry[*timeline.Zone]) Answer {
	z := m.data
	a := Answer{Grade: Recorded}
	a.fact("kind", "download")
	a.fact("url", z.HostURL)
	a.fact("referrer", z.ReferrerURL)
	a.fact("address", addressOf(z.HostURL, z.HostIPAddress))
	a.Answer = fmt.Sprintf("Its Zone.Identifier marks it as downloaded, ZoneId %d", z.ZoneID)
	if z.HostURL != "" {
		a.Answer += ", from " + clip(z.HostURL)
	}
	if z.ReferrerURL != "" {
		a.Answer += ", linked from " + clip(z.ReferrerURL)
	}
	a.Answer += ". Any account that can write the file can also write that mark."
	a.cite(citeMark(m))
	if s, _ := q.markSeen(); s != nil {
		a.cite(citeStream(s))
	}
	return a
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

// markLogged answers from the Zone.Identifier that Sysmon 15 logged, if the stream
// itself is gone.
func (q *inquiry) markLogged() (Answer, bool) {
	s, z := q.markSeen()
	if s == nil {
		return Answer{}, false
	}
	a := Answer{Grade: Recorded, Answer: "Sysmon logged its mark of the web, which the file no longer has"}
	if !q.canHoldStreams() {
		a.Answer = "Sysmon logged its mark of the web"
	}
	a.fact("kind", "download")
	a.fact("url", z.HostURL)
	a.fact("referrer", z.ReferrerURL)
	a.fact("address", addressOf(z.HostURL, z.HostIPAddress))
	if z.HostURL != "" {
		a.Answer += "; it names " + clip(z.HostURL)
	}
	a.Answer += "."
	a.cite(citeStream(s))
	return a, true
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

// droppedByMarked answers if the writer's own file came from the web.
func (q *inquiry) droppedByMarked() (Answer, bool) {
	m := q.markOfWriter()
	if m == nil || m.data.ZoneID == mft.ZoneAbsent {
		return Answer{}, false
	}
	a := Answer{Grade: weakest(Corroborated, q.writerBy)}
	a.fact("kind", "dropped")
	a.fact("url", m.data.HostURL)
	a.fact("referrer", m.data.ReferrerURL)
	a.fact("address", addressOf(m.data.HostURL, m.data.HostIPAddress))
	a.fact("via", q.writer.image)
	a.Answer = fmt.Sprintf("%s wrote it; that program is itself marked as downloaded, ZoneId %d", q.writer, m.data.ZoneID)
	if m.data.HostURL != "" {
		a.Answer += ", from " + clip(m.data.HostURL)
	}
	a.Answer += "."
	a.cite(citeMark(m))
	if m.Time.After(q.writer.start.Add(clockSkew)) && !q.writer.start.IsZero() {
		// What ran had this path before; what has the path now came later.
		a.Grade = weakest(a.Grade, Inferred)
		a.rival("another file with the path %s: the file that has the mark was created on %s, after the writer ran", q.writer.image, timeText(m.Time))
	}
	a.cite(q.citeCreation()...)
	return a, true
}

// httpURL finds URLs in a command line.
var httpURL = regexp.MustCompile(`(?i)\b(?:https?|ftp)://[^\s"'<>|]+`)

func (q *inquiry) commandNamesURL() (Answer, bool) {
	list := httpURL.FindAllString(clip(q.writer.commandLine), -1)
	if len(list) == 0 {
		return Answer{}, false
	}
	a := Answer{Grade: weakest(Corroborated, q.writerBy)}
	a.fact("kind", "download")
	a.fact("url", list[0])
	a.fact("address", addressOf(list[0], ""))
	a.Answer = fmt.Sprintf("%s wrote it; its command line names %s.", q.writer, list[0])
	a.cite(q.writer.cite()...)
	a.cite(q.citeCreation()...)
	for _, u := range list[1:] {
		a.Grade = weakest(a.Grade, Inferred)
		a.rival("%s, from the same command line", u)
	}
	return a, true
}

// uploaded answers if a web server wrote the file itself.
func (q *inquiry) uploaded() (Answer, bool) {
	entry := &q.wayIn
	method := entry.Fact("method")
	if entry.Grade == Unknown || !isWebServer(q.writer.image) || !strings.EqualFold(method, "POST") && !strings.EqualFold(method, "PUT") {
		return Answer{}, false
	}
	a := Answer{Grade: entry.Grade, Evidence: entry.Evidence, Rivals: entry.Rivals}
	a.fact("kind", "web_upload")
	a.fact("url", entry.Fact("url"))
	a.fact("address", entry.Fact("address"))
	a.Answer = fmt.Sprintf("It was uploaded to %s from %s.", entry.Fact("url"), entry.Fact("address"))
	return a, true
}

// writerConnected answers from what the writer exchanged traffic with before.
func (q *inquiry) writerConnected() (Answer, bool) {
	a := Answer{Grade: weakest(Inferred, q.writerBy)}
	for c := range q.connections() {
		if q.writer.guid.IsZero() || c.data.ProcessGuid != q.writer.guid || c.Time.After(q.created.Add(clockSkew)) || !c.data.Initiated {
			continue
		}
		if a.Fact("kind") != "" {
			a.rival("%s port %d, with which it exchanged traffic on %s", c.data.DestinationIp, c.data.DestinationPort, timeText(c.Time))
			continue
		}
		a.fact("kind", "download")
		a.fact("address", plainAddress(c.data.DestinationIp))
		a.Answer = fmt.Sprintf("%s wrote it after it had exchanged traffic with %s port %d.", q.writer, c.data.DestinationIp, c.data.DestinationPort)
		a.cite(cite(&c.Event, "ProcessGuid", c.data.ProcessGuid, "Image", c.data.Image, "DestinationIp", c.data.DestinationIp, "DestinationPort", c.data.DestinationPort))
	}
	return a, a.Fact("kind") != ""
}

// desktopPrograms write the files that a user copies by hand.
var desktopPrograms = map[string]bool{"explorer.exe": true, "rdpclip.exe": true}

// overDesktop answers if a user copied the file in a remote session.
func (q *inquiry) overDesktop() (Answer, bool) {
	l := q.logon
	if l == nil || l.data.LogonType != 10 || !desktopPrograms[strings.ToLower(winpath.Base(q.writer.image))] {
		return Answer{}, false
	}
	a := Answer{Grade: weakest(Inferred, q.writerBy)}
	a.fact("kind", "rdp")
	a.fact("address", remote(l.data.IpAddress))
	a.Answer = fmt.Sprintf("%s wrote it in a Remote Desktop session from %s, as it does for a file that is pasted or copied by hand.", q.writer, remote(l.data.IpAddress))
	a.cite(citeLogon(l))
	a.cite(q.writer.cite()...)
	a.rival("a copy of a file that was already on the machine")
	return a, true
}

// overShare answers if the kernel wrote the file, as it does for a client of a share.
func (q *inquiry) overShare() (Answer, bool) {
	if q.writer.pid != 4 {
		return Answer{}, false
	}
	a := Answer{Grade: weakest(Inferred, q.writerBy)}
	a.fact("kind", "smb")
	a.Answer = "The kernel wrote it, as it does for the client of a file share"
	for _, l := range q.logons.list {
		if l.data.LogonType != 3 || remote(l.data.IpAddress) == "" || l.Time.After(q.created) || !q.boots.same(l.Time, q.created) {
			continue
		}
		if end := q.logons.off(l.data.TargetLogonId, l.Time); end != nil && end.Time.Before(q.created) {
			continue
		}
		if a.Fact("address") != "" {
			a.rival("the session of %s from %s since %s", l.User, remote(l.data.IpAddress), timeText(l.Time))
			continue
		}
		a.fact("address", remote(l.data.IpAddress))
		a.Answer += fmt.Sprintf("; %s was logged on from %s", l.User, remote(l.data.IpAddress))
		a.cite(citeLogon(l))
	}
	a.Answer += "."
	a.cite(q.citeWriting()...)
	return a, true
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
	case "dropped":
		if from != "" {
			from = ", itself" + from
		}
		return "from the program " + a.Fact("via") + from
	}
	return "by " + kind + from
}
