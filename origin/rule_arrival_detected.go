package origin

import (
	"fmt"
	"strings"

	"github.com/birthmark-dfir/birthmark/detectionhistory"
)

var arrivalDetected = &rule{
	name: "arrival.detected", question: Arrival, best: Recorded,
	finds:   "the URL that Defender has for a detection of the file as a download (1116, 1117, the detection history)",
	also:    []*source{defenderFound, detectionFiles},
	traps:   []trap{{"unconfirmed", "the record has no hash, or the content cannot be read: another file may have had this path"}},
	against: "another file that had this path at that time",
	apart:   "the Zone.Identifier, or a hash in the record",
	find:    (*inquiry).findDetectedDownload,
}

// findDetectedDownload finds downloads that Defender looked at: webfile:_FILE|URL|pid:N.
// A hash that is not that of the file is one of another file.
func (q *inquiry) findDetectedDownload() []candidate {
	var list []candidate
	known := map[string]bool{}
	for i := range q.detections {
		d := &q.detections[i]
		if q.created.IsZero() || q.before(d.Time) {
			continue
		}
		confirmed := false
		if d.sha256 != "" && q.content != nil {
			if confirmed = strings.EqualFold(d.sha256, q.content.hash("SHA256")); !confirmed {
				continue
			}
		}
		for part := range strings.SplitSeq(d.path, ";") {
			kind, path, _ := strings.Cut(strings.TrimSpace(part), ":_")
			res := detectionhistory.Resource{Type: kind, Path: path}
			web, ok := res.Web()
			file, _ := res.File()
			if !ok || web.URL == "" || !q.isSubject(file) || known[web.URL] || len(list) > maxRivals {
				continue
			}
			known[web.URL] = true
			a := candidate{Answer: Answer{Grade: Recorded}, from: []*source{sourceOfDetection(d)}, claim: claim{what: "download " + hostOf(web.URL)}}
			a.fact("kind", "download")
			a.fact("url", web.URL)
			a.fact("address", addressOf(web.URL, ""))
			a.Answer.Answer = fmt.Sprintf("Defender looked at it as a download from %s, on %s", clip(web.URL), timeText(d.Time))
			if web.PID != 0 {
				a.Answer.Answer += fmt.Sprintf(", by process %d", web.PID)
			}
			a.Answer.Answer += "."
			a.other = "a download from " + clip(web.URL)
			if !confirmed {
				a.caught("unconfirmed", "another file with this path, which was downloaded from there")
			}
			a.cite(cite(&d.Event, "Threat Name", d.threat, "Path", strings.TrimSpace(part), "SHA256", d.sha256))
			list = append(list, a)
		}
	}
	return list
}

// sourceOfDetection returns where a detection is recorded.
func sourceOfDetection(d *detection) *source {
	if _, ok := d.Data.(*detectionhistory.Detection); ok {
		return detectionFiles
	}
	return defenderFound
}
