package origin

import (
	"io/fs"
	"path"
	"strings"
	"time"
)

// Option changes how Investigate works.
type Option func(*options)

type options struct {
	drive  string
	volume string
	host   string // the machine, if the caller names it
	others []otherVolume

	evidence []Source
	asIs     bool // hives are not completed by their logs

	snapshots     map[string][]Snapshot // by the drive letter of their volume
	readSnapshots bool
}

// WithDrive sets the drive letter that the volume had in Windows, one letter without
// colon. The default is C; "" is for a volume without a letter.
func WithDrive(letter string) Option { return func(o *options) { o.drive = strings.ToUpper(letter) } }

// WithMachine names the machine to investigate, by a name in the records of its logs.
// Without it, it is the one that the hives name, else the one whose records prevail.
// If a hive names another machine, that one counts.
func WithMachine(name string) Option { return func(o *options) { o.host = name } }

// WithVolumeName sets the name of the volume in the report. The default is the drive
// letter with a colon.
func WithVolumeName(name string) Option { return func(o *options) { o.volume = name } }

// WithoutReplay reads dirty hives as they are. By default they are completed by the
// transaction logs beside them, as Windows would when it loads them.
func WithoutReplay() Option { return func(o *options) { o.asIs = true } }

// WithEvidence names the files and folders that were opened, for the report.
func WithEvidence(sources ...Source) Option {
	return func(o *options) { o.evidence = append(o.evidence, sources...) }
}

// An otherVolume is a volume of the same machine that does not hold the subject, or a
// source that was added beside the evidence.
type otherVolume struct {
	vol    fs.FS
	drive  string // of a volume
	source bool   // it is a source, not a volume
	name   string // of a source
}

// artifact names an artifact of another volume or source.
func (o *otherVolume) artifact(name string) string {
	if o.source {
		return path.Join(o.name, name)
	}
	return o.drive + ":/" + name
}

// WithVolume adds another volume of the same machine, with its drive letter in
// Windows: the subject may be on D:, and its records on C:. Marks of the web and web
// server logs on it are read too. Citations put the drive before its artifacts, as in
// C:/Windows/System32/config/SYSTEM.
//
// The logs and hives are those of one Windows: that on the subject's volume, else
// that on the first other volume which has one. Those on a volume without Windows may
// be copies from another machine.
func WithVolume(vol fs.FS, letter string) Option {
	return func(o *options) {
		o.others = append(o.others, otherVolume{vol: vol, drive: strings.ToUpper(letter)})
	}
}

// WithSource adds artifacts that were collected apart from the volume, such as logs
// from another place: all event logs, hives and web logs below the root of fsys,
// recognized by their content. They count as artifacts of the same machine. Citations
// put the name, which may be empty, before them, as in siem/Security.evtx.
func WithSource(fsys fs.FS, name string) Option {
	return func(o *options) { o.others = append(o.others, otherVolume{vol: fsys, source: true, name: name}) }
}

// Snapshot is a shadow copy of a volume.
type Snapshot struct {
	Name    string                // as in vss1; citations put it before the artifacts in the shadow copy
	ID      string                // of the shadow copy, as vssadmin shows it
	Created time.Time             // when it was made
	Offset  int64                 // of its entry in the catalog, in bytes from the beginning of the volume; -1 if unknown
	Open    func() (fs.FS, error) // returns the volume as it was

	// Carved is set if the catalog of the volume does not list the shadow copy: see vss.Carve.
	// It reports whether the store shows what the n bytes at an offset of the volume were. The
	// rest is as it is on the volume now. No answer that rests on a carved shadow copy is better
	// than inferred.
	Carved func(off, n int64) bool
}

// WithSnapshots names the shadow copies of the volume with a drive letter, the oldest first.
// Without ReadSnapshots they are only listed in the coverage, as present and unread.
func WithSnapshots(letter string, list ...Snapshot) Option {
	return func(o *options) {
		if o.snapshots == nil {
			o.snapshots = map[string][]Snapshot{}
		}
		o.snapshots[strings.ToUpper(letter)] = list
	}
}

// ReadSnapshots reads the shadow copies that WithSnapshots names: whether the file is in them,
// with which content, what started it then, and the records of logs, databases, prefetch files and other
// traces that the machine no longer has.
func ReadSnapshots() Option { return func(o *options) { o.readSnapshots = true } }
