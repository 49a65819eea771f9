package timeline

import (
	"context"
	"io/fs"
	"maps"
	"path"
	"slices"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/lnk"
	"github.com/birthmark-dfir/birthmark/registry"
)

// The places of startup folders, below a profile and below the folder of all accounts.
// The shorter one is that of Windows XP.
const (
	startupXP     = "Start Menu/Programs/Startup"
	startupOfAll  = "Microsoft/Windows/Start Menu/Programs/StartUp" // which Windows spells like this
	startupOfUser = "AppData/Roaming/Microsoft/Windows/" + startupXP
)

// maxStartups limits how many files of startup folders are read.
const maxStartups = 20_000

// StartupFile is a file in a startup folder: when an account logs on, the shell opens
// it, by its association if it is not a program.
type StartupFile struct {
	Artifact string    // slash-separated path in the volume
	Path     string    // as Windows writes it
	User     string    // name of the profile folder; "" for all accounts
	Disabled bool      // StartupApproved disables it
	Link     *lnk.Link // what a shell link opens; nil if the file is not a link that can be read
}

// StartupFiles returns the files in startup folders, but desktop.ini. Startup folders
// are those that the registry names, and those in their usual places if it names none.
func (t *Timeline) StartupFiles() []*StartupFile {
	list := make([]*StartupFile, 0, len(t.startups))
	for _, s := range t.startups {
		c := *s
		list = append(list, &c)
	}
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
func startupsBelow(vol fs.FS) []found {
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

// addStartups reads the files in startup folders. Each folder has one coverage.
func (t *Timeline) addStartups(ctx context.Context, usual []found) error {
	settings := t.startupSettings()
	byFolder := newFolders(TypeStartup, "startup folder")
	for i, f := range usual {
		profile, _ := startupIn(path.Dir(f.artifact))
		s := settings[winpath.Fold(profile)]
		if s != nil && s.folder != "" && !winpath.Same(s.folder, path.Dir(f.artifact)) {
			continue // the registry names another folder in its place
		}
		if i >= maxStartups {
			byFolder.of(path.Dir(f.artifact)).add(tooMany(f.artifact, maxStartups))
			break
		}
		t.addStartup(f.artifact, profile, s, byFolder)
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		s := settings[name]
		if s.folder == "" || inStartupFolder(s.folder+"/x") {
			continue
		}
		if dir, ok := resolve(t.vol, s.folder); ok {
			for i, f := range filesIn(t.vol, dir) {
				if i >= maxStartups {
					byFolder.of(dir).add(tooMany(f.artifact, maxStartups))
					break
				}
				t.addStartup(f.artifact, s.profile, s, byFolder)
			}
			continue
		}
		t.coverage = append(t.coverage, Coverage{Artifact: s.folder, Name: "startup folder", Type: TypeStartup, State: Absent})
	}
	t.coverage = append(t.coverage, byFolder.list()...)
	return ctx.Err()
}

// addStartup adds one file. S is what the registry says about its folder, or nil.
func (t *Timeline) addStartup(artifact, profile string, s *startupSetting, byFolder *folders) {
	base := path.Base(artifact)
	c := byFolder.of(path.Dir(artifact))
	if winpath.SameName(base, "desktop.ini") {
		return
	}
	f := &StartupFile{Artifact: artifact, Path: winpath.Windows(t.opt.drive, artifact)}
	if profile != "" {
		f.User = path.Base(profile)
	}
	if s != nil {
		f.Disabled = registry.StartupFileDisabled(s.hive, base)
	}
	if winpath.SameName(path.Ext(base), ".lnk") {
		if r, err := lnk.OpenFS(t.vol, artifact); err != nil {
			c.damaged(err)
		} else {
			for p := range r.Problems() {
				c.add(p)
			}
			f.Link = r.Link()
			if err := r.Close(); err != nil {
				c.damaged(err)
			}
		}
	}
	c.Records++
	t.startups = append(t.startups, f)
}
