// Package timeline turns the records of a volume's artifacts into events, each
// with its time, its kind and where it was read, and gives them in order of
// time: a super timeline.
//
// [Collect] takes a volume as an [io/fs.FS], usually an *mft.Volume or a
// triage folder, finds the artifacts in it and reads every one once. What it
// found, and what it looked for in vain, is the [Timeline.Coverage]. The events
// come from [Timeline.Events], [Timeline.Between], [Timeline.Around] and
// [Timeline.ByKind]; the Write functions export them.
//
// # Terminology
//
// An artifact is a file that Windows or a server keeps and that holds records: the
// $MFT, an event log, a registry hive, a Zone.Identifier stream, a web log. A record
// is what the artifact holds, as its parser package decodes it. An event is something
// that happened at one point in time; one record may tell of several ($MFT records
// tell of up to eight and more). The kind of an event says what happened,
// whichever artifact tells of it: 4688 of the Security log and 1 of the Sysmon
// log are both [ProcessStarted].
//
// # Memory
//
// A Timeline holds no events. It keeps a small reference, some tens of bytes,
// for each event-log record and for each 64 KiB of a web log, holds the hives, and
// reads the $MFT and web logs anew for what is asked: time and place of a record
// first, the event itself only when it is yielded. So a window of ten minutes costs
// ten minutes of events however large the artifacts are, and all events at once
// cost some tens of bytes each, those of registry keys about a hundred, those of a
// web log that is in order of time nothing.
//
// # Specifications
//
// The Timesketch export follows "Create timeline from JSON/JSONL/CSV file" of
// the Timesketch documentation and names attributes as plaso does; the bodyfile
// export follows "Body file" (format 3) of The Sleuth Kit's documentation.
//
// # Security
//
// Evidence is written by the attacker. The exports escape what it can smuggle
// into a terminal, a spreadsheet or another line: see each Write function. The
// texts of an Event are as the evidence has them: [Printable] makes them fit to be
// shown.
// Damage in an artifact becomes a Problem in its Coverage and never ends the
// reading of the others.
package timeline
