package origin

import (
	"fmt"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/winid"
)

func (q *inquiry) askOriginalName() Answer {
	a := Answer{}
	stated, says := q.statedName()
	if q.creation != nil {
		first := winpath.Normalize(q.drive, q.creation.data.TargetFilename)
		a.Grade = Recorded
		a.Answer = fmt.Sprintf("It was created under its present path, %s", first)
		if !q.tied {
			a.Grade = Inferred
			a.rival("another path: the record of the creation and the file have different times")
		}
		a.fact("path", first)
		a.cite(q.citeCreation()...)
	}
	if stated != "" {
		a.fact("stated_name", stated)
		a.cite(says)
		if !winpath.Same(stated, winpath.Base(q.path)) {
			if a.Answer == "" {
				a.Grade = Inferred
				a.Answer = fmt.Sprintf("Its version information claims that it was built as %s", stated)
			} else {
				a.Answer += fmt.Sprintf("; its version information claims the name %s", stated)
			}
		}
	}
	if a.Answer == "" {
		why, text := q.because(q.created, sysmonCreate)
		u := unknown(why, "Whether it had another name or path before is unknown: "+text+".")
		u.Facts, u.Evidence = a.Facts, a.Evidence
		return u
	}
	a.Answer += "."
	return a
}

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
