package hostile

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/cim"
	"github.com/birthmark-dfir/birthmark/cim/cimtest"
	"github.com/birthmark-dfir/birthmark/lab/internal/child"
)

// A sample of a repository of WMI is its three files one after the other, behind the sizes
// of the first two in 8 bytes each.
const cimHeader = 16

// cimFiles returns the parts of a sample.
func cimFiles(data []byte) (objects, index, mapping []byte) {
	if len(data) < cimHeader {
		return nil, nil, nil
	}
	rest := data[cimHeader:]
	cut := func(n uint64) []byte {
		part := rest[:min(n, uint64(len(rest)))]
		rest = rest[len(part):]
		return part
	}
	objects, index = cut(le.Uint64(data)), cut(le.Uint64(data[8:]))
	return objects, index, rest
}

// cimFields finds the fields of the mapping, of the pages of the index, and of the tables
// and the records of the objects.
func cimFields(data []byte) []field {
	const page = 8192
	objects, index, mapping := cimFiles(data)
	var list []field
	for at := cimHeader; at+page <= cimHeader+len(objects); at += page {
		for entry := at; entry+16 <= at+page && le.Uint32(data[entry:]) != 0 && le.Uint32(data[entry:]) < 1<<16; entry += 16 {
			off := int(le.Uint32(data[entry+4:]))
			list = append(list, field{entry, 4, "number of a record", nil}, field{entry + 4, 4, "offset of a record", nil}, field{entry + 8, 4, "size of a record", nil})
			for n := 0; n < 64 && off+4*n+4 <= page && off > 0; n++ { // names, sizes and offsets
				list = append(list, field{at + off + 4*n, 4, "field of a record", nil}, field{at + off + 4*n + 1, 4, "field of a record", nil})
			}
		}
	}
	for at := cimHeader + len(objects); at+page <= cimHeader+len(objects)+len(index); at += page {
		n := int(le.Uint32(data[at+16:]))
		if le.Uint32(data[at:]) != 0xaccc || n > 100 {
			continue
		}
		list = append(list, field{at, 4, "mark of a page", nil}, field{at + 16, 4, "number of keys", nil})
		for k := range n + 1 {
			list = append(list, field{at + 20 + 4*n + 4*k, 4, "page below", nil})
		}
		for k := range 5 * n {
			list = append(list, field{at + 24 + 8*n + 2*k, 2, "place or number of a part", nil})
		}
	}
	for at := cimHeader + len(objects) + len(index); at+4 <= len(data) && len(mapping) > 0; at += 4 {
		list = append(list, field{at, 4, "field of a mapping", nil})
	}
	return list
}

// CIM emits a record for each consumer of a sample.
func CIM(path string, emit func(child.Record)) (int, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return 0, err
	}
	objects, index, mapping := cimFiles(data)
	file := func(b []byte) cim.File { return cim.File{ReaderAt: bytes.NewReader(b), Size: int64(len(b))} }
	r, err := cim.NewReader(cim.Files{Objects: file(objects), Index: file(index), Mappings: []cim.File{file(mapping)}})
	if err != nil {
		return 0, err
	}
	problems := 0
	for range r.Problems() {
		problems++
	}
	for c, err := range r.Consumers() {
		if err != nil {
			problems++
			continue
		}
		emit(child.Record{Key: c.Namespace + ":" + c.Name, Offset: c.Offset, Fields: []child.Field{
			{Name: "command", Value: c.Command}, {Name: "script", Value: c.Script}, {Name: "filters", Value: fmt.Sprint(c.Filters)}}})
	}
	return problems, nil
}

func sampleRepositories() (map[string][]byte, error) {
	r := cimtest.Repository{Namespaces: []string{`root\cimv2`, `root\cimv2\日本`}}
	r.Subscribe("CommandLineEventConsumer", "Up", "SELECT * FROM x", time.Unix(1e9, 0), map[string]any{"CommandLineTemplate": `C:\日本.exe`, "CreatorSID": []byte{1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0}})
	r.Subscribe("ActiveScriptEventConsumer", "Script", "SELECT * FROM y", time.Unix(1e9, 0), map[string]any{"ScriptText": strings.Repeat("x = 1\n", 2000)})
	files, err := r.Files()
	if err != nil {
		return nil, err
	}
	data := le.AppendUint64(nil, uint64(len(files["OBJECTS.DATA"])))
	data = le.AppendUint64(data, uint64(len(files["INDEX.BTR"])))
	return map[string][]byte{"repository": bytes.Join([][]byte{data, files["OBJECTS.DATA"], files["INDEX.BTR"], files["MAPPING1.MAP"]}, nil)}, nil
}
