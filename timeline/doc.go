// Package timeline turns the records of a volume's artifacts into events and yields
// them in order of time: a super timeline. Every event has a time, a kind and the
// place where it was read.
//
// [Collect] takes a volume as an [io/fs.FS], usually an *mft.Volume or a triage
// folder, finds the artifacts in it and reads each of them once. [Timeline.Coverage]
// lists what it found and what is missing. The events come from [Timeline.Events],
// [Timeline.Between], [Timeline.Around] and [Timeline.ByKind]; the Write functions
// export them.
//
// # Terminology
//
// An artifact is a file of records that Windows or a server keeps: the $MFT, an event
// log, a registry hive, a Zone.Identifier stream, a web log. A record is an item of
// an artifact, as its parser package decodes it. An event is something that happened
// at one point in time. One record may yield several events; $MFT records yield eight
// or more. The kind of an event is what happened, whichever artifact recorded it:
// event 4688 of the Security log and event 1 of the Sysmon log are both
// [ProcessStarted].
//
// # Memory
//
// A Timeline does not keep its events. It keeps the hives, and a small reference,
// some tens of bytes, for each event-log record and for each 64 KiB of a web log. It
// reads the $MFT and web logs again for each query: first the time and place of a
// record, then the event itself when it is yielded. So a window of ten minutes costs
// ten minutes of events, however large the artifacts are. All events at once cost
// some tens of bytes each, those of registry keys about a hundred, and those of a web
// log in order of time nothing.
//
// # Times
//
// FILETIMEs reach the year 60056, but RFC 3339 ends with the year 9999. Events are in
// order of their exact times. The exports write a later time as the last one of the
// year 9999, except for the bodyfile, which counts seconds.
//
// # Specifications
//
// The Timesketch export follows "Create timeline from JSON/JSONL/CSV file" of the
// Timesketch documentation and names attributes as plaso does. The bodyfile export
// follows "Body file" (format 3) of The Sleuth Kit's documentation.
//
// # Security
//
// Evidence is written by the attacker. The exports escape what could act on a
// terminal or in a spreadsheet, or begin another line: see each Write function. The
// texts of an Event are as the evidence has them: [Printable] makes them safe to show.
// Damage in an artifact becomes a Problem in its Coverage and never ends the reading
// of the others.
package timeline
