package main

import (
	"fmt"
	"io/fs"
	"path"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/evidence"
	"github.com/birthmark-dfir/birthmark/internal/cli"
)

// row is what the program prints about the evidence itself, a volume of it, a shadow copy,
// or the artifacts of one kind on a volume.
type row struct {
	Type    string `json:"type"`              // evidence, volume, snapshot, artifacts
	Name    string `json:"name"`              // of the evidence, the volume or the shadow copy; the kind of the artifacts
	Volume  string `json:"volume,omitempty"`  // that shadow copies and artifacts are on
	Machine string `json:"machine,omitempty"` // that it is of
	Letter  string `json:"letter,omitempty"`  // of the drive, with a colon
	What    string `json:"what,omitempty"`    // kind of the evidence, or file system
	Label   string `json:"label,omitempty"`   // of the partition
	Offset  int64  `json:"offset"`            // in the image, in bytes
	Size    int64  `json:"size"`              // in bytes; of artifacts, of all together
	Count   int    `json:"count,omitempty"`   // of artifacts
	Path    string `json:"path,omitempty"`    // of the only artifact, or the folder that has all
	Created string `json:"created,omitempty"` // shadow copies
	Unread  string `json:"unread,omitempty"`  // why it cannot be read, and what to do about it
}

// rowsOf returns the rows about a piece of evidence.
func rowsOf(p *cli.Program, ev *evidence.Evidence) []row {
	rows := []row{{Type: "evidence", Name: ev.Name(), What: ev.Kind(), Size: ev.Size(), Machine: ev.Host()}}
	for _, v := range ev.Volumes() {
		r := row{Type: "volume", Name: v.Name, Machine: v.Machine, What: v.FileSystem, Label: v.Partition.Label, Offset: v.Offset, Size: v.Size}
		if r.What == "" {
			r.What = v.Kind.String()
		}
		if v.Shadow {
			r.What = "shadow copy, collected"
		}
		if v.Letter != "" {
			r.Letter = v.Letter + ":"
		}
		if v.Err != nil {
			r.Unread = v.Err.Error()
		}
		rows = append(rows, r)
		for _, s := range v.Snapshots() {
			r := row{Type: "snapshot", Name: s.Name, Volume: v.Name, Machine: v.Machine, What: "shadow copy", Offset: v.Offset, Size: s.Size}
			if s.Carved {
				r.What = "shadow copy, carved"
			}
			if !s.Created.IsZero() {
				r.Created = s.Created.UTC().Format(time.RFC3339Nano)
			}
			if err := s.Err(); err != nil {
				r.Unread = err.Error()
			}
			rows = append(rows, r)
		}
		for _, f := range v.UnlistedStores() {
			rows = append(rows, row{Type: "snapshot", Name: "store " + f.StoreID.String(), Volume: v.Name, Machine: v.Machine, What: "shadow copy",
				Offset: v.Offset, Created: f.Created.UTC().Format(time.RFC3339Nano),
				Unread: fmt.Sprintf("%s: the store %s of a shadow copy is not in the catalog: -carved reads what is left of it", v.Name, f.StoreID)})
		}
		if v.Err == nil {
			p.Progress("looking through %s", v.Name)
			rows = append(rows, artifactsOf(p, ev, v)...)
		}
	}
	return rows
}

// artifactsOf returns a row for each kind of artifacts on a volume, in the order of kinds.
func artifactsOf(p *cli.Program, ev *evidence.Evidence, v *evidence.Volume) []row {
	if v.Kind == evidence.Artifact {
		return []row{{Type: "artifacts", Name: ev.Kind(), Volume: v.Name, Size: v.Size, Count: 1, Path: v.Name}}
	}
	found := make([]row, len(kinds))
	unlisted := 0
	err := fs.WalkDir(v.FS, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			unlisted++
			return nil
		case d.IsDir():
			if strings.Count(name, "/") > maxDepth {
				unlisted++
				return fs.SkipDir
			}
			return nil
		}
		i := kindOf(name)
		if i < 0 {
			return nil
		}
		r := &found[i]
		if st, err := fs.Stat(v.FS, name); err == nil {
			r.Size += st.Size()
		}
		if r.Count++; r.Count == 1 {
			r.Path = name
		} else {
			r.Path = common(r.Path, path.Dir(name))
		}
		return nil
	})
	if err != nil {
		p.Problem(fmt.Errorf("%s: %w", v.Name, err))
	}
	if unlisted > 0 {
		p.Problem(fmt.Sprintf("%s: %d folders could not be listed", v.Name, unlisted))
	}
	var rows []row
	for i, r := range found {
		if r.Count > 0 {
			r.Type, r.Name, r.Volume, r.Machine, r.Path = "artifacts", kinds[i].name, v.Name, v.Machine, v.WindowsPath(r.Path)
			rows = append(rows, r)
		}
	}
	return rows
}

// maxDepth is how many folders in each other are looked through.
const maxDepth = 256

// common returns the folder that holds what is below a and below b.
func common(a, b string) string {
	for a != "." && a != b && !strings.HasPrefix(b, a+"/") {
		a = path.Dir(a)
	}
	return a
}
