package origin

import (
	"strings"
	"time"
)

func (q *inquiry) findSIBeforeFN() []clash {
	if q.rec == nil || !q.rec.StandardInformation.Present || len(q.rec.FileNames) == 0 {
		return nil
	}
	si := q.rec.StandardInformation
	fn, _ := q.rec.FileName()
	if si.Created.IsZero() || !si.Created.Before(fn.Created.Add(-clockSkew)) || q.movedIn() {
		return nil
	}
	return []clash{clashing(q.citeTimes(), "The creation time is %s in $STANDARD_INFORMATION but %s in $FILE_NAME: a program set the former, or the file was moved or extracted with its times.",
		timeText(si.Created), timeText(fn.Created))}
}

func (q *inquiry) findZeroSubseconds() []clash {
	if q.rec == nil || q.movedIn() || !q.rec.StandardInformation.Present || len(q.rec.FileNames) == 0 {
		return nil
	}
	si := q.rec.StandardInformation
	var whole []string
	for _, t := range [...]struct {
		name string
		at   time.Time
	}{{"created", si.Created}, {"modified", si.Modified}} {
		if !t.at.IsZero() && t.at.Nanosecond() == 0 {
			whole = append(whole, t.name+" "+timeText(t.at))
		}
	}
	if len(whole) == 0 {
		return nil
	}
	return []clash{clashing(q.citeTimes()[:1], "$STANDARD_INFORMATION has times without a fraction of a second (%s): by chance this happens once in ten million, but archives and tools that set times always produce it.",
		strings.Join(whole, " and "))}
}

func (q *inquiry) findCreationDiffers() []clash {
	if q.rec == nil || !q.rec.StandardInformation.Present || q.creation == nil {
		return nil
	}
	si, logged := q.rec.StandardInformation, q.creation.data.CreationUtcTime
	if si.Created.IsZero() || logged.IsZero() || near(si.Created, logged) {
		return nil
	}
	evidence := append([]Citation{q.citeRecord(q.rec, si.Offset, si.Created, "$STANDARD_INFORMATION created", si.Created)}, q.citeCreation()...)
	return []clash{clashing(evidence, "The file has the creation time %s, but Sysmon logged %s: the time was changed, or the record is of another file with this path.", timeText(si.Created), timeText(logged))}
}

func (q *inquiry) findTimeChanged() []clash {
	var list []clash
	for i := range q.retimes {
		c := &q.retimes[i]
		if d := c.data; q.isSubject(d.TargetFilename) {
			evidence := []Citation{cite(&c.Event, "ProcessGuid", d.ProcessGuid, "ProcessId", d.ProcessId, "Image", d.Image, "TargetFilename", d.TargetFilename,
				"CreationUtcTime", d.CreationUtcTime, "PreviousCreationUtcTime", d.PreviousCreationUtcTime)}
			list = append(list, clashing(evidence, "%s changed the creation time from %s to %s, on %s.",
				named(d.Image, d.ProcessId), timeText(d.PreviousCreationUtcTime), timeText(d.CreationUtcTime), timeText(c.Time)))
		}
	}
	return list
}

func (q *inquiry) findEntryOrder() []clash {
	if q.rec == nil {
		return nil
	}
	claimed := q.created
	if si := q.rec.StandardInformation; si.Present && si.Created.Before(claimed) && !si.Created.IsZero() && !q.movedIn() {
		claimed = si.Created
	}
	later := q.entriesBefore(q.near, claimed)
	if later == nil {
		return nil
	}
	evidence := append([]Citation{q.citeRecord(q.rec, q.rec.Offset, claimed, "created", claimed)}, later...)
	found := clashing(evidence, "Its $MFT entry was allocated after the %d entries before it, all of which were created after its claimed creation time %s: the file was created later.", len(q.near.before), timeText(claimed))
	found.mild = q.entriesBefore(q.near, q.created) == nil // it contradicts only $STANDARD_INFORMATION
	return []clash{found}
}

func (q *inquiry) findLinkTimeAfter() []clash {
	if q.content == nil || q.content.image == nil || q.created.IsZero() {
		return nil
	}
	img := q.content.image
	if img.LinkTime.IsZero() || img.Reproducible || !img.LinkTime.After(q.created.Add(24*time.Hour)) {
		return nil
	}
	return []clash{clashing([]Citation{q.citeContent("linked", img.LinkTime)}, "Its PE header claims that it was linked on %s, after the file was created on %s: a time is wrong, or the content was replaced.", timeText(img.LinkTime), timeText(q.created))}
}
