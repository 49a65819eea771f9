package main

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
)

// floors is the house from the ground up. Bytes become records, records become
// events, events become answers. An arrow between rooms on the same floor runs
// neither up nor down.
var floors = [][]string{
	{"damage", "winid", "internal"},
	{"mft", "evtx", "registry", "pe", "weblog", "task", "lnk", "mplog", "prefetch", "recyclebin", "pca", "detectionhistory", "ese", "cim", "bits"},
	{"evidence"},
	{"timeline"},
	{"origin"},
	{"."},
	{"examples", "lab", "bench"}, // bench moved to lab; -base may still have it
}

// floorOf returns the floor of a room, and whether it has one.
func floorOf(room string) (int, bool) {
	for i, rooms := range floors {
		if slices.Contains(rooms, room) {
			return i, true
		}
	}
	return 0, false
}

// roomArrow is an arrow between two rooms and the packages that draw it.
type roomArrow struct {
	from, to string
	up       bool
	by       []string
}

// arrowsBetweenRooms reads the imports of all files below root that are not tests,
// including those of nested modules. It fails if the table of floors lacks a room.
func arrowsBetweenRooms(root fs.FS, module string) ([]roomArrow, error) {
	by := map[[2]string]map[string]bool{}
	err := eachGoFile(root, func(name string) error {
		pkg := path.Dir(name)
		if _, ok := floorOf(roomOf(pkg)); !ok {
			return fmt.Errorf("the table of floors lacks the room %q", roomOf(pkg))
		}
		if strings.HasSuffix(name, "_test.go") || isTestSupport(pkg) {
			return nil
		}
		text, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, text, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range f.Imports {
			imported, _ := strconv.Unquote(spec.Path.Value)
			rest, ok := strings.CutPrefix(imported+"/", module+"/")
			if !ok {
				continue
			}
			a := [2]string{roomOf(pkg), roomOf(path.Clean(rest))}
			if a[0] == a[1] {
				continue
			}
			if by[a] == nil {
				by[a] = map[string]bool{}
			}
			by[a][pkg] = true
		}
		return nil
	})
	var arrows []roomArrow
	for a, pkgs := range by {
		from, _ := floorOf(a[0])
		to, _ := floorOf(a[1])
		arrows = append(arrows, roomArrow{a[0], a[1], to > from, slices.Sorted(maps.Keys(pkgs))})
	}
	slices.SortFunc(arrows, func(a, b roomArrow) int {
		return strings.Compare(a.from+" "+a.to, b.from+" "+b.to)
	})
	return arrows, err
}

// roomOf returns the folder at the top that a package is in.
func roomOf(pkg string) string {
	room, _, _ := strings.Cut(pkg, "/")
	return room
}

// isTestSupport reports whether a package writes the format that its parent reads,
// as mft/mfttest does for mft.
func isTestSupport(pkg string) bool {
	above, name := path.Split(pkg)
	return above != "" && name == path.Base(above)+"test"
}

// eachGoFile calls f for the Go files below root, except in testdata and in hidden
// folders.
func eachGoFile(root fs.FS, f func(name string) error) error {
	return fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != "." && (d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".")):
			return fs.SkipDir
		case d.IsDir() || !strings.HasSuffix(name, ".go"):
			return nil
		}
		return f(name)
	})
}
