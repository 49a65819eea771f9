package timeline

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/internal/filetime"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/lnk"
	"github.com/birthmark-dfir/birthmark/lnk/jumplist"
	"github.com/birthmark-dfir/birthmark/lnk/shellitem"
)

// Opening is a shell link or an entry of a jump list: what the shell keeps of a file that a
// user opened by way of it, or that was linked.
type Opening struct {
	Path    string          // of the file, as the record has it
	User    string          // name of the profile; "" for all users
	AppID   string          // of the program of a jump list
	Program string          // what that program is called, if it is well known
	Entry   *jumplist.Entry // nil for a link
	Link    *lnk.Link       // nil for an entry without a link that can be read
	OfCopy  bool            // the time is that of the copy that was collected: see copied
}

// Machine returns the name of the machine that the file was on, according to the tracker of
// links, or "".
func (o *Opening) Machine() string {
	if o.Entry != nil && o.Entry.Host != "" {
		return o.Entry.Host
	}
	if o.Link != nil {
		return o.Link.MachineID
	}
	return ""
}

// Item returns the last of the items of the link, if that is a file, or nil.
func (o *Opening) Item() *shellitem.Item {
	if o.Link == nil || len(o.Link.Items) == 0 {
		return nil
	}
	if last := &o.Link.Items[len(o.Link.Items)-1]; last.Kind == shellitem.FileEntry {
		return last
	}
	return nil
}

// The folders with links and jump lists, below the profile of a user.
const (
	recentFolder = "AppData/Roaming/Microsoft/Windows/Recent"
	officeFolder = "AppData/Roaming/Microsoft/Office/Recent"
)

func isJumpList(name string) bool {
	_, ok := jumplist.Named(name)
	return ok
}

func isLink(name string) bool { return winpath.SameName(path.Ext(name), ".lnk") }

// inRecent reports whether a link is one that the shell makes when a user opens a file.
func inRecent(artifact string) bool { return winpath.SameName(path.Base(path.Dir(artifact)), "Recent") }

// timesOf returns the times of creation and modification of a file, or zero.
func timesOf(vol fs.FS, name string) (created, modified time.Time) {
	info, err := fs.Stat(vol, name)
	if err != nil {
		return
	}
	if b, ok := info.(interface{ BirthTime() time.Time }); ok {
		created = b.BirthTime()
	}
	if modified = info.ModTime(); filetime.Ticks(modified) == 0 {
		modified = time.Time{}
	}
	return created, modified.UTC()
}

// addLink reads a shell link. One of the folder Recent was made when the file was first
// opened under that name, and written when it was last opened. Any other one was made by a
// user or a program.
func (t *Timeline) addLink(_ context.Context, artifact string) error {
	c := Coverage{Artifact: artifact, Name: "shell link", Type: TypeLink, State: Parsed}
	defer func() { t.coverage = append(t.coverage, c) }()
	r, err := lnk.OpenFS(t.vol, artifact, lnk.WithName(path.Base(artifact)))
	if !c.opened(r, err) {
		return nil
	}
	defer r.Close()
	l := r.Link()
	c.Records = 1
	o := &Opening{Path: cmp.Or(l.Target(), shellitem.Display(l.Items)), User: t.userOf(artifact), Link: l}
	if strings.HasPrefix(o.Path, ".") && o.Path == l.RelativePath {
		o.Path = path.Join(path.Dir(artifact), strings.ReplaceAll(o.Path, `\`, "/"))
		o.Path = winpath.Windows(t.opt.drive, o.Path)
	}
	created, modified := timesOf(t.vol, artifact)
	var events []Event
	switch {
	case created.IsZero() && modified.IsZero():
		events = t.undated(o, artifact)
	case !inRecent(artifact):
		if at := cmp.Or(filetime.Ticks(created), filetime.Ticks(modified)); at != 0 {
			events = append(events, t.opening(o, artifact, FileLinked, filetime.Time(at), createdDesc, "was linked to"))
		}
	case created.IsZero() || modified.Equal(created):
		if !modified.IsZero() {
			events = append(events, t.opening(o, artifact, FileOpened, modified, "Content Modification Time", "was opened by way of the shell, for the last time under that name"))
		}
	default:
		events = append(events, t.opening(o, artifact, FileOpened, created, createdDesc, "was opened by way of the shell, for the first time under that name"))
		if !modified.IsZero() {
			events = append(events, t.opening(o, artifact, FileOpened, modified, "Content Modification Time", "was opened by way of the shell, for the last time under that name"))
		}
	}
	for i := range events {
		events[i].Source.Record = path.Base(artifact)
		if created.IsZero() && !modified.IsZero() {
			copied(&events[i])
		}
		c.saw(events[i].Time)
	}
	t.addReady(events)
	return nil
}

// undated makes the event of a link whose file has no times, such as one that was given
// alone: at the last of the times that the target had when the link was written.
func (t *Timeline) undated(o *Opening, artifact string) []Event {
	var at time.Time
	if o.Link != nil {
		for _, target := range [...]time.Time{o.Link.CreationTime, o.Link.WriteTime, o.Link.AccessTime} {
			if target.After(at) {
				at = target
			}
		}
	}
	if filetime.Ticks(at) == 0 {
		return nil
	}
	e := t.opening(o, artifact, FileLinked, at, "Last Time of the Target", "was linked to, then or later")
	e.Fields = append(e.Fields, Field{"TimeOf", "target"})
	return []Event{e}
}

// copied marks the event of an Opening whose time is that of a copy: the collection has no
// creation time of the file, so it was not read from its volume, and nothing shows that who
// copied it kept the time.
func copied(e *Event) {
	e.Data.(*Opening).OfCopy = true
	e.Message += ", by the time of the copy that was collected"
	e.Fields = append(e.Fields, Field{"TimeOf", "copy"})
}

// addJumpList reads a jump list: an event for each entry. An entry that has no time was in
// the list when the file was last written.
func (t *Timeline) addJumpList(_ context.Context, artifact string) error {
	c := Coverage{Artifact: artifact, Name: "jump list", Type: TypeJumpList, State: Parsed}
	defer func() { t.coverage = append(t.coverage, c) }()
	r, err := jumplist.OpenFS(t.vol, artifact, jumplist.WithName(path.Base(artifact)))
	if !c.opened(r, err) {
		return nil
	}
	defer r.Close()
	l := r.List()
	created, modified := timesOf(t.vol, artifact)
	program := jumplist.Application(l.AppID)
	var events []Event
	for i := range l.Entries {
		entry := &l.Entries[i]
		c.Records++
		o := &Opening{Path: entry.Target(), User: t.userOf(artifact), AppID: l.AppID, Program: program, Entry: entry, Link: entry.Link}
		with := cmp.Or(program, "the program "+l.AppID)
		var e Event
		switch {
		case !entry.LastAccess.IsZero():
			e = t.opening(o, artifact, FileOpened, entry.LastAccess, "Last Access Time", "was last opened with "+with)
		case modified.IsZero():
			undated := t.undated(o, artifact)
			if len(undated) == 0 {
				continue
			}
			e = undated[0]
		case !entry.Listed:
			e = t.opening(o, artifact, FileLinked, modified, "Content Modification Time", "had been in the list of "+with+", and only its link was left,")
		default:
			e = t.opening(o, artifact, FileLinked, modified, "Content Modification Time", "was in the list of "+with)
		}
		if created.IsZero() && entry.LastAccess.IsZero() && !modified.IsZero() {
			copied(&e)
		}
		e.Source.Record, e.Source.Offset = entry.Record, entry.Offset
		e.Fields = append(e.Fields, Field{"AppID", l.AppID})
		if entry.Accesses > 0 {
			e.Fields = append(e.Fields, Field{"Accesses", fmt.Sprint(entry.Accesses)})
		}
		if entry.Pinned {
			e.Fields = append(e.Fields, Field{"Pinned", "true"})
		}
		c.saw(e.Time)
		events = append(events, e)
	}
	t.addReady(events)
	return nil
}

// opening makes an event.
func (t *Timeline) opening(o *Opening, artifact string, kind Kind, at time.Time, desc, says string) Event {
	e := Event{
		Time: at, Desc: desc, Kind: kind, Data: o, Path: winpath.Normalize(t.opt.drive, o.Path), User: o.User,
		Source:  Source{Artifact: artifact, Offset: 0, Type: TypeLink},
		Message: cmp.Or(o.Path, "an unknown file") + " " + says,
		Fields:  []Field{{"Path", o.Path}},
	}
	if o.Entry != nil {
		e.Source.Type = TypeJumpList
	}
	if o.User != "" {
		e.Message += " by " + o.User
	}
	renamed := ""
	add := func(name, value string) {
		if value != "" {
			e.Fields = append(e.Fields, Field{name, value})
		}
	}
	if l := o.Link; l != nil {
		add("Arguments", l.Arguments)
		add("TargetCreated", filetime.Text(l.CreationTime))
		add("TargetModified", filetime.Text(l.WriteTime))
		add("TargetAccessed", filetime.Text(l.AccessTime))
		if l.FileSize > 0 {
			add("TargetSize", fmt.Sprint(l.FileSize))
		}
		if l.DriveSerial != 0 {
			add("DriveType", driveType(l.DriveType))
			add("VolumeSerial", fmt.Sprintf("%08X", l.DriveSerial))
			add("VolumeLabel", l.VolumeLabel)
		}
		add("Share", l.NetworkPath)
		if i := o.Item(); i != nil && i.Ref != 0 {
			add("Entry", fmt.Sprintf("%d-%d", i.Ref.Entry(), i.Ref.Sequence()))
		}
		if !l.Droid.IsZero() {
			add("Droid", l.Droid.File.String())
			add("MAC", l.Droid.MAC())
			if ref, name := t.objects.find(t.vol, l.Droid); name != "" {
				now := winpath.Windows(t.opt.drive, name)
				add("TrackedEntry", ref.String())
				add("TrackedPath", now)
				if !winpath.Same(now, e.Path) {
					renamed = "; that file is now " + now
				}
			}
		}
	}
	if m := o.Machine(); m != "" {
		add("Machine", m)
		e.Message += " on " + m
	}
	e.Message += renamed
	return e
}

// driveType returns what kind of a drive the target of a link was on.
func driveType(n uint32) string {
	names := [...]string{"unknown", "no root", "removable", "fixed", "remote", "optical", "RAM"}
	if int64(n) < int64(len(names)) {
		return names[n]
	}
	return fmt.Sprint(n)
}
