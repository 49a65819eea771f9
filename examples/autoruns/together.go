package main

import (
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/birthmark-dfir/birthmark/evidence"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/registry"
)

// isLoose reports whether evidence is a hive or another file by itself, or a folder of such
// files, and not a machine with a Windows of its own.
func isLoose(e *evidence.Evidence) bool {
	list := e.Volumes()
	if len(list) != 1 || list[0].Err != nil {
		return false
	}
	if list[0].Kind == evidence.Artifact {
		return true
	}
	_, err := fs.Stat(list[0].FS, configFolder)
	return list[0].Kind == evidence.Folder && list[0].Machine == "" && err != nil
}

// withoutLogs returns the names of evidence without those of the transaction logs of hives
// that are among them, which are read with their hives.
func withoutLogs(names []string) []string {
	var logs []string
	for _, hive := range names {
		for _, log := range names {
			if filepath.Dir(hive) == filepath.Dir(log) && len(registry.LogNames(filepath.Base(hive), []string{filepath.Base(log)})) > 0 {
				logs = append(logs, log)
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool { return slices.Contains(logs, name) })
}

// loose reads hives and files that were given by themselves as those of one machine. If they
// contradict that, it reads only those of one folder together.
func (c *collector) loose(list []*evidence.Evidence) {
	if len(list) == 0 {
		return
	}
	if len(list) == 1 {
		c.machine(list[0])
		return
	}
	one, err := joined(list)
	if err != nil {
		c.p.Problem(err)
		return
	}
	defer one.Close()
	why := contradiction(one)
	if why == "" {
		c.machine(one)
		return
	}
	folders := map[string][]*evidence.Evidence{}
	var order []string
	for _, e := range list {
		folder := filepath.Dir(e.Name())
		if folders[folder] == nil {
			order = append(order, folder)
		}
		folders[folder] = append(folders[folder], e)
	}
	if len(order) == 1 {
		c.p.Problem(fmt.Sprintf("%s: the hives are not of one machine, and each is read by itself", why))
		for _, e := range list {
			c.machine(e)
		}
		return
	}
	c.p.Problem(fmt.Sprintf("%s: the hives are not of one machine, and only those of one folder are read together", why))
	for _, folder := range order {
		c.loose(folders[folder])
	}
}

// contradiction returns why the hives of evidence are not of one machine, or "".
func contradiction(e *evidence.Evidence) string {
	var list []*registry.Reader
	for _, vol := range e.Volumes() {
		hives, _ := searchHives(vol) // it is read again, and then what is wrong is said
		for _, h := range hives {
			if r, err := registry.OpenFS(vol.FS, h.path, registry.WithName(h.name), registry.WithLogsBeside()); err == nil {
				list = append(list, r)
			}
		}
	}
	return registry.Contradiction(list...)
}

// joined returns evidence that holds the files of several.
func joined(list []*evidence.Evidence) (*evidence.Evidence, error) {
	number := map[string]int{}
	for _, e := range list {
		number[winpath.FoldName(filepath.Base(e.Name()))]++
	}
	var all together
	for i, e := range list {
		vol := e.Volumes()[0]
		p := part{".", vol.FS}
		switch {
		case vol.Kind != evidence.Artifact:
			p.dir = filepath.Base(e.Name())
		case number[winpath.FoldName(filepath.Base(e.Name()))] > 1: // such as the NTUSER.DAT of two accounts
			p.dir = filepath.Base(filepath.Dir(e.Name()))
		}
		if p.dir != "." && (!fs.ValidPath(p.dir) || p.dir == ".." || slices.ContainsFunc(all, p.clashes)) {
			p.dir = strconv.Itoa(i + 1)
		}
		all = append(all, p)
	}
	one, err := evidence.OpenFS(list[0].Name(), all)
	if err != nil {
		return nil, err
	}
	for _, vol := range one.Volumes() {
		vol.Kind = evidence.Artifact
	}
	return one, nil
}

// together is the file system of several, each of which is in a folder of its own, or in
// the root.
type together []part

type part struct {
	dir string
	fs.FS
}

func (p part) clashes(other part) bool { return winpath.SameName(p.dir, other.dir) }

// within returns a path as the part has it.
func (p part) within(name string) (string, bool) {
	if p.dir == "." {
		return name, true
	}
	rest, ok := winpath.CutPrefix(name, p.dir)
	switch {
	case !ok:
		return "", false
	case rest == "":
		return ".", true
	}
	return path.Clean(rest[1:]), rest[0] == '/'
}

func (t together) Open(name string) (fs.File, error) {
	err := error(&fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist})
	for _, p := range t {
		if within, ok := p.within(name); ok {
			var f fs.File
			if f, err = p.FS.Open(within); err == nil {
				return f, nil
			}
		}
	}
	return nil, err
}

// ReadDir implements fs.ReadDirFS.
func (t together) ReadDir(name string) (list []fs.DirEntry, err error) {
	for _, p := range t {
		if name == "." && p.dir != "." {
			list = append(list, fs.FileInfoToDirEntry(folder(p.dir)))
			continue
		}
		within, ok := p.within(name)
		if !ok || p.dir == "." && name != "." { // what is in the root has no folders
			continue
		}
		entries, failed := fs.ReadDir(p.FS, within)
		if failed != nil {
			err = failed
		}
		list = append(list, entries...)
	}
	return list, err
}

// folder describes a folder of that name.
type folder string

func (f folder) Name() string       { return string(f) }
func (f folder) Size() int64        { return 0 }
func (f folder) Mode() fs.FileMode  { return fs.ModeDir | 0o555 }
func (f folder) ModTime() time.Time { return time.Time{} }
func (f folder) IsDir() bool        { return true }
func (f folder) Sys() any           { return nil }
