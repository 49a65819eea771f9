// Package origin says where a file came from: what it is, when it appeared, who
// wrote it, under which account, from where that account was logged on, what
// runs it, and what contradicts all that.
//
// [Investigate] collects the events of a volume with package timeline and
// answers the same [Question]s about every file. Each [Answer] carries a
// [Grade] and cites the records it stands on. What does not fit together is
// listed as [Contradiction]s, and the [Coverage] says which artifacts were there
// at all. [Report.WriteText] writes what an analyst pastes into a ticket,
// [Report.WriteJSON] what programs read, [Report.WriteHTML] a page.
//
// Windows keeps its logs on its own volume. Where the subject lies on another,
// [WithVolume] brings them in.
//
// # Terminology
//
// The subject is the file under investigation. The writer is the process that
// created it. A run is a process whose image is the subject. A boot is the time
// from one start of the machine to the next: PIDs and LogonIds mean something
// only within one. A session is a logon: what happens under one LogonId.
//
// # Grades
//
// An answer is never graded better than the weakest step that leads to it.
//
//   - Recorded: every step is one record that names both ends: a ProcessGuid
//     that names the process in the record of the file, a LogonId that names the
//     session in the record of the process, an $MFT record that holds the
//     stream.
//   - Corroborated: a step has no such record, but two artifacts written by
//     different parts of Windows agree on it, and nothing else fits.
//   - Inferred: a step is an overlap of times, a name in a command line, or a
//     path; what fits as well is among the rivals.
//   - Unknown: source_absent where no artifact that would tell is there, or none
//     that logs such things at all; outside_retention where those that would do
//     not cover the time of the subject's creation; searched_empty where they do
//     cover it, and tell nothing.
//
// # Facts
//
// The facts of an answer are its parts, for programs that compare. A fact that
// is not known is left out. If an answer names several things, its facts repeat
// for each, in the order of the answer. The forms of the values are:
//
//   - text: as the evidence has it.
//   - number: decimal.
//   - time: RFC 3339 in UTC with as many digits as there are, up to seven.
//   - path: as Windows writes it, with drive.
//   - hash: lower-case hexadecimal.
//   - guid: upper-case hexadecimal without braces.
//   - logon id: hexadecimal, as in 0x3e7.
//   - account: DOMAIN\user as the record writes it.
//   - sid: as in S-1-5-18.
//   - address: an IP address, as the record writes it.
//   - url: as the record writes it.
//   - Values with a bar between them: one of these.
//
// The facts of each question, with their form and meaning:
//
//	what           sha256         hash      of the content
//	               imphash        hash      of the names that an executable imports
//	               company        text      claimed by the version information
//	               product        text      claimed by the version information
//	               description    text      claimed by the version information
//	               original_name  text      claimed by the version information
//	               signed         yes|no    whether it carries a signature, which is not verified
//	               signer         text      the subject of the certificate that it names
//	               lookalike_of   text      the well-known name that its name resembles
//	               misplaced      text      the end of the folder in which Windows keeps a file of
//	                                        this name
//	appeared       time           time      of its creation
//	               si_created     time      by $STANDARD_INFORMATION
//	               fn_created     time      by $FILE_NAME
//	               logged         time      by Sysmon 11
//	original_name  path           path      at its creation
//	               stated_name    text      by its version information
//	writer         image          path      of the process
//	               pid            number
//	               process_guid   guid
//	               command_line   text
//	               parent_image   path      of the process that started it
//	               parent_pid     number
//	account        user           account
//	               sid            sid
//	               logon_id       logon id  of the writer's session
//	arrival        kind           download|web_upload|rdp|smb|dropped
//	               url            url       it came from; for a web_upload, that it was sent to
//	               referrer       url       of the page that linked to it
//	               address        address   it came from
//	               via            path      of the program that brought it, if it did not come by
//	                                        itself
//	logon          (for each session, the writer's own first)
//	               logon_id       logon id
//	               logon_type     number
//	               time           time      of the logon
//	               address        address   of the client, if it was not the machine itself
//	               workstation    text      as the client calls itself
//	               user           account
//	               session_end    time      of the logoff
//	web_entry      image          path      of the web server's process
//	               pid            number    of that process
//	               method         text      of the request
//	               url            url       of the request, below the site
//	               address        address   of the client
//	               time           time      of the request
//	               status         number    of the response
//	               user_agent     text      as the client calls itself
//	executed       time           time      of the first run
//	               count          number    of all runs
//	               parent_image   path      of the process that started the first run
//	               user           account   of the first run
//	               pid            number    of the first run
//	               process_guid   guid      of the first run
//	               logon_id       logon id  of the first run
//	               last           time      of the last run
//	autostart      (for each autostart)
//	               category       text      as package registry names it, or task
//	               name           text      of the service, the value, the task
//	               location       text      the key, or the task's path
//	               written        time      when the key was written; if only a log records it, when
//	                                        that was
//	               command        text
//	               state          held|disabled|removed|logged
//	                                        held or disabled by a hive; removed, if a log records
//	                                        that it was made and the hive no longer holds it;
//	                                        logged, if there is no hive to compare
//	companions     (for each file)
//	               file           path
//	reach          (for each other end)
//	               address        address   of the other end
//	               port           number    of the other end
//	               host           text      the other end's name
//
// # How each answer is found, and graded
//
//   - what: recorded, from the content; inferred where the content is gone and
//     a log tells hashes and version strings of that path.
//   - appeared: the $FILE_NAME creation time and Sysmon 11, which must agree
//     within two seconds. Recorded where all clocks agree, also if there is
//     only the $MFT; where $STANDARD_INFORMATION differs, corroborated when
//     $FILE_NAME and Sysmon agree against it, or Sysmon 2 tells who changed it;
//     else inferred with the others as rivals. Inferred too where the order of
//     the $MFT entries says that it was later.
//   - original_name: recorded where Sysmon 11 names the path of the creation;
//     else inferred from the version information, where that states another
//     name.
//   - writer: recorded by Sysmon 11 and its ProcessGuid. Inferred where that
//     has another time than the file, and so may be of another file that had
//     the path; and where another process wrote to the file later. Without
//     Sysmon 11 never more than inferred: a process (4688, Sysmon 1) that ran
//     at the time of creation and whose command line names the file; the rivals
//     are those that ran at that time under the owner's account.
//   - account: recorded by the writer's process record, where the writer is;
//     inferred from the owner of the file where there is none.
//   - arrival: recorded by the subject's own Zone.Identifier; corroborated
//     where the writer's file carries one, or the command line of the recorded
//     writer names the address; else inferred.
//   - logon: recorded by the 4624 with the LogonId of the writer's process in
//     the same boot; corroborated where only Terminal Services log a session of
//     that user with the session number of the process; inferred where they log
//     one of that user at that time.
//   - web_entry: corroborated where the writer descends from a web server's
//     process and exactly one request fits; inferred where one of the two is
//     missing, several requests fit (rivals), or the one that fits asks for a
//     file that runs nothing. Searched empty where the ancestors of the writer
//     are known and no web server is among them.
//   - executed: recorded by 4688 or Sysmon 1 with the subject as image. What
//     had its path before it was created was another file, unless Sysmon logged
//     the same hash.
//   - autostart: recorded by a hive that names the subject in a command. Where
//     there is no such hive, 7045, 4697, 4698 and Sysmon 13 tell that it was
//     made, not that it is still there: corroborated where two of them do, else
//     inferred.
//   - companions: recorded by Sysmon 11 with the ProcessGuid of the writer,
//     within ten minutes; inferred from $MFT entries and times beside the
//     subject's.
//   - reach: recorded by Sysmon 3 with the ProcessGuid, or the path, of a run.
//
// # Contradictions
//
// In parentheses are the questions whose answers a contradiction touches, as its
// Touches say. One that is about a log touches the answers that records of that
// log give.
//
//	si_before_fn        the $STANDARD_INFORMATION times are before the $FILE_NAME times (appeared)
//	zero_subseconds     a time of the subject has no fraction of a second (appeared)
//	creation_differs    the creation time differs from the one that Sysmon 11 logged (appeared)
//	time_changed        Sysmon 2: a process changed the creation time (appeared)
//	entry_order         the $MFT entry was taken later than the creation time says (appeared)
//	link_time_after     the executable was linked after the file was created (what, appeared)
//	content_replaced    another process wrote to the file after its creation (writer, account,
//	                    arrival)
//	hash_differs        the content has another hash than the one logged (what, executed)
//	mark_removed        a Zone.Identifier was logged, and the file has none (arrival)
//	owner_not_writer    the owner is another account than that of the writer (writer, account)
//	run_without_file    a process was logged, and its file is gone (what, executed)
//	ran_before_creation the path was run before the file was created (appeared, executed)
//	service_before_file the service was registered before its file was created (appeared, autostart)
//	logon_id_reused     the LogonId of the writer names another session in another boot (logon)
//	clock_changed       the machine's clock was set by more than a minute (appeared, logon,
//	                    web_entry, executed)
//	log_cleared         a log was cleared (what that log answers)
//	log_starts_after    a log begins after the creation (what that log answers)
//	record_gap          record numbers are missing in a log (what that log answers)
//	no_process_audit    the Security log covers the creation and holds no 4688 at all (writer,
//	                    web_entry, executed)
//
// # Security
//
// All strings of a report are made of evidence, which the attacker writes. They
// are bounded in length but not escaped: the Write methods of [Report] escape
// for their format. Memory grows with the event-log records that name
// processes, files and sessions, and with nothing that evidence merely states.
package origin
