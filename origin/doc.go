// Package origin reports where a file came from: what it is, when it appeared, who
// wrote it, under which account, where that account was logged on from, what runs it,
// and what contradicts these answers.
//
// [Investigate] collects the events of a volume with package timeline and answers the
// same [Question]s about every file. Each [Answer] has a [Grade] and cites the
// records it rests on. Evidence that disagrees is listed as [Contradiction]s, and the
// [Coverage] lists the artifacts that were available. [Report.WriteText] writes a
// report that an analyst can paste into a ticket, [Report.WriteJSON] one for
// programs, [Report.WriteHTML] a page.
//
// Windows keeps its logs on its own volume. If the subject is on another volume, add
// that of Windows by [WithVolume].
//
// # Terminology
//
// The subject is the file under investigation. The writer is the process that created
// it. A run is a process whose image is the subject. A boot is the time from one
// start of the machine to the next: PIDs and LogonIds are valid only within one boot.
// A session is a logon, with everything that happens under its LogonId.
//
// # Grades
//
// An answer is never graded better than the weakest step that leads to it.
//
//   - Recorded: every step is one record that names both ends: a ProcessGuid that
//     names the process in the record of the file, a LogonId that names the session
//     in the record of the process, an $MFT record that holds the stream.
//   - Corroborated: a step has no such record, but two artifacts written by different
//     parts of Windows agree on it, and nothing else fits.
//   - Inferred: a step is an overlap of times, a name in a command line, or a path.
//     The rivals are the alternatives that fit as well.
//   - Unknown: source_absent if no artifact that would record it is available, or
//     none that logs such things; outside_retention if the artifacts that would
//     record it do not cover the time of the subject's creation; searched_empty if
//     they cover it but hold no match.
//
// # Facts
//
// The facts of an answer are its parts, for programs to compare. A fact that is not
// known is omitted. If an answer names several things, its facts repeat for each, in
// the order of the answer. The forms of the values are:
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
//	               signed         yes|no    whether it has an embedded signature, which is not
//	                                        verified
//	               signer         text      the subject of the certificate that the signature names
//	               lookalike_of   text      the well-known name that its name resembles
//	               misplaced      text      the end of the folder in which Windows keeps a file of
//	                                        this name
//	appeared       time           time      of its creation
//	               si_created     time      in $STANDARD_INFORMATION
//	               fn_created     time      in $FILE_NAME
//	               logged         time      in Sysmon 11
//	original_name  path           path      at its creation
//	               stated_name    text      claimed by the version information
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
//	               url            url       it came from; for a web_upload, the page it was sent to
//	               referrer       url       of the page that linked to it
//	               address        address   it came from
//	               via            path      of the program that dropped it
//	logon          (for each session, the writer's own first)
//	               logon_id       logon id
//	               logon_type     number
//	               time           time      of the logon
//	               address        address   of the client, unless it was the machine itself
//	               workstation    text      claimed by the client
//	               user           account
//	               session_end    time      of the logoff
//	web_entry      image          path      of the web server's process
//	               pid            number    of that process
//	               method         text      of the request
//	               url            url       of the request, below the site
//	               address        address   of the client
//	               time           time      of the request
//	               status         number    of the response
//	               user_agent     text      claimed by the client
//	executed       time           time      of the first run
//	               count          number    of all runs
//	               parent_image   path      of the process that started the first run
//	               user           account   of the first run
//	               pid            number    of the first run
//	               process_guid   guid      of the first run
//	               logon_id       logon id  of the first run
//	               last           time      of the last run
//	autostart      (for each autostart)
//	               category       text      as in package registry, or task
//	               name           text      of the service, the value, the task
//	               location       text      the key, or the path of the task
//	               written        time      when the key was written; if only a log records it, the
//	                                        time of that record
//	               command        text
//	               state          held|disabled|removed|logged
//	                                        held or disabled according to a hive; removed if a log
//	                                        records its creation but the hive no longer holds it;
//	                                        logged if the hive is not available
//	companions     (for each file)
//	               file           path
//	reach          (for each other end)
//	               address        address   of the other end
//	               port           number    of the other end
//	               host           text      name of the other end
//
// # How each answer is found, and graded
//
//   - what: recorded, from the content; inferred if the content is gone and a
//     log records hashes and version strings for that path.
//   - appeared: the $FILE_NAME creation time and Sysmon 11, which must agree
//     within two seconds. Recorded if all clocks agree, even if there is only
//     the $MFT. If $STANDARD_INFORMATION differs, corroborated if $FILE_NAME
//     and Sysmon agree against it, or if Sysmon 2 records who changed it; else
//     inferred, with the other times as rivals. Also inferred if the order of
//     the $MFT entries shows a later time.
//   - original_name: recorded if Sysmon 11 names the path of the creation; else
//     inferred from the version information, if that claims another name.
//   - writer: recorded by Sysmon 11 and its ProcessGuid. Inferred if that
//     record has another time than the file, and so may be of another file that
//     had the path, or if another process wrote to the file later. Without
//     Sysmon 11 at most inferred: a process (4688, Sysmon 1) that was running
//     at the time of creation and whose command line names the file. The rivals
//     are those that were running at that time under the owner's account.
//   - account: recorded by the writer's process record if the writer is
//     recorded; inferred from the owner of the file if the writer is unknown.
//   - arrival: recorded by the subject's own Zone.Identifier; corroborated if
//     the writer's file has one, or if the command line of the recorded writer
//     names the address; else inferred.
//   - logon: recorded by the 4624 with the LogonId of the writer's process in
//     the same boot; corroborated if only Terminal Services log a session of
//     that user with the session number of the process; inferred if they log a
//     session of that user at that time.
//   - web_entry: corroborated if the writer descends from a web server's
//     process and exactly one request fits; inferred if one of the two is
//     missing, if several requests fit (rivals), or if the request that fits
//     asks for a file that runs nothing. Searched empty if the ancestors of the
//     writer are known and no web server is among them.
//   - executed: recorded by 4688 or Sysmon 1 with the subject as image. A run
//     of its path before its creation was a run of another file, unless Sysmon
//     logged the same hash.
//   - autostart: recorded by a hive that names the subject in a command.
//     Without such a hive, 7045, 4697, 4698 and Sysmon 13 record that the
//     autostart was created, not that it still exists: corroborated if two of
//     them do, else inferred.
//   - companions: recorded by Sysmon 11 with the ProcessGuid of the writer,
//     within ten minutes; inferred from $MFT entries and times near the
//     subject's.
//   - reach: recorded by Sysmon 3 with the ProcessGuid, or the path, of a run.
//
// # Contradictions
//
// The questions in parentheses are those whose answers a contradiction touches, as in
// its Touches. A contradiction about a log touches the answers from records of that
// log.
//
//	si_before_fn        the $STANDARD_INFORMATION times are before the $FILE_NAME times (appeared)
//	zero_subseconds     a time of the subject has no fraction of a second (appeared)
//	creation_differs    the creation time differs from the one that Sysmon 11 logged (appeared)
//	time_changed        Sysmon 2: a process changed the creation time (appeared)
//	entry_order         the $MFT entry was allocated later than the creation time (appeared)
//	link_time_after     the executable was linked after the file was created (what, appeared)
//	content_replaced    another process wrote to the file after its creation (writer, account,
//	                    arrival)
//	hash_differs        the hash of the content differs from a logged hash (what, executed)
//	mark_removed        a Zone.Identifier was logged, but the file no longer has one (arrival)
//	owner_not_writer    the owner is not the account of the writer (writer, account)
//	run_without_file    the file ran, but is gone (what, executed)
//	ran_before_creation a program with this path ran before the file was created (appeared,
//	                    executed)
//	service_before_file the service was registered before its file was created (appeared, autostart)
//	logon_id_reused     the LogonId of the writer names another session in another boot (logon)
//	clock_changed       the machine's clock was set by more than a minute (appeared, logon,
//	                    web_entry, executed)
//	log_cleared         a log was cleared (what that log answers)
//	log_starts_after    a log begins after the creation (what that log answers)
//	record_gap          record numbers are missing in a log (what that log answers)
//	no_process_audit    the Security log covers the creation but holds no event 4688 (writer,
//	                    web_entry, executed)
//
// # Security
//
// All strings of a report are made of evidence, which the attacker writes. They are
// bounded in length but not escaped: the Write methods of [Report] escape them for
// their format. Memory grows with the event-log records that name processes, files
// and sessions, and with nothing that evidence merely claims.
package origin
