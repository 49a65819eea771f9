package detectionhistory

import (
	"strconv"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/winid"
)

// Detection is something that Defender found.
type Detection struct {
	ThreatID     uint64
	ID           winid.GUID // of the detection; also the name of the file
	Threat       string     // such as Virus:DOS/EICAR_Test_File
	Resources    []Resource
	Detected     time.Time // when it was found
	Changed      time.Time // when its status last changed
	Remediated   time.Time // when something was done about it; zero if nothing was
	User         string    // account of the process
	Process      string    // path of the process that had to do with it; may be "Unknown"
	RemediatedBy string    // account that did something about it; may be empty
}

// Resource is where Defender found something.
type Resource struct {
	Type     string // file, containerfile, webfile, process, …
	Path     string // as it is in the file; see [Resource.File] and [Resource.Web]
	Tracking []Value
}

// Value is a name and a value that Defender keeps about a resource, such as
// ThreatTrackingSha256. Numbers are decimal.
type Value struct{ Name, Value string }

// Track returns the value of a name, or "".
func (r *Resource) Track(name string) string {
	for _, v := range r.Tracking {
		if v.Name == name {
			return v.Value
		}
	}
	return ""
}

// The hashes of the file, in lower case, or "".
func (r *Resource) MD5() string    { return strings.ToLower(r.Track("ThreatTrackingMD5")) }
func (r *Resource) SHA1() string   { return strings.ToLower(r.Track("ThreatTrackingSha1")) }
func (r *Resource) SHA256() string { return strings.ToLower(r.Track("ThreatTrackingSha256")) }

// File returns the path of the file on the volume: for one in an archive, that of the
// archive and what the file is called in it.
func (r *Resource) File() (path, inside string) {
	path, _, _ = strings.Cut(r.Path, "|")
	path, inside, _ = strings.Cut(path, "->")
	return path, inside
}

// Web is a download.
type Web struct {
	URL     string
	PID     uint32    // of the process that saved the file; 0 if unknown
	Started time.Time // start of that process; zero if unknown
}

// Web returns the download of a webfile, whose path is FILE|URL|pid:N,ProcessStart:TICKS.
func (r *Resource) Web() (Web, bool) {
	parts := strings.Split(r.Path, "|")
	if r.Type != "webfile" || len(parts) < 2 {
		return Web{}, false
	}
	w := Web{URL: parts[1]}
	for _, part := range parts[2:] {
		for field := range strings.SplitSeq(part, ",") {
			name, value, _ := strings.Cut(field, ":")
			n, err := strconv.ParseUint(value, 10, 64)
			switch {
			case err != nil:
			case name == "pid" && n < 1<<32:
				w.PID = uint32(n)
			case name == "ProcessStart":
				w.Started = filetime.Time(n)
			}
		}
	}
	return w, true
}
