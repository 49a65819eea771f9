package main

import (
	"cmp"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/birthmark-dfir/birthmark/evidence"
	"github.com/birthmark-dfir/birthmark/internal/cli"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/registry"
)

// placeOfRows is where rows are from, in words: a hive, or a folder with files. What a baseline
// has of a place that the evidence does not hold is not gone: it cannot be compared.
type placeOfRows string

const (
	systemHive   placeOfRows = "the hive SYSTEM"
	softwareHive placeOfRows = "the hive SOFTWARE"
)

// userHive is the NTUSER.DAT of an account, classesHive its UsrClass.dat.
func userHive(user string) placeOfRows {
	return placeOfRows("the hive NTUSER.DAT of " + cmp.Or(winpath.FoldName(user), "an account"))
}

func classesHive(user string) placeOfRows {
	return placeOfRows("the hive UsrClass.dat of " + cmp.Or(winpath.FoldName(user), "an account"))
}

// folderOfTasks has the files of all tasks, in folders of their own.
const folderOfTasks = "Windows/System32/Tasks"

// place returns where a row is from, and the folder in a volume if that is one.
func (r *row) place() (p placeOfRows, folder string) {
	first, _, _ := strings.Cut(winpath.FoldName(r.Location), `\`)
	switch {
	case r.Offset < 0:
		name := strings.ReplaceAll(r.Hive, `\`, "/")
		if _, rest, ok := strings.Cut(name, ":/"); ok {
			name = rest
		}
		if folder = path.Dir(name); strings.HasPrefix(strings.ToUpper(name), strings.ToUpper(folderOfTasks)+"/") {
			folder = folderOfTasks
		}
		return placeOfRows("the folder " + strings.ReplaceAll(folder, "/", `\`)), folder
	case r.User != "" && (first == "CLSID" || r.Category == "com" || r.Category == "file-association") && first != "SOFTWARE":
		return classesHive(r.User), ""
	case r.User != "":
		return userHive(r.User), ""
	case strings.HasPrefix(first, "CONTROLSET") || first == "SETUP":
		return systemHive, ""
	}
	return softwareHive, ""
}

// saw takes the hives and the folders that a volume of the evidence holds.
func (b *baseline) saw(vol *evidence.Volume, hives []hive) {
	for _, h := range hives {
		if h.reader == nil {
			continue
		}
		switch h.reader.Type() {
		case registry.System:
			b.held[systemHive] = true
		case registry.Software:
			b.held[softwareHive] = true
		case registry.UserClasses:
			b.held[classesHive(h.owner())] = true
		case registry.User, registry.UserSoftware:
			b.held[userHive(h.owner())] = true
		}
	}
	for i := range b.rows {
		p, folder := b.rows[i].place()
		if folder == "" || b.held[p] {
			continue
		}
		if st, err := fs.Stat(vol.FS, folder); err == nil && st.IsDir() {
			b.held[p] = true
		}
	}
}

// owner returns the account of a hive as its rows have it.
func (h *hive) owner() string {
	for a, err := range registry.Autostarts(h.reader, h.opts...) {
		if err == nil && a.User != "" {
			return a.User
		}
	}
	return h.user
}

// tellUnheld changes the state of rows that are only gone because the evidence does not
// hold the place that they are from, and says so.
func (b *baseline) tellUnheld(p *cli.Program, rows []row) {
	missing := map[placeOfRows]int{}
	for i := range rows {
		if from, _ := rows[i].place(); rows[i].State == stateGone && !b.held[from] {
			rows[i].State = stateNotCompared
			missing[from]++
		}
	}
	for _, hive := range [...]placeOfRows{systemHive, softwareHive} { // which every Windows has
		if b.held[hive] && len(b.rows) > 0 && !slices.ContainsFunc(b.rows, func(r row) bool { from, _ := r.place(); return from == hive }) {
			p.Problem(fmt.Sprintf("the baseline has nothing of %s: all that is in it counts as new", hive))
		}
	}
	for _, from := range slices.Sorted(maps.Keys(missing)) {
		p.Problem(fmt.Sprintf("%s is not in the evidence: what the baseline has of it was not compared (%d)", from, missing[from]))
	}
}
