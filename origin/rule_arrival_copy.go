package origin

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/command"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/timeline"
)

var arrivalCopy = &rule{
	name: "arrival.copy", question: Arrival, best: Corroborated,
	after: []Question{Writer},
	finds: "the file in the writer's command line that it copies, fetches from a share or unpacks, and that file's mark of the web",
	also:  []*source{sysmonProcess, auditProcess},
	traps: []trap{
		{"several", "the command line copies several files"},
		{"differs", "the file that has the path of the source now has another content"},
	},
	against: "another file, if the command failed and something else wrote the subject",
	apart:   "the hash of the source, or the change journal",
	find:    (*inquiry).findCopied,
}

// findCopied finds the files that the writer's command line takes as its source.
func (q *inquiry) findCopied() []candidate {
	if q.writer == nil {
		return nil
	}
	list := slices.DeleteFunc(command.Sources(usesOf(q.writer)), func(s string) bool {
		return !isPath(s) || !strings.Contains(s, `\`) && !q.isNameAlone(s)
	})
	if len(list) == 0 {
		return nil
	}
	from := list[0]
	if full, known := q.paths.Resolve(from, ""); known && len(full) > 0 {
		from = full[0]
	}
	if q.isSubject(from) {
		return nil // it sends the subject elsewhere
	}
	a := candidate{Answer: Answer{Grade: Corroborated}, rests: []Question{Writer}}
	a.fact("kind", q.kindOfCopy(from))
	a.Answer.Answer = fmt.Sprintf("%s wrote it; its command line takes %s as the source", q.writer, clip(from))
	a.other = "its writer's command line takes it from " + clip(from)
	a.claim = claim{what: "copied " + winpath.Fold(from)}
	a.cite(q.writer.cite()...)
	a.cite(q.citeCreation()...)
	if host, ok := hostOfShare(from); ok {
		q.nameHost(&a, host)
	} else {
		q.followSource(&a, from)
	}
	a.fact("via", from)
	a.Answer.Answer += "."
	for _, s := range list[1:] {
		if !strings.EqualFold(s, list[0]) {
			a.caught("several", "%s, from the same command line", clip(s))
		}
	}
	return []candidate{a}
}

// isNameAlone reports whether a source without a folder has the subject's ending, so
// that it may be a file in the folder in which the command ran.
func (q *inquiry) isNameAlone(source string) bool {
	i := strings.LastIndexByte(source, '.')
	return i > 0 && strings.HasSuffix(winpath.Fold(q.path), winpath.Fold(source[i:]))
}

// kindOfCopy is the kind of arrival by a command that takes a file.
func (q *inquiry) kindOfCopy(from string) string {
	host, share := hostOfShare(from)
	ending := strings.ToLower(from[strings.LastIndexByte(from, '.')+1:])
	switch {
	case share && strings.EqualFold(host, "tsclient"):
		return "rdp"
	case share:
		return "smb"
	case archives[ending] && !strings.HasSuffix(winpath.Fold(q.path), winpath.Fold("."+ending)):
		return "extracted"
	}
	return "copied"
}

// archives are the endings of files that hold others.
var archives = map[string]bool{"zip": true, "7z": true, "rar": true, "cab": true, "tar": true, "gz": true, "tgz": true, "iso": true, "img": true, "vhd": true, "vhdx": true, "jar": true}

// hostOfShare returns the host in the path of a share.
func hostOfShare(path string) (host string, ok bool) {
	rest, ok := strings.CutPrefix(path, `\\`)
	if !ok || strings.HasPrefix(rest, "?") || strings.HasPrefix(rest, ".") {
		return "", false
	}
	host, _, _ = strings.Cut(rest, `\`)
	return host, host != ""
}

// nameHost adds the host of a share. The host tsclient is the client of the Remote
// Desktop session.
func (q *inquiry) nameHost(a *candidate, host string) {
	switch {
	case strings.EqualFold(host, "tsclient"):
		a.Answer.Answer += ", a drive of the client of the Remote Desktop session"
		if l := q.logon; l != nil {
			if address, from := q.clientOf(l.data); from == fromRemote {
				a.fact("address", address)
				a.Answer.Answer += " from " + address
				a.cite(citeLogon(l))
			}
		}
	case command.IsAddress(host):
		a.fact("address", plainAddress(host))
	}
}

// followSource compares the source with the subject, if it is on the volume, and
// follows it to its mark of the web.
func (q *inquiry) followSource(a *candidate, from string) {
	if m := q.markOf(from); m != nil && m.data.ZoneID >= 3 {
		q.nameMark(a, m)
	}
	if a.Fact("kind") != "copied" || q.content == nil || q.tl == nil {
		return
	}
	rest, ok := winpath.CutPrefix(from, drivePrefix(q.drive)+`\`)
	if !ok {
		return
	}
	name, ok := timeline.FindFile(q.tl.vol, rest)
	if !ok {
		return
	}
	c, err := readContent(q.ctx, q.tl.vol, name)
	switch {
	case err != nil:
		a.missed = append(a.missed, fmt.Sprintf("the content of %s: %s", clip(from), oneLine(err.Error())))
	case c.sha256 == q.content.sha256:
		a.Answer.Answer += "; the file that is there has the same SHA-256"
		if rec := q.tl.record(from); rec != nil {
			a.cite(q.citeRecord(rec, rec.Offset, rec.StandardInformation.Created, "path", from, "SHA-256", c.sha256))
		}
	default:
		a.caught("differs", "another source: the file that is %s now has another content", clip(from))
	}
}

// nameMark adds the mark of the web of a source.
func (q *inquiry) nameMark(a *candidate, m *entry[*timeline.Zone]) {
	a.fact("url", m.data.HostURL)
	a.fact("referrer", m.data.ReferrerURL)
	if a.Fact("address") == "" {
		a.fact("address", addressOf(m.data.HostURL, m.data.HostIPAddress))
	}
	a.Answer.Answer += ", which is marked as coming from " + zoneWords(int(m.data.ZoneID))
	if m.data.HostURL != "" {
		a.Answer.Answer += ", from " + clip(m.data.HostURL)
	}
	a.cite(citeMark(m))
}

var arrivalTwin = &rule{
	name: "arrival.twin", question: Arrival, best: Inferred,
	finds:   "an older file with the same content and the same time of modification, which a copy keeps, and that file's mark of the web",
	also:    []*source{fileTimes},
	against: "a common source, from which both were fetched",
	apart:   "the command line of the writer, or the change journal",
	find:    (*inquiry).findTwin,
}

// maxTwins limits how many files are read to compare their content.
const maxTwins = 16

// findTwin finds the older of two equal files. CopyFile keeps the time of modification,
// so that of a copy is before its creation: only for such a file the $MFT is searched.
func (q *inquiry) findTwin() []candidate {
	if q.rec == nil || q.content == nil || q.tl == nil || q.content.size == 0 || !q.rec.StandardInformation.Modified.Before(q.rec.StandardInformation.Created) {
		return nil
	}
	size, modified := uint64(q.content.size), q.rec.StandardInformation.Modified
	var best *mft.Record
	compared := 0
	for rec, err := range q.tl.MFT().Scan() {
		if q.ctx.Err() != nil || compared == maxTwins {
			break
		}
		if err != nil || rec == nil || !rec.InUse() || rec.IsDir() || rec.Ref == q.rec.Ref || rec.Size() != size || !rec.StandardInformation.Modified.Equal(modified) || !rec.StandardInformation.Created.Before(q.created) {
			continue
		}
		compared++
		if name, ok := timeline.FindFile(q.tl.vol, q.tl.MFT().Path(rec).Name); ok {
			if c, err := readContent(q.ctx, q.tl.vol, name); err == nil && c.sha256 == q.content.sha256 && (best == nil || rec.StandardInformation.Created.Before(best.StandardInformation.Created)) {
				best, _ = q.tl.MFT().Record(rec.Ref.Entry)
			}
		}
	}
	if best == nil {
		return nil
	}
	path := winpath.Windows(q.drive, q.tl.MFT().Path(best).Name)
	a := candidate{Answer: Answer{Grade: Inferred}, claim: claim{what: "copied " + winpath.Fold(path)}}
	a.fact("kind", "copied")
	a.Answer.Answer = fmt.Sprintf("%s is older and has the same content and time of modification, as the source of a copy has", path)
	a.other = "it is a copy of " + path
	if m := q.markOf(path); m != nil && m.data.ZoneID >= 3 {
		q.nameMark(&a, m)
	}
	a.fact("via", path)
	a.Answer.Answer += "."
	a.cite(q.citeRecord(best, best.Offset, best.StandardInformation.Created, "path", path, "SHA-256", q.content.sha256))
	return []candidate{a}
}

var arrivalDocument = &rule{
	name: "arrival.document", question: Arrival, best: Corroborated,
	after: []Question{Writer},
	finds: "the document, script or archive in the writer's command line that has a mark of the web",
	reads: []*source{zoneMark},
	also:  []*source{sysmonProcess, auditProcess},
	traps: []trap{
		{"fetched", "what the writer opened may have fetched it from elsewhere"},
	},
	against: "another source, from which what the writer opened fetched it",
	apart:   "the network records of the writer",
	find:    (*inquiry).findDocument,
}

// findDocument finds a marked file that the writer opened: the subject came in it, or
// by it.
func (q *inquiry) findDocument() []candidate {
	if q.writer == nil || q.writer.commandLine == "" {
		return nil
	}
	line, taken := wholeLine(q.writer.commandLine), q.taken()
	for i := range q.marks {
		m := &q.marks[i]
		path := m.data.Path
		if m.data.ZoneID < 3 || winpath.Same(path, q.writer.image) || q.isSubject(path) || !namesPath(line, path) || slices.ContainsFunc(taken, func(p string) bool { return winpath.Same(p, path) }) {
			continue
		}
		if !m.Time.IsZero() && m.Time.After(q.created.Add(clockSkew)) {
			continue
		}
		a := candidate{Answer: Answer{Grade: Corroborated}, rests: []Question{Writer}}
		a.fact("kind", "dropped")
		a.Answer.Answer = fmt.Sprintf("%s wrote it; it had opened %s", q.writer, clip(path))
		q.nameMark(&a, m)
		a.fact("via", path)
		a.Answer.Answer += "."
		a.other = fmt.Sprintf("it came with %s, from %s", winpath.Base(path), cmp.Or(clip(m.data.HostURL), "an unknown address"))
		a.caught("fetched", "%s fetched it from elsewhere", winpath.Base(path))
		a.cite(q.writer.cite()...)
		return []candidate{a}
	}
	return nil
}

// taken returns the files that the writer's command line takes as its source, so that
// it copies or unpacks them.
func (q *inquiry) taken() []string {
	var list []string
	for _, s := range command.Sources(usesOf(q.writer)) {
		full, _ := q.paths.Resolve(s, "")
		list = append(list, full...)
	}
	return list
}
