// Package evtx reads Windows XML event logs (.evtx).
//
// [Open], [OpenFS] and [NewReader] return a [Reader], which yields records. A
// [Record] gives its event in the form that the caller needs: [Record.Typed] returns
// a struct for the events that investigations ask for, which [Kinds] lists;
// [Record.Event] returns the ordered names and values of any event;
// [Record.AppendJSON], [Record.AppendXML] and [Record.AppendTyped] append the event as
// text. [WithFilter] selects records before anything of them is decoded, and
// [Record.Peek] reads only the kind and the time.
//
// # Kinds
//
// The events of a provider under one identifier are a kind, such as "security-4688".
// Its struct has Windows' own names, and its comment says what happened, when Windows
// writes the event, and which policy it needs. Fields have the types of package winid
// if these name what the values mean. What later versions of Windows add is kept in
// Extra. [Describe] returns one sentence about an event, and [Values] its fields as
// people read them. [EventOf] is the way back: package evtxtest writes structs into
// logs.
//
// # Terminology
//
// A log consists of a file header of 4 KiB and chunks of 64 KiB. A chunk holds
// records, and the names and templates that its records share. It decodes
// independently of other chunks. A record holds an event as binary XML, mostly as an
// instance of a template: the template is the tree of elements, and the instance
// holds the values that fill its slots. The System element of an event identifies it;
// the EventData or UserData element holds its data.
//
// # Times
//
// A time is a [time.Time] in UTC with all 100 ns of a FILETIME. A FILETIME of 0, which
// means that no time was set, is the zero time. FILETIMEs reach the year 60056, but
// RFC 3339 ends with the year 9999, and encoding/json refuses later times. Therefore
// [Value.String] returns 9999-12-31T23:59:59.9999999Z for any later time, and "" for a
// time that was not set. [Record.AppendJSON] and [Record.AppendXML] write the times as
// evtx_dump does: 1601-01-01 for 0, the last four digits of a later year, and
// 0000-00-00 if the highest bit is set.
//
// # Specifications
//
//   - Microsoft, [MS-EVEN6]: EventLog Remoting Protocol, section 2.2.12 (BinXml)
//   - libyal, libevtx: Windows XML Event Log (EVTX) format
//   - A. Schuster, Introducing the Microsoft Vista event log file format (2007)
//
// # Damage
//
// A dirty or damaged log can be opened, also one whose file header or first chunks are
// lost. Damage costs at most the damaged record or chunk, and is reported with its
// offset: by [Reader.Records] if it costs a record, and by [Reader.Problems] if it does
// not.
//
// # Security
//
// A log may be written by an attacker. No input makes this package panic or hang. It
// follows elements and nested values to a depth of 64, and bounds what one record
// unfolds to. Its memory is one chunk and what the caller keeps, the text of one record
// for each of up to 256 templates, 48 bytes for each chunk of the file, and the
// templates of the log, of which at most 1 MiB are cached across chunks. Strings are returned as the log holds them, so escape them before
// showing them. JSON and XML are escaped, and are well-formed for any input.
//
// # Speed
//
// A template is decoded once per log. On first use it is compiled for JSON and XML,
// into literal bytes and the places of values. A record repeats the text of the last
// one of its template, but for the values that differ. For a kind, the values are bound to the
// fields of the struct by name. Typed events are then filled in place, without
// reflection, and share the memory of their text. [MapChunks] works on several chunks
// at the same time if [WithWorkers] asks for it; nothing else starts a goroutine.
package evtx
