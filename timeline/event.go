package timeline

import (
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
)

// Event is something that happened on the machine, according to one record.
type Event struct {
	Time    time.Time // UTC, to 100 ns; never zero
	Desc    string    // the meaning of Time: "Creation Time", "$FILE_NAME Creation Time", …
	Kind    Kind      // what happened
	Source  Source    // the record of it
	Message string    // one line for people; made of evidence, so not escaped
	Path    string    // its file, program or registry key as Windows writes it, or the path of a URL; may be empty
	User    string    // account that did it, DOMAIN\name if both are known; else the name that a hive has for the SID; may be empty
	SID     string    // the account's security identifier, of a file its owner's; may be empty
	Fields  []Field   // the record's own names and values, in its own order; names may repeat

	// Data is the decoded record: a pointer to a struct of package evtx for an event
	// that has one (*evtx.Sysmon11), *evtx.Event for any other log record,
	// *mft.Record for file events, *Zone for a Zone.Identifier, registry.Autostart
	// for an autostart, *registry.Key for a written key, *Task for a scheduled task,
	// *weblog.Request for a web request, *mplog.Entry for a protection log,
	// *usnjrnl.Record for the change journal, *logfile.Event for the transaction log, *mft.IndexEntry and *mft.SlackName for names
	// that only slack has,
	// *registry.Account, *registry.CachedLogon, *registry.Profile, *registry.Interface and
	// *registry.Network for what hives record of these,
	// *registry.AmcacheFile for a file of the Amcache, *registry.ShimCacheEntry for one of
	// the ShimCache, *recyclebin.Info for what was
	// moved to the recycle bin, *pca.Entry for a line of the Program Compatibility Assistant,
	// *detectionhistory.Detection for a detection, *prefetch.File for a run that a prefetch file has,
	// *Opening for a shell link or an entry of a jump list,
	// *QueuedJob and *QueuedFile for jobs of BITS and their files,
	// *srum.Record for a row of SRUM, *ual.Client for a client of User Access Logging.
	Data any
}

// Source is where an event was read.
type Source struct {
	Artifact string // slash-separated path in the volume
	Record   string // event record id, "entry-sequence" of the $MFT, key path, or "line" and its number
	Offset   int64  // in bytes from the beginning of the artifact; -1 if unknown
	Type     string // one of the Source types

	// Snapshot is when the shadow copy was made that the event was read in; zero if it was
	// read in the volume itself.
	Snapshot time.Time
}

// The Source types.
const (
	TypeMFT        = "mft"
	TypeEVTX       = "evtx"
	TypeRegistry   = "registry"
	TypeZone       = "zone"
	TypeWebLog     = "weblog"
	TypeTask       = "task"
	TypeMPLog      = "mplog"      // protection logs of Windows Defender
	TypeUSN        = "usn"        // the change journal, $UsnJrnl:$J
	TypeLogFile    = "logfile"    // the transaction log of NTFS, $LogFile
	TypeIndex      = "i30"        // names in the slack of folders' indexes, $I30, and of records
	TypePrefetch   = "prefetch"   // prefetch files
	TypeSRUM       = "srum"       // the database of the System Resource Usage Monitor
	TypeUAL        = "ual"        // the databases of User Access Logging
	TypeRecycleBin = "recyclebin" // information files of the recycle bin
	TypePCA        = "pca"        // text files of the Program Compatibility Assistant
	TypeDetection  = "detection"  // the detection history of Windows Defender
	TypeWMI        = "wmi"        // the repository of WMI
	TypeBITS       = "bits"       // the queue of BITS
	TypeJumpList   = "jumplist"   // jump lists
	TypeLink       = "lnk"        // shell links in Recent, in that of Office, and on the desktop
	TypeStartup    = "startup"    // files in startup folders, which have no events of their own

	TypeWebConfig = "webconfig" // the configuration of IIS, which has no events
)

// Field is a value of a record, with the record's own name for it.
type Field struct {
	Name  string
	Value string
}

// Field returns the value of the first field of that name, or "".
func (e *Event) Field(name string) string {
	for _, f := range e.Fields {
		if f.Name == name {
			return f.Value
		}
	}
	return ""
}

// Computer returns the machine that a record of an event log names, or "" for an event
// of another artifact.
func (e *Event) Computer() string {
	if d, ok := e.Data.(interface{ Sys() *evtx.System }); ok {
		return d.Sys().Computer
	}
	return ""
}
