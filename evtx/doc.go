// Package evtx reads Windows XML event logs (.evtx).
//
// [Open], [OpenFS] and [NewReader] give a [Reader], which yields records. A [Record]
// gives its event in the form that is wanted: [Record.Typed] a struct of its own for
// the events that investigations turn on, which [Kinds] lists, [Record.Event] ordered
// names and values for every event, [Record.AppendJSON] and [Record.AppendXML] text.
//
// # Terminology
//
// A log is a file header of 4 KiB and chunks of 64 KiB. A chunk holds records,
// and the names and templates that its records share; it decodes on its own. A
// record holds an event as binary XML: mostly an instance of a template, which
// is the tree of elements, and the values that fill its slots. An event's System
// element says what it is, its EventData or UserData element holds its data.
//
// # Specifications
//
//   - Microsoft, [MS-EVEN6]: EventLog Remoting Protocol, section 2.2.12 (BinXml)
//   - libyal, libevtx: Windows XML Event Log (EVTX) format
//   - A. Schuster, Introducing the Microsoft Vista event log file format (2007)
//
// # Damage
//
// A dirty or damaged log opens. What is lost is a record or a chunk and nothing
// else, and is reported with its offset: by [Reader.Records] where it costs a
// record, by [Reader.Problems] where it does not.
//
// # Security
//
// Logs may be written by an attacker. No input makes this package panic or hang,
// elements and nested values are followed to a depth of 64, and what one record
// unfolds to is bounded. Memory is one chunk, what the caller keeps, eight bytes
// for each chunk of the file, and the templates of the log, of which at most 1 MiB
// are kept over its chunks. Strings are returned as the log holds them: whoever
// shows them must escape them. JSON and XML are escaped, and well-formed whatever
// the input.
//
// # Speed
//
// A template is decoded once a log and compiled for JSON and XML on first use: into
// literal bytes and the places of values. [Record.System] reads its fields by their
// places, [MapChunks] works on several chunks at a time when it is asked to. No
// goroutine is started otherwise.
package evtx
