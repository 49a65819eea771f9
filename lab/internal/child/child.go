// Package child runs a parser in a child process under limits of time and
// memory, so that a parser that panics, hangs or eats the machine is a finding
// and not the end of the run. It serves the programs that compare parsers and
// those that attack them.
//
// The two processes speak JSON lines. The parent writes one Request a line; the
// child answers with any number of Records and one End:
//
//	{"format":"evtx","path":"/tmp/mutant"}
//	{"key":"record 1","offset":4608,"size":1200,"fields":[{"name":"EventID","value":"4688"}]}
//	{"end":true,"problems":1,"error":"evtx: chunk 3 …"}
package child

// A Request names a file and how to read it.
type Request struct {
	Format string `json:"format"`
	Path   string `json:"path"`
	// Digest asks for a digest of each record in place of its fields.
	Digest bool `json:"digest,omitempty"`
	// Prompt asks for each record as soon as it is known, so that those that
	// came before the end of the child are not lost with it.
	Prompt bool `json:"prompt,omitempty"`
}

// A Record is what a parser says of one record.
type Record struct {
	Key    string  `json:"key"`              // what names the record in every parser: "record 4711", "5-5", a key path
	Offset int64   `json:"offset"`           // where it lies in the file, in bytes; −1 unknown
	Size   int64   `json:"size,omitempty"`   // in bytes; 0 unknown
	Digest uint64  `json:"digest,omitempty"` // of all fields
	Fields []Field `json:"fields,omitempty"` // in the order of the file
}

// A Field is one named value of a record, in a text form that does not depend
// on the parser.
type Field struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// An End closes the answer to one request.
type End struct {
	End      bool   `json:"end"`
	Problems int    `json:"problems,omitempty"`  // damage that the parser reported while it went on
	Error    string `json:"error,omitempty"`     // why it could not read, or not to the end
	NoParser bool   `json:"no_parser,omitempty"` // the child does not read this format
	// Grown is by how many bytes the request made the address space of the heap
	// grow. Memory that was asked for and never used shows here alone.
	Grown int64 `json:"grown,omitempty"`
}

// A message is a line of the child: a Record, or the End.
type message struct {
	Record
	End
}
