package origin

import (
	"fmt"
	"slices"
	"strings"
)

// A question is a row of the table of questions. Everything about a question except
// the rules that answer it is here: to add a question, add a row, and its rules.
type question struct {
	Question
	words  string
	topic  string // what it asks for, as a noun
	facts  []fact
	repeat string     // what the facts repeat for, if they do
	needs  []Question // the questions whose findings its rules read, which are asked before it

	unknown string              // the clause that begins an answer of Unknown
	span    func(*inquiry) span // when what it asks for may have been recorded
	unread  []*source           // what would record it too, and is not read yet

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
		unknown:  "What it is is unknown",
		span:     sinceCreation,
		facts: []fact{
			{"sha256", "hash", "of the content"},
			{"sha1", "hash", "of the content, if only the Amcache has one"},
			{"kind", "text", "of the file, by its content, else by its name"},
			{"imphash", "hash", "of the names that an executable imports"},
			{"company", "text", "claimed by the version information"},
			{"product", "text", "claimed by the version information"},
			{"description", "text", "claimed by the version information"},
			{"original_name", "text", "claimed by the version information"},
			{"signed", "yes|no", "whether it has an embedded signature, which is not verified"},
			{"signature", "unsigned|cataloged|unverified|malformed|uncovered|tampered", "what its signatures show: cataloged, if only a catalog has one"},
			{"signer", "text", "the subject of the certificate that the signature names"},
			{"catalog", "path", "of the catalog that lists it"},
			{"catalogs", "number", "of the catalogs that were searched for it"},
			{"catalogs_unread", "number", "of those that could not be"},
			{"problems", "number", "of its structure"},
			{"lookalike_of", "text", "the well-known name that its name resembles"},
			{"misplaced", "text", "the folder in which a file of this name belongs"},
			{"masquerade", "text", "the rules of which its name and its place have signs"},
		},
		needs: []Question{Appeared, Executed},
		say:   sayWhat,
	},
	{
		Question: Appeared,
		words:    "When did it appear?",
		topic:    "creation time",
		unknown:  "The time of creation is unknown",
		span:     atCreation,
		unread:   []*source{shadowCopies},
		facts: []fact{
			{"time", "time", "of its creation"},
			{"si_created", "time", "in $STANDARD_INFORMATION"},
			{"fn_created", "time", "in $FILE_NAME"},
			{"logged", "time", "in Sysmon 11"},
			{"journal", "time", "in the change journal"},
			{"transaction", "time", "of the creation in the transaction log"},
			{"timestomp", "number", "from 0 to 100: how much the times look like set by a program, see mft.Reader.TimestompWith"},
			{"deleted", "time", "of its deletion, if the change journal has it"},
			{"not_yet", "time", "of the last shadow copy that does not have it yet"},
			{"there", "time", "of the first shadow copy that has it"},
		},
		say: sayAppeared,
	},
	{
		Question: OriginalName,
		words:    "What was its original name and path?",
		topic:    "original name",
		unknown:  "Whether it had another name or path before is unknown",
		span:     atCreation,
		facts: []fact{
			{"path", "path", "at its creation, or the earliest known"},
			{"renamed_to", "path", "of the names and places that it had since, in order"},
			{"stated_name", "text", "claimed by the version information"},
		},
		needs: []Question{Appeared, Executed},
	},
	{
		Question: Writer,
		words:    "Which process wrote it?",
		topic:    "writer",
		unknown:  "Which process wrote it is unknown",
		span:     atCreation,
		facts: []fact{
			{"image", "path", "of the process"},
			{"pid", "number", ""},
			{"process_guid", "guid", ""},
			{"command_line", "text", ""},
			{"parent_image", "path", "of the process that started it"},
			{"parent_pid", "number", ""},
		},
		needs: []Question{Appeared},
		say:   sayWriter,
	},
	{
		Question: Account,
		words:    "Which account wrote it?",
		topic:    "account",
		unknown:  "The account is unknown",
		span:     atCreation,
		facts: []fact{
			{"user", "account", ""},
			{"sid", "sid", ""},
			{"logon_id", "logon id", "of the writer's session"},
			{"disabled", "yes|no", "whether the SAM has the local account as disabled"},
			{"named", "time", "since when the SAM has the local account under its name"},
			{"last_logon", "time", "of the local account, in the SAM"},
			{"group", "text", "of the machine that the local account is a member of"},
		},
		needs: []Question{Appeared, Writer},
		say:   sayAccount,
	},
	{
		Question: Arrival,
		words:    "How did it get onto the machine?",
		topic:    "way of arrival",
		unknown:  "How it got onto the machine is unknown",
		span:     atCreation,
		unread:   []*source{browserHistory},
		facts: []fact{
			{"kind", "download|web_upload|rdp|smb|dropped|extracted|intranet|copied|moved", ""},
			{"url", "url", "it came from; for a web_upload, the page it was sent to"},
			{"referrer", "url", "of the page that linked to it"},
			{"address", "address", "it came from"},
			{"via", "path", "of the program that dropped it, or of the file that it was extracted or copied from"},
			{"operation", "text", "that leaves its times, as package mft names it"},
			{"volume", "text", "identifier of the volume that it was moved from"},
		},
		needs: []Question{Appeared, Writer, Logon, WebEntry},
		say:   sayArrival,
	},
	{
		Question: Logon,
		words:    "Where was that account logged on from?",
		topic:    "logon",
		unknown:  "From where the account was logged on is unknown",
		span:     atCreation,
		facts: []fact{
			{"logon_id", "logon id", ""},
			{"logon_type", "number", ""},
			{"time", "time", "of the logon"},
			{"address", "address", "of the client, unless it was the machine itself"},
			{"from", "address|itself|not_recorded", "whether the client was another machine, the machine itself, or the record has no address"},
			{"workstation", "text", "claimed by the client"},
			{"user", "account", ""},
			{"session_end", "time", "of the logoff"},
		},
		repeat:   "for each session, the writer's own first",
		needs:    []Question{Appeared, Writer},
		say:      sayLogon,
		sayAfter: WebEntry,
	},
	{
		Question: WebEntry,
		words:    "Which request to a web server led to it?",
		topic:    "web request",
		unknown:  "Whether a web request led to it is unknown",
		span:     atCreation,
		unread:   unreadWebLogs,
		facts: []fact{
			{"image", "path", "of the web server's process"},
			{"pid", "number", "of that process"},
			{"pool", "text", "the application pool of IIS that it runs, or whose account owns the file"},
			{"site", "text", "the site of IIS that answered the request"},
			{"method", "text", "of the request"},
			{"url", "url", "of the request, below the site"},
			{"address", "address", "of the other end of the connection, which may be a proxy"},
			{"forwarded_for", "address", "of the client, according to a proxy: the last that is not a proxy's in what it added to the request"},
			{"time", "time", "of the request"},
			{"status", "number", "of the response"},
			{"user_agent", "text", "claimed by the client"},
			{"own_url", "url", "under which a web server serves the file, if it was requested"},
			{"own_requests", "number", "of requests for the file itself after its creation"},
		},
		needs: []Question{Appeared, Writer},
		say:   sayWebEntry,
	},
	{
		Question: Executed,
		words:    "Did it run?",
		topic:    "execution",
		unknown:  "Whether it ran is unknown",
		span:     sinceCreation,
		facts: []fact{
			{"proves", "presence|load|execution", "what the decisive record proves"},
			{"time", "time", "of the first run"},
			{"count", "number", "of all runs"},
			{"host", "path", "of the program that loaded or ran it, if it is not a program itself"},
			{"parent_image", "path", "of the process that started the first run"},
			{"user", "account", "of the first run"},
			{"pid", "number", "of the first run"},
			{"process_guid", "guid", "of the first run"},
			{"logon_id", "logon id", "of the first run"},
			{"last", "time", "of the last run"},
			{"by", "time", "when it was recorded that it had run in the hour before, if nothing records a run"},
		},
		needs: []Question{Appeared},
		say:   sayExecuted,
	},
	{
		Question: Autostart,
		words:    "What starts it?",
		topic:    "autostart",
		unknown:  "What starts it is unknown",
		span:     sinceCreation,
		facts: []fact{
			{"category", "text", "as in package registry, or task, startup, wmi, bits or logon-screen"},
			{"name", "text", "of the service, the value, the task, the consumer, the job of BITS, the file in a startup folder; what a user does on the logon screen"},
			{"location", "text", "the key, the path of the task, the namespace of WMI, the queue of BITS, or the startup folder"},
			{"written", "time", "when the key was written, the task registered, the job of BITS changed or the file created; if only a log records it, the time of that record"},
			{"command", "text", ""},
			{"not_yet", "time", "of the newest shadow copy in which it differs, if that does not have it yet"},
			{"was", "text", "the command in the newest shadow copy in which it differs"},
			{"state", "held|disabled|unregistered|unused_set|removed|logged|former|deleted", "held or disabled according to a hive, a file, the repository of WMI, where a consumer without a binding is disabled, or the queue of BITS; unregistered if only the file of a task has it, and the registry, from " +
				"which tasks are started, does not; unused_set if only a control set has it that was not in use, such as the last known good configuration; removed if a log records its creation but the hive " +
				"or the folder no longer holds it, and if a job is left from before and no longer in the queue of BITS; former if only a shadow copy has it; deleted if it is left in deleted keys or values of a hive; logged if the hive or the folder is not available"},
			{"role", "starts|loads|opens|copies|streams|writes|moves|deletes|passes|mentions", "what its command does with the file; only the first five start it, a copy of it, or a stream of it"},
			{"hidden", "text", "of a task: why the tools of Windows do not list it"},
			{"differs", "text", "of a task: how its file and the registry differ"},
			{"off", "text", "what turns it off, such as LoadBehavior 2 or Secure Boot"},
			{"off_for", "text", "the accounts for which something turns it off that is on for others"},
			{"done_for", "text", "the accounts for which Active Setup ran it, and does not run it again"},
			{"replaces", "text", "the file of Windows in whose place it is, if the autostart is that of Windows and it does not claim to be that file"},
			{"undecided", "text", "what decides whether it is on, and is not known"},
			{"earlier", "text", "what earlier versions of the hive have: the copies in RegBack, and those that end with .SAV, .BAK or .OLD"},
		},
		repeat: "for each autostart",
		needs:  []Question{Appeared},
		say:    sayAutostart,
	},
	{
		Question: Companions,
		words:    "What came with it?",
		topic:    "companion files",
		unknown:  "What came with it is unknown",
		span:     atCreation,
		facts:    []fact{{"file", "path", ""}, {"deleted", "time", "of its deletion, if the change journal has it"}},
		repeat:   "for each file",
		needs:    []Question{Appeared, Writer},
	},
	{
		Question: Reach,
		words:    "What did it connect to?",
		topic:    "network destinations",
		unknown:  "What it connected to is unknown",
		span:     sinceRun,
		facts: []fact{
			{"address", "address", "of the other end"},
			{"port", "number", "of the other end"},
			{"host", "text", "name of the other end"},
		},
		repeat: "for each other end",
		needs:  []Question{Appeared, Executed},
		say:    sayReach,
	},
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

// atCreation is the span of what happened when the subject was created.
func atCreation(q *inquiry) span { return span{from: q.created} }

// sinceCreation is the span of what may have happened at any time afterwards.
func sinceCreation(q *inquiry) span { return span{from: q.created, to: q.lastLogged()} }

// sinceRun is the span of what the subject did.
func sinceRun(q *inquiry) span {
	s := sinceCreation(q)
	if len(q.runs) > 0 {
		s.from = q.runs[0].start
	}
	return s
}
