package origin

import (
	"errors"
	"io/fs"
	"iter"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/birthmark-dfir/birthmark/evtx"
	"github.com/birthmark-dfir/birthmark/internal/winpath"
	"github.com/birthmark-dfir/birthmark/mft"
	"github.com/birthmark-dfir/birthmark/pe"
	"github.com/birthmark-dfir/birthmark/registry"
	"github.com/birthmark-dfir/birthmark/timeline"
	"github.com/birthmark-dfir/birthmark/winid"
)

// volumes are the timelines of all volumes as one.
type volumes struct {
	*timeline.Timeline // of the subject's volume
	vol                fs.FS
	drive              string
	others             []otherTimeline
	past               []*past                // shadow copies of that volume, the oldest first
	then               []pastTimeline         // of the shadow copies that were read, the newest of each volume first
	started            map[startKey]startThen // nil until it is asked for
	deleted            []deletedAutostart     // nil until they are asked for
	earlier            []*earlierHive         // the same
	overlap            bool                   // several logs may have the same records
	catalogs           *catalogs              // the same
}

// catalogs are the catalogs in which the machine's Windows searches for the signatures of
// files.
type catalogs struct {
	*pe.Catalogs
	drive    string
	artifact func(string) string
}

func hasWindows(vol fs.FS) bool {
	_, ok := timeline.FindFile(vol, "Windows/System32")
	return ok
}

// Close closes all timelines.
func (v *volumes) Close() error {
	err := v.Timeline.Close()
	for _, other := range v.others {
		err = errors.Join(err, other.Close())
	}
	for _, then := range v.then {
		err = errors.Join(err, then.Close())
	}
	return err
}

// all merges the events of all timelines. An event that a volume and its shadow copies have
// is that of the volume.
func (v *volumes) all(query func(*timeline.Timeline) iter.Seq[timeline.Event]) iter.Seq[timeline.Event] {
	if len(v.others) == 0 && len(v.then) == 0 {
		return query(v.Timeline)
	}
	var events []iter.Seq[timeline.Event]
	for i := ofSubject; i < len(v.others); i++ {
		of, placed, artifact := v.Timeline, v.placed(v.vol, v.drive), func(name string) string { return name }
		if i != ofSubject {
			other := &v.others[i]
			of, placed, artifact = other.Timeline, v.placed(other.vol, other.drive), other.artifact
			if other.source {
				placed = func(string) bool { return true }
			}
		}
		var past []timeline.Snapshot
		for j := range v.then {
			if t := &v.then[j]; t.of == i {
				past = append(past, timeline.Snapshot{Name: t.short, Created: t.Created, Events: t.events(query, placed)})
			}
		}
		events = append(events, ofMachine(timeline.MergeSnapshots(query(of), past...), placed, artifact))
	}
	if v.overlap {
		return timeline.Once(timeline.Merge(events...))
	}
	return timeline.Merge(events...)
}

// ofMachine removes the requests in logs that may be of another machine, and names the
// artifacts.
func ofMachine(events iter.Seq[timeline.Event], placed func(artifact string) bool, artifact func(string) string) iter.Seq[timeline.Event] {
	return func(yield func(timeline.Event) bool) {
		for e := range events {
			if e.Source.Type == timeline.TypeWebLog && e.Source.Snapshot.IsZero() && !placed(e.Source.Artifact) {
				continue
			}
			e.Source.Artifact = artifact(e.Source.Artifact)
			if !yield(e) {
				return
			}
		}
	}
}

// webLogFolder is where IIS writes its logs by default.
const webLogFolder = "inetpub/logs/LogFiles"

// placed returns what reports whether a web log of a volume is where a web server of
// the machine writes it. On a volume with Windows only such places are searched. On
// another one they are the default of IIS, and what its configuration says: a log
// elsewhere may be a copy from another machine.
func (v *volumes) placed(vol fs.FS, drive string) func(artifact string) bool {
	if hasWindows(vol) {
		return func(string) bool { return true }
	}
	folders := []string{winpath.Windows(drive, webLogFolder)}
	c := v.WebConfig()
	for _, site := range c.Sites {
		folders = append(folders, winpath.Normalize(v.drive, site.Log.Folder))
	}
	if c.LogFolder != "" {
		folders = append(folders, winpath.Normalize(v.drive, c.LogFolder))
	}
	return func(artifact string) bool {
		path := winpath.Windows(drive, artifact)
		return slices.ContainsFunc(folders, func(folder string) bool {
			_, in := winpath.CutPrefix(path, folder+`\`)
			return in
		})
	}
}

// ByKind returns the events of some kinds on all volumes.
func (v *volumes) ByKind(kinds ...timeline.Kind) iter.Seq[timeline.Event] {
	return v.all(func(t *timeline.Timeline) iter.Seq[timeline.Event] { return t.ByKind(kinds...) })
}

// Brief returns the events of some kinds on all volumes, those of log records without
// Message and Fields.
func (v *volumes) Brief(kinds ...timeline.Kind) iter.Seq[timeline.Event] {
	return v.all(func(t *timeline.Timeline) iter.Seq[timeline.Event] { return t.Brief(kinds...) })
}

// Around returns the events around a time on all volumes.
func (v *volumes) Around(at time.Time, d time.Duration) iter.Seq[timeline.Event] {
	return v.all(func(t *timeline.Timeline) iter.Seq[timeline.Event] { return t.Around(at, d) })
}

// KindsBetween returns the events of some kinds in a period on all volumes.
func (v *volumes) KindsBetween(from, to time.Time, kinds ...timeline.Kind) iter.Seq[timeline.Event] {
	return v.all(func(t *timeline.Timeline) iter.Seq[timeline.Event] { return t.KindsBetween(from, to, kinds...) })
}

// ofAll returns something of all volumes, with the artifacts named as those of the
// volume that they are on.
func ofAll[T any](v *volumes, of func(*timeline.Timeline) []*T, artifact func(*T) *string) []*T {
	list := of(v.Timeline)
	for _, other := range v.others {
		for _, one := range of(other.Timeline) {
			named := *one
			name := artifact(&named)
			*name = other.artifact(*name)
			list = append(list, &named)
		}
	}
	return list
}

// UndatedZones returns the marks of the web without a time, of all volumes.
func (v *volumes) UndatedZones() []*timeline.Zone {
	return ofAll(v, (*timeline.Timeline).UndatedZones, func(z *timeline.Zone) *string { return &z.Artifact })
}

// Hives returns the hives of all volumes.
func (v *volumes) Hives() []*timeline.Hive {
	return ofAll(v, (*timeline.Timeline).Hives, func(h *timeline.Hive) *string { return &h.Artifact })
}

// filteredAutostarts returns those of all volumes that are wanted.
func (v *volumes) filteredAutostarts(of func(*timeline.Timeline) iter.Seq2[*timeline.Hive, registry.Autostart], wanted func(*registry.Autostart) bool) []*hiveAutostart {
	return ofAll(v, func(tl *timeline.Timeline) (list []*hiveAutostart) {
		for h, a := range of(tl) {
			if wanted(&a) {
				list = append(list, &hiveAutostart{h.Artifact, a})
			}
		}
		return list
	}, func(a *hiveAutostart) *string { return &a.artifact })
}

// AccountNames returns the names of accounts in the hives of all volumes.
func (v *volumes) AccountNames() []*timeline.AccountName {
	return ofAll(v, func(t *timeline.Timeline) []*timeline.AccountName {
		var list []*timeline.AccountName
		for _, n := range t.AccountNames() {
			list = append(list, &n)
		}
		return list
	}, func(n *timeline.AccountName) *string { return &n.Source.Artifact })
}

// record returns the $MFT record of a file of the subject's volume, or nil if it
// cannot be read.
func (v *volumes) record(path string) *mft.Record {
	if rec, err := v.File(path); err == nil {
		return rec
	}
	if name, ok := timeline.FindFile(v.vol, path); ok {
		if info, err := fs.Stat(v.vol, name); err == nil {
			rec, _ := info.Sys().(*mft.Record)
			return rec
		}
	}
	return nil
}

// entryForm is an entry of the $MFT with its sequence number.
var entryForm = regexp.MustCompile(`^(\d{1,15})-(\d{1,5})$`)

// entry returns the record that is named by its entry and its sequence number, or nil.
func (v *volumes) entry(name string) *mft.Record {
	m := entryForm.FindStringSubmatch(name)
	if m == nil {
		return nil
	}
	n, _ := strconv.ParseUint(m[1], 10, 64)
	rec, err := v.MFT().Record(n)
	if err != nil || strconv.Itoa(int(rec.Seq)) != m[2] || len(rec.FileNames) == 0 {
		return nil
	}
	return rec
}

// followed returns where a path in the subject's volume leads over junctions and symbolic
// links, as Windows writes it, or "" if it leads over none of the volume's.
func (v *volumes) followed(name, drive string) string {
	vol, ok := v.vol.(*mft.Volume)
	if !ok {
		return ""
	}
	real, elsewhere, links, err := vol.Follow(strings.ReplaceAll(name, `\`, "/"), drive)
	if err != nil || len(links) == 0 || elsewhere != "" {
		return ""
	}
	return winpath.Windows(drive, real)
}

// ownerOf returns the SID of the owner of a file of the subject's volume, or "" if
// the evidence does not record it.
func (v *volumes) ownerOf(rec *mft.Record, name string) string {
	if rec != nil && v.MFT().Len() > 0 {
		if sid, err := v.MFT().OwnerSID(rec); err == nil {
			return sid
		}
	}
	if name != "" {
		if info, err := fs.Stat(v.vol, name); err == nil {
			if o, ok := info.(interface{ OwnerSID() string }); ok {
				return o.OwnerSID()
			}
		}
	}
	return ""
}

// WebConfig returns the configuration of IIS on the first volume that has one.
func (v *volumes) WebConfig() timeline.WebConfig {
	if v == nil || v.Timeline == nil {
		return timeline.WebConfig{}
	}
	if c := v.Timeline.WebConfig(); c.Artifact != "" {
		return c
	}
	for _, other := range v.others {
		if c := other.WebConfig(); c.Artifact != "" {
			c.Artifact = other.artifact(c.Artifact)
			return c
		}
	}
	return timeline.WebConfig{}
}

// imageOf returns the file that a process runs, if a path is the GUID of a process that
// Sysmon logged, else the path.
func (v *volumes) imageOf(path string) string {
	guid, err := winid.ParseGUID(path)
	if err != nil {
		return path
	}
	for e := range v.Brief(timeline.ProcessStarted) {
		if d, ok := e.Data.(*evtx.Sysmon1); ok && d.ProcessGuid == guid {
			return strings.Clone(d.Image)
		}
	}
	return path
}

// unreadBefore returns the newest shadow copy from before a time if it was not read, or nil.
func (v *volumes) unreadBefore(at time.Time) (last *past) {
	if v == nil {
		return nil
	}
	for _, p := range v.past {
		if !p.read && p.Created.Before(at) {
			last = p
		}
	}
	return last
}

// earlierHives returns the earlier versions of the machine's hives. They are read once.
func (v *volumes) earlierHives() []*earlierHive {
	if v.earlier == nil {
		v.earlier = append([]*earlierHive{}, earlierHivesIn(v.vol)...)
	}
	return v.earlier
}

// keptOf returns the logs of a channel in shadow copies, the newest shadow copy first.
func (v *volumes) keptOf(channel string) []*keptLog {
	var list []*keptLog
	if v == nil {
		return nil
	}
	for i := range v.then {
		for _, k := range v.then[i].kept {
			if strings.EqualFold(k.channel, channel) {
				list = append(list, k)
			}
		}
	}
	return list
}

// deletedAutostarts returns what is deleted in the hives, except for what is of low
// confidence. It searches once for all who ask.
func (v *volumes) deletedAutostarts() []deletedAutostart {
	if v.deleted != nil {
		return v.deleted
	}
	v.deleted = []deletedAutostart{}
	for _, h := range v.Hives() {
		for a := range registry.DeletedAutostarts(h.Reader, registry.ForUser(h.User)) {
			if a.Confidence != registry.Low {
				v.deleted = append(v.deleted, deletedAutostart{h.Artifact, a})
			}
		}
	}
	return v.deleted
}
