package timeline

import (
	"context"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/internal/wtf8"
	"github.com/birthmark-dfir/birthmark/lnk"
	"github.com/birthmark-dfir/birthmark/registry"
)

// maxStartups limits how many files of startup folders are read.
const maxStartups = 20_000

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
	if winpath.SameName(path.Ext(base), ".url") {
		b, err := readStart(t.vol, artifact)
		if err != nil {
			c.damaged(err)
		}
		f.URL = shortcutURL(b)
	}
	c.Records++
	t.startups = append(t.startups, f)
}

// maxShortcut limits what is read of an internet shortcut.
const maxShortcut = 64 << 10

// readStart reads the beginning of a file.
func readStart(vol fs.FS, artifact string) ([]byte, error) {
	f, err := vol.Open(artifact)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxShortcut))
}

// shortcutURL returns the URL of an internet shortcut: an INI file, in which the section
// InternetShortcut has the key URL.
func shortcutURL(b []byte) string {
	if len(b) >= 2 && b[0] == 0xff && b[1] == 0xfe {
		b = []byte(wtf8.String(b[2:]))
	}
	section := ""
	for line := range strings.Lines(string(b)) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "[") {
			section = line
			continue
		}
		key, value, ok := strings.Cut(line, "=")
		if ok && winpath.SameName(section, "[InternetShortcut]") && winpath.SameName(strings.TrimSpace(key), "URL") {
			return strings.TrimSpace(value)
		}
	}
	return ""
}
