package main

import (
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/timeline"
)

// value is a cell: a text from evidence, a number, a truth value or a time.
type value struct {
	kind kind
	text string
	num  uint64
	time time.Time
}

type kind uint8

const (
	text kind = iota // written by the attacker
	word             // written by this program
	number
	truth
	moment
)

// columns are the fields of csv and jsonl: those of MFTECmd in its order, then
// ours.
var columns = []struct {
	name string
	of   func(*row) value
}{
	{"EntryNumber", func(r *row) value { return value{kind: number, num: r.rec.Entry} }},
	{"SequenceNumber", func(r *row) value { return value{kind: number, num: uint64(r.rec.Seq)} }},
	{"InUse", func(r *row) value { return boolean(r.rec.InUse()) }},
	{"ParentEntryNumber", func(r *row) value { return value{kind: number, num: r.fn.Parent.Entry} }},
	{"ParentSequenceNumber", func(r *row) value { return value{kind: number, num: uint64(r.fn.Parent.Seq)} }},
	{"ParentPath", func(r *row) value { return value{text: r.dir} }},
	{"FileName", func(r *row) value { return value{text: r.name} }},
	{"Extension", func(r *row) value { return value{text: r.extension} }},
	{"FileSize", func(r *row) value { return value{kind: number, num: r.size} }},
	{"ReferenceCount", func(r *row) value { return value{kind: number, num: uint64(r.names)} }},
	{"ReparseTarget", func(r *row) value { return value{text: r.reparse} }},
	{"IsDirectory", func(r *row) value { return boolean(r.rec.IsDir()) }},
	{"HasAds", func(r *row) value { return boolean(r.hasADS) }},
	{"IsAds", func(r *row) value { return boolean(r.stream != nil) }},
	{"SI<FN", func(r *row) value { return boolean(r.createdBeforeName()) }},
	{"uSecZeros", func(r *row) value { return boolean(r.wholeSeconds()) }},
	{"Copied", func(r *row) value { return boolean(r.copied()) }},
	{"SiFlags", func(r *row) value { return value{kind: word, text: r.si.Attributes.String()} }},
	{"NameType", func(r *row) value { return value{kind: word, text: r.nameType()} }},
	{"Created0x10", func(r *row) value { return value{kind: moment, time: r.si.Created} }},
	{"Created0x30", func(r *row) value { return value{kind: moment, time: twin(r.si.Created, r.fn.Created)} }},
	{"LastModified0x10", func(r *row) value { return value{kind: moment, time: r.si.Modified} }},
	{"LastModified0x30", func(r *row) value { return value{kind: moment, time: twin(r.si.Modified, r.fn.Modified)} }},
	{"LastRecordChange0x10", func(r *row) value { return value{kind: moment, time: r.si.Changed} }},
	{"LastRecordChange0x30", func(r *row) value { return value{kind: moment, time: twin(r.si.Changed, r.fn.Changed)} }},
	{"LastAccess0x10", func(r *row) value { return value{kind: moment, time: r.si.Accessed} }},
	{"LastAccess0x30", func(r *row) value { return value{kind: moment, time: twin(r.si.Accessed, r.fn.Accessed)} }},
	{"UpdateSequenceNumber", func(r *row) value { return value{kind: number, num: r.si.USN} }},
	{"LogfileSequenceNumber", func(r *row) value { return value{kind: number, num: r.rec.LSN} }},
	{"SecurityId", func(r *row) value { return value{kind: number, num: uint64(r.si.SecurityID)} }},
	{"ObjectIdFileDroid", func(r *row) value { return value{kind: word, text: r.object} }},
	{"LoggedUtilStream", func(r *row) value { return value{text: r.utility} }},
	{"ZoneIdContents", func(r *row) value { return value{text: r.zone} }},
	{"SourceFile", func(r *row) value { return value{text: r.source} }},
	{"OwnerSID", func(r *row) value { return value{kind: word, text: r.owner} }},
	{"TimestompScore", func(r *row) value { return value{kind: number, num: uint64(r.timestomp.Score)} }},
	{"TimestompReasons", func(r *row) value { return value{kind: word, text: r.reasons()} }},
}

func boolean(b bool) value {
	if b {
		return value{kind: truth, num: 1}
	}
	return value{kind: truth}
}

// csvWriter writes a header and a line for each row. Cells are as in MFTECmd:
// times in UTC with 100 ns, True and False, empty where nothing is known. A text
// that a spreadsheet would run gets an apostrophe in front, and characters that
// act instead of showing are escaped, as timeline.WriteCSV does it; line ends of
// a mark of the web become spaces, so that every row is one line.
type csvWriter struct {
	w    io.Writer
	line []byte
}

func newCSV(w io.Writer) writer { return &csvWriter{w: w} }

func (c *csvWriter) begin() error {
	names := make([]string, 0, len(columns))
	for _, col := range columns {
		names = append(names, col.name)
	}
	_, err := io.WriteString(c.w, strings.Join(names, ",")+"\n")
	return err
}

func (c *csvWriter) record(s *source, f *file) error {
	return rows(s, f, func(r *row) error {
		b := c.line[:0]
		for i := range columns {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendCell(b, columns[i].of(r))
		}
		b = append(b, '\n')
		c.line = b
		_, err := c.w.Write(b)
		return err
	})
}

func appendCell(b []byte, v value) []byte {
	switch v.kind {
	case number:
		return strconv.AppendUint(b, v.num, 10)
	case truth:
		if v.num != 0 {
			return append(b, "True"...)
		}
		return append(b, "False"...)
	case moment:
		if v.time.IsZero() {
			return b
		}
		return v.time.AppendFormat(b, "2006-01-02 15:04:05.0000000")
	case word:
		return append(b, v.text...)
	}
	return appendText(b, v.text)
}

var lineEnds = strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ")

func appendText(b []byte, s string) []byte {
	s = timeline.Printable(lineEnds.Replace(s))
	formula := strings.IndexAny(s, "=+-@'＝＋－＠") == 0
	if !strings.ContainsAny(s, `",`) && !strings.HasPrefix(s, " ") && !strings.HasSuffix(s, " ") {
		if formula {
			b = append(b, '\'')
		}
		return append(b, s...)
	}
	b = append(b, '"')
	if formula {
		b = append(b, '\'')
	}
	b = append(b, strings.ReplaceAll(s, `"`, `""`)...)
	return append(b, '"')
}
