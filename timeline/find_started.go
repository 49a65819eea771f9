package timeline

import (
	"context"
	"io/fs"
	"path"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/artifact"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
)

// found names an artifact.
type found struct{ artifact, sourceType string }

// taskFolder is where the Task Scheduler keeps the XML of tasks, in folders as in its
// library.
const taskFolder = "Windows/System32/Tasks"

// jobFolder is where the Task Scheduler keeps jobs, and nothing else that is read. Since
// Windows Vista only what at.exe has made is there.
const jobFolder = "Windows/Tasks"

// The places of startup folders, below a profile and below the folder of all accounts.
// The shorter one is that of Windows XP.
const (
	startupXP     = "Start Menu/Programs/Startup"
	startupOfAll  = "Microsoft/Windows/Start Menu/Programs/StartUp" // which Windows spells like this
	startupOfUser = "AppData/Roaming/Microsoft/Windows/" + startupXP
)

// taskRoot returns the folder of tasks that a file is in, on a volume or below the
// folder that a collector copied it to, or "".
func taskRoot(name string) string {
	if dir := path.Dir(name); isJob(name) && strings.HasSuffix(winpath.Fold("/"+dir), winpath.Fold("/"+jobFolder)) {
		return dir
	}
	for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
		if base := path.Base(dir); winpath.SameName(base, "Tasks") && strings.HasSuffix(winpath.Fold("/"+dir), winpath.Fold("/"+taskFolder)) {
			return dir
		}
	}
	return ""
}

// isJob reports whether a file has the name of a job.
func isJob(name string) bool { return artifact.Named(name) == artifact.Task }

// tasksBelow returns the files below the folders of tasks of a volume with Windows.
func tasksBelow(ctx context.Context, vol fs.FS) []found {
	var list []found
	if dir, ok := resolve(vol, jobFolder); ok {
		jobs, _ := fs.ReadDir(vol, dir)
		for _, d := range jobs {
			if isJob(d.Name()) && d.Type().IsRegular() {
				list = append(list, found{path.Join(dir, d.Name()), TypeTask})
			}
		}
	}
	dir, ok := resolve(vol, taskFolder)
	if !ok {
		return list
	}
	fs.WalkDir(vol, dir, func(name string, d fs.DirEntry, err error) error { // its only error is that of ctx
		if err == nil && d.Type().IsRegular() {
			list = append(list, found{name, TypeTask})
		}
		return ctx.Err()
	})
	return list
}

// startupIn returns the profile that a startup folder in a usual place belongs to, as
// slash-separated path, and "" for that of all accounts. Ok is false for other folders.
// They may be below the folder that a collector copied them to.
func startupIn(dir string) (profile string, ok bool) {
	for _, below := range [...]string{startupOfUser, startupOfAll, startupXP} {
		n := len(dir) - len(below)
		if n <= 0 || dir[n-1] != '/' || !winpath.Same(dir[n:], below) {
			continue
		}
		profile = dir[:n-1]
		if base := path.Base(profile); below == startupOfAll || winpath.Same(base, "All Users") {
			return "", below == startupXP || winpath.Same(base, "ProgramData")
		}
		return profile, true
	}
	return "", false
}

// inStartupFolder reports whether a file is in a startup folder in a usual place. Of
// folders in it, nothing is opened.
func inStartupFolder(name string) bool {
	_, ok := startupIn(path.Dir(name))
	return ok
}

// startupsBelow returns the files in the usual startup folders of a volume with
// Windows.
func startupsBelow(vol fs.FS, elsewhere []string) []found {
	list := filesIn(vol, "ProgramData/"+startupOfAll)
	for _, folder := range profileFolders {
		dir, ok := resolve(vol, folder)
		if !ok {
			continue
		}
		for _, profile := range readDir(vol, dir) {
			if profile.IsDir() { // old names of folders are links, and would repeat files
				list = append(list, filesIn(vol, path.Join(dir, profile.Name(), startupOfUser))...)
				list = append(list, filesIn(vol, path.Join(dir, profile.Name(), startupXP))...)
			}
		}
	}
	for _, profile := range elsewhere {
		list = append(list, filesIn(vol, path.Join(profile, startupOfUser))...)
		list = append(list, filesIn(vol, path.Join(profile, startupXP))...)
	}
	return list
}

// filesIn returns the files in a startup folder.
func filesIn(vol fs.FS, folder string) []found {
	dir, ok := resolve(vol, folder)
	if !ok {
		return nil
	}
	var list []found
	for _, e := range readDir(vol, dir) {
		if e.Type().IsRegular() {
			list = append(list, found{path.Join(dir, e.Name()), TypeStartup})
		}
	}
	return list
}
