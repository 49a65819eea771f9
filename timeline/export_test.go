package timeline

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/show"
	"github.com/birthmark-dfir/birthmark/internal/testenv"
)

// hostile is an event in which every text attacks the reader.
var hostile = Event{
	Time:    day(22, 22, 21).Add(503125100),
	Desc:    "Creation Time",
	Kind:    FileCreated,
	Source:  Source{Artifact: "$MFT", Record: "43-1", Offset: 0xac00, Type: TypeMFT},
	Message: "=cmd|'/C calc'!A0\r\nsecond line \x1b[2J",
	Path:    "C:\\Users\\\u202efdp.exe|x\"y,z",
	User:    "@SUM(A1)",
	SID:     "S-1-5-18",
	Fields:  []Field{{"name", "a\xed\xa0\x80b"}, {"name", "again"}},
}

// plainEvent has as few fields as an event may have.
var plainEvent = Event{Time: day(22, 22, 22), Kind: LogRecord, Source: Source{Offset: -1, Type: TypeEVTX}}

func TestExports(t *testing.T) {
	for _, format := range Formats() {
		t.Run(format, func(t *testing.T) {
			var out bytes.Buffer
			if err := Write(&out, format, slices.Values([]Event{hostile, plainEvent})); err != nil {
				t.Fatal(err)
			}
			testenv.Golden(t, "testdata/hostile."+format, out.Bytes())
			if i := bytes.IndexFunc(out.Bytes(), func(r rune) bool { return r != '\n' && show.Acts(r) }); i >= 0 {
				t.Errorf("byte %d acts on a terminal: %q", i, out.Bytes()[i:min(i+10, out.Len())])
			}
		})
	}
}

// Every time that an export writes is RFC 3339, whatever the evidence holds.
func TestExportsOfAFarTime(t *testing.T) {
	far := plainEvent
	far.Time = time.Date(60056, 5, 28, 5, 36, 10, 955_161_500, time.UTC) // the last FILETIME
	for _, tt := range []struct {
		write func(io.Writer, iter.Seq[Event]) error
		want  string
	}{
		{WriteCSV, "\n9999-12-31T23:59:59.9999999Z,"},
		{WriteJSONL, `"time":"9999-12-31T23:59:59.9999999Z"`},
		{WriteTimesketch, `"datetime":"9999-12-31T23:59:59.999999+00:00","timestamp":253402300799999999,`},
		{WriteBodyfile, "|1833029933770"},
	} {
		var out bytes.Buffer
		if err := tt.write(&out, slices.Values([]Event{far})); err != nil || !strings.Contains(out.String(), tt.want) {
			t.Errorf("%v: no %q in %s", err, tt.want, &out)
		}
	}
}

func TestUnknownFormatNamesTheKnown(t *testing.T) {
	err := Write(io.Discard, "ecs", slices.Values([]Event{}))
	if got, want := err.Error(), `format "ecs": want one of `+strings.Join(Formats(), ", "); got != want || len(Formats()) < 4 {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestWritersPassErrorsOn(t *testing.T) {
	many := slices.Repeat([]Event{hostile}, 2000)
	for _, format := range Formats() {
		if err := Write(brokenWriter{}, format, slices.Values(many)); !errors.Is(err, io.ErrShortWrite) {
			t.Errorf("%s: got %v, want %v", format, err, io.ErrShortWrite)
		}
	}
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

func TestTimesketchRow(t *testing.T) {
	var out bytes.Buffer
	long := hostile
	long.Message = strings.Repeat("ü", maxTimesketchValue)
	if err := WriteTimesketch(&out, slices.Values([]Event{long})); err != nil {
		t.Fatal(err)
	}
	var row struct {
		Message   string
		Datetime  time.Time
		Timestamp int64
		Desc      string `json:"timestamp_desc"`
	}
	if err := json.Unmarshal(out.Bytes(), &row); err != nil {
		t.Fatal(err)
	}
	if len(row.Message) != maxTimesketchValue {
		t.Errorf("message of %d bytes, want %d", len(row.Message), maxTimesketchValue)
	}
	if row.Datetime.UnixMicro() != row.Timestamp || row.Timestamp != hostile.Time.UnixMicro() {
		t.Errorf("datetime %v and timestamp %d disagree", row.Datetime, row.Timestamp)
	}
	if row.Desc == "" {
		t.Error("no timestamp_desc")
	}
}

func TestCSVReadsBack(t *testing.T) {
	var out bytes.Buffer
	if err := WriteCSV(&out, slices.Values([]Event{hostile, plainEvent})); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&out).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 3 {
		t.Fatalf("%d rows, want 3", len(rows))
	}
	path := slices.Index(rows[0], "path")
	if got, want := rows[1][path], show.Text(hostile.Path); got != want {
		t.Errorf("path: got %q, want %q", got, want)
	}
}

func TestJSONLReadsBack(t *testing.T) {
	var out bytes.Buffer
	if err := WriteJSONL(&out, slices.Values([]Event{hostile})); err != nil {
		t.Fatal(err)
	}
	var row struct {
		Time    time.Time
		Path    string
		Message string
		Fields  [][2]string
	}
	if err := json.Unmarshal(out.Bytes(), &row); err != nil {
		t.Fatal(err)
	}
	if !row.Time.Equal(hostile.Time) || row.Path != hostile.Path || row.Message != hostile.Message || len(row.Fields) != 2 {
		t.Errorf("got %+v", row)
	}
}
