package origin

import "github.com/birthmark-dfir/birthmark/winid"

// statedName returns the subject's name in its version information, from its content,
// else from the record of a run.
func (q *inquiry) statedName() (string, Citation) {
	if q.content != nil && q.content.image != nil {
		name := q.content.image.Version.OriginalFilename
		return name, q.citeContent("OriginalFilename", name)
	}
	for _, p := range q.runs {
		if p.sysmon != nil {
			name := winid.Undash(p.sysmon.data.OriginalFileName)
			return name, cite(&p.sysmon.Event, "Image", p.sysmon.data.Image, "OriginalFileName", name)
		}
	}
	return "", Citation{}
}
