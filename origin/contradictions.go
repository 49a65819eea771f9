package origin

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/timeline"
)

// contradictions looks for each kind, in the order of the package documentation.
func (q *inquiry) contradictions() []Contradiction {
	var list []Contradiction
	for _, check := range [...]func(*[]Contradiction){
		q.checkTimes, q.checkCreationLogged, q.checkTimeChanged, q.checkEntryOrder, q.checkLinkTime, q.checkReplaced, q.checkHashes, q.checkMark,
		q.checkOwner, q.checkRuns, q.checkServices, q.checkLogonID, q.checkClock, q.checkCleared, q.checkLogStart, q.checkGaps, q.checkAudit,
	} {
		check(&list)
	}
	return list
}

func contradict(list *[]Contradiction, kind string, evidence []Citation, format string, args ...any) {
	*list = append(*list, Contradiction{Kind: kind, Text: clip(fmt.Sprintf(format, args...)), Evidence: evidence})
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

func (q *inquiry) checkTimes(list *[]Contradiction) {
	if q.rec == nil || !q.rec.StandardInformation.Present || len(q.rec.FileNames) == 0 {
		return
	}
	si := q.rec.StandardInformation
	fn, _ := q.rec.FileName()
	if !si.Created.IsZero() && si.Created.Before(fn.Created.Add(-clockSkew)) {
		contradict(list, "si_before_fn", q.citeTimes(), "$STANDARD_INFORMATION says it was created on %s, $FILE_NAME on %s: the former was set by a program, or the file was moved or extracted with its times.",
			timeText(si.Created), timeText(fn.Created))
	}
	var whole []string
	for _, t := range [...]struct {
		name string
		at   time.Time
	}{{"created", si.Created}, {"modified", si.Modified}} {
		if !t.at.IsZero() && t.at.Nanosecond() == 0 {
			whole = append(whole, t.name+" "+timeText(t.at))
		}
	}
	if len(whole) > 0 {
		contradict(list, "zero_subseconds", q.citeTimes()[:1], "$STANDARD_INFORMATION has no fraction of a second in %s: chance makes that once in ten million; tools that set times, and archives, do it always.",
			strings.Join(whole, " and "))
	}
}

func (q *inquiry) checkCreationLogged(list *[]Contradiction) {
	if q.rec == nil || !q.rec.StandardInformation.Present || q.creation == nil {
		return
	}
	si := q.rec.StandardInformation
	if d := q.creation.data; !si.Created.IsZero() && !near(si.Created, d.CreationUtcTime) && !d.CreationUtcTime.IsZero() {
		contradict(list, "creation_differs", []Citation{q.citeTimes0(), q.citeCreation()}, "The file says it was created on %s; Sysmon logged %s.", timeText(si.Created), timeText(d.CreationUtcTime))
	}
}

func (q *inquiry) citeTimes0() Citation {
	si := q.rec.StandardInformation
	return q.citeRecord(q.rec, si.Offset, si.Created, "$STANDARD_INFORMATION created", si.Created)
}

func (q *inquiry) checkTimeChanged(list *[]Contradiction) {
	for i := range q.ix.retimes {
		c := &q.ix.retimes[i]
		if d := c.data; q.isSubject(d.TargetFilename) {
			contradict(list, "time_changed", []Citation{cite(&c.Event, "ProcessGuid", d.ProcessGuid, "ProcessId", d.ProcessId, "Image", d.Image, "TargetFilename", d.TargetFilename,
				"CreationUtcTime", d.CreationUtcTime, "PreviousCreationUtcTime", d.PreviousCreationUtcTime)},
				"%s changed the creation time from %s to %s, on %s.", named(d.Image, d.ProcessId), timeText(d.PreviousCreationUtcTime), timeText(d.CreationUtcTime), timeText(c.Time))
		}
	}
}

func (q *inquiry) checkEntryOrder(list *[]Contradiction) {
	if q.rec == nil {
		return
	}
	claimed := q.created
	if si := q.rec.StandardInformation; si.Present && si.Created.Before(claimed) && !si.Created.IsZero() {
		claimed = si.Created
	}
	later := q.entriesBefore(claimed)
	if later == nil {
		return
	}
	evidence := append([]Citation{q.citeRecord(q.rec, q.rec.Offset, claimed, "created", claimed)}, later...)
	contradict(list, "entry_order", evidence, "Its $MFT entry was first used after the %d entries before it, all created after %s, when it says it was created.", len(q.near.before), timeText(claimed))
}

func (q *inquiry) checkLinkTime(list *[]Contradiction) {
	if q.content == nil || q.content.image == nil || q.created.IsZero() {
		return
	}
	img := q.content.image
	if img.LinkTime.IsZero() || img.Reproducible || !img.LinkTime.After(q.created.Add(24*time.Hour)) {
		return
	}
	contradict(list, "link_time_after", []Citation{q.citeContent("linked", img.LinkTime)}, "Its header says it was linked on %s, after it was created on %s.", timeText(img.LinkTime), timeText(q.created))
}

// checkReplaced names who wrote to the file after its creation.
func (q *inquiry) checkReplaced(list *[]Contradiction) {
	if q.creation == nil {
		return
	}
	later := replacements(q.writes(), q.creation)
	if len(later) == 0 {
		return
	}
	evidence := []Citation{q.citeCreation()}
	for _, w := range later {
		evidence = append(evidence, q.citeWrite(w))
	}
	last := later[len(later)-1]
	contradict(list, "content_replaced", evidence, "%s wrote to it on %s, after %s had created it: the content need not be what came first.",
		named(last.data.Image, last.data.ProcessId), timeText(last.Time), named(q.creation.data.Image, q.creation.data.ProcessId))
}

// checkMark looks for a mark of the web that was logged and is gone.
func (q *inquiry) checkMark(list *[]Contradiction) {
	if !q.present || q.markOf(q.path) != nil || !q.canHoldStreams() {
		return
	}
	if s, _ := q.markSeen(); s != nil {
		contradict(list, "mark_removed", []Citation{citeStream(s)}, "Its mark of the web was logged on %s, and the file carries none any more.", timeText(s.Time))
	}
}

// canHoldStreams reports whether the evidence would show a stream of the subject.
func (q *inquiry) canHoldStreams() bool { return q.rec != nil }

// checkClock names the steps of the machine's clock around the creation: the
// times of different records do not compare across one.
func (q *inquiry) checkClock(list *[]Contradiction) {
	for _, s := range q.clockSteps() {
		contradict(list, "clock_changed", []Citation{cite(&s.Event, "from", s.from, "to", s.to)}, "The clock was set from %s to %s.", timeText(s.from), timeText(s.to))
	}
}

func (q *inquiry) checkHashes(list *[]Contradiction) {
	if q.content == nil {
		return
	}
	type logged struct {
		hashes string
		record Citation
	}
	var all []logged
	for _, p := range q.runs {
		if p.sysmon != nil {
			all = append(all, logged{p.sysmon.data.Hashes, cite(&p.sysmon.Event, "Image", p.sysmon.data.Image, "Hashes", p.sysmon.data.Hashes)})
		}
	}
	for i := range q.ix.streams {
		if s := &q.ix.streams[i]; winpath.Same(winpath.Normalize(q.drive, s.data.TargetFilename), q.path) || q.isSubject(streamOwner(s.data.TargetFilename)) && strings.HasSuffix(winpath.Fold(s.data.TargetFilename), winpath.Fold(baseName(q.path))) {
			all = append(all, logged{s.data.Hash, cite(&s.Event, "TargetFilename", s.data.TargetFilename, "Hash", s.data.Hash)})
		}
	}
	var evidence []Citation
	var said []string
	for _, l := range all {
		for _, algorithm := range [...]string{"SHA256", "SHA1", "MD5", "IMPHASH"} {
			want, have := evtx.HashOf(l.hashes, algorithm), q.content.hash(algorithm)
			if want == "" || have == "" || strings.Trim(want, "0") == "" || strings.EqualFold(want, have) {
				continue
			}
			if s := algorithm + " " + clip(want) + ", the file has " + have; !slices.Contains(said, s) && len(said) < maxListed {
				said = append(said, s)
			}
			if !slices.ContainsFunc(evidence, l.record.same) && len(evidence) < maxListed {
				evidence = append(evidence, l.record)
			}
		}
	}
	if len(said) > 0 {
		evidence = append(evidence, q.citeContent("SHA256", q.content.sha256, "SHA1", q.content.sha1, "MD5", q.content.md5, "ImpHash", q.content.hash("IMPHASH")))
		contradict(list, "hash_differs", evidence, "The file is not the one that was logged: %s.", strings.Join(said, "; "))
	}
}

func (q *inquiry) checkOwner(list *[]Contradiction) {
	if q.writer == nil || q.owner == "" || q.creation == nil {
		return
	}
	sid, record, named := q.sidOfProcess(q.writer)
	// Administrators may own what their members create.
	if !named || sid == q.owner || q.owner == administrators {
		return
	}
	evidence := append([]Citation{q.citeOwner()}, q.writer.cite()...)
	if record.Artifact != "" {
		evidence = append(evidence, record)
	}
	contradict(list, "owner_not_writer", evidence, "It belongs to %s, and was written under %s.", q.accountName(q.owner), q.accountName(sid))
}

// gone reports whether the evidence shows that the subject is no more: its $MFT
// says so or names no such file. That a collector did not copy a file says nothing.
func (q *inquiry) gone() bool {
	if q.rec != nil {
		return !q.rec.InUse()
	}
	return !q.present && q.mftArtifact != ""
}

func (q *inquiry) checkRuns(list *[]Contradiction) {
	if len(q.runs) > 0 && !q.present && q.gone() {
		evidence := q.runs[0].cite()
		if q.rec != nil {
			evidence = append(evidence, q.citeRecord(q.rec, q.rec.Offset, q.created, "in use", q.rec.InUse()))
		}
		contradict(list, "run_without_file", evidence, "It ran on %s, and the file is gone.", timeText(q.runs[0].start))
	}
	if len(q.earlier) > 0 {
		first := q.earlier[0]
		contradict(list, "ran_before_creation", first.cite(), "Its path was run on %s, before the file was created on %s: another file was there.", timeText(first.start), timeText(q.created))
	} else if len(q.runs) > 0 && !q.created.IsZero() && q.runs[0].start.Before(q.created.Add(-clockSkew)) {
		first := q.runs[0]
		contradict(list, "ran_before_creation", first.cite(), "It ran on %s, before the time at which it was created, %s: another file was there, or that time is wrong.", timeText(first.start), timeText(q.created))
	}
}

func (q *inquiry) checkServices(list *[]Contradiction) {
	if q.created.IsZero() {
		return
	}
	for _, s := range q.autostarts() {
		if s.category == "service" && s.written.Before(q.created.Add(-clockSkew)) && !s.written.IsZero() {
			contradict(list, "service_before_file", s.records, "The service %s was registered on %s, before the file was created on %s.", s.name, timeText(s.written), timeText(q.created))
		}
	}
}

func (q *inquiry) checkLogonID(list *[]Contradiction) {
	p := q.writer
	if p == nil || p.logonID == 0 || systemLogons[p.logonID] != "" {
		return
	}
	for _, i := range q.ix.byLogon[p.logonID] {
		l := &q.ix.logons[i]
		if q.ix.boots.same(l.Time, p.start) {
			continue
		}
		evidence := []Citation{citeLogon(l)}
		if q.logon != nil {
			evidence = append(evidence, citeLogon(q.logon))
		}
		contradict(list, "logon_id_reused", evidence, "LogonId %#x is also that of %s, who logged on at %s in another boot: another session.", p.logonID, account(l.data.TargetDomainName, l.data.TargetUserName), timeText(l.Time))
	}
}

// clearedBefore is how long before the creation the clearing of a log still
// counts: what led to the creation may have been in it.
const clearedBefore = 24 * time.Hour

func (q *inquiry) checkCleared(list *[]Contradiction) {
	for i := range q.ix.cleared {
		e := &q.ix.cleared[i]
		if !q.created.IsZero() && e.Time.Before(q.created.Add(-clearedBefore)) {
			continue // it took nothing that bears on the subject
		}
		contradict(list, "log_cleared", []Citation{cite(e)}, "On %s: %s", timeText(e.Time), e.Message)
	}
}

// checkLogStart names the logs that begin after the subject was created.
func (q *inquiry) checkLogStart(list *[]Contradiction) {
	for _, c := range q.coverage {
		if c.Type != timeline.TypeEVTX || c.Records == 0 || q.created.IsZero() || !c.First.After(q.created) {
			continue
		}
		if !slices.ContainsFunc([]string{securityChannel, systemChannel, sysmonChannel, sessionChannel, remoteChannel}, func(ch string) bool { return strings.EqualFold(ch, c.Name) }) {
			continue
		}
		contradict(list, "log_starts_after", []Citation{{Artifact: c.Artifact, Offset: -1, Time: c.First, Text: values("first record", c.First, "last record", c.Last)}},
			"The log %s begins on %s, after the file was created.", c.Name, timeText(c.First))
	}
}

// checkGaps looks for missing record numbers in the logs that matter.
func (q *inquiry) checkGaps(list *[]Contradiction) {
	type last struct {
		id    uint64
		inner bool
		c     Citation
	}
	numbers := map[string][]last{}
	collect := func(e *timeline.Event) {
		if id, err := strconv.ParseUint(e.Source.Record, 10, 64); err == nil && e.Source.Type == timeline.TypeEVTX {
			numbers[e.Source.Artifact] = append(numbers[e.Source.Artifact], last{id, e.Time.Sub(q.created).Abs() <= gapWindow/2, Citation{Artifact: e.Source.Artifact, Record: e.Source.Record, Offset: e.Source.Offset, Time: e.Time}})
		}
	}
	if q.tl == nil || q.created.IsZero() {
		return
	}
	for e := range q.tl.Around(q.created, gapWindow) {
		collect(&e)
	}
	for _, c := range q.coverage {
		of := numbers[c.Artifact]
		slices.SortFunc(of, func(a, b last) int { return cmp.Compare(a.id, b.id) })
		for i := 1; i < len(of); i++ {
			if n := of[i].id - of[i-1].id; n > 1 && of[i-1].inner && of[i].inner {
				contradict(list, "record_gap", []Citation{of[i-1].c, of[i].c}, "%s missing between record %d and %d in %s.", count(int(min(n-1, 1<<30)), "record is", "records are"), of[i-1].id, of[i].id, c.Artifact)
				break
			}
		}
	}
}

// gapWindow is how far around the creation records are collected. Gaps count in
// the inner half of it, since records are not quite in order of time.
const gapWindow = time.Hour

func (q *inquiry) checkAudit(list *[]Contradiction) {
	if q.created.IsZero() || q.ix.seen[auditProcess.kind] > 0 {
		return
	}
	for _, c := range q.logs(securityChannel) {
		if covers(c, q.created) {
			contradict(list, "no_process_audit", []Citation{{Artifact: c.Artifact, Offset: -1, Time: c.First, Text: values("records", c.Records, "first record", c.First, "last record", c.Last)}},
				"The Security log covers the creation and holds no event 4688: processes were not audited.")
		}
	}
}
