package timeline

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/mft"
)

// Zone is the mark of the web of one file: its Zone.Identifier stream.
type Zone struct {
	mft.ZoneIdentifier
	Artifact string  // slash-separated path of the stream in the volume
	Path     string  // Windows path of the marked file
	Record   mft.Ref // of the marked file; zero if no $MFT has it
}

// UndatedZones returns the marks of the web that are not events, because nothing in
// the evidence records when their files were created, as in a folder without its
// $MFT.
func (t *Timeline) UndatedZones() []*Zone { return slices.Clone(t.zones.undated) }

// maxZone limits how much of a Zone.Identifier stream is read, in bytes. Real ones
// have a few hundred.
const maxZone = 64 << 10

// zoneReader collects marks of the web.
type zoneReader struct {
	drive    string
	events   []Event
	undated  []*Zone
	coverage Coverage
}

func newZoneReader(drive string) zoneReader {
	const name = mft.ZoneIdentifierStream
	return zoneReader{drive: drive, coverage: Coverage{Artifact: name, Name: name, Type: TypeZone, State: Parsed}}
}

// addRecord adds the mark of the file of an $MFT record, if it has one. Vol is nil
// for an $MFT without its volume. Then only marks in the record itself can be read,
// as nearly all marks are.
func (z *zoneReader) addRecord(r *mft.Reader, vol *mft.Volume, rec *mft.Record) {
	stream, ok := rec.Stream(mft.ZoneIdentifierStream)
	if !ok {
		return
	}
	var content io.Reader
	switch {
	case stream.Resident:
		content = bytes.NewReader(stream.Value)
	case vol == nil:
		z.coverage.add(Problem{Kind: damage.Unsupported, Err: &FormatError{
			Artifact: mftName, Path: "entry " + rec.Ref.String(), Offset: stream.Offset,
			What: mft.ZoneIdentifierStream, Got: "non-resident content", Want: "resident content, or the volume"}})
		return
	default:
		s, err := vol.OpenStream(rec, stream.Name)
		if err != nil {
			z.coverage.damaged(err)
			return
		}
		content = io.NewSectionReader(s, 0, s.Size())
	}
	created, _, _, _ := rec.Times()
	owner, _ := r.OwnerSID(rec) // "" if the volume does not record it
	z.add(r.Path(rec).String(), rec.Ref, created, owner, content)
}

// addFolder adds the marks of the files in a folder that list their streams.
func (z *zoneReader) addFolder(ctx context.Context, vol fs.FS) error {
	return fs.WalkDir(vol, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			z.addFile(vol, name, d)
		}
		return ctx.Err()
	})
}

// addFile adds the mark of a file in a folder, if it has one.
func (z *zoneReader) addFile(vol fs.FS, name string, d fs.DirEntry) {
	info, err := d.Info()
	if err != nil {
		return
	}
	streams, ok := info.(interface{ Streams() []string })
	if !ok {
		return
	}
	for _, s := range streams.Streams() {
		if !winpath.SameName(s, mft.ZoneIdentifierStream) {
			continue
		}
		f, err := vol.Open(name + ":" + s)
		if err != nil {
			z.coverage.damaged(err)
			return
		}
		var created time.Time
		if b, ok := info.(interface{ BirthTime() time.Time }); ok {
			created = b.BirthTime()
		}
		owner := ""
		if o, ok := info.(interface{ OwnerSID() string }); ok {
			owner = o.OwnerSID()
		}
		z.add(name, mft.Ref{}, created, owner, f)
		f.Close()
	}
}

// add makes the event of one mark. Its time is the creation of the marked file, since
// the stream has no time. A mark whose file has no such time does not become an
// event: see UndatedZones.
func (z *zoneReader) add(name string, ref mft.Ref, created time.Time, owner string, r io.Reader) {
	content, err := io.ReadAll(io.LimitReader(r, maxZone))
	if err != nil {
		z.coverage.damaged(err)
		return
	}
	id, err := mft.ParseZoneIdentifier(content)
	if err != nil {
		z.coverage.damaged(err)
		return
	}
	z.coverage.Records++
	z.coverage.saw(created)
	zone := &Zone{id, name + ":" + mft.ZoneIdentifierStream, winpath.Windows(z.drive, name), ref}
	if created.IsZero() {
		z.undated = append(z.undated, zone)
		return
	}
	e := Event{
		Time:    created,
		Desc:    createdDesc,
		Kind:    FileMarked,
		Source:  Source{Artifact: zone.Artifact, Offset: -1, Type: TypeZone},
		Message: zone.Path + " has a mark of the web: zone " + zoneName(id.ZoneID) + with("HostUrl", id.HostURL) + with("ReferrerUrl", id.ReferrerURL),
		Path:    zone.Path,
		SID:     owner,
		Data:    zone,
	}
	if !ref.IsZero() {
		e.Source.Record = ref.String()
	}
	for _, f := range [...]Field{{"ZoneId", fmt.Sprint(id.ZoneID)}, {"HostUrl", id.HostURL}, {"ReferrerUrl", id.ReferrerURL}} {
		if f.Value != "" {
			e.Fields = append(e.Fields, f)
		}
	}
	z.events = append(z.events, e)
}

// zoneName names a URL security zone (URLZONE).
func zoneName(n int) string {
	names := [...]string{"local machine", "intranet", "trusted sites", "internet", "untrusted sites"}
	if n >= 0 && n < len(names) {
		return fmt.Sprintf("%d (%s)", n, names[n])
	}
	return fmt.Sprint(n)
}
