// Package child runs a parser in a child process with limits on time and memory, so
// that a parser that panics, hangs or exhausts memory is a finding and does not end
// the run. The programs that compare and attack parsers use it.
//
// The two processes exchange JSON lines. The parent writes a Request on each line;
// the child answers with any number of Records and one End:
//
//	{"format":"evtx","path":"/tmp/mutant"}
//	{"key":"record 1","offset":4608,"size":1200,"fields":[{"name":"EventID","value":"4688"}]}
//	{"end":true,"problems":1,"error":"evtx: chunk 3 …"}
package child

// A Request names a file and how to read it.
type Request struct {
	Format string `json:"format"`
	Path   string `json:"path"`
	// Digest asks for a digest of each record instead of its fields.
	Digest bool `json:"digest,omitempty"`
	// Prompt asks for each record as soon as it is known, so that the records
	// before a crash of the child are not lost.
	Prompt bool `json:"prompt,omitempty"`
}

// A Record is a record as a parser reads it.
type Record struct {
	Key    string  `json:"key"`              // identifies the record in every parser: "record 4711", "5-5", a key path
	Offset int64   `json:"offset"`           // in the file, in bytes; −1 if unknown
	Size   int64   `json:"size,omitempty"`   // in bytes; 0 if unknown
	Digest uint64  `json:"digest,omitempty"` // of all fields
	Fields []Field `json:"fields,omitempty"` // in the order of the file
}

// A Field is a named value of a record, in a text form that does not depend on the
// parser.
type Field struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// An End closes the answer to one request.
type End struct {
	End      bool   `json:"end"`
	Problems int    `json:"problems,omitempty"`  // the number of problems that did not stop the parser
	Error    string `json:"error,omitempty"`     // why the parser could not read the file, or not to its end
	NoParser bool   `json:"no_parser,omitempty"` // the child does not read this format
	// Grown is the growth of the heap's address space during the request, in
	// bytes. Only Grown includes memory that was allocated but never used.
	Grown int64 `json:"grown,omitempty"`
}

// A message is a line that the child writes: a Record or the End.
type message struct {
	Record
	End
}
