package origin

import (
	"slices"
	"strings"
)

// The kinds of contradiction, in the order in which a report lists them.
const (
	SIBeforeFN        ContradictionKind = "si_before_fn"
	ZeroSubseconds    ContradictionKind = "zero_subseconds"
	CreationDiffers   ContradictionKind = "creation_differs"
	TimeChanged       ContradictionKind = "time_changed"
	EntryOrder        ContradictionKind = "entry_order"
	LinkTimeAfter     ContradictionKind = "link_time_after"
	ContentReplaced   ContradictionKind = "content_replaced"
	HashDiffers       ContradictionKind = "hash_differs"
	MarkRemoved       ContradictionKind = "mark_removed"
	OwnerNotWriter    ContradictionKind = "owner_not_writer"
	RunWithoutFile    ContradictionKind = "run_without_file"
	RanBeforeCreation ContradictionKind = "ran_before_creation"
	ServiceBeforeFile ContradictionKind = "service_before_file"
	LogonIDReused     ContradictionKind = "logon_id_reused"
	ClockChanged      ContradictionKind = "clock_changed"
	LogCleared        ContradictionKind = "log_cleared"
	LogStartsAfter    ContradictionKind = "log_starts_after"
	RecordGap         ContradictionKind = "record_gap"
	NoProcessAudit    ContradictionKind = "no_process_audit"
)

// A contradiction is a row of the table of contradictions.
type contradiction struct {
	ContradictionKind
	meaning string
	touches []Question // whose answers it concerns
	find    func(*inquiry) []clash
}

// contradictions is the table, in the order in which a report lists them.
var contradictions = [...]contradiction{
	{SIBeforeFN, "the $STANDARD_INFORMATION times are before the $FILE_NAME times", []Question{Appeared}, (*inquiry).findSIBeforeFN},
	{ZeroSubseconds, "a time of the subject has no fraction of a second", []Question{Appeared}, (*inquiry).findZeroSubseconds},
	{CreationDiffers, "the creation time differs from the one that Sysmon 11 logged", []Question{Appeared}, (*inquiry).findCreationDiffers},
	{TimeChanged, "Sysmon 2: a process changed the creation time", []Question{Appeared}, (*inquiry).findTimeChanged},
	{EntryOrder, "the $MFT entry was allocated later than the creation time", []Question{Appeared}, (*inquiry).findEntryOrder},
	{LinkTimeAfter, "the executable was linked after the file was created", []Question{What, Appeared}, (*inquiry).findLinkTimeAfter},
	{ContentReplaced, "another process wrote to the file after its creation", []Question{Writer, Account, Arrival}, (*inquiry).findContentReplaced},
	{HashDiffers, "the hash of the content differs from a logged hash", []Question{What, Executed}, (*inquiry).findHashDiffers},
	{MarkRemoved, "a Zone.Identifier was logged, but the file no longer has one", []Question{Arrival}, (*inquiry).findMarkRemoved},
	{OwnerNotWriter, "the owner is not the account of the writer", []Question{Writer, Account}, (*inquiry).findOwnerNotWriter},
	{RunWithoutFile, "the file ran, but is gone", []Question{What, Executed}, (*inquiry).findRunWithoutFile},
	{RanBeforeCreation, "a program with this path ran before the file was created", []Question{Appeared, Executed}, (*inquiry).findRanBeforeCreation},
	{ServiceBeforeFile, "the service was registered before its file was created", []Question{Appeared, Autostart}, (*inquiry).findServiceBeforeFile},
	{LogonIDReused, "the LogonId of the writer names another session in another boot", []Question{Logon}, (*inquiry).findLogonIDReused},
	{ClockChanged, "the machine's clock was set by more than a minute", []Question{Appeared, Logon, WebEntry, Executed}, (*inquiry).findClockChanged},
	{LogCleared, "a log was cleared", answeredByLogs(), (*inquiry).findLogCleared},
	{LogStartsAfter, "a log begins after the creation", answeredByLogs(), (*inquiry).findLogStartsAfter},
	{RecordGap, "record numbers are missing in a log", answeredByLogs(), (*inquiry).findRecordGap},
	{NoProcessAudit, "the Security log covers the creation but holds no event 4688", []Question{Writer, WebEntry, Executed}, (*inquiry).findNoProcessAudit},
}

// weigh looks for each kind of contradiction of a table.
func (q *inquiry) weigh(table []contradiction) []Contradiction {
	var list []Contradiction
	for _, row := range table {
		for _, c := range row.find(q) {
			list = append(list, Contradiction{Kind: row.ContradictionKind, Text: clip(c.text), Touches: touched(row.touches, c.channel), Evidence: c.evidence})
		}
	}
	return list
}

// touched returns those of the questions that a log answers, or all of them without a
// log.
func touched(list []Question, channel string) []Question {
	list = slices.Clone(list)
	if channel == "" {
		return list
	}
	return slices.DeleteFunc(list, func(asked Question) bool {
		i := slices.IndexFunc(questions[:], func(row question) bool { return row.Question == asked })
		return i < 0 || !slices.ContainsFunc(questions[i].logs, func(log string) bool { return strings.EqualFold(log, channel) })
	})
}

// answeredByLogs returns the questions that records of any log answer.
func answeredByLogs() []Question {
	var list []Question
	for _, row := range questions {
		if len(row.logs) > 0 {
			list = append(list, row.Question)
		}
	}
	return list
}
