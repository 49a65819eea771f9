package timeline

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/ese"
	"github.com/birthmark-dfir/birthmark/ese/srum"
	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

const srumFolder = "Windows/System32/sru"

// isSRUM reports whether a file has the name of the database of SRUM.
func isSRUM(name string) bool { return winpath.SameName(path.Base(name), "SRUDB.dat") }

// addSRUM reads a database of SRUM: an event for each row.
func (t *Timeline) addSRUM(ctx context.Context, artifact string) error {
	c := Coverage{Artifact: artifact, Name: "SRUM", Type: TypeSRUM, State: Parsed}
	defer func() { t.coverage = append(t.coverage, c) }()
	r, err := srum.OpenFS(t.vol, artifact, ese.WithName(path.Base(artifact)))
	if err != nil {
		c.State = Damaged
		c.damaged(err)
		return nil
	}
	defer r.Close()
	var events []Event
	for rec, err := range r.Records() {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err != nil {
			c.damaged(err)
			continue
		}
		c.Records++
		c.saw(rec.Time)
		if rec.Time.IsZero() {
			c.add(damage.Note(damage.Malformed, damage.New("TimeStamp", rec.Offset, nil, "a time"), path.Base(artifact), rec.Table))
			continue
		}
		events = append(events, t.srumEvent(rec, artifact))
	}
	if r.Database().Table("SruDbIdMapTable") == nil {
		c.State = Damaged
		c.add(damage.Note(damage.Malformed, damage.New("tables", -1, "no SruDbIdMapTable", "those of SRUM"), path.Base(artifact), ""))
	}
	for p := range r.Problems() {
		c.add(p)
	}
	t.addReady(events)
	return nil
}

// srumKinds are the kinds of events of the kinds of rows. Others are [ResourcesRecorded].
var srumKinds = map[srum.Kind]Kind{
	srum.ApplicationUsage: ProgramUsed, srum.ApplicationTimeline: ProgramUsed, srum.VirtualUsage: ProgramUsed, srum.NetworkUsage: NetworkUsed,
	srum.NetworkConnectivity: InterfaceConnected,
}

// srumEvent makes the event of a row. Its time is when the row was recorded.
func (t *Timeline) srumEvent(rec *srum.Record, artifact string) Event {
	e := Event{
		Time: rec.Time, Desc: "Recorded, for the Hour Before", Kind: cmp.Or(srumKinds[rec.Kind], ResourcesRecorded), Data: rec,
		Source: Source{Artifact: artifact, Record: fmt.Sprintf("%s %d", rec.Table, rec.ID), Offset: rec.Offset, Type: TypeSRUM},
	}
	app := rec.App.String()
	if device, rest := rec.App.Device(); device != "" {
		e.Path = rec.App.Text
		if t.opt.drive != "" {
			e.Path = t.opt.drive + ":" + rest
		}
		app = e.Path
	} else if img, ok := rec.App.Image(); ok {
		app = img.Name
		if img.Services != "" {
			app += " " + img.Services
		}
		e.Fields = append(e.Fields, Field{"Image", img.Name}, Field{"Linked", filetime.Text(img.Linked)}, Field{"PEChecksum", img.Checksum}, Field{"Services", img.Services})
	}
	if rec.User.Type == srum.UserID {
		e.SID = rec.User.Text
	}
	e.Fields = append([]Field{{"Kind", string(rec.Kind)}, {"App", rec.App.Text}, {"AppId", fmt.Sprint(rec.App.Index)}, {"UserId", fmt.Sprint(rec.User.Index)}}, e.Fields...)
	for _, f := range rec.Fields {
		e.Fields = append(e.Fields, Field{f.Name, valueText(f.Value)})
	}
	e.Message = "SRUM, " + string(rec.Kind) + ": " + app
	switch d := rec.Data.(type) {
	case *srum.Application:
		e.Message = fmt.Sprintf("%s ran in the hour before: it read %d bytes and wrote %d", app, d.ForegroundBytesRead+d.BackgroundBytesRead, d.ForegroundBytesWritten+d.BackgroundBytesWritten)
	case *srum.Network:
		e.Message = fmt.Sprintf("%s sent %d bytes and received %d in the hour before", app, d.BytesSent, d.BytesRecvd)
	case *srum.Connection:
		e.Message = fmt.Sprintf("an interface was connected for %d s, since %s", d.ConnectedTime, filetime.Text(d.ConnectStartTime))
	case *srum.Timeline:
		e.Message = fmt.Sprintf("%s was in use for %d s before %s", app, d.DurationMS/1000, filetime.Text(d.EndTime))
	case *srum.Notification:
		e.Message = fmt.Sprintf("%s had a notification of %d bytes", app, d.PayloadSize)
	}
	return e
}

// valueText writes a value as text, bytes in hexadecimal.
func valueText(v ese.Value) string {
	if b, ok := v.Any().([]byte); ok {
		return strings.ToLower(fmt.Sprintf("%x", b[:min(len(b), 256)]))
	}
	return fmt.Sprint(v.Any())
}

// databaseType returns the type of a database by its tables, or "".
func databaseType(vol fs.FS, name string) string {
	r, err := ese.OpenFS(vol, name)
	if err != nil {
		return ""
	}
	defer r.Close()
	switch {
	case r.Table("SruDbIdMapTable") != nil:
		return TypeSRUM
	case r.Table("CLIENTS") != nil && r.Table("ROLE_ACCESS") != nil, r.Table("SYSTEM_IDENTITY") != nil:
		return TypeUAL
	case r.Table("Jobs").Column("Blob") != nil && r.Table("Files").Column("Blob") != nil:
		return TypeBITS
	}
	return ""
}
