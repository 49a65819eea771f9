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
//   - Corroborated: a step has no such record, but two artifacts agree on it that
//     different parts of Windows write, that the same administrator cannot rewrite with
//     the same ease, and nothing else fits.
//   - Inferred: a step is an overlap of times, a name in a command line, or a path.
//     The rivals are the alternatives that fit as well.
//   - Unknown: source_absent if no artifact that would record it is in the evidence;
//     source_unreadable if such artifacts could not be opened or decoded;
//     outside_retention if they do not cover the time in question: the creation or, for
//     what may have happened at any time since, all the time to the last record;
//     partly_searched if a part of them could not be searched, which the answer lists;
//     searched_empty if all was searched and nothing matches.
//
// # Machines
//
// Records are joined only if they name the same machine: that of the volume, as its
// hives name it, else the one whose records prevail in the logs. Names that it had
// before count as its own if System 6011 records the change. Records of other machines,
// in forwarded or copied logs, support no answer: the report lists under Elsewhere those
// that name a file with the subject's path.
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
//	               sha1           hash      of the content, if only the Amcache has one
//	               kind           text      of the file, by its content, else by its name
//	               imphash        hash      of the names that an executable imports
//	               company        text      claimed by the version information
//	               product        text      claimed by the version information
//	               description    text      claimed by the version information
//	               original_name  text      claimed by the version information
//	               signed         yes|no    whether it has an embedded signature, which is not
//	                                        verified
//	               signature      unsigned|cataloged|unverified|malformed|uncovered|tampered
//	                                        what its signatures show: cataloged, if only a catalog
//	                                        has one
//	               signer         text      the subject of the certificate that the signature names
//	               catalog        path      of the catalog that lists it
//	               catalogs       number    of the catalogs that were searched for it
//	               catalogs_unreadnumber    of those that could not be
//	               problems       number    of its structure
//	               lookalike_of   text      the well-known name that its name resembles
//	               misplaced      text      the folder in which a file of this name belongs
//	               masquerade     text      the rules of which its name and its place have signs
//	appeared       time           time      of its creation
//	               si_created     time      in $STANDARD_INFORMATION
//	               fn_created     time      in $FILE_NAME
//	               logged         time      in Sysmon 11
//	               journal        time      in the change journal
//	               transaction    time      of the creation in the transaction log
//	               timestomp      number    from 0 to 100: how much the times look like set by a
//	                                        program, see mft.Reader.TimestompWith
//	               deleted        time      of its deletion, if the change journal has it
//	               not_yet        time      of the last shadow copy that does not have it yet
//	               there          time      of the first shadow copy that has it
//	original_name  path           path      at its creation, or the earliest known
//	               renamed_to     path      of the names and places that it had since, in order
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
//	               disabled       yes|no    whether the SAM has the local account as disabled
//	               named          time      since when the SAM has the local account under its name
//	               last_logon     time      of the local account, in the SAM
//	               group          text      of the machine that the local account is a member of
//	arrival        kind           download|web_upload|rdp|smb|dropped|extracted|intranet|copied|moved
//	               url            url       it came from; for a web_upload, the page it was sent to
//	               referrer       url       of the page that linked to it
//	               address        address   it came from
//	               via            path      of the program that dropped it, or of the file that it
//	                                        was extracted or copied from
//	               operation      text      that leaves its times, as package mft names it
//	               volume         text      identifier of the volume that it was moved from
//	logon          (for each session, the writer's own first)
//	               logon_id       logon id
//	               logon_type     number
//	               time           time      of the logon
//	               address        address   of the client, unless it was the machine itself
//	               from           address|itself|not_recorded
//	                                        whether the client was another machine, the machine
//	                                        itself, or the record has no address
//	               workstation    text      claimed by the client
//	               user           account
//	               session_end    time      of the logoff
//	web_entry      image          path      of the web server's process
//	               pid            number    of that process
//	               pool           text      the application pool of IIS that it runs, or whose
//	                                        account owns the file
//	               site           text      the site of IIS that answered the request
//	               method         text      of the request
//	               url            url       of the request, below the site
//	               address        address   of the other end of the connection, which may be a proxy
//	               forwarded_for  address   of the client, according to a proxy: the last that is
//	                                        not a proxy's in what it added to the request
//	               time           time      of the request
//	               status         number    of the response
//	               user_agent     text      claimed by the client
//	               own_url        url       under which a web server serves the file, if it was
//	                                        requested
//	               own_requests   number    of requests for the file itself after its creation
//	executed       proves         presence|load|execution
//	                                        what the decisive record proves
//	               time           time      of the first run
//	               count          number    of all runs
//	               host           path      of the program that loaded or ran it, if it is not a
//	                                        program itself
//	               parent_image   path      of the process that started the first run
//	               user           account   of the first run
//	               pid            number    of the first run
//	               process_guid   guid      of the first run
//	               logon_id       logon id  of the first run
//	               last           time      of the last run
//	               by             time      when it was recorded that it had run in the hour before,
//	                                        if nothing records a run
//	autostart      (for each autostart)
//	               category       text      as in package registry, or task, startup, wmi, bits or
//	                                        logon-screen
//	               name           text      of the service, the value, the task, the consumer, the
//	                                        job of BITS, the file in a startup folder; what a user
//	                                        does on the logon screen
//	               location       text      the key, the path of the task, the namespace of WMI, the
//	                                        queue of BITS, or the startup folder
//	               written        time      when the key was written, the task registered, the job
//	                                        of BITS changed or the file created; if only a log
//	                                        records it, the time of that record
//	               command        text
//	               not_yet        time      of the newest shadow copy in which it differs, if that
//	                                        does not have it yet
//	               was            text      the command in the newest shadow copy in which it
//	                                        differs
//	               state          held|disabled|unregistered|unused_set|removed|logged|former|deleted
//	                                        held or disabled according to a hive, a file, the
//	                                        repository of WMI, where a consumer without a binding is
//	                                        disabled, or the queue of BITS; unregistered if only the
//	                                        file of a task has it, and the registry, from which
//	                                        tasks are started, does not; unused_set if only a
//	                                        control set has it that was not in use, such as the last
//	                                        known good configuration; removed if a log records its
//	                                        creation but the hive or the folder no longer holds it,
//	                                        and if a job is left from before and no longer in the
//	                                        queue of BITS; former if only a shadow copy has it;
//	                                        deleted if it is left in deleted keys or values of a
//	                                        hive; logged if the hive or the folder is not available
//	               role           starts|loads|opens|copies|streams|writes|moves|deletes|passes|mentions
//	                                        what its command does with the file; only the first five
//	                                        start it, a copy of it, or a stream of it
//	               hidden         text      of a task: why the tools of Windows do not list it
//	               differs        text      of a task: how its file and the registry differ
//	               off            text      what turns it off, such as LoadBehavior 2 or Secure Boot
//	               off_for        text      the accounts for which something turns it off that is on
//	                                        for others
//	               done_for       text      the accounts for which Active Setup ran it, and does not
//	                                        run it again
//	               replaces       text      the file of Windows in whose place it is, if the
//	                                        autostart is that of Windows and it does not claim to be
//	                                        that file
//	               undecided      text      what decides whether it is on, and is not known
//	               earlier        text      what earlier versions of the hive have: the copies in
//	                                        RegBack, and those that end with .SAV, .BAK or .OLD
//	companions     (for each file)
//	               file           path
//	               deleted        time      of its deletion, if the change journal has it
//	reach          (for each other end)
//	               address        address   of the other end
//	               port           number    of the other end
//	               host           text      name of the other end
//
// # Rules
//
// A rule is one way to answer a question: it looks for candidates, and gives them a grade
// at most, which its traps lower. All rules of a question are asked. The best candidate
// is the answer; those that say the same from an independent source corroborate it, the
// others are its rivals. No answer is graded better than those that it rests on, nor
// better than the contradictions that touch it allow.
//
//	what.content             recorded: the content of the file; inferred if the file was deleted,
//	                         and its clusters are free: another file may have used them since
//	what.logged              inferred: the hashes and version strings that a log records for that
//	                         path, if the content is gone
//	what.scanned             inferred: the hashes with which Defender asked its cloud about that
//	                         path, if the content is gone (MPLog)
//	what.detected            inferred: the SHA-256 that the detection history of Defender has of
//	                         that path, if the content is gone
//	what.inventoried         inferred: the SHA-1 that the Amcache has of that path, if the content
//	                         is gone; inferred if the file is larger than what the SHA-1 is of
//	what.snapshot            recorded: the content of the file in the newest shadow copy that has
//	                         it, if the content is gone; inferred if nothing ties the file in the
//	                         shadow copy to this one but the path, if the size or the time of the
//	                         last change of the deleted record differs from that in the shadow copy
//	what.recycled            unknown: the recycle bin, if the file was moved there
//	appeared.journal         recorded: the record of the change journal with which the file, by its
//	                         entry and sequence number, was created; inferred if the record of the
//	                         creation itself is lost: a later one has it among its reasons, if the
//	                         times of the journal go back: the machine's clock was set within a day
//	                         of the creation, if no record of the $MFT ties the file to the journal:
//	                         another file may have had its path, if nothing shows that the journal
//	                         is of the same volume as the $MFT
//	appeared.logfile         recorded: the operation in the transaction log with which the record of
//	                         the file, by its entry and sequence number, was made, and the time that
//	                         NTFS wrote into it; inferred if the times that NTFS wrote before and
//	                         after it are not in order: the machine's clock was set, if no record of
//	                         the $MFT ties the file to the log: another file may have had its path
//	appeared.slack           inferred: another creation time that the file had before, in an index
//	                         entry in slack with its file reference, or in a $FILE_NAME in the slack
//	                         of its own $MFT record
//	appeared.clocks          recorded: the creation times of $FILE_NAME and $STANDARD_INFORMATION,
//	                         and of Sysmon 11, which agree within two seconds; without Sysmon, 4663
//	                         or 5145 for the path at that time with the right to write; inferred if
//	                         only the $MFT records the time, and any program can set both of its
//	                         clocks, if the clocks differ, and no other record explains it
//	appeared.snapshot        inferred: the creation time in the $MFT of the newest shadow copy that
//	                         has the file, if the file is gone from the $MFT
//	appeared.order           inferred: the files whose $MFT entries are next to the file's, and were
//	                         created before and after it in the order of their entries
//	original_name.journal    recorded: the path in the record of the change journal with which the
//	                         file, by its entry and sequence number, was created, and the renames
//	                         since; inferred if the journal does not hold the creation: the file may
//	                         have had other names before, if a folder of the path is gone, and
//	                         neither the journal nor the $MFT has its name, if no record of the $MFT
//	                         ties the file to the journal: another file may have had its path, if
//	                         nothing shows that the journal is of the same volume as the $MFT
//	original_name.logfile    recorded: the path in the operation of the transaction log with which
//	                         the file, by its entry and sequence number, was created, and the
//	                         renames since; inferred if the log does not hold the creation: the file
//	                         may have had other names before, if a folder of the path is gone, and
//	                         neither the log nor the $MFT has its name, if no record of the $MFT
//	                         ties the file to the log: another file may have had its path
//	original_name.created    recorded: the path in the record of the creation; inferred if the
//	                         record of the creation and the file have different times
//	original_name.slack      inferred: another name in the slack of a folder's index, with the file
//	                         reference of the file, or in the slack of its own $MFT record; inferred
//	                         if the name has another creation time than the file: its times were
//	                         set, or the name is another file's, if a folder of the path is gone,
//	                         and nothing has its name
//	original_name.renamed    inferred: Sysmon 11 for another name, which no file has now, with the
//	                         creation time of the file; inferred if several files were created at
//	                         that time whose names no file has now
//	original_name.linked     inferred: another path in a link or a jump list with the file's entry
//	                         of the $MFT; inferred if nothing ties the volume of the link to that of
//	                         the file
//	original_name.tracked    inferred: another path in a link or a jump list with the object
//	                         identifier of the file; inferred if the link has the identifier of
//	                         another volume: the file was moved from there, or one of the volumes is
//	                         a copy of the other, if the identifier of the file's volume is not
//	                         known
//	original_name.version    inferred: another name in its version information
//	writer.sysmon            recorded: Sysmon 11 for the path, and the process that its ProcessGuid
//	                         names; inferred if the file existed before Sysmon logged anything about
//	                         it, if the record has another time than the file, and may be of another
//	                         file with this path, if another process wrote to the file later
//	writer.object            recorded: 4663 for the path with the right to write, at its creation,
//	                         and the process that it names; inferred if only 4656 records it: a
//	                         handle with the right to write was opened, which need not have been
//	                         used, if several processes opened the file for writing at that time
//	writer.journal           corroborated: Sysmon 11 for the path that the file had, according to
//	                         the change journal or the transaction log, when it was created: a
//	                         rename is not in Sysmon's log; inferred if several processes created
//	                         files at that time with that path
//	writer.share             corroborated: 5145 for the path with the right to write, at its
//	                         creation in the $MFT: the kernel wrote it for a client of the share;
//	                         inferred if several clients opened the file for writing at that time
//	writer.renamed           inferred: Sysmon 11 for another name, which no file has now, with the
//	                         creation time of the file: a rename keeps it, as that of a browser's
//	                         .crdownload; inferred if several processes created files at that time
//	                         whose names no file has now
//	writer.script            inferred: a script of PowerShell that was logged shortly before the
//	                         creation, or a command that was logged after it, and writes the file
//	                         (4104, 4103)
//	writer.naming            inferred: a process that was running at the creation, and whose command
//	                         line names the file
//	writer.detected          inferred: the process that Defender names for a detection of the file,
//	                         or keeps from the file, within seconds of its creation (1116, MPLog,
//	                         the detection history)
//	account.share            corroborated: the client in the 5145 of the file; inferred if several
//	                         clients opened the file for writing at that time
//	account.queue            corroborated: the owner of the job in the queue of BITS that downloaded
//	                         the file: BITS writes a file as the owner of its job; inferred if the
//	                         file does not have as many bytes as the job transferred, or the job did
//	                         not transfer all of them, if it was not created while the job was in
//	                         progress, and does not have the time that the server named
//	account.job              corroborated: the owner of the BITS job whose transfer brought the file
//	                         (BITS 3, 59): BITS writes a file as the owner of its job; inferred if
//	                         only the number of bytes and the time of the transfer fit
//	account.client           inferred: the owner of a file that the kernel wrote for the client of a
//	                         share
//	account.writer           recorded: the account in the record of the writer; inferred if the
//	                         writer is a service that acts for its clients: the kernel, which serves
//	                         file shares, or one that wrote a file with another owner
//	account.owner            inferred: the owner of the file; inferred if the owner is the group of
//	                         administrators, which owns what any of its members creates with
//	                         elevated rights
//	arrival.mark             recorded: the file's own Zone.Identifier; inferred if its zone is that
//	                         of the machine, the intranet or a trusted site
//	arrival.mark_logged      recorded: the Zone.Identifier that Sysmon 15 logged, if the file no
//	                         longer has one
//	arrival.queue            recorded: a file in the queue of BITS, or left in the file of that
//	                         queue from before, that was downloaded to the path of the file, or
//	                         whose temporary name the file has; inferred if the file does not have
//	                         as many bytes as the job transferred, or the job did not transfer all
//	                         of them, if it was not created while the job was in progress, and does
//	                         not have the time that the server named
//	arrival.argument         corroborated: the address in the writer's command line that this
//	                         program takes as its source; inferred if what the program does with the
//	                         address is not known, if the command line names several addresses
//	arrival.copy             corroborated: the file in the writer's command line that it copies,
//	                         fetches from a share or unpacks, and that file's mark of the web;
//	                         inferred if the command line copies several files, if the file that has
//	                         the path of the source now has another content
//	arrival.share            corroborated: 5145 for the path with the right to write, at its
//	                         creation: a client wrote it to a share; inferred if clients at several
//	                         addresses opened the file for writing at that time
//	arrival.upload           corroborated: the request with a body to the web server that wrote the
//	                         file itself, or that started the program that wrote it; inferred if a
//	                         program that the web server started wrote it, and may have fetched it
//	                         from elsewhere
//	arrival.bits             corroborated: a transfer of BITS of as many bytes as the file has,
//	                         which was in progress at the creation, and whose time of the file on
//	                         the server is the file's time of modification; inferred if only the
//	                         number of bytes and the time of the transfer fit
//	arrival.detected         recorded: the URL that Defender has for a detection of the file as a
//	                         download (1116, 1117, the detection history); inferred if the record
//	                         has no hash, or the content cannot be read: another file may have had
//	                         this path
//	arrival.cryptnet         corroborated: an address in a CryptnetUrlCache, as certutil -urlcache
//	                         leaves it, whose content is that of the file; inferred if the content
//	                         in the cache is gone: only its size and the time of the download fit
//	arrival.document         corroborated: the document, script or archive in the writer's command
//	                         line that has a mark of the web; inferred if what the writer opened may
//	                         have fetched it from elsewhere
//	arrival.writer_mark      corroborated: the mark of the web of the writer's own file, which came
//	                         shortly before; inferred if the writer's file is older than minutes: it
//	                         is a tool that was there, and what it wrote need not have come with it,
//	                         if the file that has the mark was created after the writer ran, if the
//	                         writer is a program that fetches files from elsewhere
//	arrival.kernel           inferred: the kernel as writer, which serves file shares, and the
//	                         network sessions that were open
//	arrival.desktop          inferred: a writer that copies files by hand, in a session of Remote
//	                         Desktop
//	arrival.twin             inferred: an older file with the same content and the same time of
//	                         modification, which a copy keeps, and that file's mark of the web
//	arrival.opened           inferred: a file of the same name, size and time of modification that a
//	                         user opened from a removable drive, an optical disc or a share (links,
//	                         jump lists); inferred if that file was opened after this one had come
//	                         to be, or at an unknown time: the copy may have gone there
//	arrival.history          inferred: a line in the history of PowerShell of an account that writes
//	                         the file, and the source that it takes; inferred if a line of the
//	                         history has no time: it may be older than the file
//	arrival.package          inferred: the package that Windows Installer installed at the creation
//	                         (1040, 1042)
//	arrival.connection       inferred: what the writer exchanged traffic with before (Sysmon 3)
//	arrival.name             inferred: the names that the writer asked DNS for before (Sysmon 22,
//	                         DNS client 3006, 3008)
//	arrival.journal          inferred: a name or folder that the file had first, according to the
//	                         change journal or the transaction log, and that programs use for what
//	                         they download or extract
//	arrival.program          inferred: a writer that is not part of Windows
//	arrival.tracked          inferred: another volume in the index of object identifiers, on which
//	                         the file was when it got its first one
//	arrival.operation        inferred: the operation that leaves the file's eight times in the $MFT,
//	                         if only one way of arrival leaves them
//	arrival.mounted          unknown: shares that users connected to in the hour before its creation
//	                         (MountPoints2)
//	logon.session            recorded: the 4624 with the LogonId of the writer's process in the same
//	                         boot; inferred if no log covers the time between the logon and the
//	                         process: a restart would have given the LogonId to another session, if
//	                         the process ran as another account than that of the session, if the
//	                         session ended before the process started
//	logon.share              corroborated: the 4624 of the client in the 5145 of the file; inferred
//	                         if no log covers the time between the logon and the access
//	logon.maker              corroborated: the session in which the service or task was made that
//	                         the writer runs in (4697, 4698); inferred if the program of the service
//	                         or task is known only by its path
//	logon.registrar          inferred: the sessions that were open of the account that registered or
//	                         changed the task in which the writer runs (TaskScheduler 106, 129, 140)
//	logon.terminal           corroborated: a session of Terminal Services of that user, with the
//	                         session number of the process, if the 4624 is missing; inferred if only
//	                         user and time match: the number of the process's session is not
//	                         recorded, or several sessions fit
//	logon.owner              inferred: the sessions that the owner of the file had open, if the
//	                         session of the writer is unknown or the writer acts for clients
//	logon.access             inferred: the addresses from which the account used a role of this
//	                         server on the day of the creation, if the 4624 is missing (UAL);
//	                         inferred if the account used roles of the server from several addresses
//	                         on that day
//	logon.agent              unknown: an agent of remote management among the writer and its
//	                         ancestors: whoever gave the command did so elsewhere, and only that
//	                         service records it
//	web_entry.process        corroborated: a web server among the writer and its ancestors, and the
//	                         one request to its application pool that was in progress when it acted;
//	                         inferred if no request that was logged fits the time, if several
//	                         requests fit the time, if the request that fits asks for a file that
//	                         runs nothing, if the only requests that fit come at regular intervals,
//	                         as checks of a server do, if lines of the web log at that time could
//	                         not be read, if nothing but the request says that the program is a web
//	                         server
//	web_entry.pool           inferred: without a known writer, an owner that is the account of an
//	                         application pool, or a place in the folder of a site, and a request
//	                         with a body that was in progress at the creation; inferred if several
//	                         requests fit the time, if the only requests that fit come at regular
//	                         intervals, as checks of a server do, if lines of the web log at that
//	                         time could not be read
//	web_entry.size           inferred: without a known writer, a request whose bytes are those of
//	                         the file and a little more, as it is or in Base64, that was in progress
//	                         at the creation; inferred if several requests fit the time and the
//	                         size, if the only requests that fit come at regular intervals, as
//	                         checks of a server do, if lines of the web log at that time could not
//	                         be read
//	executed.process         recorded: the starts of processes with the file as image; inferred if
//	                         the path is that of a volume which nothing ties to the file's drive, if
//	                         a clock of the file itself has a later creation
//	executed.did             recorded: what it did: records that have the file as the running
//	                         program, such as its files, connections and children; inferred if the
//	                         path is that of a volume which nothing ties to the file's drive, if a
//	                         clock of the file itself has a later creation
//	executed.prefetch        recorded: the prefetch file of the program: its runs, on the file's
//	                         volume, by its entry of the $MFT; inferred if the prefetch file has the
//	                         name of the program, and its path is not among the files that it
//	                         opened, if the hash of the prefetch file is not that of the path, if
//	                         nothing ties the volume of the prefetch file to that of the file, if
//	                         the program that ran had another entry of the $MFT, if a clock of the
//	                         file itself has a later creation
//	executed.loaded          recorded: the processes that loaded it as a library or driver (Sysmon
//	                         6, 7); inferred if a clock of the file itself has a later creation
//	executed.host            inferred: the processes that run files of its kind, and name it in
//	                         their command line
//	executed.service         inferred: 7036: a service whose command starts the file was running
//	executed.scanned         inferred: the process that Defender names in its protection log: its
//	                         behavior, or the cost of scanning what it opened (MPLog); inferred if
//	                         the log has the name of the program, and not its path
//	executed.traced          inferred: the last run: of the Background Activity Moderator (BAM,
//	                         DAM), and of the Explorer (UserAssist); and of the Program
//	                         Compatibility Assistant (PCA)
//	executed.task            inferred: the last run of a scheduled task of the registry whose
//	                         command starts the file, if it did not fail and the task was not
//	                         changed since
//	executed.used            inferred: the hours in which the program used the processor, the disk
//	                         or the network (SRUM); inferred if SRUM has the name of the program,
//	                         and not its path, if the hour of the record began before the file was
//	                         there
//	executed.opened          inferred: that a user opened it by way of the shell, if that starts it
//	                         (links in Recent), or other files with it (the jump list of its AppID);
//	                         inferred if the file that was opened had another entry of the $MFT
//	executed.shimcache       inferred: an entry of the ShimCache that records the execution (Windows
//	                         Vista to 8.1); inferred if the file that was executed had been modified
//	                         at another time
//	executed.typed           inferred: a command that a user typed into Run of the start menu, and
//	                         that starts it (RunMRU); inferred if only the last command has the time
//	                         of the list: this one was typed before
//	executed.present         unknown: traces that it was there, which do not show that it ran:
//	                         ShimCache, Amcache, MUICache, FeatureUsage, the Compatibility Assistant
//	executed.registered      unknown: a name that App Paths has for it: whoever starts that name
//	                         starts it
//	executed.journal         inferred: the records of the change journal that a prefetch file with
//	                         the name of the program was written, also if it is gone: Windows writes
//	                         it about ten seconds after a start
//	executed.request         corroborated: requests for it that a web server answered, if web
//	                         servers run files of its kind, and a process that the server started
//	                         while it answered one; inferred if only the web server's log says so,
//	                         and an error page may have the status of success, if the server
//	                         answered other requests too when it started the process
//	autostart.held           recorded: the autostarts that hives, files of tasks, startup folders,
//	                         the repository of WMI and the queue of BITS hold, and that the logs
//	                         record as new (7045, 4697, 4698, 4702, WMI-Activity 5861, Sysmon 13,
//	                         20), whose commands start the file; inferred if no hive and no file
//	                         shows whether the autostart still exists, if it is a job of BITS that
//	                         left the queue, and whether BITS had run its command is not recorded
//	autostart.logon_screen   inferred: that it is in the place of a program of Windows that the
//	                         logon screen starts (sethc, utilman, osk, …), and does not claim to
//	                         be that
//	autostart.snapshot       recorded: services, values, tasks, consumers of WMI events, jobs of
//	                         BITS and files in startup folders that shadow copies have, whose
//	                         commands start the file, if nothing else starts it; inferred if the
//	                         shadow copy does not show that the file with this path was the same
//	                         then
//	autostart.deleted        recorded: services, tasks and values whose commands start the file, in
//	                         what is left of deleted keys and values of the hives, if nothing else
//	                         starts it; inferred if what is left does not show in full where in the
//	                         hive it was
//	companions.beside        recorded: the files that its writer created within ten minutes, and
//	                         those that were created in its folder within two, also if they are
//	                         gone; inferred if a file is known from the $MFT, its slack, the change
//	                         journal or the transaction log only: its writer is not
//	reach.sysmon             recorded: Sysmon 3 with the ProcessGuid, or the path, of a run;
//	                         inferred if the path is that of a volume which nothing ties to the
//	                         file's drive, if a clock of the file itself has a later creation
//	reach.filtered           recorded: 5156 with the PID of a run, and the path: a connection that
//	                         the filtering platform allowed; inferred if no run with that PID was
//	                         logged, and the path is that of a volume which nothing ties to the
//	                         file's drive
//	reach.used               unknown: how much the program sent and received (SRUM), which is
//	                         recorded without the other end
//	reach.allowed            unknown: rules of the Windows Firewall for it: what it may do, and not
//	                         what it did
//
// # Contradictions
//
// The questions in parentheses are those whose answers a contradiction touches, as in
// its Touches. A contradiction about a log touches the answers from records of that
// log.
//
//	si_before_fn        the $STANDARD_INFORMATION times are before the $FILE_NAME times (appeared at
//	                    most corroborated)
//	zero_subseconds     a time of the subject has no fraction of a second (appeared)
//	creation_differs    the creation time differs from the one that Sysmon 11 logged (appeared at
//	                    most corroborated)
//	journal_differs     the creation time differs from that of the record of the creation in the
//	                    change journal (appeared at most corroborated)
//	journal_silent      the change journal covers the creation time without a gap, and has no record
//	                    of the creation (appeared at most inferred)
//	journal_renewed     the change journal was created within a day of the file, on an older volume
//	                    (appeared)
//	time_changed        Sysmon 2: a process changed the creation time (appeared at most
//	                    corroborated)
//	times_set_back      the transaction log records that the creation time was set back (appeared at
//	                    most corroborated)
//	log_differs         the creation time differs from that of the creation in the transaction log
//	                    (appeared at most corroborated)
//	slack_differs       slack has another creation time of the file (appeared at most corroborated)
//	snapshot_without    a shadow copy from after the creation time does not have the file (appeared
//	                    at most inferred, original_name at most inferred, writer at most inferred,
//	                    account at most inferred, arrival at most inferred)
//	entry_order         the $MFT entry was allocated later than the creation time (appeared at most
//	                    inferred, original_name at most inferred, writer at most inferred, account
//	                    at most inferred, arrival at most inferred)
//	link_time_after     the executable was linked after the file was created (what, appeared)
//	times_suspect       the times of the file have a high score as set by a program, see
//	                    mft.Reader.TimestompWith (appeared)
//	content_replaced    another process wrote to the file after its creation (writer at most
//	                    inferred, account at most inferred, arrival at most inferred)
//	hash_differs        the hash of the content differs from a logged hash (what, executed at most
//	                    inferred)
//	snapshot_differs    a shadow copy has other content of the file (what, writer at most inferred,
//	                    account at most inferred, arrival at most inferred)
//	signature_broken    the file names a signer, but is not what was signed, or runs more than that
//	                    (what)
//	image_unusual       the executable is damaged, or built as no linker does (what)
//	mark_removed        a Zone.Identifier was logged, but the file no longer has one (arrival)
//	owner_not_writer    the owner is not the account of the writer (writer, account)
//	run_without_file    the file ran, but is gone (what, executed)
//	ran_before_creation a program with this path ran before the file was created (appeared,
//	                    executed)
//	service_before_file the service was registered before its file was created (appeared, autostart)
//	logon_id_reused     the LogonId of the writer names another session in another boot (logon)
//	clock_changed       the machine's clock was set by more than a minute (appeared at most
//	                    corroborated, logon, web_entry at most inferred, executed)
//	machine_unsettled   the logs name several machines, and nothing settles which of them this is
//	                    (what that log answers)
//	other_name          records have another name for the machine (what that log answers)
//	log_cleared         a log was cleared (what that log answers)
//	log_starts_after    a log begins after the creation (what that log answers)
//	record_gap          record numbers are missing in a log (what that log answers)
//	no_process_audit    the Security log covers the creation but holds no event 4688 (writer,
//	                    web_entry, executed)
//	hive_dirty          a hive is dirty, and its newest changes are missing (what that hive answers)
//	account_hijacked    in the SAM an account has the RID of another, and so its rights (account at
//	                    most inferred, logon)
//	account_names       records have different names for an account, or the SAM hides it (account,
//	                    logon)
//	sam_foreign         the SAM is of another machine (account)
//
// # Security
//
// All strings of a report are made of evidence, which the attacker writes. They are
// bounded in length but not escaped: the Write methods of [Report] escape them for
// their format. Memory grows with the event-log records that name processes, files
// and sessions, and with nothing that evidence merely claims.
package origin
