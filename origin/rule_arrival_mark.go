package origin

import (
	"cmp"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/timeline"
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
