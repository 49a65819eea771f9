package timeline

import (
	"encoding/csv"
	"io"
	"iter"
	"strconv"

	"github.com/birthmark-dfir/birthmark/internal/show"
)

var csvHeader = []string{"time", "desc", "kind", "type", "artifact", "record", "offset", "path", "user", "sid", "computer", "message", "snapshot"}

// WriteCSV writes a header and a line for each event, with the columns
//
//	time desc kind type artifact record offset path user sid computer message snapshot
//
// The time is RFC 3339 in UTC with seven digits of the second, the offset is empty if
// unknown, the computer is the machine that a record of a log names, the snapshot is when
// the shadow copy was made that the event was read in, and the other columns are as in
// Event and Source.
//
// A spreadsheet runs a cell that begins with = + - @ as a formula, and the attacker
// chose the file names. Therefore every cell that begins with one of these, or with
// an apostrophe, gets an apostrophe in front: removing one leading apostrophe
// restores the text. After a semicolon, which separates cells in locales with a
// decimal comma, such a sign is escaped. Non-printing characters are escaped as by
// [Printable], so that every event stays on one line.
func WriteCSV(w io.Writer, events iter.Seq[Event]) error {
	out := csv.NewWriter(w)
	if err := out.Write(csvHeader); err != nil {
		return err
	}
	for e := range events {
		offset := ""
		if e.Source.Offset >= 0 {
			offset = strconv.FormatInt(e.Source.Offset, 10)
		}
		cells := [...]string{timeText(e.Time), e.Desc, string(e.Kind), e.Source.Type, e.Source.Artifact,
			e.Source.Record, offset, e.Path, e.User, e.SID, e.Computer(), e.Message, timeText(e.Source.Snapshot)}
		for i, c := range cells {
			cells[i] = show.Cell(c)
		}
		if err := out.Write(cells[:]); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}
