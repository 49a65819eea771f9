package origin

import (
	"fmt"
	"slices"
	"strings"
)

// The questions, in the order in which a report answers them.
const (
	What         Question = "what"          // what is it?
	Appeared     Question = "appeared"      // when did it appear?
	OriginalName Question = "original_name" // what was its original name and path?
	Writer       Question = "writer"        // which process wrote it?
	Account      Question = "account"       // which account wrote it?
	Arrival      Question = "arrival"       // how did it get onto the machine?
	Logon        Question = "logon"         // where was that account logged on from?
	WebEntry     Question = "web_entry"     // which request to a web server led to it?
	Executed     Question = "executed"      // did it run?
	Autostart    Question = "autostart"     // what starts it?
	Companions   Question = "companions"    // what came with it?
	Reach        Question = "reach"         // what did it connect to?
)

// A question is a row of the table of questions. Everything about a question except
// the functions that answer it is here: to add a question, add a row, and a file with
// these functions.
type question struct {
	Question
	words  string
	topic  string // what it asks for, as a noun
	facts  []fact
	how    string     // how it is found and graded, for the package documentation
	repeat string     // what the facts repeat for, if they do
	logs   []string   // the channels whose records answer it
	needs  []Question // the questions whose findings it reads, which are asked before it
	ask    func(*inquiry) (Answer, finding)

	say      func(retold) []string // its sentences in the verdict; nil if it has none
	sayAfter Question              // the question that it follows in the verdict; "" for the order of the table
}

// A fact is a part of an answer that programs can compare.
type fact struct {
	name    string
	form    form
	meaning string
}

// A form is how the values of a fact are written: one of those in the package
// documentation, or the values themselves with a bar between them.
type form string

// questions is the table, in the order in which a report answers the questions. The
// order in which they are asked follows from what they need.
var questions = [...]question{
	{
		Question: What,
		words:    "What is it?",
		topic:    "type of the file",
		facts: []fact{
			{"sha256", "hash", "of the content"},
			{"imphash", "hash", "of the names that an executable imports"},
			{"company", "text", "claimed by the version information"},
			{"product", "text", "claimed by the version information"},
			{"description", "text", "claimed by the version information"},
			{"original_name", "text", "claimed by the version information"},
			{"signed", "yes|no", "whether it has an embedded signature, which is not verified"},
			{"signer", "text", "the subject of the certificate that the signature names"},
			{"lookalike_of", "text", "the well-known name that its name resembles"},
			{"misplaced", "text", "the end of the folder in which Windows keeps a file of this name"},
		},
		how: "recorded, from the content; inferred if the content is gone and a log records hashes and version strings for " +
			"that path.",
		needs: []Question{Appeared, Executed},
		ask:   answers((*inquiry).askWhat),
		say:   sayWhat,
	},
	{
		Question: Appeared,
		words:    "When did it appear?",
		topic:    "creation time",
		facts: []fact{
			{"time", "time", "of its creation"},
			{"si_created", "time", "in $STANDARD_INFORMATION"},
			{"fn_created", "time", "in $FILE_NAME"},
			{"logged", "time", "in Sysmon 11"},
		},
		how: "the $FILE_NAME creation time and Sysmon 11, which must agree within two seconds. Recorded if all clocks agree, " +
			"even if there is only the $MFT. If $STANDARD_INFORMATION differs, corroborated if $FILE_NAME and Sysmon agree " +
			"against it, or if Sysmon 2 records who changed it; else inferred, with the other times as rivals. Also inferred " +
			"if the order of the $MFT entries shows a later time.",
		logs: []string{sysmonChannel},
		ask:  leaves((*inquiry).askAppeared),
		say:  sayAppeared,
	},
	{
		Question: OriginalName,
		words:    "What was its original name and path?",
		topic:    "original name",
		facts: []fact{
			{"path", "path", "at its creation"},
			{"stated_name", "text", "claimed by the version information"},
		},
		how: "recorded if Sysmon 11 names the path of the creation; else inferred from the version information, if that " +
			"claims another name.",
		logs:  []string{sysmonChannel},
		needs: []Question{Appeared, Executed},
		ask:   answers((*inquiry).askOriginalName),
	},
	{
		Question: Writer,
		words:    "Which process wrote it?",
		topic:    "writer",
		facts: []fact{
			{"image", "path", "of the process"},
			{"pid", "number", ""},
			{"process_guid", "guid", ""},
			{"command_line", "text", ""},
			{"parent_image", "path", "of the process that started it"},
			{"parent_pid", "number", ""},
		},
		how: "recorded by Sysmon 11 and its ProcessGuid. Inferred if that record has another time than the file, and so may " +
			"be of another file that had the path, or if another process wrote to the file later. Without Sysmon 11 at most " +
			"inferred: a process (4688, Sysmon 1) that was running at the time of creation and whose command line names the " +
			"file. The rivals are those that were running at that time under the owner's account.",
		logs:  []string{sysmonChannel, securityChannel},
		needs: []Question{Appeared},
		ask:   leaves((*inquiry).askWriter),
		say:   sayWriter,
	},
	{
		Question: Account,
		words:    "Which account wrote it?",
		topic:    "account",
		facts: []fact{
			{"user", "account", ""},
			{"sid", "sid", ""},
			{"logon_id", "logon id", "of the writer's session"},
		},
		how: "recorded by the writer's process record if the writer is recorded; inferred from the owner of the file if the " +
			"writer is unknown.",
		logs:  []string{sysmonChannel, securityChannel},
		needs: []Question{Appeared, Writer},
		ask:   answers((*inquiry).askAccount),
		say:   sayAccount,
	},
	{
		Question: Arrival,
		words:    "How did it get onto the machine?",
		topic:    "way of arrival",
		facts: []fact{
			{"kind", "download|web_upload|rdp|smb|dropped", ""},
			{"url", "url", "it came from; for a web_upload, the page it was sent to"},
			{"referrer", "url", "of the page that linked to it"},
			{"address", "address", "it came from"},
			{"via", "path", "of the program that dropped it"},
		},
		how: "recorded by the subject's own Zone.Identifier; corroborated if the writer's file has one, or if the command " +
			"line of the recorded writer names the address; else inferred.",
		logs:  []string{sysmonChannel, securityChannel},
		needs: []Question{Appeared, Writer, Logon, WebEntry},
		ask:   answers((*inquiry).askArrival),
		say:   sayArrival,
	},
	{
		Question: Logon,
		words:    "Where was that account logged on from?",
		topic:    "logon",
		facts: []fact{
			{"logon_id", "logon id", ""},
			{"logon_type", "number", ""},
			{"time", "time", "of the logon"},
			{"address", "address", "of the client, unless it was the machine itself"},
			{"workstation", "text", "claimed by the client"},
			{"user", "account", ""},
			{"session_end", "time", "of the logoff"},
		},
		how: "recorded by the 4624 with the LogonId of the writer's process in the same boot; corroborated if only Terminal " +
			"Services log a session of that user with the session number of the process; inferred if they log a session of " +
			"that user at that time.",
		repeat:   "for each session, the writer's own first",
		logs:     []string{securityChannel, sessionChannel, remoteChannel},
		needs:    []Question{Appeared, Writer},
		ask:      leaves((*inquiry).askLogon),
		say:      sayLogon,
		sayAfter: WebEntry,
	},
	{
		Question: WebEntry,
		words:    "Which request to a web server led to it?",
		topic:    "web request",
		facts: []fact{
			{"image", "path", "of the web server's process"},
			{"pid", "number", "of that process"},
			{"method", "text", "of the request"},
			{"url", "url", "of the request, below the site"},
			{"address", "address", "of the client"},
			{"time", "time", "of the request"},
			{"status", "number", "of the response"},
			{"user_agent", "text", "claimed by the client"},
		},
		how: "corroborated if the writer descends from a web server's process and exactly one request fits; inferred if one " +
			"of the two is missing, if several requests fit (rivals), or if the request that fits asks for a file that runs " +
			"nothing. Searched empty if the ancestors of the writer are known and no web server is among them.",
		logs:  []string{sysmonChannel, securityChannel},
		needs: []Question{Appeared, Writer},
		ask:   leaves((*inquiry).askWebEntry),
		say:   sayWebEntry,
	},
	{
		Question: Executed,
		words:    "Did it run?",
		topic:    "execution",
		facts: []fact{
			{"time", "time", "of the first run"},
			{"count", "number", "of all runs"},
			{"parent_image", "path", "of the process that started the first run"},
			{"user", "account", "of the first run"},
			{"pid", "number", "of the first run"},
			{"process_guid", "guid", "of the first run"},
			{"logon_id", "logon id", "of the first run"},
			{"last", "time", "of the last run"},
		},
		how: "recorded by 4688 or Sysmon 1 with the subject as image. A run of its path before its creation was a run of " +
			"another file, unless Sysmon logged the same hash.",
		logs:  []string{sysmonChannel, securityChannel},
		needs: []Question{Appeared},
		ask:   leaves((*inquiry).askExecuted),
		say:   sayExecuted,
	},
	{
		Question: Autostart,
		words:    "What starts it?",
		topic:    "autostart",
		facts: []fact{
			{"category", "text", "as in package registry, or task"},
			{"name", "text", "of the service, the value, the task"},
			{"location", "text", "the key, or the path of the task"},
			{"written", "time", "when the key was written; if only a log records it, the time of that record"},
			{"command", "text", ""},
			{"state", "held|disabled|removed|logged", "held or disabled according to a hive; removed if a log records its creation but the hive " +
				"no longer holds it; logged if the hive is not available"},
		},
		how: "recorded by a hive that names the subject in a command. Without such a hive, 7045, 4697, 4698 and Sysmon 13 " +
			"record that the autostart was created, not that it still exists: corroborated if two of them do, else inferred.",
		repeat: "for each autostart",
		logs:   []string{systemChannel, securityChannel, sysmonChannel},
		needs:  []Question{Appeared},
		ask:    answers((*inquiry).askAutostart),
		say:    sayAutostart,
	},
	{
		Question: Companions,
		words:    "What came with it?",
		topic:    "companion files",
		facts:    []fact{{"file", "path", ""}},
		how: "recorded by Sysmon 11 with the ProcessGuid of the writer, within ten minutes; inferred from $MFT entries and " +
			"times near the subject's.",
		repeat: "for each file",
		logs:   []string{sysmonChannel},
		needs:  []Question{Appeared, Writer},
		ask:    answers((*inquiry).askCompanions),
	},
	{
		Question: Reach,
		words:    "What did it connect to?",
		topic:    "network destinations",
		facts: []fact{
			{"address", "address", "of the other end"},
			{"port", "number", "of the other end"},
			{"host", "text", "name of the other end"},
		},
		how:    "recorded by Sysmon 3 with the ProcessGuid, or the path, of a run.",
		repeat: "for each other end",
		logs:   []string{sysmonChannel},
		needs:  []Question{Appeared, Executed},
		ask:    answers((*inquiry).askReach),
		say:    sayReach,
	},
}

// answers makes the ask of a question that leaves no finding to others.
func answers(ask func(*inquiry) Answer) func(*inquiry) (Answer, finding) {
	return func(q *inquiry) (Answer, finding) { return ask(q), nil }
}

// leaves makes the ask of a question that leaves a finding to others.
func leaves[F finding](ask func(*inquiry) (Answer, F)) func(*inquiry) (Answer, finding) {
	return func(q *inquiry) (Answer, finding) { return ask(q) }
}

// Questions returns all questions in the order in which a report answers them.
func Questions() []Question {
	list := make([]Question, len(questions))
	for i, row := range questions {
		list[i] = row.Question
	}
	return list
}

// Words returns the question as people ask it, such as "What is it?". For a question
// that is not among Questions it returns its name.
func (q Question) Words() string {
	for _, row := range questions {
		if row.Question == q {
			return row.words
		}
	}
	return string(q)
}

// Topic returns what the question asks for, such as "writer". For a question that is
// not among Questions it returns its name.
func (q Question) Topic() string {
	for _, row := range questions {
		if row.Question == q {
			return row.topic
		}
	}
	return string(q)
}

// inOrder sorts the rows of a table so that each question follows those that it
// needs. It fails if a question needs one that the table does not hold, or if
// questions need each other.
func inOrder(table []question) ([]question, error) {
	known, placed := map[Question]bool{}, map[Question]bool{}
	for _, row := range table {
		if known[row.Question] {
			return nil, fmt.Errorf("the question %s is in the table twice", row.Question)
		}
		known[row.Question] = true
	}
	for _, row := range table {
		for _, need := range row.needs {
			if !known[need] {
				return nil, fmt.Errorf("%s needs the answer to %q, which is not a question", row.Question, need)
			}
		}
	}
	var order []question
	for len(order) < len(table) {
		before := len(order)
		for _, row := range table {
			ready := !slices.ContainsFunc(row.needs, func(need Question) bool { return !placed[need] })
			if ready && !placed[row.Question] {
				order = append(order, row)
				placed[row.Question] = true
			}
		}
		if len(order) == before {
			var stuck []string
			for _, row := range table {
				if !placed[row.Question] {
					stuck = append(stuck, string(row.Question))
				}
			}
			return nil, fmt.Errorf("the questions %s cannot be ordered: they need each other's answers", strings.Join(stuck, ", "))
		}
	}
	return order, nil
}
