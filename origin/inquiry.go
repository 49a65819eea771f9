package origin

import (
	"context"
	"iter"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/timeline"
)

// inquiry is the investigation of one file: the machine, the file, and the findings
// of other questions that the present one needs.
type inquiry struct {
	ctx context.Context
	*machine
	*subject
	findings
	err error // of a file that cannot be investigated
}

// writes returns the records of Sysmon 11 about the subject's path, in order of
// time.
func (q *inquiry) writes() []entry[*evtx.Sysmon11] {
	var list []entry[*evtx.Sysmon11]
	for _, c := range q.creates {
		if q.isSubject(c.data.TargetFilename) {
			list = append(list, c)
		}
	}
	return list
}

// connections yields the connections that Sysmon logged. They are not kept, because
// there may be millions.
func (q *inquiry) connections() iter.Seq[*entry[*evtx.Sysmon3]] {
	return func(yield func(*entry[*evtx.Sysmon3]) bool) {
		if q.tl == nil {
			return
		}
		for e := range q.own(q.tl.Brief(timeline.NetworkConnected)) {
			if d, ok := e.Data.(*evtx.Sysmon3); ok && !yield(&entry[*evtx.Sysmon3]{e, d}) {
				return
			}
		}
	}
}

// own yields the events of this machine.
func (q *inquiry) own(events iter.Seq[timeline.Event]) iter.Seq[timeline.Event] {
	return func(yield func(timeline.Event) bool) {
		for e := range events {
			switch q.host.ofEvent(&e) {
			case foreign:
				continue
			case former:
				q.ofFormer[recordOf(&e)] = true
			}
			if !yield(e) {
				return
			}
		}
	}
}

// markOf returns the Zone.Identifier of a file, or nil if it has none. The mark of a
// deleted file that had the subject's path is not the subject's.
func (q *inquiry) markOf(path string) *entry[*timeline.Zone] {
	for i := range q.marks {
		m := &q.marks[i]
		if !winpath.Same(m.data.Path, path) {
			continue
		}
		if q.rec != nil && winpath.Same(path, q.path) && !m.data.Record.IsZero() && m.data.Record != q.rec.Ref {
			continue
		}
		return m
	}
	return nil
}

func citeMark(m *entry[*timeline.Zone]) Citation {
	z := m.data
	return cite(&m.Event, "ZoneId", z.ZoneID, "HostUrl", z.HostURL, "ReferrerUrl", z.ReferrerURL, "HostIpAddress", z.HostIPAddress)
}

// sightings looks for the subject in the shadow copies, the oldest first.
func (q *inquiry) sightings() []sighting {
	if q.tl == nil || q.subject == nil {
		return nil
	}
	if q.sighted != nil {
		return *q.sighted
	}
	var list []sighting
	name, onVolume := strings.CutPrefix(q.path, drivePrefix(q.letter)+`\`)
	for _, p := range q.tl.past {
		if p.vol == nil || !onVolume {
			continue
		}
		s := sighting{past: p}
		s.look(q.ctx, strings.ReplaceAll(name, `\`, "/"), q.rec, q.rec == nil && !q.present, q.letter)
		list = append(list, s)
	}
	q.sighted = &list
	return list
}

// gone reports whether the evidence shows that the subject no longer exists: its $MFT
// says so or lists no such file. A file that a collector did not copy is not gone.
func (q *inquiry) gone() bool {
	if q.rec != nil {
		return !q.rec.InUse()
	}
	return !q.present && q.mftArtifact != ""
}

// betweenClocks reports whether a time is after the creation, and before the creation that
// the name of the file records: the file of that time may have been another one.
func (q *inquiry) betweenClocks(at time.Time) bool {
	if q.rec == nil {
		return false
	}
	fn, ok := q.rec.FileName()
	return ok && at.Add(clockSkew).Before(fn.Created) && q.created.Add(clockSkew).Before(fn.Created)
}

// canHoldStreams reports whether the evidence would show a stream of the subject.
func (q *inquiry) canHoldStreams() bool { return q.rec != nil }

// citeOwner cites the record that holds the subject's owner.
func (q *inquiry) citeOwner() Citation {
	if q.rec == nil {
		return Citation{Artifact: q.name, Offset: -1, Text: values("owner", q.owner)}
	}
	c := q.citeRecord(q.rec, q.rec.Offset, q.created, "owner", q.owner)
	if si := q.rec.StandardInformation; si.Present {
		c.Offset = si.Offset // it holds the SecurityId of the owner's descriptor
		c.Text = values("SecurityId", si.SecurityID, "owner", q.owner)
	}
	return c
}

// citeContent cites the bytes of the subject.
func (q *inquiry) citeContent(pairs ...any) Citation {
	c := Citation{Artifact: q.name, Offset: 0, Text: values(pairs...)}
	if q.rec != nil {
		c.Record = q.rec.Ref.String()
	}
	if img := q.content.image; img != nil && !img.Reproducible {
		c.Time = img.LinkTime
	}
	return c
}

// citeRecord cites an $MFT record, or a part of it at an offset.
func (q *inquiry) citeRecord(rec *mft.Record, offset int64, at time.Time, pairs ...any) Citation {
	return Citation{Artifact: q.mftArtifact, Record: rec.Ref.String(), Offset: offset, Time: at, Text: values(pairs...)}
}

// citeTimes cites both sets of times of the subject.
func (q *inquiry) citeTimes() []Citation {
	si := q.rec.StandardInformation
	fn, _ := q.rec.FileName()
	return []Citation{
		q.citeRecord(q.rec, si.Offset, si.Created, "$STANDARD_INFORMATION created", si.Created, "modified", si.Modified, "changed", si.Changed, "accessed", si.Accessed),
		q.citeRecord(q.rec, fn.Offset, fn.Created, "$FILE_NAME created", fn.Created, "modified", fn.Modified, "changed", fn.Changed, "accessed", fn.Accessed),
	}
}
