package timeline

import (
	"github.com/birthmark-dfir/birthmark/lnk"
	"github.com/birthmark-dfir/birthmark/task"
)

// Task is a scheduled task of the volume.
type Task struct {
	*task.Task
	Artifact string // slash-separated path of its file in the volume
	Path     string // in the Task Scheduler's library, by the place of its file: \Microsoft\Windows\…
}

// StartupFile is a file in a startup folder: when an account logs on, the shell opens
// it, by its association if it is not a program.
type StartupFile struct {
	Artifact string    // slash-separated path in the volume
	Path     string    // as Windows writes it
	User     string    // name of the profile folder; "" for all accounts
	Disabled bool      // StartupApproved disables it
	Link     *lnk.Link // what a shell link opens; nil if the file is not a link that can be read
}
