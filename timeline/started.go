package timeline

import (
	"net/url"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/bits"
	"github.com/birthmark-dfir/birthmark/cim"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/lnk"
	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/task"
)

// Task is a scheduled task of the volume.
type Task struct {
	*task.Task
	Artifact string // slash-separated path of its file in the volume
	Path     string // in the Task Scheduler's library, by the place of its file: \Microsoft\Windows\…

	// Unregistered is set if the file is outside of the folders of the Task Scheduler, or if
	// the registry of the volume has tasks, and not this one: then
	// the Task Scheduler does not start it.
	Unregistered bool

	// Difference is how the registry differs: it does not have the task, or has another
	// command, account, triggers or switch for it. It is "" if it does not differ, or if the
	// registry does not have any tasks.
	Difference string
}

// CachedTask is a scheduled task of the registry of the volume, from which the Task
// Scheduler starts it.
type CachedTask struct {
	*registry.CachedTask
	Artifact string // slash-separated path of the hive in the volume
	File     *Task  // its file; nil if there is none

	// Difference is how its file differs: it is missing, or it has another command, account,
	// triggers or switch. It is "" if it does not differ, or if no file of a task was read.
	Difference string
}

// WMIConsumer is a permanent consumer of events in the repository of WMI, which runs a
// command or a script whenever a filter that it is bound to matches.
type WMIConsumer struct {
	cim.Consumer
	Artifact string // slash-separated path of OBJECTS.DATA in the volume
}

// QueuedJob is a job in a queue of BITS, or what is left of one.
type QueuedJob struct {
	*bits.Job
	Artifact string // slash-separated path in the volume
}

// QueuedFile is a file of a job in a queue of BITS. Of a file that is left from before, the
// job may not be known.
type QueuedFile struct {
	*bits.File
	Job      *bits.Job // nil if it is not known
	Artifact string    // slash-separated path in the volume
}

// At returns when the job had transferred all bytes of the file, at the latest, or a zero
// time if it had not, or if the job is not known.
func (f *QueuedFile) At() time.Time {
	if f.Job == nil || !f.Complete() {
		return time.Time{}
	}
	return f.Job.Completed
}

// StartupFile is a file in a startup folder: when an account logs on, the shell opens
// it, by its association if it is not a program.
type StartupFile struct {
	Artifact string    // slash-separated path in the volume
	Path     string    // as Windows writes it
	User     string    // name of the profile folder; "" for all accounts
	Disabled bool      // StartupApproved disables it
	Link     *lnk.Link // what a shell link opens; nil if the file is not a link that can be read
	URL      string    // what an internet shortcut (.url) opens, as written; it may be a file
}

// URLPath returns the path that the URL of an internet shortcut names, or "" if it does
// not name a file on a drive.
func (f *StartupFile) URLPath() string {
	p, ok := winpath.CutPrefix(f.URL, "file:")
	if ok {
		p = strings.TrimLeft(p, `/\`)
		if unescaped, err := url.PathUnescape(p); err == nil {
			p = unescaped
		}
	}
	if !winpath.HasDrive(p) {
		return ""
	}
	return strings.ReplaceAll(p, "/", `\`)
}
