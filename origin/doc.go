// Package origin says where a file came from: what it is, when it appeared, who
// wrote it, under which account, from where that account was logged on, what
// runs it, and what contradicts all that.
//
// [Investigate] collects the events of a volume with package timeline and
// answers the same twelve [Question]s about every file. Each [Answer] carries a
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
// is not known is left out. Where an answer names several things, the group of
// facts repeats for each, in the order of the answer. Hashes are lower-case
// hexadecimal; paths as Windows writes them, with drive; times RFC 3339 in UTC
// with as many digits as there are, up to seven; PIDs, counts and ports decimal;
// LogonIds hexadecimal, as in 0x3e7; GUIDs in upper case without braces; accounts
// DOMAIN\user as the record writes them.
//
//	what           sha256, imphash, company, product, description, original_name,
//	               signed (yes, no: as stated, not verified), signer,
//	               lookalike_of (the well-known name it resembles),
//	               misplaced (the folder in which Windows keeps a file of this name)
//	appeared       time; si_created, fn_created, logged (Sysmon 11): the clocks
//	original_name  path (at its creation), stated_name (of the version information)
//	writer         image, pid, process_guid, command_line, parent_image, parent_pid
//	account        user, sid, logon_id
//	arrival        kind (download, web_upload, rdp, smb, dropped), url, referrer,
//	               address, via (the file that brought it, where not by itself)
//	logon          logon_id, logon_type, time, address, workstation, user,
//	               session_end
//	web_entry      image, pid (of the web server process); method, url, address,
//	               time, status, user_agent (of the request)
//	executed       time (of the first run), count, parent_image, user, pid,
//	               process_guid, logon_id, last (time of the last run)
//	autostart      category, name, location, written, command, state (held or
//	               disabled, by a hive; removed, where a log tells that it was
//	               made and the hive holds it no more; logged, where there is no
//	               hive to tell): for each
//	companions     file: for each
//	reach          address, port, host: for each
//
// # How each answer is found, and graded
//
//   - what: recorded, from the content; inferred where the content is gone and
//     a log tells hashes and version strings of that path.
//   - appeared: the $FILE_NAME creation time and Sysmon 11, which must agree
//     within two seconds. Recorded where all clocks agree, also if there is only
//     the $MFT; where $STANDARD_INFORMATION differs, corroborated when $FILE_NAME
//     and Sysmon agree against it, or Sysmon 2 tells who changed it; else inferred
//     with the others as rivals. Inferred too where the order of the $MFT entries
//     says that it was later.
//   - original_name: recorded where Sysmon 11 names the path of the creation;
//     else inferred from the version information, where that states another name.
//   - writer: recorded by Sysmon 11 and its ProcessGuid. Inferred where that has
//     another time than the file, and so may be of another file that had the
//     path; and where another process wrote to the file later. Without Sysmon 11
//     never more than inferred: a process (4688, Sysmon 1) that ran at the time of
//     creation and whose command line names the file; the rivals are those that
//     ran at that time under the owner's account.
//   - account: recorded by the writer's process record, where the writer is;
//     inferred from the owner of the file where there is none.
//   - arrival: recorded by the subject's own Zone.Identifier; corroborated where
//     the writer's file carries one, or the command line of the recorded writer
//     names the address; else inferred.
//   - logon: recorded by the 4624 with the LogonId of the writer's process in
//     the same boot; corroborated where only Terminal Services log a session of
//     that user with the session number of the process; inferred where they log
//     one of that user at that time.
//   - web_entry: corroborated where the writer descends from a web server's
//     process and exactly one request fits; inferred where one of the two is
//     missing, several requests fit (rivals), or the one that fits asks for a file
//     that runs nothing. Searched empty where the
//     ancestors of the writer are known and no web server is among them.
//   - executed: recorded by 4688 or Sysmon 1 with the subject as image. What had
//     its path before it was created was another file, unless Sysmon logged the
//     same hash.
//   - autostart: recorded by a hive that names the subject in a command. Where
//     there is no such hive, 7045, 4697, 4698 and Sysmon 13 tell that it was made,
//     not that it is still there: corroborated where two of them do, else inferred.
//   - companions: recorded by Sysmon 11 with the ProcessGuid of the writer, within
//     ten minutes; inferred from $MFT entries and times beside the subject's.
//   - reach: recorded by Sysmon 3 with the ProcessGuid, or the path, of a run.
//
// # Contradictions
//
//	si_before_fn        the $STANDARD_INFORMATION times lie before the $FILE_NAME times
//	zero_subseconds     a time of the subject has no fraction of a second
//	creation_differs    the creation time differs from the one that Sysmon 2 or 11 logged
//	time_changed        Sysmon 2: a process changed the creation time
//	entry_order         the $MFT entry was taken later than the creation time says
//	link_time_after     the executable was linked after the file was created
//	content_replaced    another process wrote to the file after its creation
//	hash_differs        the content has another hash than the one logged
//	mark_removed        a Zone.Identifier was logged, and the file has none
//	owner_not_writer    the owner is another account than that of the writer
//	run_without_file    a process was logged, and its file is gone
//	ran_before_creation the path was run before the file was created
//	service_before_file the service was registered before its file was created
//	logon_id_reused     the LogonId of the writer names another session in another boot
//	clock_changed       the machine's clock was set by more than a minute
//	log_cleared         a log was cleared
//	log_starts_after    a log begins after the creation
//	record_gap          record numbers are missing in a log
//	no_process_audit    the Security log covers the creation and holds no 4688 at all
//
// # Security
//
// All strings of a report are made of evidence, which the attacker writes. They
// are bounded in length but not escaped: the Write methods of [Report] escape
// for their format. Memory grows with the event-log records that name
// processes, files and sessions, and with nothing that evidence merely states.
package origin
