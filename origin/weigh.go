package origin

import (
	"slices"
	"strings"

	"github.com/birthmark-dfir/birthmark/timeline"
)

// The kinds of contradiction, in the order in which a report lists them.
const (
	SIBeforeFN        ContradictionKind = "si_before_fn"
	ZeroSubseconds    ContradictionKind = "zero_subseconds"
	CreationDiffers   ContradictionKind = "creation_differs"
	JournalDiffers    ContradictionKind = "journal_differs"
	JournalSilent     ContradictionKind = "journal_silent"
	JournalRenewed    ContradictionKind = "journal_renewed"
	TimeChanged       ContradictionKind = "time_changed"
	TimesSetBack      ContradictionKind = "times_set_back"
	LogDiffers        ContradictionKind = "log_differs"
	SlackDiffers      ContradictionKind = "slack_differs"
	SnapshotWithout   ContradictionKind = "snapshot_without"
	EntryOrder        ContradictionKind = "entry_order"
	LinkTimeAfter     ContradictionKind = "link_time_after"
	TimesSuspect      ContradictionKind = "times_suspect"
	ContentReplaced   ContradictionKind = "content_replaced"
	HashDiffers       ContradictionKind = "hash_differs"
	SnapshotDiffers   ContradictionKind = "snapshot_differs"
	SignatureBroken   ContradictionKind = "signature_broken"
	ImageUnusual      ContradictionKind = "image_unusual"
	MarkRemoved       ContradictionKind = "mark_removed"
	OwnerNotWriter    ContradictionKind = "owner_not_writer"
	RunWithoutFile    ContradictionKind = "run_without_file"
	RanBeforeCreation ContradictionKind = "ran_before_creation"
	ServiceBeforeFile ContradictionKind = "service_before_file"
	LogonIDReused     ContradictionKind = "logon_id_reused"
	ClockChanged      ContradictionKind = "clock_changed"
	MachineUnsettled  ContradictionKind = "machine_unsettled"
	OtherName         ContradictionKind = "other_name"
	LogCleared        ContradictionKind = "log_cleared"
	LogStartsAfter    ContradictionKind = "log_starts_after"
	RecordGap         ContradictionKind = "record_gap"
	NoProcessAudit    ContradictionKind = "no_process_audit"
	HiveDirty         ContradictionKind = "hive_dirty"
	AccountHijacked   ContradictionKind = "account_hijacked"
	AccountNames      ContradictionKind = "account_names"
	SAMForeign        ContradictionKind = "sam_foreign"
)

// A contradiction is a row of the table of contradictions.
type contradiction struct {
	ContradictionKind
	meaning string
	touches []touch // whose answers it concerns
	find    func(*inquiry) []clash
}

// A touch is a question whose answer a contradiction concerns, and the grade that it
// leaves to that answer at most: Recorded if it does not lower it.
type touch struct {
	Question
	most Grade
}

// contradictions is the table, in the order in which a report lists them.
var contradictions = [...]contradiction{
	{SIBeforeFN, "the $STANDARD_INFORMATION times are before the $FILE_NAME times", []touch{{Appeared, Corroborated}}, (*inquiry).findSIBeforeFN},
	{ZeroSubseconds, "a time of the subject has no fraction of a second", []touch{{Appeared, Recorded}}, (*inquiry).findZeroSubseconds},
	{CreationDiffers, "the creation time differs from the one that Sysmon 11 logged", []touch{{Appeared, Corroborated}}, (*inquiry).findCreationDiffers},
	{JournalDiffers, "the creation time differs from that of the record of the creation in the change journal", []touch{{Appeared, Corroborated}}, (*inquiry).findJournalDiffers},
	{JournalSilent, "the change journal covers the creation time without a gap, and has no record of the creation", []touch{{Appeared, Inferred}}, (*inquiry).findJournalSilent},
	{JournalRenewed, "the change journal was created within a day of the file, on an older volume", []touch{{Appeared, Recorded}}, (*inquiry).findJournalRenewed},
	{TimeChanged, "Sysmon 2: a process changed the creation time", []touch{{Appeared, Corroborated}}, (*inquiry).findTimeChanged},
	{TimesSetBack, "the transaction log records that the creation time was set back", []touch{{Appeared, Corroborated}}, (*inquiry).findTimesSetBack},
	{LogDiffers, "the creation time differs from that of the creation in the transaction log", []touch{{Appeared, Corroborated}}, (*inquiry).findLogDiffers},
	{SlackDiffers, "slack has another creation time of the file", []touch{{Appeared, Corroborated}}, (*inquiry).findSlackDiffers},
	{SnapshotWithout, "a shadow copy from after the creation time does not have the file",
		[]touch{{Appeared, Inferred}, {OriginalName, Inferred}, {Writer, Inferred}, {Account, Inferred}, {Arrival, Inferred}}, (*inquiry).findSnapshotWithout},
	{EntryOrder, "the $MFT entry was allocated later than the creation time",
		[]touch{{Appeared, Inferred}, {OriginalName, Inferred}, {Writer, Inferred}, {Account, Inferred}, {Arrival, Inferred}}, (*inquiry).findEntryOrder},
	{LinkTimeAfter, "the executable was linked after the file was created", []touch{{What, Recorded}, {Appeared, Recorded}}, (*inquiry).findLinkTimeAfter},
	{TimesSuspect, "the times of the file have a high score as set by a program, see mft.Reader.TimestompWith", []touch{{Appeared, Recorded}}, (*inquiry).findTimesSuspect},
	{ContentReplaced, "another process wrote to the file after its creation", []touch{{Writer, Inferred}, {Account, Inferred}, {Arrival, Inferred}}, (*inquiry).findContentReplaced},
	{HashDiffers, "the hash of the content differs from a logged hash", []touch{{What, Recorded}, {Executed, Inferred}}, (*inquiry).findHashDiffers},
	{SnapshotDiffers, "a shadow copy has other content of the file", []touch{{What, Recorded}, {Writer, Inferred}, {Account, Inferred}, {Arrival, Inferred}}, (*inquiry).findSnapshotDiffers},
	{SignatureBroken, "the file names a signer, but is not what was signed, or runs more than that", []touch{{What, Recorded}}, (*inquiry).findSignatureBroken},
	{ImageUnusual, "the executable is damaged, or built as no linker does", []touch{{What, Recorded}}, (*inquiry).findImageUnusual},
	{MarkRemoved, "a Zone.Identifier was logged, but the file no longer has one", []touch{{Arrival, Recorded}}, (*inquiry).findMarkRemoved},
	{OwnerNotWriter, "the owner is not the account of the writer", []touch{{Writer, Recorded}, {Account, Recorded}}, (*inquiry).findOwnerNotWriter},
	{RunWithoutFile, "the file ran, but is gone", []touch{{What, Recorded}, {Executed, Recorded}}, (*inquiry).findRunWithoutFile},
	{RanBeforeCreation, "a program with this path ran before the file was created", []touch{{Appeared, Recorded}, {Executed, Recorded}}, (*inquiry).findRanBeforeCreation},
	{ServiceBeforeFile, "the service was registered before its file was created", []touch{{Appeared, Recorded}, {Autostart, Recorded}}, (*inquiry).findServiceBeforeFile},
	{LogonIDReused, "the LogonId of the writer names another session in another boot", []touch{{Logon, Recorded}}, (*inquiry).findLogonIDReused},
	{ClockChanged, "the machine's clock was set by more than a minute",
		[]touch{{Appeared, Corroborated}, {Logon, Recorded}, {WebEntry, Inferred}, {Executed, Recorded}}, (*inquiry).findClockChanged},
	{MachineUnsettled, "the logs name several machines, and nothing settles which of them this is", answeredByLogs(Inferred), (*inquiry).findUnsettled},
	{OtherName, "records have another name for the machine", answeredByLogs(Recorded), (*inquiry).findOtherName},
	{LogCleared, "a log was cleared", answeredByLogs(Recorded), (*inquiry).findLogCleared},
	{LogStartsAfter, "a log begins after the creation", answeredByLogs(Recorded), (*inquiry).findLogStartsAfter},
	{RecordGap, "record numbers are missing in a log", answeredByLogs(Recorded), (*inquiry).findRecordGap},
	{NoProcessAudit, "the Security log covers the creation but holds no event 4688", []touch{{Writer, Recorded}, {WebEntry, Recorded}, {Executed, Recorded}}, (*inquiry).findNoProcessAudit},
	{HiveDirty, "a hive is dirty, and its newest changes are missing", answeredByHives(), (*inquiry).findHiveDirty},
	{AccountHijacked, "in the SAM an account has the RID of another, and so its rights", []touch{{Account, Inferred}, {Logon, Recorded}}, (*inquiry).findHijackedAccount},
	{AccountNames, "records have different names for an account, or the SAM hides it", []touch{{Account, Recorded}, {Logon, Recorded}}, (*inquiry).findNamesDiffer},
	{SAMForeign, "the SAM is of another machine", []touch{{Account, Recorded}}, (*inquiry).findForeignSAM},
}

// capOf returns the best grade that a contradiction leaves to an answer.
func capOf(kind ContradictionKind, asked Question) Grade {
	for _, row := range contradictions {
		for _, t := range row.touches {
			if row.ContradictionKind == kind && t.Question == asked {
				return t.most
			}
		}
	}
	return Recorded
}

// weigh looks for each kind of contradiction of a table.
func (q *inquiry) weigh(table []contradiction) []Contradiction {
	var list []Contradiction
	for _, row := range table {
		for _, c := range row.find(q) {
			asked := touched(row.touches, c)
			if len(asked) == 0 && c.hive != "" {
				continue // a hive that answers nothing
			}
			list = append(list, Contradiction{Kind: row.ContradictionKind, Text: clip(c.text), Touches: asked, Evidence: c.evidence, mild: c.mild})
		}
	}
	return list
}

// touched returns those of the questions that the log or the hive answers which a clash
// is about, or all of them if it is about something else.
func touched(list []touch, c clash) []Question {
	var asked []Question
	for _, t := range list {
		if c.channel == "" && c.hive == "" || c.channel != "" && answersFrom(t.Question, c.channel) || c.hive != "" && answersFromHive(t.Question, c.hive) {
			asked = append(asked, t.Question)
		}
	}
	return asked
}

// answersFrom reports whether records of a log answer a question; of any log if
// channel is empty.
func answersFrom(asked Question, channel string) bool {
	reads, also := sourcesOf(rulesOf(rules, asked))
	return slices.ContainsFunc(append(reads, also...), func(s *source) bool {
		return s.channel != "" && (channel == "" || strings.EqualFold(s.channel, channel))
	})
}

// answeredByLogs returns the questions that records of any log answer. A contradiction
// leaves them a grade at most.
func answeredByLogs(most Grade) []touch {
	var list []touch
	for _, row := range questions {
		if answersFrom(row.Question, "") {
			list = append(list, touch{row.Question, most})
		}
	}
	return list
}

// answersFromHive reports whether a hive answers a question; any hive if its type is
// empty.
func answersFromHive(asked Question, hive string) bool {
	reads, also := sourcesOf(rulesOf(rules, asked))
	return slices.ContainsFunc(append(reads, also...), func(s *source) bool {
		return s.typ == timeline.TypeRegistry && (hive == "" || strings.EqualFold(s.named, hive))
	})
}

// answeredByHives returns the questions that any hive answers.
func answeredByHives() []touch {
	var list []touch
	for _, row := range questions {
		if answersFromHive(row.Question, "") {
			list = append(list, touch{row.Question, Recorded})
		}
	}
	return list
}
