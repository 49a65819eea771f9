package timeline

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/damage"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/mplog"
)

// protectionFolder has the protection logs of Windows Defender.
const protectionFolder = "ProgramData/Microsoft/Windows Defender/Support"

// isProtectionLog reports whether a file has the name of a protection log.
func isProtectionLog(name string) bool {
	ok, _ := path.Match("MPLOG-*.LOG", winpath.Fold(path.Base(name)))
	return ok
}

// protectionKinds are the kinds of the events of a protection log.
var protectionKinds = map[mplog.Kind]struct {
	kind Kind
	desc string
}{
	mplog.Impact:       {ProgramRan, "Scanned"},
	mplog.Behavior:     {ProgramRan, "Creation Time"},
	mplog.Query:        {FileScanned, "Scanned"},
	mplog.OriginalName: {FileScanned, "Scanned"},
	mplog.Detection:    {MalwareDetected, "Detected"},
	mplog.Blocked:      {MalwareActed, "Blocked"},
	mplog.Command:      {CommandReported, "Reported"},
}

// addProtectionLog reads a protection log.
func (t *Timeline) addProtectionLog(ctx context.Context, artifact string) error {
	c := Coverage{Artifact: artifact, Name: "protection log", Type: TypeMPLog, State: Parsed}
	r, err := mplog.OpenFS(t.vol, artifact, mplog.WithName("mplog"))
	if err != nil {
		c.State = Damaged
		c.damaged(err)
		t.coverage = append(t.coverage, c)
		return nil
	}
	defer r.Close()
	byKind := map[Kind]ready{}
	for e, err := range r.Entries() {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			c.State = Partly
			c.damaged(err)
			if !damage.Is(err) {
				break
			}
			continue
		}
		c.Records++
		c.saw(e.Time)
		made := protectionEvent(&e, artifact, t.opt.drive)
		byKind[made.Kind] = append(byKind[made.Kind], made)
	}
	for _, kind := range slices.Sorted(maps.Keys(byKind)) {
		events := byKind[kind]
		slices.SortStableFunc(events, func(a, b Event) int { return a.Time.Compare(b.Time) })
		t.sources = append(t.sources, readySource{kind, events})
	}
	t.coverage = append(t.coverage, c)
	return nil
}

// protectionEvent makes the event of an entry.
func protectionEvent(d *mplog.Entry, artifact, drive string) Event {
	row := protectionKinds[d.Kind]
	e := Event{
		Time: d.Time, Desc: row.desc, Kind: row.kind, Data: d,
		Source: Source{Artifact: artifact, Record: "line " + strconv.Itoa(d.Line), Offset: d.Offset, Type: TypeMPLog},
		Path:   winpath.Normalize(drive, cmp.Or(d.Path, d.Process)),
	}
	add := func(name, value string) {
		if value != "" {
			e.Fields = append(e.Fields, Field{name, value})
		}
	}
	add("Kind", string(d.Kind))
	add("Path", d.Path)
	add("Process", d.Process)
	if d.PID != 0 {
		add("Pid", strconv.FormatUint(uint64(d.PID), 10))
	}
	add("sha1", d.SHA1)
	add("sha2", d.SHA256)
	add("Threat", d.Threat)
	add("CommandLine", d.CommandLine)
	add("OriginalFileName", d.OriginalName)
	switch d.Kind {
	case mplog.Impact:
		e.Path = winpath.Normalize(drive, d.Process)
		e.Message = fmt.Sprintf("%s (process %d) was running, and opened %s, among others", d.Process, d.PID, d.Path)
	case mplog.Behavior:
		if !d.Started.IsZero() {
			e.Time = d.Started
			add("ProcessCreationTime", d.Started.Format(time.RFC3339Nano))
		}
		e.Message = fmt.Sprintf("%s ran as process %d, and Defender reported its behavior", d.Process, d.PID)
	case mplog.Query:
		e.Message = fmt.Sprintf("Defender asked its cloud about %s, SHA-1 %s, SHA-256 %s", d.Path, d.SHA1, d.SHA256)
	case mplog.OriginalName:
		e.Message = fmt.Sprintf("the version information of %s has the name %s", d.Path, d.OriginalName)
	case mplog.Detection:
		e.Message = fmt.Sprintf("Defender found %s in %s", d.Threat, d.Path)
	case mplog.Blocked:
		e.Message = fmt.Sprintf("Defender kept %s from %s", d.Process, d.Path)
	case mplog.Command:
		e.Path = ""
		e.Message = "Defender reported the command line " + strings.TrimSpace(d.CommandLine)
	}
	return e
}
