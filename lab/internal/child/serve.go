package child

import (
	"bufio"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"runtime"
	"runtime/debug"
)

// A Parser reads one file and calls emit for every record, in any order. It returns
// the number of problems that it reported and, if it stopped early, the reason. Emit
// does not retain the record.
type Parser func(path string, emit func(Record)) (problems int, err error)

// Serve answers requests until r ends. It is the main function of a child process.
// It does not recover from a panic of a parser, which ends the process.
func Serve(r io.Reader, w io.Writer, parsers map[string]Parser) error {
	in := json.NewDecoder(r)
	out := bufio.NewWriterSize(w, 64<<10)
	enc := json.NewEncoder(out)
	for {
		var req Request
		switch err := in.Decode(&req); err {
		case nil:
		case io.EOF:
			return nil
		default:
			return err
		}
		end := End{End: true}
		parse, ok := parsers[req.Format]
		if !ok {
			end.NoParser, end.Error = true, fmt.Sprintf("no parser for %q here", req.Format)
		} else {
			before := heap()
			problems, err := parse(req.Path, func(rec Record) {
				if req.Digest {
					rec.Digest, rec.Fields = digest(rec.Fields), nil
				}
				enc.Encode(rec)
				if req.Prompt {
					out.Flush()
				}
			})
			end.Problems, end.Grown = problems, heap()-before
			if err != nil {
				end.Error = err.Error()
			}
		}
		if err := enc.Encode(end); err != nil {
			return err
		}
		if err := out.Flush(); err != nil {
			return err
		}
		// Measure the memory of the next request from here.
		debug.FreeOSMemory()
	}
}

// heap returns the size of the heap's address space. It never shrinks.
func heap() int64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapSys)
}

func digest(fields []Field) uint64 {
	h := fnv.New64a()
	for _, f := range fields {
		io.WriteString(h, f.Name)
		h.Write([]byte{0})
		io.WriteString(h, f.Value)
		h.Write([]byte{0})
	}
	return h.Sum64()
}
